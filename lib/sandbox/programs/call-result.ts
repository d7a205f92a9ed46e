import { parseJson } from '../../common/json';
import { ABILITIES_HEADER, REQUEST_ID_HEADER } from '../../common/sandbox-hints';
import type { SandboxError } from '../../errors';
import { tenths, withInspection } from '../common/inspection';
import { errmsgOf, type PlatformError } from '../common/platform-error';
import type { RawResponse } from '../wire/program-client';
import type { ResponseOutcome, SealedRequest } from '../wire/program-message';
import type { RefusalReason } from '../wire/protocol/constants';
import type { JobReport } from './jobs';

/** A program's HTTP response, and the outcome of its verification. */
export interface OpenedResponse extends RawResponse {
  /** The decrypted response, the SDK's refusal, or why it is not authentic. */
  readonly outcome: ResponseOutcome;
}

/** Details of the exchange with the program, for tests. An application does not see them. */
export interface CallDetails {
  /** The request as it was sent; absent when the platform refused the call. */
  readonly request?: SealedRequest;
  /** The response as received; absent when there was none. */
  readonly response?: OpenedResponse;
  /** Why the program's SDK refused the request, if it did. */
  readonly refusal?: RefusalReason;
  /** Why there was no response, if there was none. */
  readonly error?: SandboxError;
  /** Id of the request in the program's log, for `logs.search({ reqId })`; only from a `ZoneProgram`. */
  readonly requestId?: string;
  /** The abilities of the program, if it has no handler for this one; only from a `ZoneProgram`. */
  readonly abilities?: readonly string[];
  /** Milliseconds from sending to the end of the response. */
  readonly elapsed: number;
}

/**
 * What an application gets from `sync_call_program` (P99811,
 * https://developer.work.weixin.qq.com/document/path/99811).
 */
export interface CallResult<Response = unknown> {
  /**
   * 0, or an errcode of P90313: 710674 no connection or an interrupted one, 710675 time-out, 710676 an HTTP status other than 200,
   * 710677 a refusal by the program's SDK or a response that is not authentic, 710646 an unknown or expired notify_id; for abilities
   * with a protocol also 710647, 790012, 790013 and 790014.
   */
  readonly errcode: number;
  /** Text for `errcode`; do not match on it. */
  readonly errmsg: string;
  /** The program's response text; empty unless `errcode` is 0. */
  readonly response_data: string;
  /**
   * `response_data` parsed; `undefined` when it is not JSON. Its type is what the ability returns when it succeeds: check `errcode`
   * first, and that of the response, because a handler that fails returns `{ errcode, errmsg, request_id }`.
   */
  readonly response: Response;
  /** Details of the exchange, for tests. */
  readonly details: CallDetails;
}

/**
 * What an application gets from `async_program_task` (P99812,
 * https://developer.work.weixin.qq.com/document/path/99812).
 */
export interface AsyncCallResult<Response = unknown> {
  /**
   * As in `CallResult`, for the program's response to the request. Whether the platform waits for this response before it responds
   * to the application is not documented. The sandbox waits, so that no failure goes unnoticed.
   */
  readonly errcode: number;
  /** Text for `errcode`; do not match on it. */
  readonly errmsg: string;
  /** The job; empty unless `errcode` is 0. */
  readonly jobid: string;
  /**
   * Waits for the program's report. If `errcode` is not 0, the result has the same errcode.
   *
   * @throws SandboxError `ERR_SANDBOX_STOPPED`, `ERR_SANDBOX_JOB_FORGOTTEN` when the sandbox stops or discards the job first.
   */
  result(): Promise<JobResult<Response>>;
  /** Details of the exchange, for tests. */
  readonly details: CallDetails;
}

/** What an application gets from `async_program_result` when the job is done (P99812). */
export interface JobResult<Response = unknown> {
  /** 0: the platform has the result. It says nothing about success, see `response_errcode`. */
  readonly errcode: number;
  /** Text for `errcode`; do not match on it. */
  readonly errmsg: string;
  /** The errcode that the program reported; 0 is success. */
  readonly response_errcode: number;
  /** The result that the program reported, as a string. */
  readonly response_data: string;
  /** `response_data` parsed; `undefined` when it is not JSON, and when the job failed. */
  readonly response: Response;
}

/** Creates the result of a job from the program's report. */
export function jobResultOf({ report }: ReportedJob): JobResult {
  const data = report.result ?? '';
  return shownJob({
    errcode: 0,
    errmsg: errmsgOf(0),
    response_errcode: report.errcode,
    response_data: data,
    response: parseJson(data)?.value,
  });
}

