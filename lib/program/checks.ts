import { makeError } from '../errors';

/** The longest delay of a timer in Node. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws `ERR_SPEC_INVALID_ARG_TYPE` unless the value is a function or undefined. */
export function functionOption<F>(name: string, value: F | undefined): F | undefined {
  if (value !== undefined && typeof value !== 'function') throw wrongType(name, 'a function');
  return value;
}

/** The error for an argument or option of the wrong type. */
export function wrongType(name: string, expected: string): Error {
  return makeError('ERR_SPEC_INVALID_ARG_TYPE', name, expected);
}
