import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ZoneClient, type ZoneProgram, type ZoneProgramOptions } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';

// What spans, channels and metrics tell of requests, jobs and calls into the zone.

silenceLog();
let sandbox: ZoneSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

interface Recorded {
  name: string;
  kind?: number | undefined;
  root?: boolean | undefined;
  attributes: Record<string, unknown>;
  status?: { code: number; message?: string };
  ends: number;
}

/** A tracer that keeps what it is given. */
function recorder() {
  const spans: Recorded[] = [];
  const start = (name: string, options: Partial<Recorded> = {}) => {
    const { kind, root, attributes = {} } = options;
    const recorded: Recorded = { name, kind, root, attributes: { ...attributes }, ends: 0 };
    spans.push(recorded);
    return {
      setAttributes: (more: object) => Object.assign(recorded.attributes, more),
      setStatus: (status: { code: number; message?: string }) => {
        recorded.status = status;
      },
      updateName: (name: string) => {
        recorded.name = name;
      },
      end: () => {
        recorded.ends += 1;
      },
    };
  };
  const tracer: NonNullable<ZoneProgramOptions['tracer']> = {
    startSpan: start,
    startActiveSpan: (name, options, work) => work(start(name, options)),
  };
  return { spans, tracer };
}

const id = expect.stringMatching(/^[0-9a-f]{8}$/);
const [SERVER, CLIENT, CONSUMER] = [1, 2, 4];

describe('the span of a request', () => {
  async function spanOf(send: () => Promise<unknown>): Promise<Recorded> {
    const { spans, tracer } = recorder();
    const register = (program: ZoneProgram) =>
      program
        .ability('a', () => ({}))
        .ability('bad', () => Promise.reject(new Error('x')))
        .event('conversation_new_message', () => {});
    await serveProgram(sandbox, register, { tracer });
    await send();
    const [span, ...others] = spans.filter(({ kind }) => kind === SERVER);
    expect(others).toEqual([]);
    return span as Recorded;
  }

  test('has the ability, its kind and the outcome', async () => {
    expect(await spanOf(() => sandbox.call('a', {}))).toEqual({
      name: 'ability a',
      kind: SERVER,
      root: undefined,
      attributes: {
        'wework_spec.ability': 'a',
        'wework_spec.call_type': 1,
        'wework_spec.is_async': false,
        'wework_spec.request_id': id,
        'wework_spec.outcome': 'ok',
      },
      ends: 1,
    });
  });

  test('of an event is named event, and has no status', async () => {
    const span = await spanOf(() => sandbox.emit('conversation_new_message', { token: 't' }));
    expect(span).toMatchObject({
      name: 'event',
      attributes: { 'wework_spec.call_type': 2, 'wework_spec.outcome': 'ok' },
    });
    expect(span.status).toBeUndefined();
  });

  test('of an accepted job has no status', async () => {
    const job = () => sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'a' });
    const span = await spanOf(() => sandbox.wire.send(job()));
    expect(span.attributes).toMatchObject({
      'wework_spec.is_async': true,
      'wework_spec.outcome': 'accepted',
    });
    expect(span.status).toBeUndefined();
  });

  test('of a failure has an error status with the outcome', async () => {
    expect(await spanOf(() => sandbox.call('bad', {}))).toMatchObject({
      name: 'ability bad',
      attributes: { 'wework_spec.outcome': 'failed' },
      status: { code: 2, message: 'failed' },
      ends: 1,
    });
  });

  test('that fails verification has no ability', async () => {
    const span = await spanOf(() => fetch(sandbox.programs.address ?? '', { method: 'POST' }));
    expect(span).toEqual({
      name: 'zone request',
      kind: SERVER,
      root: undefined,
      attributes: { 'wework_spec.request_id': id, 'wework_spec.outcome': 'unverified' },
      status: { code: 2, message: 'unverified' },
      ends: 1,
    });
  });
});

test('a job that is delivered twice is counted as a duplicate, without an error in its span', async () => {
  const { spans, tracer } = recorder();
  const { program } = await serveProgram(sandbox, (p) => p.ability('a', () => ({})), { tracer });
  const job = { isAsync: true, jobInfo: 'j', abilityId: 'a' };
  for (let n = 0; n < 2; n += 1) await sandbox.wire.send(sandbox.wire.seal(job));
  const outcomes = spans
    .filter(({ kind }) => kind === SERVER)
    .map(({ attributes, status }) => [attributes['wework_spec.outcome'], status]);
  expect(outcomes).toEqual([
    ['accepted', undefined],
    ['duplicate', undefined],
  ]);
  const { requests, jobs } = await program.metrics();
  expect(requests).toEqual({ a: { accepted: 1, duplicate: 1 } });
  expect(jobs).toMatchObject({ accepted: 1, duplicates: 1 });
});

