import { parseJson } from '../../common/json';
import type { SandboxError } from '../../errors';
import { errmsgOf, type PlatformError } from '../common/platform-error';
import type { RawAnswer } from '../wire/program-client';
import type { AnswerOutcome, SealedRequest } from '../wire/program-message';
import type { RefusalReason } from '../wire/protocol/constants';
import type { JobReport } from './jobs';

/** A program's raw answer, and what the platform makes of it. */
export interface ProgramAnswer extends RawAnswer {
  readonly outcome: AnswerOutcome;
}

/** What happened on the way; an application does not see this. */
export interface CallDetails {
  /** The request as it was sent; absent when the platform refused the call. */
  readonly request?: SealedRequest;
  /** The answer as it came; absent when there was none. */
  readonly answer?: ProgramAnswer;
  /** Why the program's SDK refused the request, if it did. */
  readonly refusal?: RefusalReason;
  /** Why no answer came, if none did. */
  readonly error?: SandboxError;
  /** Milliseconds from sending to the end of the answer. */
  readonly elapsed: number;
}

/**
 * What an application gets from `sync_call_program` (P99811,
 * https://developer.work.weixin.qq.com/document/path/99811).
 */
export interface CallResult {
  /**
   * 0, or an errcode of P90313: 710674 no connection or a cut one, 710675 time-out, 710676 HTTP
   * status other than 200, 710677 a refusal by the program's SDK or no authentic answer, 710646 the notify_id is not
   * good (any more); for abilities with a protocol also 710647, 790012, 790013 and 790014.
   */
  readonly errcode: number;
  /** Text for `errcode`; do not match on it. */
  readonly errmsg: string;
  /** The program's response text; empty unless `errcode` is 0. */
  readonly response_data: string;
  /** `response_data` parsed; `undefined` when it is not JSON. */
  readonly response: unknown;
  /** For tests and for the curious. */
  readonly details: CallDetails;
}

/**
 * What an application gets from `async_program_task` (P99812,
 * https://developer.work.weixin.qq.com/document/path/99812).
 */
export interface AsyncCallResult {
  /**
   * As in `CallResult`: how the program has answered the request. Whether the platform waits for that answer before it
   * gives its own is not documented; the sandbox does, so that nothing fails silently.
   */
  readonly errcode: number;
  /** Text for `errcode`; do not match on it. */
  readonly errmsg: string;
  /** The job; empty unless `errcode` is 0. */
  readonly jobid: string;
  /**
   * Waits for what the program reports. If `errcode` is not 0, the result has the same errcode.
   *
   * @throws SandboxError `ERR_SANDBOX_STOPPED`, `ERR_SANDBOX_JOB_FORGOTTEN` when the sandbox stops or forgets the job first.
   */
  result(): Promise<JobResult>;
  /** For tests and for the curious. */
  readonly details: CallDetails;
}

/** What an application gets from `async_program_result` when the job is done (P99812). */
export interface JobResult {
  readonly errcode: number;
  readonly errmsg: string;
  /** The errcode that the program has reported; 0: the job went well. */
  readonly response_errcode: number;
  /** The result that the program has reported, as a text. */
  readonly response_data: string;
  /** `response_data` parsed; `undefined` when it is not JSON. */
  readonly response: unknown;
}

/** Makes the result of a job from the program's report. */
export function jobResultOf({ report }: ReportedJob): JobResult {
  const data = report.result ?? '';
  return {
    errcode: 0,
    errmsg: errmsgOf(0),
    response_errcode: report.errcode,
    response_data: data,
    response: parseJson(data)?.value,
  };
}

/** Makes the result of a call from the answer that came. */
export function resultOfAnswer(
  request: SealedRequest,
  answer: ProgramAnswer,
  elapsed: number,
): CallResult {
  const { outcome, status } = answer;
  const details: CallDetails = {
    request,
    answer,
    ...(outcome.kind === 'refusal' ? { refusal: outcome.reason } : {}),
    elapsed,
  };
  // The status comes first: the platform does not look into an answer whose status is not 200.
  if (status !== 200) return failed(710676, `it is ${status}`, details);
  switch (outcome.kind) {
    case 'answer':
      return {
        errcode: 0,
        errmsg: errmsgOf(0),
        response_data: outcome.text,
        response: parseJson(outcome.text)?.value,
        details,
      };
    case 'refusal':
      return failed(710677, `the program refused with ${outcome.reason}`, details);
    case 'invalid':
      return failed(710677, `the answer failed the check ${outcome.failure}`, details);
  }
}

/** Makes the result of a call without an answer, or `undefined` when that is no matter of errcodes. */
export function resultOfError(
  request: SealedRequest,
  error: SandboxError,
  elapsed: number,
): CallResult | undefined {
  const details: CallDetails = { request, error, elapsed };
  switch (error.code) {
    case 'ERR_SANDBOX_CONNECT':
      return failed(710674, undefined, details);
    case 'ERR_SANDBOX_CUT':
      return failed(710674, 'the connection was cut', details);
    case 'ERR_SANDBOX_TIMEOUT':
      return failed(710675, undefined, details);
    case 'ERR_SANDBOX_ANSWER_SIZE':
      return failed(710677, 'the answer is too large', details);
    default:
      return undefined;
  }
}

/** Makes the result of a call that the platform refuses before the program sees it. */
export function resultOfRefusal({ errcode, message }: PlatformError): CallResult {
  return {
    errcode,
    errmsg: message,
    response_data: '',
    response: undefined,
    details: { elapsed: 0 },
  };
}

/** Makes a failure of a result that went well until the platform looked into it. */
export function withPlatformError(
  { details }: CallResult,
  { errcode, message }: PlatformError,
): CallResult {
  return { errcode, errmsg: message, response_data: '', response: undefined, details };
}

function failed(errcode: number, detail: string | undefined, details: CallDetails): CallResult {
  const errmsg = detail === undefined ? errmsgOf(errcode) : `${errmsgOf(errcode)}: ${detail}`;
  return { errcode, errmsg, response_data: '', response: undefined, details };
}

/** A job with its report. */

export interface ReportedJob {
  readonly jobid: string;
  readonly report: JobReport;
  /** What it was started with. */
  readonly details: Readonly<Record<string, unknown>>;
}
