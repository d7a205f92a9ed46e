import { argumentError } from '../errors';
import { MAX_TIMER_MS } from './timers';

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
  if (typeof options !== 'object' || options === null) {
    throw wrongType('options', 'of type object', options);
  }
}

/** Checks a number of milliseconds for a timer, if it is there. */
export function timeoutOption(name: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : integerOption(name, value, 1, MAX_TIMER_MS);
}

/** Checks that something is a signal, if it is there. */
export function signalOption(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw wrongType('signal', 'an instance of AbortSignal', signal);
  }
  return signal;
}

/** Checks an integer, both ends included. */
export function integerOption(name: string, value: number, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `an integer >= ${min} && <= ${max}`, value);
  }
  return value;
}

/** Checks that something is a function, if it is there. */
export function functionOption<F>(name: string, value: F | undefined): F | undefined {
  if (value !== undefined && typeof value !== 'function') {
    throw wrongType(name, 'of type function', value);
  }
  return value;
}
