import type { ProgramJobs } from '../programs/program-jobs';
import type { ZoneHandler } from './interface';

/**
 * `program_async_job_call_back`: a program reports the result of an asynchronous job under the job_info of its request (P99847,
 * https://developer.work.weixin.qq.com/document/path/99847).
 *
 * | errcode | when |
 * |---|---|
 * | 790017 | the job_info is none of the platform's, or the corpid or agentid is not that of the request |
 * | 790010 | the job has its report already |
 * | 790013 | the ability has an output protocol and the result is not JSON |
 * | 790014 | it does not fit the protocol |
 */
export function programAsyncJobCallBack(
  jobs: ProgramJobs,
): ZoneHandler<'program_async_job_call_back'> {
  return ({ errcode, result }, context) => {
    jobs.report(context, { errcode, ...(result === undefined ? {} : { result }) });
    return {};
  };
}
