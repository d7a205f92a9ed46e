/** Arguments that can hold keys, tokens, signatures or content: their errors name the type alone. */
const confidential = new Set([
  'accessToken',
  'body',
  'connection',
  'debugToken',
  'encrypted',
  'headers',
  'key',
  'keys',
  'messages',
  'privateKeyPem',
  'request',
  'response',
  'result',
  'token',
]);

/** Node's limits: of a text of more than 28 characters, the first 25 are shown. */
const longestText = 28;
const shownOfLongText = 25;
const longestName = 100;

/**
 * Describes the value that was passed for an argument in the words of Node's `ERR_INVALID_ARG_TYPE`, without the leading
 * `Received`: `undefined`, `function name`, `an instance of X`, `type string ('5')`. Never throws, whatever the value is.
 *
 * @param argument - the name of the argument, or of a part of one such as `headers["a"]`. Of arguments that can hold
 * secrets or content, only the type is shown.
 */
export function describeReceived(value: unknown, argument: string): string {
  try {
    return describe(value, confidential.has(/^\w*/.exec(argument)?.[0] ?? ''));
  } catch {
    // A revoked Proxy, or a getter or Proxy that throws.
    return `type ${typeof value}`;
  }
}

/** Describes a number that is out of range as Node does: `1.5`, `-0`. Other values as {@link describeReceived}. */
export function describeOutOfRange(value: unknown, argument: string): string {
  return typeof value === 'number' ? numberText(value) : describeReceived(value, argument);
}

function describe(value: unknown, typeOnly: boolean): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return named('function', value.name) ?? 'type function';
  if (typeof value === 'object') {
    const type: unknown = value.constructor;
    // Anything else is data of the program under that name.
    const name = typeof type === 'function' ? type.name : undefined;
    return named('an instance of', name) ?? 'type object';
  }
  return typeOnly ? `type ${typeof value}` : `type ${typeof value} (${primitiveText(value)})`;
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
  // Escaped if it could break out of the quotes or of the line.
  if (typeof value === 'string') return isPlain ? `'${text}'` : JSON.stringify(text);
  return isPlain ? text : JSON.stringify(text);
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, shownOfLongText)}...` : text;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
