import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { JobTrace } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';
import { until } from '../support/until';

// What an operator sees of a job: messages of the channel, counters and log records.

const CALL_BACK = 'program_async_job_call_back';
const quick = { delay: 1, maxDelay: 5 };

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

/** The finished phases of all jobs until the end of the test: phase, attempt and errcode. */
function phases(): [string, number, number | undefined][] {
  const seen: [string, number, number | undefined][] = [];
  const end = 'tracing:wework-spec-sdk:job:asyncEnd';
  const note = (message: unknown) => {
    const { phase, attempt, errcode } = message as JobTrace;
    seen.push([phase, attempt, errcode]);
  };
  subscribe(end, note);
  onTestEnd(() => void unsubscribe(end, note));
  return seen;
}

test('the channel has each run and each report with its number and its errcode', async () => {
  const seen = phases();
  const { program } = await serveProgram(
    sandbox,
    (p) =>
      p
        .ability('works', () => ({}))
        .ability('fails', () => {
          throw new Error('broken on purpose');
        }),
    { jobs: { retry: quick } },
  );
  sandbox.faults.inject({ interface: CALL_BACK, errcode: -1, times: 1 });
  sandbox.faults.inject({ interface: CALL_BACK, ret: -10002, times: 1 });
  await (await sandbox.callAsync('works', {})).result();
  await until(() => seen.length >= 4);
  expect(seen).toEqual([
    ['run', 1, 0],
    ['report', 1, -1],
    ['report', 2, undefined],
    ['report', 3, 0],
  ]);
  await (await sandbox.callAsync('fails', {})).result();
  await until(() => seen.length >= 6);
  expect(seen.slice(4)).toEqual([
    ['run', 1, 710660],
    ['report', 1, 0],
  ]);
  expect((await program.metrics()).jobs).toMatchObject({
    accepted: 2,
    succeeded: 1,
    failed: 1,
    retried: 2,
    reported: 2,
  });
});

test('a failed report is logged with its cause under the id of its request', async () => {
  const log = logForTest();
  let requestId = '';
  await serveProgram(
    sandbox,
    (p) =>
      p.ability('a', (_, call) => {
        requestId = call.requestId;
        return {};
      }),
    { jobs: { retry: quick } },
  );
  sandbox.faults.inject({ interface: CALL_BACK, errcode: -1, times: 1 });
  sandbox.faults.inject({ interface: CALL_BACK, ret: -10002, times: 1 });
  await (await sandbox.callAsync('a', {})).result();
  const failed = log.records.filter(({ custom }) => custom.includes('report of a failed'));
  const form = (cause: string) =>
    expect.stringMatching(
      new RegExp(`^\\[${requestId}\\] report of a failed, retry in \\d+ ms: ${cause}$`),
    );
  expect(failed).toMatchObject([
    { level: 'INFO', custom: form('errcode -1') },
    { level: 'INFO', custom: form('ret -10002') },
  ]);
});

test('a report that is refused for good is logged as an error', async () => {
  const log = logForTest();
  const { program } = await serveProgram(sandbox, (p) => p.ability('a', () => ({})));
  sandbox.faults.inject({ interface: CALL_BACK, errcode: 790010 });
  await sandbox.callAsync('a', {});
  await until(async () => (await program.metrics()).jobs.refused === 1);
  expect(log.records.at(-1)).toMatchObject({
    level: 'ERR',
    custom: expect.stringMatching(/report of a refused: errcode 790010$/),
  });
  expect(await program.deadJobs.list()).toMatchObject([{ reason: 'refused: errcode 790010' }]);
});

describe('jobs.onError', () => {
  const fail = () => {
    throw new Error('broken on purpose');
  };
  test.each<[string, unknown, object, RegExp | undefined]>([
    ['nothing', undefined, { response_errcode: 710660, response_data: '' }, undefined],
    ['an errcode', { errcode: 5 }, { response_errcode: 5, response_data: '' }, undefined],
    ['a result', { errcode: 5, result: '"x"' }, { response_errcode: 5, response: 'x' }, undefined],
    ['an object as result', { errcode: 5, result: {} }, { response_errcode: 710660 }, /"result"/],
    ['an errcode of 1.5', { errcode: 1.5 }, { response_errcode: 710660 }, /"errcode"/],
  ])('may return %s', async (_, chosen, expected, logged) => {
    const log = logForTest();
    await serveProgram(sandbox, (p) => p.ability('a', fail), {
      jobs: { onError: () => chosen as never },
    });
    expect(await (await sandbox.callAsync('a', {})).result()).toMatchObject(expected);
    const own = log.records.filter(({ custom }) => custom.includes('options.jobs.onError'));
    expect(own).toHaveLength(logged === undefined ? 0 : 1);
    if (logged !== undefined)
      expect(own[0]).toMatchObject({ level: 'ERR', custom: expect.stringMatching(logged) });
  });
});

test('a result of exactly jobs.maxResultBytes is reported', async () => {
  const result = JSON.stringify({ text: '会议' });
  const bytes = Buffer.byteLength(result);
  await serveProgram(
    sandbox,
    (p) => p.ability('fits', () => result).ability('too-large', () => `${result} `),
    {
      jobs: { maxResultBytes: bytes },
    },
  );
  expect(await (await sandbox.callAsync('fits', {})).result()).toMatchObject({
    response: { text: '会议' },
  });
  expect(await (await sandbox.callAsync('too-large', {})).result()).toMatchObject({
    response_errcode: 710660,
  });
});

test('jobs.handlerTimeout limits the handler of a job, and not that of a call', async () => {
  const endless = (_: unknown, { signal, isAsync }: { signal: AbortSignal; isAsync: boolean }) =>
    isAsync
      ? new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        })
      : {};
  await serveProgram(sandbox, (p) => p.ability('a', endless), { jobs: { handlerTimeout: 20 } });
  expect(await (await sandbox.callAsync('a', {})).result()).toMatchObject({
    response_errcode: 710675,
  });
  expect((await sandbox.call('a', {})).errcode).toBe(0);
});

test('why a job was not accepted is logged', async () => {
  const log = logForTest();
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('a', () => new Promise<never>(() => {})),
    { jobs: { maxPending: 1 }, closeTimeout: 0 },
  );
  expect((await sandbox.callAsync('a', {})).errcode).toBe(0);
  expect((await sandbox.callAsync('a', {})).errcode).not.toBe(0);
  expect(log.text).toContain('job of a not accepted: too many jobs wait');
  expect((await program.metrics()).jobs.busy).toBe(1);
});
