import { oneLine } from '../common/text';
import { errorText, SpecError } from '../errors';
import {
  errcodeMeaning,
  invokeCodeMeaning,
  pageAddress,
  type RetryAdvice,
  zoneInterface,
} from '../interfaces';
import type { RequestSummary } from './request-summary';

/** The page of general errcodes, for those that the pages of the zone do not list. */
const GENERAL_PAGE = pageAddress(90313);

const advice: Record<RetryAdvice, string> = {
  soon: 'Retry after a moment.',
  later: 'Retry later.',
  no: 'The same request would be refused again.',
};

/** The exchange with the platform failed: `Invoke` returned a value other than 0. `code` is `ERR_SPEC_INVOKE_FAILED`. */
export class SpecInvokeError extends SpecError {
  /** Always `SpecInvokeError`. */
  override readonly name = 'SpecInvokeError';
  /** The return value of the SDK; -10001 to -10009 according to the vendor's page. */
  readonly ret: number;
  /** This package's name for the value, for example `NETWORK`; undefined for values that the page does not list. */
  readonly retName: string | undefined;
  /** The interface that was called. */
  readonly interfaceName: string;
  /** The request without its strings; safe to log. */
  readonly request: RequestSummary;

  constructor(interfaceName: string, ret: number, request: RequestSummary) {
    const known = invokeCodeMeaning(ret);
    const since = zoneInterface(interfaceName)?.sinceSdk;
    const words = known
      ? `${ret} (${known.name}): ${known.meaning}. ${known.action}`
      : `${ret}, which the official page does not list. Check the SDK's log.`;
    const needs =
      known?.name === 'UNKNOWN_INTERFACE' && since !== undefined
        ? ` ${interfaceName} needs the C++ SDK ${since} or newer.`
        : '';
    super(
      'ERR_SPEC_INVOKE_FAILED',
      errorText('ERR_SPEC_INVOKE_FAILED', interfaceName, words + needs),
    );
    this.ret = ret;
    this.retName = known?.name;
    this.interfaceName = interfaceName;
    this.request = request;
  }
}

/** The platform refused a call: the errcode of the response is not 0. `code` is `ERR_SPEC_API`. */
export class ZoneApiError extends SpecError {
  /** Always `ZoneApiError`. */
  override readonly name = 'ZoneApiError';
  /** The errcode of the response. */
  readonly errcode: number;
  /** The errmsg of the response, as received. */
  readonly errmsg: string;
  /** The interface that was called. */
  readonly interfaceName: string;
  /** The meaning of the errcode; undefined if the pages of the zone do not list it. */
  readonly meaning: string | undefined;
  /** Whether to retry the same request; `no` for an errcode that the pages of the zone do not list. */
  readonly retry: RetryAdvice;
  /** The request without its strings; safe to log. */
  readonly request: RequestSummary;

  constructor(interfaceName: string, errcode: number, errmsg: string, request: RequestSummary) {
    const known = errcodeMeaning(errcode);
    const quote = oneLine(errmsg);
    const words = [
      known === undefined ? `${errcode}.` : `${errcode}: ${known.meaning}.`,
      quote === '' ? 'The response has no errmsg.' : `errmsg: "${quote}".`,
      known === undefined
        ? `The zone's pages do not list it; ${GENERAL_PAGE} has the general ones.`
        : advice[known.retry],
    ].join(' ');
    super('ERR_SPEC_API', errorText('ERR_SPEC_API', interfaceName, words));
    this.errcode = errcode;
    this.errmsg = errmsg;
    this.interfaceName = interfaceName;
    this.meaning = known?.meaning;
    this.retry = known?.retry ?? 'no';
    this.request = request;
  }
}

/** The failure of a task, for {@link ZoneTaskError}. */
export interface TaskFailure {
  /** The interface that returned the result. */
  readonly interfaceName: string;
  /** The task. */
  readonly jobid: string;
  /** `response_errcode` or `result_errcode`, if the task has one. */
  readonly errcode?: number | undefined;
  /** What failed, for the message of the error. */
  readonly reason: string;
  /** The messages that the task could not use. */
  readonly failList?: readonly TaskFailedMessage[] | undefined;
  /** The response of the interface. */
  readonly result: object;
}

/** A message that a task could not use. */
export interface TaskFailedMessage {
  /** The message. */
  readonly msgid: string;
  /** Why it could not be used, for example 710601. */
  readonly errcode: number;
  /** The errmsg of the platform for this message. */
  readonly errmsg: string;
}

/** A task has failed. `code` is `ERR_SPEC_TASK_FAILED`. */
export class ZoneTaskError extends SpecError {
  /** Always `ZoneTaskError`. */
  override readonly name = 'ZoneTaskError';
  /** The interface that returned the result, for example `get_summary_result`. */
  readonly interfaceName: string;
  /** The task. */
  readonly jobid: string;
  /** The errcode that the model, the program or the export reported; undefined if this type of task has none. */
  readonly errcode: number | undefined;
  /** The messages that could not be used; empty if the platform does not list them. */
  readonly failList: readonly TaskFailedMessage[];
  /** The complete response. Not enumerable, because it can contain conversation content that must not get into logs. */
  declare readonly result: object;

  constructor({ interfaceName, jobid, errcode, reason, failList = [], result }: TaskFailure) {
    super('ERR_SPEC_TASK_FAILED', errorText('ERR_SPEC_TASK_FAILED', jobid, reason));
    this.interfaceName = interfaceName;
    this.jobid = jobid;
    this.errcode = errcode;
    this.failList = failList.map(({ msgid, errcode: code, errmsg }) => ({
      msgid,
      errcode: code,
      errmsg,
    }));
    Object.defineProperty(this, 'result', { value: result, enumerable: false });
  }
}
