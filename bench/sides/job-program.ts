/** A program with asynchronous jobs, for bench/scale.ts: in the folder of `DATA_DIR`, or in the Redis at `REDIS_PORT`. Sends its port to the parent. */
import { ZoneProgram } from 'wework-spec-sdk';
import { BullJobQueue } from 'wework-spec-sdk/bullmq';

/** What the program sends when it listens. */
export interface Started {
  readonly port: number;
  readonly rss: number;
}

async function main(): Promise<void> {
  const { DATA_DIR: dataDir = '', REDIS_PORT: redis = '' } = process.env;
  const queue =
    redis === '' ? {} : { queue: new BullJobQueue({ connection: { port: Number(redis) } }) };
  const program = new ZoneProgram({ dataDir, jobs: queue });
  program.ability('job', () => ({}));
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  process.send?.({ port, rss: process.memoryUsage.rss() } satisfies Started);
  process.once('disconnect', () => process.exit());
}

void main();
