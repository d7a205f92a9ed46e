import { integerOption, wrongType } from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import type { Effect } from '../interfaces';
import type { SpecInvokeError, ZoneApiError } from './errors';

/** The argument of {@link RetryOptions.shouldRetry}: a call that has failed. */
export interface RetryDecision {
  /** The interface that was called. */
  readonly interfaceName: string;
  /** The effect of the call; `create` for interfaces that this version does not know. */
  readonly effect: Effect;
  /** The failure. */
  readonly error: SpecInvokeError | ZoneApiError;
  /** How many times the call has been retried so far. */
  readonly retries: number;
  /**
   * The default decision: retry errcode -1 unless the interface creates something, and a network failure (`ret` -10002 or
   * -10003) only if the interface reads.
   */
  readonly byDefault: boolean;
}

/** When and how often a failed call is retried. */
export interface RetryOptions {
  /** The maximum number of retries, 0 to 100; default 3, the documented maximum for errcode -1. */
  readonly retries?: number;
  /** The delay before the first retry in milliseconds, default 500. It doubles with each retry, and is reduced by random jitter. */
  readonly delay?: number;
  /** The maximum delay in milliseconds; default 10,000. */
  readonly maxDelay?: number;
  /** Replaces the default decision, for example `({ byDefault, error }) => byDefault || error.code === …`. */
  readonly shouldRetry?: (decision: RetryDecision) => boolean;
}

/** Options of one call. */
export interface InvokeOptions {
  /**
   * Abandons the call: the promise is rejected immediately with the signal's reason. The SDK cannot be interrupted: its
   * thread is occupied until it returns, and the platform may have carried out the request.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time limit of the call including retries in milliseconds, 1 to 2147483647; then the promise is rejected with
   * `ERR_SPEC_TIMEOUT`. Default: that of the client.
   */
  readonly timeout?: number | undefined;
  /** When to retry; `false` disables retries. Default: the policy of the client. */
  readonly retry?: RetryOptions | false | undefined;
}

/** {@link RetryOptions} with all defaults applied. */
export type RetryPolicy = Required<Omit<RetryOptions, 'shouldRetry'>> & {
  readonly shouldRetry: (decision: RetryDecision) => boolean;
};

const defaultPolicy: RetryPolicy = {
  retries: 3,
  delay: 500,
  maxDelay: 10_000,
  shouldRetry: ({ byDefault }) => byDefault,
};

const noRetry: RetryPolicy = { ...defaultPolicy, retries: 0 };

/**
 * Validates retry options and applies defaults.
 *
 * @param name - of the option, for errors
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
 */
export function retryPolicy(
  options: RetryOptions | false | undefined,
  inherited: RetryPolicy = defaultPolicy,
  name = 'options.retry',
): RetryPolicy {
  if (options === undefined) return inherited;
  if (options === false) return noRetry;
  if (typeof options !== 'object' || options === null) {
    throw wrongType(name, 'of type object or false', options);
  }
  const { shouldRetry = inherited.shouldRetry } = options;
  if (typeof shouldRetry !== 'function') {
    throw wrongType(`${name}.shouldRetry`, 'of type function', shouldRetry);
  }
  return {
    retries: integerOption(`${name}.retries`, options.retries ?? inherited.retries, 0, 100),
    delay: integerOption(`${name}.delay`, options.delay ?? inherited.delay, 0, MAX_TIMER_MS),
    maxDelay: integerOption(
      `${name}.maxDelay`,
      options.maxDelay ?? inherited.maxDelay,
      0,
      MAX_TIMER_MS,
    ),
    shouldRetry,
  };
}
