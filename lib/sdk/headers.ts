import { constants } from 'node:buffer';
import type { HeaderText } from '../binding/native';
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

/** Headers in the form that the addon takes: one string, because each string costs a call of Node-API. */
export interface HeaderList {
  /** Each name and each value ends with a NUL. The addon checks the text. */
  readonly text: HeaderText;
  readonly count: number;
  /** For {@link invalidHeader}. */
  readonly source: HeadersInput;
}

/**
 * Converts headers to the form that the addon takes.
 *
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
 */
export function listHeaders(headers: HeadersInput): HeaderList {
  // Bytes are iterable, but not as pairs.
  if (typeof headers !== 'object' || headers === null || ArrayBuffer.isView(headers)) {
    throw wrongType('headers', 'an object, an array, a Map or an instance of Headers', headers);
  }
  if (Array.isArray(headers) && (headers.length === 0 || typeof headers[0] === 'string')) {
    return listFlat(headers);
  }
  if (Symbol.iterator in headers) return listFlat(flattened(headers as Iterable<unknown>));
  let text = '';
  let count = 0;
  let size = 0;
  for (const name of Object.keys(headers)) {
    const value: unknown = (headers as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const valueText = typeof value === 'string' ? value : joined(name, value);
    size = grown(size, name, valueText);
    text += `${name}\0${valueText}\0`;
    count += 1;
  }
  return { text, count, source: headers };
}

function listFlat(flat: readonly unknown[]): HeaderList {
  const { length } = flat;
  if (length % 2 !== 0) throw wrongValue('headers', 'must contain a value for every name', flat);
  let text = '';
  let size = 0;
  for (let index = 0; index < length; index += 2) {
    const name = flat[index];
    const value = flat[index + 1];
    if (typeof name !== 'string') throw wrongType(`headers[${index}]`, 'of type string', name);
    if (typeof value !== 'string') throw wrongType(`headers["${name}"]`, 'of type string', value);
    size = grown(size, name, value);
    text += `${name}\0${value}\0`;
  }
  return { text, count: length / 2, source: flat as readonly string[] };
}

/** Alternating names and values. */
function flattened(pairs: Iterable<unknown>): string[] {
  const flat: string[] = [];
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw wrongType('headers', 'made of [name, value] pairs', pair);
    }
    const [name, value]: unknown[] = pair;
    if (typeof name !== 'string') {
      throw wrongType('headers', 'made of names of type string', name);
    }
    if (value === undefined) continue;
    flat.push(name, typeof value === 'string' ? value : joined(name, value));
  }
  return flat;
}

/** The values of one header as one. */
function joined(name: string, values: unknown): string {
  if (!Array.isArray(values) || !areStrings(values)) {
    throw wrongType(`headers["${name}"]`, 'of type string or an array of strings', values);
  }
  let size = 0;
  for (const value of values) size = grown(size, name, value);
  return values.join(', ');
}

/** The size of a text with one more value; a string cannot be of any size. */
function grown(size: number, name: string, value: string): number {
  const total = size + name.length + value.length + 2;
  if (total <= constants.MAX_STRING_LENGTH) return total;
  throw wrongValue(`headers["${name}"]`, 'must not be longer than a string can be', value);
}

/** Not every(), which skips holes: over an array of one element and length 2 ** 32 - 1 it takes minutes. */
function areStrings(values: readonly unknown[]): values is string[] {
  for (let index = 0; index < values.length; index += 1) {
    if (typeof values[index] !== 'string') return false;
  }
  return true;
}

/** The error for the header that the addon has refused; undefined if all are valid. */
export function invalidHeader({ source }: HeaderList): Error | undefined {
  for (const [name, value] of pairsOf(source)) {
    if (name === '') return wrongValue('headers', 'must not contain an empty name', source);
    const inName = forbiddenIn(name);
    if (inName !== undefined)
      return wrongValue('headers', `must not have ${inName} in a name`, name);
    const inValue = forbiddenIn(Array.isArray(value) ? value.join('') : String(value));
    if (inValue !== undefined) {
      return wrongValue(`headers["${name}"]`, `must not contain ${inValue}`, value);
    }
  }
  return undefined;
}

function pairsOf(source: HeadersInput): Iterable<readonly [string, unknown]> {
  if (!Array.isArray(source)) return Object.entries(source);
  return Array.from({ length: source.length / 2 }, (_, i) => [source[2 * i], source[2 * i + 1]]);
}

function forbiddenIn(text: string): string | undefined {
  if (text.includes('\0')) return 'a NUL character';
  return /[\u0100-\uffff]/.test(text)
    ? 'a character above U+00FF (it is a byte string)'
    : undefined;
}
