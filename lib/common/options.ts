import { argumentError, makeError } from '../errors';
import { MAX_TIME_MS, MAX_TIMER_MS, MAX_UNIX_SECONDS } from './timers';

// Checks of arguments and options. Each throws TypeError ERR_SPEC_INVALID_ARG_TYPE or ERR_SPEC_INVALID_ARG_VALUE, or RangeError
// ERR_SPEC_OUT_OF_RANGE, in the words of Node.js, and returns the checked value.

/** The error for an argument or option of a wrong type. */
export function wrongType(name: string, expected: string, received: unknown): Error {
  return argumentError('ERR_SPEC_INVALID_ARG_TYPE', name, expected, received);
}

/** The error for an argument or option with a wrong value. @param requirement - continues "It", such as "must be base64". */
export function wrongValue(name: string, requirement: string, received: unknown): Error {
  return argumentError('ERR_SPEC_INVALID_ARG_VALUE', name, requirement, received);
}

/** The error for a number out of range. @param range - continues "must be", such as ">= 1". */
export function outOfRange(name: string, range: string, received: unknown): Error {
  return argumentError('ERR_SPEC_OUT_OF_RANGE', name, range, received);
}

/** Checks that the options themselves are an object. */
export function checkOptions(options: unknown): asserts options is object {
  objectOption('options', options);
}

/** Checks an object; arrays are refused. */
export function objectOption<T>(name: string, value: T): T & object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(name, 'of type object', value);
  }
  return value;
}

/** Checks that a value is an object without other members than these; throws TypeError `ERR_SPEC_UNKNOWN_OPTION`, too. */
export function checkNames(name: string, value: object, known: readonly string[]): void {
  objectOption(name, value);
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown === undefined) return;
  throw makeError('ERR_SPEC_UNKNOWN_OPTION', `${name}.${unknown}`, known.join(', '));
}

/** Checks a string that is not empty. */
export function stringOption(name: string, value: string): string {
  if (typeof value !== 'string' || value === '') {
    throw wrongType(name, 'a non-empty string', value);
  }
  return value;
}

/** Checks a boolean. */
export function booleanOption(name: string, value: boolean): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'of type boolean', value);
  return value;
}

/** Checks that a string is one of several. */
export function oneOfOption<T extends string>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw wrongValue(name, `must be ${oneOf(choices)}`, value);
}

/** The words of Node for several possible strings. */
export function oneOf(choices: readonly string[]): string {
  return `one of: ${choices.map((choice) => `'${choice}'`).join(', ')}`;
}

/** Checks a URL. @param protocols - those allowed, such as `http:`. @param example - for the error. */
export function urlOption(
  name: string,
  value: string | URL,
  protocols: readonly string[],
  example: string,
): URL {
  // Not instanceof: test runners such as Jest have a URL class of their own.
  const isUrl = typeof value === 'object' && value !== null && typeof value.href === 'string';
  if (typeof value !== 'string' && !isUrl) {
    throw wrongType(name, 'of type string or an instance of URL', value);
  }
  const text = String(value);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && protocols.includes(url.protocol)) return url;
  throw wrongValue(name, `must be a URL such as ${example}`, value);
}

/** Checks a number from `min` to `max`. */
export function numberOption(name: string, value: number, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
  if (value >= min && value <= max) return value;
  throw outOfRange(name, max === Infinity ? `>= ${min}` : `>= ${min} && <= ${max}`, value);
}

/** Checks milliseconds since 1970, up to the largest time that Date can represent. */
export function timeOption(name: string, value: number): number {
  return numberOption(name, value, 0, MAX_TIME_MS);
}

/** Checks Unix time in seconds up to the year 2106. Milliseconds, as `Date.now()` returns them, are above that. */
export function unixSecondsOption(name: string, value: number): number {
  return integerOption(name, value, 0, MAX_UNIX_SECONDS, 'Unix time in seconds');
}

/** Checks the milliseconds of a timer, if given. */
export function timeoutOption(name: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : integerOption(name, value, 1, MAX_TIMER_MS);
}

/** Checks a signal, if given. */
export function signalOption(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw wrongType('options.signal', 'an instance of AbortSignal', signal);
  }
  return signal;
}

/** Checks an integer from `min` to `max`. @param unit - for the error, where another unit could be meant */
export function integerOption(
  name: string,
  value: number,
  min: number,
  max: number,
  unit?: string,
): number {
  if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    const inUnit = unit === undefined ? '' : ` (${unit})`;
    throw outOfRange(name, `an integer >= ${min} && <= ${max}${inUnit}`, value);
  }
  return value;
}

/** Checks a function, if given. */
export function functionOption<F>(name: string, value: F | undefined): F | undefined {
  if (value !== undefined && typeof value !== 'function') {
    throw wrongType(name, 'of type function', value);
  }
  return value;
}