/** Creates the result of a call from the program's response. */
export function resultOfResponse(
  request: SealedRequest,
  response: OpenedResponse,
  elapsed: number,
): CallResult {
  const { outcome, status } = response;
  const details: CallDetails = {
    request,
    response,
    ...(outcome.kind === 'refusal' ? { refusal: outcome.reason } : {}),
    ...hintsOf(response),
    elapsed,
  };
  // The status comes first: the platform does not verify a response whose status is not 200.
  if (status !== 200) return failed(710676, `it is ${status}`, details);
  switch (outcome.kind) {
    case 'response':
      return shownCall({
        errcode: 0,
        errmsg: errmsgOf(0),
        response_data: outcome.text,
        response: parseJson(outcome.text)?.value,
        details,
      });
    case 'refusal':
      return failed(710677, `the program refused with ${outcome.reason}`, details);
    case 'invalid':
      return failed(710677, `the response failed the check ${outcome.failure}`, details);
  }
}

/** What a `ZoneProgram` tells the sandbox, outside of its response to the application. */
function hintsOf({ headers }: OpenedResponse): Pick<CallDetails, 'requestId' | 'abilities'> {
  const { [REQUEST_ID_HEADER]: requestId, [ABILITIES_HEADER]: text } = headers;
  const abilities = typeof text === 'string' ? parseJson(decoded(text))?.value : undefined;
  return {
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(Array.isArray(abilities) ? { abilities: abilities.map(String) } : {}),
  };
}

/** A header that is not percent-encoded is returned as it is: the program may send anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Creates the result of a call without a response; `undefined` for an error that has no errcode. */
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
    case 'ERR_SANDBOX_RESPONSE_SIZE':
      return failed(710677, 'the response is too large', details);
    default:
      return undefined;
  }
}

/** Creates the result of a call that the platform refuses before the program sees it. */
export function resultOfRefusal({ errcode, message }: PlatformError): CallResult {
  return withoutResponse(errcode, message, { elapsed: 0 });
}

/** Turns the result of a successful exchange into a failure, after the platform has checked the response. */
export function withPlatformError(
  { details }: CallResult,
  { errcode, message }: PlatformError,
): CallResult {
  return withoutResponse(errcode, message, details);
}

function failed(errcode: number, detail: string | undefined, details: CallDetails): CallResult {
  const errmsg = detail === undefined ? errmsgOf(errcode) : `${errmsgOf(errcode)}: ${detail}`;
  return withoutResponse(errcode, errmsg, details);
}

function withoutResponse(errcode: number, errmsg: string, details: CallDetails): CallResult {
  return shownCall({ errcode, errmsg, response_data: '', response: undefined, details });
}

/** Makes `console.log` show a result without its encrypted messages, and the response once. */
function shownCall(result: CallResult): CallResult {
  return withInspection(result, ({ errcode, errmsg, details, ...response }) => ({
    errcode,
    errmsg,
    ...(errcode === 0 ? shownResponse(response) : {}),
    details: shownDetails(details),
  }));
}

/** The same for an asynchronous call. */
export function shownAsyncCall(result: AsyncCallResult): AsyncCallResult {
  return withInspection(result, ({ errcode, errmsg, jobid, details }) => ({
    errcode,
    errmsg,
    jobid,
    details: shownDetails(details),
  }));
}

/** The same for the result of a job. */
export function shownJob(result: JobResult): JobResult {
  return withInspection(result, ({ errcode, errmsg, response_errcode, ...response }) => ({
    errcode,
    errmsg,
    response_errcode,
    ...shownResponse(response),
  }));
}

function shownResponse({
  response,
  response_data,
}: Pick<CallResult, 'response' | 'response_data'>) {
  return response === undefined ? { response_data } : { response };
}

function shownDetails(details: CallDetails): object {
  const { request, response, refusal, requestId, error, elapsed } = details;
  return {
    ...(request && { requestBytes: request.body.length }),
    ...(response && { status: response.status, responseBytes: response.body.length }),
    ...(refusal && { refusal }),
    ...(requestId && { requestId }),
    ...(error && { error: `${error.code}: ${error.message}` }),
    elapsed: tenths(elapsed),
  };
}

/** A job with its report. */
export interface ReportedJob {
  readonly jobid: string;
  readonly report: JobReport;
  /** The `details` with which it was started. */
  readonly details: Readonly<Record<string, unknown>>;
}
