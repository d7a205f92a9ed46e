// A program whose observers (logger, tracer or subscribers) throw.
import { subscribe } from 'node:diagnostics_channel';
import { ZoneProgram } from 'wework-spec-sdk';

const fail = () => {
  throw new TypeError('broken on purpose');
};
const brokenSpan = { setAttributes: fail, setStatus: fail, updateName: fail, end: fail };
const span = { setAttributes() {}, setStatus() {}, updateName() {}, end() {} };
const tracers = {
  throws: { startSpan: fail, startActiveSpan: fail },
  throwsLate: {
    startSpan: fail,
    startActiveSpan(_name, _options, work) {
      work(span);
      fail();
    },
  },
  span: {
    startSpan: () => brokenSpan,
    startActiveSpan: (_name, _options, work) => work(brokenSpan),
  },
  noSpan: { startSpan() {}, startActiveSpan: (_name, _options, work) => work() },
  runsNothing: { startSpan: fail, startActiveSpan() {} },
  runsTwice: {
    startSpan: fail,
    startActiveSpan: (_name, _options, work) => [work(span), work(span)][0],
  },
  rejects: {
    startSpan: fail,
    async startActiveSpan(_name, _options, work) {
      await work(span);
      fail();
    },
  },
};

const [scenario] = process.argv.slice(2);
if (scenario === 'frozen') {
  for (const name of ['request', 'invoke', 'job']) {
    subscribe(`tracing:wework-spec-sdk:${name}:start`, Object.freeze);
  }
}
const program = new ZoneProgram({ dataDir: process.env.DATA_DIR, tracer: tracers[scenario] });
if (scenario === 'log') {
  for (let n = 0; n < 100; n += 1) program.log.error('without an SDK %d', n);
  program.log.debug('left out');
  await program.start().catch(({ code }) => process.stdout.write(`start: ${code}\n`));
} else {
  await serve();
}

async function serve() {
  let runs = 0;
  program.ability('a', async (_, call) => {
    runs += 1;
    call.log.info('run %d', runs);
    await call.zone.invoke('sync_msg', { limit: 1 });
    return { runs };
  });
  const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
  process.stdout.write(`port ${port}\n`);
}
