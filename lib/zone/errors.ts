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

/** Errcodes of the general page, for those that nobody listed for the zone. */
const GENERAL_PAGE = pageAddress(90313);

const advice: Record<RetryAdvice, string> = {
  soon: 'Try again after a moment.',
  later: 'Try again later.',
  no: 'The same request will be refused again.',
};

/** `Invoke` returned something else than 0: the exchange with the platform failed. `code` is `ERR_SPEC_INVOKE_FAILED`. */
export class SpecInvokeError extends SpecError {
  override readonly name = 'SpecInvokeError';
  /** What the SDK returned, -10001 to -10009 by the page. */
  readonly ret: number;
  /** A short name of our own for it, such as `NETWORK`; undefined for a value that the page does not list. */
  readonly retName: string | undefined;
  readonly interfaceName: string;
  /** What was asked, without texts: see {@link RequestSummary}. */
  readonly request: RequestSummary;

  constructor(interfaceName: string, ret: number, request: RequestSummary) {
    const known = invokeCodeMeaning(ret);
    const since = zoneInterface(interfaceName)?.sinceSdk;
    const words = known
      ? `${ret} (${known.name}): ${known.meaning}. ${known.action}`
      : `${ret}, which the official page does not list. Look into the SDK's log.`;
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

/** The platform refused a call: its errcode is not 0. `code` is `ERR_SPEC_API`. */
export class ZoneApiError extends SpecError {
  override readonly name = 'ZoneApiError';
  readonly errcode: number;
  /** The platform's words, for people. */
  readonly errmsg: string;
  readonly interfaceName: string;
  /** What the errcode means; undefined for one that the zone's pages do not list. */
  readonly meaning: string | undefined;
  /** Whether the same request makes sense again; `no` for an errcode that the zone's pages do not list. */
  readonly retry: RetryAdvice;
  /** What was asked, without texts: see {@link RequestSummary}. */
  readonly request: RequestSummary;

  constructor(interfaceName: string, errcode: number, errmsg: string, request: RequestSummary) {
    const known = errcodeMeaning(errcode);
    const quote = oneLine(errmsg);
    const words = [
      known === undefined ? `${errcode}.` : `${errcode}: ${known.meaning}.`,
      quote === '' ? 'The platform says nothing more.' : `The platform says: "${quote}".`,
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

/** What a failed task says of its own failure. */
export interface TaskFailure {
  readonly interfaceName: string;
  readonly jobid: string;
  /** `response_errcode` or `result_errcode`, where the task has one. */
  readonly errcode?: number | undefined;
  readonly words: string;
  readonly failList?: readonly TaskFailedMessage[] | undefined;
  readonly result: object;
}

/** A message that a task could not use. */
export interface TaskFailedMessage {
  readonly msgid: string;
  readonly errcode: number;
  readonly errmsg: string;
}

/** A task ended, but badly. `code` is `ERR_SPEC_TASK_FAILED`. */
export class ZoneTaskError extends SpecError {
  override readonly name = 'ZoneTaskError';
  /** The interface that told so, for example `get_summary_result`. */
  readonly interfaceName: string;
  readonly jobid: string;
  /** What the model, the program or the export reported; undefined where a task has no such code. */
  readonly errcode: number | undefined;
  /** The messages that could not be used, if the platform told. */
  readonly failList: readonly TaskFailedMessage[];
  /** The whole response. It may have content, and is neither printed nor turned into JSON with the error. */
  declare readonly result: object;

  constructor({ interfaceName, jobid, errcode, words, failList = [], result }: TaskFailure) {
    super('ERR_SPEC_TASK_FAILED', errorText('ERR_SPEC_TASK_FAILED', jobid, words));
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
