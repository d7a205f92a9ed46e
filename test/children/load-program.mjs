// A program for load tests. It returns its memory usage on request, after a collection (`--expose-gc`).
import { ZoneProgram } from 'wework-spec-sdk';

const program = new ZoneProgram({ dataDir: process.env.DATA_DIR, closeTimeout: 20_000 });

program
  .ability('quick', (request) => ({ request }))
  .ability('slow', async (request, call) => {
    // The platform responds when the test releases the call.
    const { errcode } = await call.zone.invoke('hold', {}, { signal: call.signal });
    return { request, errcode };
  })
  .ability('throwing', () => {
    throw new Error('as it should');
  })
  .ability('memory', async () => {
    for (let i = 0; i < 5; i += 1) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    const { inFlight } = await program.metrics();
    return { rss, heapUsed, external, inFlight };
  });

const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
process.stdout.write(`port ${port}\n`);
