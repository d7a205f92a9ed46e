import { constants } from 'node:buffer';
import { wrongType } from '../common/options';
import { makeError } from '../errors';

/**
 * The headers of a request, in any shape that servers hand out: Node's `req.headers`, a flat `rawHeaders` array,
 * `[name, value]` pairs (as in Python), a `Map`, or the `Headers` of fetch.
 *
 * Values are byte strings, one character for each byte, as node:http and fetch give them. An array of values is joined by
 * `, `; a value that is undefined counts as absent.
 */
export type HeadersInput =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | readonly string[]
  | Iterable<readonly [name: string, value: string]>;

/** Names and values in turn, the one shape that the addon takes. It checks the strings themselves. */
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
    throw makeError('ERR_SPEC_INVALID_ARG_VALUE', `headers["${name}"]`, 'is too long');
  }
  return values.join(', ');
}
