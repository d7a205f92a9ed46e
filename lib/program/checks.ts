import { makeError } from '../errors';

/** The longest time of a timer. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws `ERR_SPEC_INVALID_ARG_TYPE` for what is there and no function. */
export function functionOption<F>(name: string, value: F | undefined): F | undefined {
  if (value !== undefined && typeof value !== 'function') throw wrongType(name, 'a function');
  return value;
}

/** The error for an argument or option of a wrong type. */
export function wrongType(name: string, expected: string): Error {
  return makeError('ERR_SPEC_INVALID_ARG_TYPE', name, expected);
}
