import { createHash, randomBytes } from 'node:crypto';

/**
 * Derives the id from what identifies a job on the platform, so that a job delivered twice has one id. Without a job_info the id is
 * random, because duplicates cannot be recognised.
 */
export function jobIdOf(corpId: string, agentId: number, jobInfo: string): string {
  if (jobInfo === '') return randomBytes(16).toString('hex');
  return createHash('sha256')
    .update(JSON.stringify([corpId, agentId, jobInfo]))
    .digest('hex')
    .slice(0, 32);
}
