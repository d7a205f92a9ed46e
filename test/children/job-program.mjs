// A program whose handlers return another result at each run, so that a report of a second run would be noticed.
import { ZoneProgram } from 'wework-spec-sdk';

const { DATA_DIR, REDIS_PORT, QUEUE, SLOW } = process.env;
let queue;
if (REDIS_PORT !== undefined) {
  const { BullJobQueue } = await import('wework-spec-sdk/bullmq');
  const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) };
  queue = new BullJobQueue({ connection, name: QUEUE, lockDuration: 1000, stalledInterval: 300 });
}
const program = new ZoneProgram({
  dataDir: DATA_DIR,
  closeTimeout: 20_000,
  jobs: { retry: { delay: 20, maxDelay: 200 }, maxAttempts: 1000, ...(queue && { queue }) },
});

program.ability('job', async ({ n }, call) => {
  const { errcode } = await call.zone.invoke('begun', { n, attempt: call.attempt });
  if (SLOW !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(SLOW)));
  if (n % 10 === 9) throw new Error('every tenth fails');
  return { n, errcode, run: `${process.pid}-${Math.random()}` };
});

program.relayEvents();
program.ability('counts', async () => (await program.metrics()).jobs);

const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
process.stdout.write(`port ${port}\n`);