test('the span of a job begins a new trace, and has the attempt and its failure', async () => {
  const { spans, tracer } = recorder();
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('a', () => ({})).ability('bad', () => Promise.reject(new Error('x'))),
    { tracer },
  );
  for (const ability of ['a', 'bad']) {
    const { result } = await sandbox.callAsync(ability, {});
    await result();
  }
  await program.close();
  const jobs = spans.filter(({ kind }) => kind === CONSUMER);
  expect(jobs).toMatchObject([
    {
      name: 'job a',
      root: true,
      attributes: {
        'wework_spec.ability': 'a',
        'wework_spec.request_id': id,
        'wework_spec.attempt': 1,
      },
      ends: 1,
    },
    { name: 'job bad', root: true, status: { code: 2, message: 'failed' }, ends: 1 },
  ]);
  expect(jobs[0]?.status).toBeUndefined();
  expect((await program.metrics()).jobs).toMatchObject({ succeeded: 1, failed: 1, reported: 2 });
});

describe('calls to the zone', () => {
  const use = (program: ZoneProgram) =>
    program.ability('a', async (request, call) => {
      const { name } = request as { name: string };
      await call.zone.invoke<object, object>(name, {}, { retry: false }).catch(() => {});
      return {};
    });

  test('have one span each, with the return value of Invoke', async () => {
    const { spans, tracer } = recorder();
    await serveProgram(sandbox, use, { tracer });
    await sandbox.call('a', { name: 'get_rule_list' });
    sandbox.faults.inject(({ interfaceName }) =>
      interfaceName === 'sync_msg' ? { ret: -10004 } : undefined,
    );
    await sandbox.call('a', { name: 'sync_msg' });
    expect(spans.filter(({ kind }) => kind === CLIENT)).toEqual([
      {
        name: 'Invoke get_rule_list',
        kind: CLIENT,
        root: undefined,
        attributes: { 'wework_spec.interface': 'get_rule_list', 'wework_spec.ret': 0 },
        ends: 1,
      },
      {
        name: 'Invoke sync_msg',
        kind: CLIENT,
        root: undefined,
        attributes: { 'wework_spec.interface': 'sync_msg', 'wework_spec.ret': -10004 },
        status: { code: 2, message: 'ret -10004' },
        ends: 1,
      },
    ]);
  });

  test('by another program or outside requests are not counted', async () => {
    const { spans, tracer } = recorder();
    const { program } = await serveProgram(sandbox, use, { tracer });
    const other = await serveProgram(sandbox, use);
    await sandbox.call('a', { name: 'get_rule_list' });
    const { corpId, agentId } = sandbox.application;
    await new ZoneClient({ corpId, agentId }).get_rule_list();
    expect((await program.metrics()).invoke).toEqual({});
    expect((await other.program.metrics()).invoke).toMatchObject({
      get_rule_list: { count: 1, failed: 0 },
    });
    expect(spans).toEqual([]);
  });

  test('are measured for at most 200 interfaces', async () => {
    const { program } = await serveProgram(sandbox, (p) =>
      p.ability('a', async (_, call) => {
        for (let n = 0; n < 201; n += 1) {
          const name = `interface_${n}`;
          await call.zone.invoke<object, object>(name, {}, { retry: false }).catch(() => {});
        }
        return {};
      }),
    );
    await sandbox.call('a', {});
    const { invoke } = await program.metrics();
    expect(Object.keys(invoke)).toHaveLength(200);
    expect(invoke).not.toHaveProperty('interface_200');
    const { mean, p50, p95, p99, max } = invoke.interface_0?.latency ?? {};
    expect([p50, p95, p99]).toEqual([p50, p50, p50]);
    // One value: the mean is exact, the others are rounded to two figures.
    expect(mean).toBeGreaterThan(0);
    expect(Math.abs((max ?? 0) - (mean ?? 0))).toBeLessThanOrEqual((mean ?? 0) / 10);
  });
});

test('the channel of requests publishes the end and the outcome of a request', async () => {
  const seen: unknown[] = [];
  const listener = (message: unknown) => void seen.push({ ...(message as object) });
  const channel = 'tracing:wework-spec-sdk:request:asyncEnd';
  subscribe(channel, listener);
  onTestEnd(() => unsubscribe(channel, listener));
  await serveProgram(sandbox, (program) => program.event('conversation_new_message', () => {}));
  await sandbox.emit('conversation_new_message', { token: 't' });
  await sandbox.call('none', {});
  expect(seen).toMatchObject([
    { requestId: id, callType: 2, isAsync: false, outcome: 'ok' },
    { requestId: id, abilityId: 'none', callType: 1, isAsync: false, outcome: 'unknown-ability' },
  ]);
});
