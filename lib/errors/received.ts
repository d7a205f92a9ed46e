/**
 * Words in the names of arguments that can hold keys, tokens, signatures or content. Errors about these arguments name only the
 * type of the value.
 */
const confidential = new Set([
  'auth',
  'authorization',
  'body',
  'connection',
  'content',
  'cookie',
  'credential',
  'data',
  'encrypted',
  'header',
  'message',
  'passphrase',
  'plaintext',
  'request',
  'response',
  'result',
  'signature',
  'text',
]);

/** Endings that mark a word as confidential, also without camelCase: `apikey`, `accesstoken`. */
const confidentialEnding = /(?:key|token|secret|password|pem)$/;

/** Names of values that let their holder act for somebody else, like a token. */
const confidentialNames = new Set(['jobInfo', 'notifyId']);

/** Names that contain such a word and still hold no secret: their values may be shown. */
const harmless = new Set([
  'bodyLimit',
  'dataDir',
  'keyVersion',
  'longText',
  'maxBodyBytes',
  'WEWORK_SPEC_LOG_LONG_TEXT',
]);

/** A URL with credentials, a key in PEM form and binary data such as a key's bytes: never shown, whatever the argument is called. */
const confidentialValue = /:[^\s]*@|-----BEGIN|\0|\p{Cs}/u;

/** Node's limits: of a string of more than 28 characters, the first 25 are shown. */
const longestString = 28;
const shownOfLongString = 25;
const longestName = 100;

/**
 * Describes the value that was passed for an argument in the words of Node's `ERR_INVALID_ARG_TYPE`, without the leading
 * `Received`: `undefined`, `function name`, `an instance of X`, `type string ('5')`. Never throws, whatever the value is.
 *
 * @param argument - the name of the argument or property, such as `headers["a"]` or `options.connection.password`. If any part
 * of it can hold secrets or content, only the type of the value is shown.
 */
export function describeReceived(value: unknown, argument: string): string {
  try {
    return describe(value, isConfidential(argument));
  } catch {
    // The value is a revoked Proxy, or has a getter or Proxy trap that throws.
    return `type ${typeof value}`;
  }
}

/** Describes a number that is out of range as Node does: `1.5`, `-0`. Describes other values as {@link describeReceived} does. */
export function describeOutOfRange(value: unknown, argument: string): string {
  return typeof value === 'number' ? numberText(value) : describeReceived(value, argument);
}

/** A string in quotes for a sentence: on one line and shortened, as {@link describeReceived} shows it. */
export function quoted(text: string): string {
  return primitiveText(text);
}

function isConfidential(argument: string): boolean {
  const parts = argument.match(/\w+/g) ?? [];
  return parts.some(
    (part) =>
      confidentialNames.has(part) ||
      (!harmless.has(part) && wordsOf(part).some(isConfidentialWord)),
  );
}

/** The words of a camelCase or snake_case name, in lower case. */
function wordsOf(name: string): string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}

function isConfidentialWord(word: string): boolean {
  const singular = word.replace(/s$/, '');
  return confidential.has(singular) || confidentialEnding.test(singular);
}

function describe(value: unknown, typeOnly: boolean): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return named('function', value.name) ?? 'type function';
  if (typeof value === 'object') {
    const type: unknown = value.constructor;
    // Any other value under this name belongs to the program's data.
    const name = typeof type === 'function' ? type.name : undefined;
    return named('an instance of', name) ?? 'type object';
  }
  const isHidden = typeOnly || confidentialValue.test(String(value));
  return isHidden ? `type ${typeof value}` : `type ${typeof value} (${primitiveText(value)})`;
}

function named(prefix: string, name: unknown): string | undefined {
  // A class may have any value as its name.
  if (typeof name !== 'string' || name === '' || name.length > longestName) return undefined;
  return /[\p{Cc}\p{Cs}]/u.test(name) ? undefined : `${prefix} ${name}`;
}

function primitiveText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return cut(`${value}n`);
  const text = cut(String(value));
  const isPlain = !/['\p{Cc}\p{Cs}\u2028\u2029]/u.test(text);
  // A string that could break out of the quotes or of the line is escaped.
  if (typeof value === 'string') return isPlain ? `'${text}'` : JSON.stringify(text);
  return isPlain ? text : JSON.stringify(text);
}

function cut(text: string): string {
  return text.length > longestString ? `${text.slice(0, shownOfLongString)}...` : text;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
