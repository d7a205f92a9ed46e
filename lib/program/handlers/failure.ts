import { isStoreError } from '../store/embedded-store';

/**
 * Why a request or job got no result from its handler.
 *
 * | kind | errcode | when |
 * |---|---|---|
 * | `busy` | -1 | `jobs.maxPending` jobs are pending, or a job or event could not be stored |
 * | `stopping` | -1 | the program is closing |
 * | `unknown-ability` | 710636 | no handler for the ability |
 * | `not-json` | 790015 | the request's data is not JSON, or not an event |
 * | `invalid` | 710647 | the data does not match the schema of the ability |
 * | `timeout` | 710675 | the handler exceeded its timeout |
 * | `failed` | 710660 | the handler threw, or returned a value that cannot be sent |
 * | `refused` | the handler's | the handler threw an {@link AbilityError} |
 *
 * The platform itself uses these errcodes for the same failures (https://developer.work.weixin.qq.com/document/path/90313); here
 * they are part of the program's own response, `response_data`.
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

/** A failure, with the parts of it that may be sent to the application. */
export interface ProgramFailure {
  /** What went wrong. */
  readonly kind: FailureKind;
  /** The errcode of the response or report, see the table of {@link FailureKind}. */
  readonly errcode: number;
  /** Human-readable. Never contains a stack or the message of an error, except of an {@link AbilityError}. */
  readonly errmsg: string;
  /** What the handler threw, for the program's own use; never sent to the platform. */
  readonly error?: unknown;
}

/**
 * Thrown by a handler to send an errcode of its choice: the application gets `errcode` and `errmsg` as they are, and no `ERR`
 * record is written.
 *
 * @example
 * ```ts
 * throw new AbilityError(40001, 'no such report');
 * ```
 */
export class AbilityError extends Error {
  /** Always `AbilityError`; tells it apart where `instanceof` cannot, as with two copies of this package. */
  override readonly name = 'AbilityError';
  /** The errcode that the application gets; not 0. */
  readonly errcode: number;

  /** @param errcode - not 0 @param errmsg - goes to the application */
  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** Carries a {@link ProgramFailure} to where the response or report is made. */
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

/** `instanceof` that never throws: a custom queue or store may throw anything, even a revoked Proxy. */
export function isFailure(error: unknown): error is Failure {
  try {
    return error instanceof Failure;
  } catch {
    return false;
  }
}

/** Classifies a thrown value. */
export function failureOf(error: unknown, requestId: string): ProgramFailure {
  try {
    if (error instanceof Failure) return error.failure;
    if (error instanceof AbilityError && Number.isInteger(error.errcode) && error.errcode !== 0) {
      return { kind: 'refused', errcode: error.errcode, errmsg: String(error.message), error };
    }
    const isTimeout = (error as { code?: unknown } | null)?.code === 'ERR_SPEC_TIMEOUT';
    if (isTimeout) return new Failure('timeout', 'the handler timed out', error).failure;
    if (isStoreError(error)) {
      return new Failure('busy', 'the program cannot store data at present; try again later', error)
        .failure;
    }
  } catch {
    // A handler may throw anything, even a revoked Proxy or an object whose getters throw.
  }
  const errmsg = `the program failed; see ${requestId} in its log`;
  return { kind: 'failed', errcode: errcodes.failed, errmsg, error };
}

/** The default response to a failure, unless `onError` returns another one. */
export function failureResult({ errcode, errmsg }: ProgramFailure, requestId: string): object {
  return { errcode, errmsg, request_id: requestId };
}

/** The failure of a request that arrives, or a handler that still runs, while the program closes. */
export function stoppingFailure(errmsg = 'the program is closing'): Failure {
  return new Failure('stopping', errmsg);
}
