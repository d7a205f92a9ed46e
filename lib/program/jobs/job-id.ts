import { createHash, randomBytes } from 'node:crypto';

/**
 * Names a job by what the platform names it with, so that one that is delivered twice is one job. Without a job_info
 * nothing is known to be the same.
 */
export function jobIdOf(corpId: string, agentId: number, jobInfo: string): string {
  if (jobInfo === '') return randomBytes(16).toString('hex');
  return createHash('sha256')
    .update(JSON.stringify([corpId, agentId, jobInfo]))
    .digest('hex')
    .slice(0, 32);
}
