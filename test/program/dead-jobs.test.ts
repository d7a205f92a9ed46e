import type { ZoneProgram, ZoneProgramOptions } from 'wework-spec-sdk';
import { BullJobQueue } from 'wework-spec-sdk/bullmq';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { startRedis } from '../support/redis';
import { startSandbox } from '../support/sandbox';
import { logForTest, newProgram, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

// Jobs that cannot be reported, and what a queue holds at most.

let sandbox: ZoneSandbox;
let errcodes: number[];
let reports: { jobInfo: string; errcode: number; result?: string | undefined }[];
silenceLog();
const newDir = tempDirs();

beforeEach(async () => {
  sandbox = await startSandbox();
  errcodes = [];
  reports = [];
  sandbox.use('program_async_job_call_back', (report, { jobInfo }) => {
    reports.push({ jobInfo, ...report });
    const errcode = errcodes.shift() ?? 0;
    return { errcode, errmsg: errcode === 0 ? 'ok' : 'no' };
  });
});
afterEach(() => sandbox.stop());

async function send(jobInfo: string, data: unknown = {}): Promise<number> {
  const request = sandbox.wire.seal({ isAsync: true, jobInfo, abilityId: 'job', data });
  return (await sandbox.wire.send(request)).status;
}

const queues: [string, () => Promise<ZoneProgramOptions>][] = [
  ['the folder', async () => ({ dataDir: newDir() })],
  [
    'Redis',
    async () => {
      const { port } = await startRedis();
      const queue = () => new BullJobQueue({ connection: { host: '127.0.0.1', port } });
      return {
        get jobs() {
          return { queue: queue() };
        },
      };
    },
  ],
];

describe.each(queues)('a job whose report is refused, in %s,', (_, newOptions) => {
  let program: ZoneProgram;
  let options: ZoneProgramOptions;
  let runs: number;
  const handle = (p: ZoneProgram) =>
    p.ability('job', () => {
      runs += 1;
      return { run: runs };
    });

  beforeEach(async () => {
    runs = 0;
    options = await newOptions();
    ({ program } = await serveProgram(sandbox, handle, options));
    errcodes = [790014];
    expect(await send('j')).toBe(200);
    await until(async () => (await program.metrics()).jobs.dead === 1);
  });

  test('becomes a dead job, which is listed without its content', async () => {
    expect(await program.deadJobs.list()).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        reason: 'refused: errcode 790014',
        diedAt: expect.any(Number),
        abilityId: 'job',
        requestId: expect.stringMatching(/^[0-9a-f]{8}$/),
        hasReport: true,
      },
    ]);
    expect(await send('j')).toBe(200);
    expect(runs).toBe(1);
  });

  test('can be reported again, also by the next program, without another run of the handler', async () => {
    await program.close();
    ({ program } = await serveProgram(sandbox, handle, options));
    const [dead] = await program.deadJobs.list();
    expect(await program.deadJobs.retry(dead?.id ?? '')).toBe(true);
    await until(() => reports.length === 2);
    expect(reports.map(({ result }) => result)).toEqual(['{"run":1}', '{"run":1}']);
    await until(async () => (await program.metrics()).jobs.dead === 0);
    expect(await program.deadJobs.list()).toEqual([]);
    expect(await program.deadJobs.retry(dead?.id ?? '')).toBe(false);
    expect(runs).toBe(1);
  });

  test('can be discarded', async () => {
    const [dead] = await program.deadJobs.list();
    expect(await program.deadJobs.discard(dead?.id ?? '')).toBe(true);
    expect(await program.deadJobs.list()).toEqual([]);
    expect(await program.deadJobs.discard(dead?.id ?? '')).toBe(false);
    expect(await program.deadJobs.discard('no such job')).toBe(false);
  });
});

test('listing the dead jobs of a program that has stored nothing creates no folder', async () => {
  const { program } = await serveProgram(sandbox, (p) => p.ability('job', () => ({})));
  expect(await program.deadJobs.list()).toEqual([]);
  expect(await program.deadJobs.retry('x')).toBe(false);
});

test('a job that is not reported within reportTtl is attempted once more and then dead', async () => {
  const log = logForTest();
  errcodes = [-1, -1, -1, -1, -1, -1];
  const { program } = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), {
    jobs: { reportTtl: 1, retry: { delay: 5, maxDelay: 5 } },
  });
  expect(await send('j')).toBe(200);
  await until(async () => (await program.metrics()).jobs.expired === 1);
  expect(reports).toHaveLength(1);
  expect(await program.deadJobs.list()).toMatchObject([
    { reason: 'not reported within jobs.reportTtl: errcode -1', hasReport: true },
  ]);
  expect(log.text).toMatch(/,ERR,.*report of job not reported within jobs\.reportTtl/);
});

test.each([
  ['of the handler', {}],
  ['that jobs.onError chooses', { onError: () => ({ errcode: 5, result: 'x'.repeat(1001) }) }],
])('a result %s that is larger than jobs.maxResultBytes is not stored', async (_, more) => {
  const { program } = await serveProgram(
    sandbox,
    (p) =>
      p
        .ability('job', ({ size }: { size: number }) => '好'.repeat(size / 3))
        .ability('bad', () => Promise.reject(new Error('x'))),
    { jobs: { maxResultBytes: 1000, ...more } },
  );
  expect(await send('fits', { size: 999 })).toBe(200);
  await until(() => reports.length === 1);
  expect(await send('too large', { size: 1002 })).toBe(200);
  await until(() => reports.length === 2);
  expect(reports).toEqual([
    { jobInfo: 'fits', errcode: 0, result: '好'.repeat(333) },
    { jobInfo: 'too large', errcode: 'onError' in more ? 5 : 710660 },
  ]);
  expect((await program.metrics()).jobs.dead).toBe(0);
});

test('jobs whose results are not reported yet count against the limits', async () => {
  const gate = new Gate();
  sandbox.use('program_async_job_call_back', async () => {
    await gate.pass();
    return { errcode: 0, errmsg: 'ok' };
  });
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('job', ({ size }: { size: number }) => 'x'.repeat(size)),
    { jobs: { maxPending: 2, maxStoredBytes: 10_000 } },
  );
  expect(await send('1', { size: 9000 })).toBe(200);
  await gate.reached(1);
  expect(await send('2', { padding: 'x'.repeat(2000) })).toBe(503);
  expect(await send('2', { size: 1 })).toBe(200);
  await gate.reached(2);
  expect(await send('3', { size: 1 })).toBe(503);
  gate.open();
  await until(async () => (await program.metrics()).jobs.reported === 2);
  await until(async () => (await send('4', { padding: 'x'.repeat(2000) })) === 200);
});

test.each([
  ['maxStoredBytes', 0],
  ['maxResultBytes', 0],
  ['reportTtl', 0],
  ['maxResultBytes', 1.5],
])('the option jobs.%s must not be %d', (name, value) => {
  expect(() => newProgram({ jobs: { [name]: value } })).toThrow(
    expect.objectContaining({ code: 'ERR_SPEC_OUT_OF_RANGE' }),
  );
});
