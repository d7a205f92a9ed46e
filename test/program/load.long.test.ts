import type { CallResult } from 'wework-spec-sdk/sandbox';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { startChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { cutOff } from '../support/cut-off';
import { Gate } from '../support/gate';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const MB = 1024 * 1024;

interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
  inFlight: number;
}

async function start() {
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  let gate = new Gate();
  sandbox.use('hold', async () => {
    await gate.pass();
    return { errcode: 0 };
  });
  const child = startChild('load-program.mjs', [], {
    nodeArgs: ['--expose-gc'],
    env: {
      ...sandbox.env,
      DATA_DIR: newDir(),
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      WEWORK_SPEC_THREADS: '64',
    },
  });
  onTestEnd(() => child.process.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => {
    child.process.stdout?.on('data', (text: string) =>
      resolve(Number(/port (\d+)/.exec(text)?.[1])),
    );
  });
  sandbox.programs.address = `http://127.0.0.1:${port}`;
  return {
    sandbox,
    child,
    port,
    gate: () => gate,
    newGate: () => {
      gate = new Gate();
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** 200 requests at once: 80 quick, 40 slow, 30 throwing, 25 with a broken signature, 25 cut off in the middle. */
async function round({ sandbox, port, gate, newGate }: Started): Promise<void> {
  newGate();
  const fill = 'x'.repeat(20_000);
  const good: Promise<CallResult>[] = [];
  const slow: Promise<CallResult>[] = [];
  const throwing: Promise<CallResult>[] = [];
  const broken: Promise<string>[] = [];
  const cut: Promise<void>[] = [];
  for (let n = 0; n < 200; n += 1) {
    if (n % 8 === 7) broken.push(sendBroken(sandbox, n));
    else if (n % 8 === 6)
      cut.push(cutOff(port, sandbox.wire.seal({ abilityId: 'quick', data: { fill } })));
    else if (n % 5 === 0) slow.push(sandbox.call('slow', { n }));
    else if (n % 5 === 1) throwing.push(sandbox.call('throwing', { n }));
    else good.push(sandbox.call('quick', { n, fill }));
  }
  expect(good.length + slow.length + throwing.length + broken.length + cut.length).toBe(200);
  // The others need not wait for those that are slow.
  for (const { errcode, response } of await Promise.all(good)) {
    expect([errcode, (response as { request: { fill: string } }).request.fill]).toEqual([0, fill]);
  }
  for (const { response } of await Promise.all(throwing)) {
    expect(response).toMatchObject({ errcode: 710660 });
  }
  expect(new Set(await Promise.all(broken))).toEqual(new Set(['refusal']));
  await Promise.all(cut);
  await gate().reached(slow.length);
  gate().open();
  for (const { errcode, response } of await Promise.all(slow)) {
    expect([errcode, response]).toMatchObject([0, { errcode: 0 }]);
  }
}

async function sendBroken(sandbox: ZoneSandbox, n: number): Promise<string> {
  const request = sandbox.wire.seal({ abilityId: 'quick', data: { n } });
  const name = n % 16 === 7 ? 'ww-signature' : 'ww-nonce';
  const value = request.headers[name] ?? '';
  request.headers[name] = (value.startsWith('a') ? 'b' : 'a') + value.slice(1);
  return (await sandbox.wire.send(request)).outcome.kind;
}

async function memory(sandbox: ZoneSandbox): Promise<Memory> {
  return (await sandbox.call('memory', {})).response as Memory;
}

test('200 concurrent requests of every kind get a response, and no memory or descriptor leaks', async () => {
  const started = await start();
  // What is loaded, compiled and pooled once: the resident size stands still after about twelve rounds.
  for (let n = 0; n < 14; n += 1) await round(started);
  const before = await memory(started.sandbox);
  for (let n = 0; n < 10; n += 1) await round(started);
  const after = await memory(started.sandbox);
  const growth = Object.fromEntries(
    (['rss', 'heapUsed', 'external'] as const).map((name) => [
      name,
      `${((after[name] - before[name]) / MB).toFixed(1)} MB`,
    ]),
  );
  process.stdout.write(`load test: 10 rounds of 200 requests, growth ${JSON.stringify(growth)}\n`);
  // Ten rounds carry 20 MB of bodies: what stayed of each would be seen.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(3 * MB);
  expect(after.external - before.external).toBeLessThan(3 * MB);
  expect(after.rss - before.rss).toBeLessThan(10 * MB);
  expect(after.inFlight).toBe(1);
});

test('after SIGTERM, accepted requests get a response, new connections are refused, and the exit code is 0', async () => {
  const { sandbox, child, gate } = await start();
  const slow = Array.from({ length: 40 }, (_, n) => sandbox.call('slow', { n }));
  await gate().reached(40);
  child.process.kill('SIGTERM');
  // Until the port is closed; each of these calls has a connection of its own.
  let late: CallResult;
  do late = await sandbox.call('quick', {});
  while (late.errcode !== 710674);
  gate().open();
  for (const { errcode, response } of await Promise.all(slow)) {
    expect([errcode, response]).toMatchObject([0, { errcode: 0 }]);
  }
  expect(await child.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});
