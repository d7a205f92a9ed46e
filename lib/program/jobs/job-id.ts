import { createHash, randomBytes } from 'node:crypto';

/**
 * Derives the id from the fields that identify a job on the platform, so that repeated deliveries have the same id. Without a
 * job_info duplicates cannot be recognised, and the id is random.
 */
export function jobIdOf(corpId: string, agentId: number, jobInfo: string): string {
  if (jobInfo === '') return randomBytes(16).toString('hex');
  return createHash('sha256')
    .update(JSON.stringify([corpId, agentId, jobInfo]))
    .digest('hex')
    .slice(0, 32);
}
