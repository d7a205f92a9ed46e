import { configureThreadPool, GetSdkInfo, SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { Gate } from '../support/gate';
import { Program } from '../support/program';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
let gate: Gate;
beforeAll(async () => {
  sandbox = await startSandbox();
  // Responds when the gate opens; until then the call occupies a thread of the pool.
  sandbox.use('hold', async (request) => {
    await gate.pass();
    return request;
  });
  sandbox.use('echo', (request) => request);
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  gate = new Gate();
});
afterEach(async () => {
  gate.open();
  await idle();
  configureThreadPool({ size: 16, queueLimit: 4096 });
});

const pool = (): ReturnType<typeof GetSdkInfo>['threadPool'] => GetSdkInfo().threadPool;
const hold = (i = 0): Promise<{ ret: number; response: string }> =>
  new SpecSdk('corp', 1).Invoke('hold', JSON.stringify({ i }));

/** A promise is settled a moment before its thread is free again; so this looks until it is. */
async function idle(): Promise<void> {
  while (pool().running > 0 || pool().queued > 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('has by default 16 threads and a queue for 4096 calls', () => {
  expect(pool()).toMatchObject({ size: 16, queueLimit: 4096 });
});

test('starts a thread only when a call needs one', async () => {
  const program = new Program('thread-pool');
  const { stdout } = await program.run({ env: sandbox.env });
  expect(JSON.parse(stdout)).toMatchObject({ size: 16, queueLimit: 4096, outcomes: [] });
  program.remove();
});

test('runs as many calls concurrently as it has threads; the others wait', async () => {
  configureThreadPool({ size: 3 });
  const calls = Array.from({ length: 8 }, (_, i) => hold(i));
  await gate.reached(3);
  expect(pool()).toMatchObject({ size: 3, threads: 3, running: 3, queued: 5 });
  expect(gate.arrived).toBe(3);
  gate.open();
  const results = await Promise.all(calls);
  expect(results.map(({ response }) => JSON.parse(response).i)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await idle();
  expect(pool()).toMatchObject({ running: 0, queued: 0 });
});

test('runs calls one after another, in order, with one thread', async () => {
  configureThreadPool({ size: 1 });
  const before = sandbox.wire.exchanges.length;
  const sdk = new SpecSdk('corp', 1);
  await Promise.all(Array.from({ length: 20 }, (_, i) => sdk.Invoke('echo', `{"i":${i}}`)));
  const order = sandbox.wire.exchanges.slice(before).map(({ request }) => JSON.parse(request).i);
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('rejects further calls when the queue is full, and the accepted ones finish', async () => {
  configureThreadPool({ size: 2, queueLimit: 3 });
  const accepted = Array.from({ length: 5 }, (_, i) => hold(i));
  const rejected = await Promise.all([rejectionOf(hold()), rejectionOf(hold())]);
  expect(rejected.map(({ code }) => code)).toEqual(Array(2).fill('ERR_SPEC_QUEUE_FULL'));
  expect(rejected[0]?.message).toContain('3 calls are already waiting');
  gate.open();
  const results = await Promise.all(accepted);
  expect(results).toEqual(results.map((_, i) => ({ ret: 0, response: `{"i":${i}}` })));
  await idle();
  expect((await new SpecSdk('corp', 1).Invoke('echo', '{}')).ret).toBe(0);
});

test('rejects SpecOpenDebugMode as well when the queue is full', async () => {
  configureThreadPool({ size: 1, queueLimit: 0 });
  const held = hold();
  expect((await rejectionOf(SpecOpenDebugMode(sandbox.programs.debugToken(), 'a'))).code).toBe(
    'ERR_SPEC_QUEUE_FULL',
  );
  gate.open();
  await held;
});

test('a lower size applies immediately, while surplus threads are still ending', async () => {
  for (let i = 0; i < 50; i += 1) {
    configureThreadPool({ size: 8, queueLimit: 4096 });
    await Promise.all(Array.from({ length: 8 }, () => new SpecSdk('corp', 1).Invoke('echo', '{}')));
    await idle();
    configureThreadPool({ size: 1, queueLimit: 0 });
    gate = new Gate();
    const held = hold();
    const further = SpecOpenDebugMode(sandbox.programs.debugToken(), 'a').then(
      () => 'accepted',
      ({ code }) => code,
    );
    gate.open();
    expect(await further).toBe('ERR_SPEC_QUEUE_FULL');
    expect((await held).ret).toBe(0);
    await idle();
  }
});

test('without a queue a call is accepted once the previous one has finished', async () => {
  configureThreadPool({ size: 1, queueLimit: 0 });
  const sdk = new SpecSdk('corp', 1);
  for (let i = 0; i < 200; i += 1) {
    expect((await sdk.Invoke('echo', '{}')).ret).toBe(0);
  }
});

test('a higher size starts waiting calls immediately', async () => {
  configureThreadPool({ size: 1 });
  const calls = Array.from({ length: 4 }, (_, i) => hold(i));
  await gate.reached(1);
  expect(pool()).toMatchObject({ running: 1, queued: 3 });
  configureThreadPool({ size: 4 });
  await gate.reached(4);
  expect(pool()).toMatchObject({ size: 4, threads: 4, running: 4, queued: 0 });
  gate.open();
  await Promise.all(calls);
}, 10_000);

test('a lower size during calls loses none of them', async () => {
  configureThreadPool({ size: 6 });
  const calls = Array.from({ length: 20 }, (_, i) => hold(i));
  await gate.reached(6);
  configureThreadPool({ size: 2 });
  expect(pool()).toMatchObject({ size: 2, running: 6, queued: 14 });
  gate.open();
  const results = await Promise.all(calls);
  expect(results.every(({ ret }) => ret === 0)).toBe(true);
  await idle();
  gate = new Gate();
  const later = Array.from({ length: 5 }, (_, i) => hold(i));
  await gate.reached(2);
  expect(pool()).toMatchObject({ threads: 2, running: 2, queued: 3 });
  gate.open();
  await Promise.all(later);
});

test('survives being resized back and forth under load', async () => {
  const sdk = new SpecSdk('corp', 1);
  const calls: Promise<{ ret: number }>[] = [];
  for (let i = 0; i < 120; i += 1) {
    configureThreadPool({ size: [1, 16, 3, 8, 2][i % 5] ?? 1 });
    calls.push(sdk.Invoke('echo', `{"i":${i}}`));
    if (i % 10 === 0) await calls[i];
  }
  const rets = (await Promise.all(calls)).map(({ ret }) => ret);
  expect(rets).toEqual(Array(120).fill(0));
});

test('a lower queue limit does not drop waiting calls', async () => {
  configureThreadPool({ size: 1, queueLimit: 10 });
  const calls = Array.from({ length: 6 }, (_, i) => hold(i));
  configureThreadPool({ queueLimit: 2 });
  expect((await rejectionOf(hold())).code).toBe('ERR_SPEC_QUEUE_FULL');
  gate.open();
  expect((await Promise.all(calls)).map(({ ret }) => ret)).toEqual(Array(6).fill(0));
});

test('configureThreadPool keeps omitted options', () => {
  configureThreadPool({ size: 5 });
  configureThreadPool({ queueLimit: 7 });
  configureThreadPool({});
  expect(pool()).toMatchObject({ size: 5, queueLimit: 7 });
});

test('accepts the limits of the documented range', () => {
  configureThreadPool({ size: 256, queueLimit: 2_147_483_647 });
  expect(pool()).toMatchObject({ size: 256, queueLimit: 2_147_483_647 });
  configureThreadPool({ size: 1, queueLimit: 0 });
  expect(pool()).toMatchObject({ size: 1, queueLimit: 0 });
});

test.each([
  ['size', 0, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', 257, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', -1, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', 1.5, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', Number.NaN, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', Number.POSITIVE_INFINITY, 'ERR_SPEC_OUT_OF_RANGE'],
  ['size', '4', 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['size', 4n, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['size', null, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['size', {}, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['queueLimit', -1, 'ERR_SPEC_OUT_OF_RANGE'],
  ['queueLimit', 2 ** 31, 'ERR_SPEC_OUT_OF_RANGE'],
  ['queueLimit', 0.5, 'ERR_SPEC_OUT_OF_RANGE'],
  ['queueLimit', '4', 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['queueLimit', null, 'ERR_SPEC_INVALID_ARG_TYPE'],
] as [string, unknown, string][])('rejects %s %p with %s', (name, value, code) => {
  const error = thrownBy(() => configureThreadPool({ [name]: value }));
  expect(error.code).toBe(code);
  expect(error.message).toContain(name);
  expect(pool()).toMatchObject({ size: 16, queueLimit: 4096 });
});

test.each([undefined, null, 4, 'size', Symbol('s')])(
  'refuses %p as options with a code',
  (options) => {
    const error = thrownBy(() => configureThreadPool(options as never));
    expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
    expect(error.message).toContain('options');
  },
);

describe('the environment', () => {
  const program = new Program('thread-pool');
  afterAll(() => program.remove());
  const run = async (variables: Record<string, string>): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await program.run({ env: { ...sandbox.env, ...variables } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  test('sets size and queue limit', async () => {
    expect(await run({ WEWORK_SPEC_THREADS: '3', WEWORK_SPEC_QUEUE_LIMIT: '5' })).toMatchObject({
      size: 3,
      queueLimit: 5,
    });
  });

  test('limits hold: the calls that fit finish, the others are rejected', async () => {
    sandbox.use('submitted', () => {
      gate.open();
      return { errcode: 0 };
    });
    const result = run({ WEWORK_SPEC_THREADS: '2', WEWORK_SPEC_QUEUE_LIMIT: '3', CALLS: '8' });
    expect(await result).toMatchObject({
      outcomes: [...Array(5).fill('0'), ...Array(3).fill('ERR_SPEC_QUEUE_FULL')],
    });
  });

  test('is ignored if it is empty', async () => {
    expect(await run({ WEWORK_SPEC_THREADS: '', WEWORK_SPEC_QUEUE_LIMIT: '' })).toMatchObject({
      size: 16,
      queueLimit: 4096,
    });
  });

  test.each([
    ['WEWORK_SPEC_THREADS', '0'],
    ['WEWORK_SPEC_THREADS', '257'],
    ['WEWORK_SPEC_THREADS', '-1'],
    ['WEWORK_SPEC_THREADS', '1.5'],
    ['WEWORK_SPEC_THREADS', 'many'],
    ['WEWORK_SPEC_THREADS', ' 4'],
    ['WEWORK_SPEC_THREADS', '0x10'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '-1'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '2147483648'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '1e3'],
  ])('is rejected with the name of the variable: %s=%p', async (name, value) => {
    const { code, message } = await run({ [name]: value });
    expect(code).toBe('ERR_SPEC_OUT_OF_RANGE');
    expect(message).toContain(name);
  });
});
