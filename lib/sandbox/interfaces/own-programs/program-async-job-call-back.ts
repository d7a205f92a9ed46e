import type { ProgramJobs } from '../../programs/program-jobs';
import type { ZoneHandler } from '../common/handler';

/**
 * `program_async_job_call_back`: a program reports the result of an asynchronous job, identified by the job_info of its request (P99847,
 * https://developer.work.weixin.qq.com/document/path/99847).
 *
 * | errcode | when |
 * |---|---|
 * | 790017 | the job_info is unknown, or the corpid or agentid differs from that of the request |
 * | 790010 | the job already has a report |
 * | 790013 | the ability has an output protocol and the result is not JSON |
 * | 790014 | the result does not match the protocol |
 */
export function programAsyncJobCallBack(
  jobs: ProgramJobs,
): ZoneHandler<'program_async_job_call_back'> {
  return ({ errcode, result }, context) => {
    jobs.report(context, { errcode, ...(result === undefined ? {} : { result }) });
    return {};
  };
}
