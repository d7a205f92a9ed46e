// A program for scripts/soak. It returns its memory, descriptors and threads on request, after a collection (`--expose-gc`).
import { readdirSync } from 'node:fs';
import { ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram({
  dataDir: process.env.DATA_DIR,
  closeTimeout: 20_000,
  jobs: { retry: { delay: 50, maxDelay: 1000 }, maxAttempts: 1000 },
});

program
  .ability('quick', (request) => ({ request }))
  .ability('invoking', async (_, call) => {
    const { errcode } = await call.zone.invoke('pong', {}, { signal: call.signal });
    return { errcode };
  })
  .ability('throwing', () => {
    throw new Error('as it should');
  })
  .ability('job', async ({ n }, call) => {
    await call.zone.invoke('pong', {}, { signal: call.signal });
    if (n % 10 === 9) throw new Error('every tenth fails');
    return { n };
  })
  .relayEvents()
  .ability('state', async () => {
    for (let i = 0; i < 5; i += 1) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    const [descriptors, threads] = ['fd', 'task'].map(
      (of) => readdirSync(`/proc/self/${of}`).length,
    );
    const { jobs } = await program.metrics();
    const unfinished = jobs.waiting + jobs.running + jobs.delayed;
    return { rss, heapUsed, external, descriptors, threads, unfinished, dead: jobs.dead };
  });

const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
process.stdout.write(`port ${port}\n`);
