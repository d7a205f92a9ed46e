import { integerOption } from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import { makeError } from '../errors';
import type { Effect } from '../interfaces';
import type { SpecInvokeError, ZoneApiError } from './errors';

/** What a decision about a repetition is made from. */
export interface RetryDecision {
  readonly interfaceName: string;
  /** What the call does; `create` is assumed for interfaces that this version does not know. */
  readonly effect: Effect;
  readonly error: SpecInvokeError | ZoneApiError;
  /** How many times the call has been retried so far. */
  readonly retries: number;
  /**
   * What would happen without a decision of your own: errcode -1 is repeated unless the interface creates something,
   * and a failed network (`ret` -10002 or -10003) is repeated if the interface only reads.
   */
  readonly byDefault: boolean;
}

/** When a failed call is repeated. */
export interface RetryOptions {
  /** At most so often; 0 to 100, default 3, which the platform documents as the most for errcode -1. */
  readonly retries?: number;
  /** Milliseconds before the first repetition; default 500. Each further wait is twice as long, and all are jittered. */
  readonly delay?: number;
  /** The longest wait in milliseconds; default 10,000. */
  readonly maxDelay?: number;
  /** Decides in place of the default, for example `({ byDefault, error }) => byDefault || error.code === …`. */
  readonly shouldRetry?: (decision: RetryDecision) => boolean;
}

/** What may be said about one call. */
export interface InvokeOptions {
  /**
   * Gives the call up: the promise is rejected with the signal's reason at once. The SDK cannot be interrupted; its
   * thread is free again when it returns, and what it returns is dropped. The platform may have done what was asked.
   */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call and all its repetitions, 1 to 2147483647; then `ERR_SPEC_TIMEOUT`. Default: the client's. */
  readonly timeout?: number | undefined;
  /** `false`: no repetition. Default: the client's. */
  readonly retry?: RetryOptions | false | undefined;
}

/** The options of retrying, complete. */
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

/** Completes and checks options of retrying; throws `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_OUT_OF_RANGE`. */
export function retryPolicy(
  options: RetryOptions | false | undefined,
  inherited: RetryPolicy = defaultPolicy,
): RetryPolicy {
  if (options === undefined) return inherited;
  if (options === false) return noRetry;
  if (typeof options !== 'object' || options === null) {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'retry', 'of type object or false', options);
  }
  const { shouldRetry = inherited.shouldRetry } = options;
  if (typeof shouldRetry !== 'function') {
    throw makeError(
      'ERR_SPEC_INVALID_ARG_TYPE',
      'retry.shouldRetry',
      'of type function',
      shouldRetry,
    );
  }
  return {
    retries: integerOption('retry.retries', options.retries ?? inherited.retries, 0, 100),
    delay: integerOption('retry.delay', options.delay ?? inherited.delay, 0, MAX_TIMER_MS),
    maxDelay: integerOption(
      'retry.maxDelay',
      options.maxDelay ?? inherited.maxDelay,
      0,
      MAX_TIMER_MS,
    ),
    shouldRetry,
  };
}
