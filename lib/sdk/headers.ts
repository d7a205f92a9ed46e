import { constants } from 'node:buffer';
import { wrongType, wrongValue } from '../common/options';

/**
 * The headers of a request in any shape that servers provide: `req.headers` of Node.js, a flat `rawHeaders` array,
 * `[name, value]` pairs, a `Map`, or the `Headers` of fetch.
 *
 * Values are byte strings (one character for each byte), as node:http and fetch provide them. The values of an array are
 * joined with `, `; a value of `undefined` is ignored.
 */
export type HeadersInput =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | readonly string[]
  | Iterable<readonly [name: string, value: string]>;

/**
 * Converts headers to alternating names and values, the shape that the addon accepts. The addon checks the strings.
 *
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`
 */
export function flattenHeaders(headers: HeadersInput): readonly string[] {
  // Bytes are iterable, but not as pairs.
  if (typeof headers !== 'object' || headers === null || ArrayBuffer.isView(headers)) {
    throw wrongType('headers', 'an object, an array, a Map or an instance of Headers', headers);
  }
  if (Array.isArray(headers) && (headers.length === 0 || typeof headers[0] === 'string')) {
    return headers;
  }
  const flat: string[] = [];
  if (Symbol.iterator in headers) {
    for (const pair of headers as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw wrongType('headers', 'made of [name, value] pairs', pair);
      }
      append(flat, pair[0], pair[1]);
    }
    return flat;
  }
  for (const name of Object.keys(headers)) {
    append(flat, name, (headers as Record<string, unknown>)[name]);
  }
  return flat;
}

function append(flat: string[], name: unknown, value: unknown): void {
  if (typeof name !== 'string') {
    throw wrongType('headers', 'made of names of type string', name);
  }
  if (value === undefined) return;
  if (typeof value === 'string') {
    flat.push(name, value);
  } else if (Array.isArray(value) && areStrings(value)) {
    flat.push(name, joined(name, value));
  } else {
    throw wrongType(`headers["${name}"]`, 'of type string or an array of strings', value);
  }
}

/** Not every(), which skips holes: over an array of one element and length 2 ** 32 - 1 it takes minutes. */
function areStrings(values: readonly unknown[]): values is string[] {
  for (let index = 0; index < values.length; index += 1) {
    if (typeof values[index] !== 'string') return false;
  }
  return true;
}

function joined(name: string, values: readonly string[]): string {
  let length = 0;
  for (const value of values) length += value.length + 2;
  if (length > constants.MAX_STRING_LENGTH) {
    throw wrongValue(`headers["${name}"]`, 'must not be longer than a string can be', values);
  }
  return values.join(', ');
}
