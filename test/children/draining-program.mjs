// A program with handlers that never end by themselves. Its close time-out is short, or set by the test.
import { ZoneProgram } from 'wework-spec-sdk';

const { DATA_DIR, DRAIN } = process.env;
const program = new ZoneProgram({ dataDir: DATA_DIR, closeTimeout: Number(DRAIN) });
program.ability('stuck', async (_, call) => {
  await call.zone.invoke('arrived', {});
  await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
  return { tooLate: true };
});
program.ability('throw later', () => {
  setTimeout(() => {
    throw new RangeError('in a timer');
  });
  return {};
});
const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
process.stdout.write(`port ${port}\n`);
