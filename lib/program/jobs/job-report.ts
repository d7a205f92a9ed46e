import { errorForLog } from '../../common/error-for-log';
import { wrongType } from '../../common/options';
import type { Call } from '../handlers/call';
import type { ProgramFailure } from '../handlers/failure';
import { resultText } from '../handlers/results';
import type { ProgramLog } from '../observe/log';
import { showException } from '../observe/sandbox-terminal';
import type { JobReport } from './job-queue';

/** The option `jobs.onError`. */
export type ReportFailure = (failure: ProgramFailure, call: Call) => JobReport;

/** The report of a failed job: the result of `jobs.onError`, or else the errcode alone. */
export function failureReport(
  failure: ProgramFailure,
  call: Call,
  choose: ReportFailure | undefined,
  log: ProgramLog,
): JobReport {
  try {
    const chosen = choose?.(failure, call);
    if (chosen !== undefined) return checkedReport(chosen);
  } catch (error) {
    log.error('options.jobs.onError: %s', errorForLog(error));
    showException('options.jobs.onError', error);
  }
  return { errcode: failure.errcode };
}

function checkedReport({ errcode, result }: JobReport): JobReport {
  if (!Number.isInteger(errcode)) throw wrongType('errcode', 'an integer', errcode);
  if (result !== undefined && typeof result !== 'string')
    throw wrongType('result', 'of type string', result);
  return { errcode, ...(result === undefined ? {} : { result: resultText(result) }) };
}
