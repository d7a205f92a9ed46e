import { isStoreError } from '../store/embedded-store';

/**
 * Why a request got no answer of a handler.
 *
 * | kind | errcode | when |
 * |---|---|---|
 * | `busy` | -1 | more asynchronous jobs wait than the limit allows, or a job or event could not be stored |
 * | `stopping` | -1 | the program is being stopped |
 * | `unknown-ability` | 710636 | no handler for the ability |
 * | `not-json` | 790015 | the request's data is not JSON, or no event |
 * | `invalid` | 710647 | the data does not fit the schema of the ability |
 * | `timeout` | 710675 | the handler took too long |
 * | `failed` | 710660 | the handler threw, or returned what cannot be sent |
 * | `refused` | the handler's | the handler threw an {@link AbilityError} |
 *
 * The errcodes are those that the platform itself uses for the same troubles
 * (https://developer.work.weixin.qq.com/document/path/90313); here they stand in the program's answer, `response_data`.
 */
export type FailureKind =
  | 'busy'
  | 'stopping'
  | 'unknown-ability'
  | 'not-json'
  | 'invalid'
  | 'timeout'
  | 'failed'
  | 'refused';

const errcodes: Readonly<Record<Exclude<FailureKind, 'refused'>, number>> = {
  busy: -1,
  stopping: -1,
  'unknown-ability': 710636,
  'not-json': 790015,
  invalid: 710647,
  timeout: 710675,
  failed: 710660,
};

/** What an application may know of a failure. */
export interface ProgramFailure {
  readonly kind: FailureKind;
  readonly errcode: number;
  /** For people. It never has a stack or the text of an error that the handler did not mean for the application. */
  readonly errmsg: string;
  /** What the handler threw, for the program's own use; nothing of it goes to the platform. */
  readonly error?: unknown;
}

/**
 * Thrown by a handler to choose the answer: the application gets `errcode` and `errmsg` as they are, and nothing is logged
 * as an error.
 *
 * @example
 * ```ts
 * throw new AbilityError(40001, 'no such report');
 * ```
 */
export class AbilityError extends Error {
  override readonly name = 'AbilityError';
  readonly errcode: number;

  /** @param errcode - not 0 @param errmsg - goes to the application */
  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** Carries a {@link ProgramFailure} to where it is answered or reported. */
export class Failure extends Error {
  readonly failure: ProgramFailure;

  constructor(kind: Exclude<FailureKind, 'refused'>, errmsg: string, error?: unknown) {
    super(errmsg);
    this.failure = {
      kind,
      errcode: errcodes[kind],
      errmsg,
      ...(error === undefined ? {} : { error }),
    };
  }
}

/** A queue or store of the user's may throw anything: looking at a revoked Proxy throws, too. */
export function isFailure(error: unknown): error is Failure {
  try {
    return error instanceof Failure;
  } catch {
    return false;
  }
}

/** What a thrown value means for the application. */
export function failureOf(error: unknown, requestId: string): ProgramFailure {
  try {
    if (error instanceof Failure) return error.failure;
    if (error instanceof AbilityError && Number.isInteger(error.errcode) && error.errcode !== 0) {
      return { kind: 'refused', errcode: error.errcode, errmsg: String(error.message), error };
    }
    const isTimeout = (error as { code?: unknown } | null)?.code === 'ERR_SPEC_TIMEOUT';
    if (isTimeout) return new Failure('timeout', 'the handler took too long', error).failure;
    if (isStoreError(error)) {
      return new Failure('busy', 'the program can store nothing at present; try again later', error)
        .failure;
    }
  } catch {
    // A handler may throw anything, a revoked Proxy and getters that throw included.
  }
  const errmsg = `the program failed; its log has more under ${requestId}`;
  return { kind: 'failed', errcode: errcodes.failed, errmsg, error };
}

/** The answer that a failure gets unless the program chooses another. */
export function failureResult({ errcode, errmsg }: ProgramFailure, requestId: string): object {
  return { errcode, errmsg, request_id: requestId };
}

/** The failure of a request that arrives, or a handler that still runs, while the program closes. */
export function stoppingFailure(errmsg = 'the program is being stopped'): Failure {
  return new Failure('stopping', errmsg);
}
