import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, ZoneProgram } from 'wework-spec-sdk';
import type { InvokeExchange, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import * as zod from 'zod';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';

const CALL_BACK = 'program_async_job_call_back';

/** A report, as the platform got it. */
interface Report {
  jobInfo: string;
  corpId: string;
  agentId: number;
  abilityId: string;
  errcode: number;
  result?: string | undefined;
}

let sandbox: ZoneSandbox;
let reports: Report[];
let onReport: (report: Report) => void;
silenceLog();
const newDir = tempDirs();
const quick = { delay: 1, maxDelay: 5 };

beforeEach(async () => {
  sandbox = await startSandbox();
  reports = [];
  onReport = () => {};
  sandbox.use(CALL_BACK, (request, { jobInfo, corpId, agentId, abilityId }) => {
    const report = { jobInfo, corpId, agentId, abilityId, ...request };
    reports.push(report);
    onReport(report);
    return { errcode: 0, errmsg: 'ok' };
  });
});
afterEach(() => sandbox.stop());

/** Calls the ability as a task. */
async function callAsync(jobInfo: string, data: unknown = {}, abilityId = 'job', more = {}) {
  const request = sandbox.wire.seal({ isAsync: true, jobInfo, abilityId, data, ...more });
  const { status, outcome } = await sandbox.wire.send(request);
  return { status, response: outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome };
}

/** Fulfilled when so many reports have come. */
function reported(count: number): Promise<void> {
  return new Promise((resolve) => {
    onReport = () => reports.length >= count && resolve();
    if (reports.length >= count) resolve();
  });
}

const accepted = { status: 200, response: { errcode: 0, errmsg: 'ok' } };

test('a job is accepted first, then run, and its result is reported with its job_info', async () => {
  const gate = new Gate();
  let call: Call | undefined;
  await serveProgram(sandbox, (program) =>
    program.ability('job', async (request, one) => {
      call = one;
      await gate.pass();
      return { request };
    }),
  );
  const more = { corpId: 'ww-c', agentId: 0, notifyId: 'n' };
  expect(await callAsync('info-1 ✓', { n: 1 }, 'job', more)).toEqual(accepted);
  await gate.reached(1);
  expect(reports).toEqual([]);
  gate.open();
  await reported(1);
  expect(reports).toEqual([
    {
      jobInfo: 'info-1 ✓',
      corpId: 'ww-c',
      agentId: 0,
      abilityId: 'job',
      errcode: 0,
      result: '{"request":{"n":1}}',
    },
  ]);
  expect(call).toMatchObject({ isAsync: true, jobInfo: 'info-1 ✓', notifyId: 'n', attempt: 1 });
});

test('a call that is delivered twice is one job', async () => {
  let runs = 0;
  const gate = new Gate();
  const { program } = await serveProgram(sandbox, (p) =>
    p.ability('job', async () => {
      runs += 1;
      await gate.pass();
      return {};
    }),
  );
  const together = await Promise.all([1, 2, 3].map(() => callAsync('same')));
  expect(together).toEqual([accepted, accepted, accepted]);
  await gate.reached(1);
  expect(await callAsync('same')).toEqual(accepted);
  gate.open();
  await reported(1);
  await jobsOver(program, 1);
  expect(await callAsync('same')).toEqual(accepted);
  expect(await callAsync('same', {}, 'job', { corpId: 'ww-other' })).toEqual(accepted);
  await reported(2);
  expect([runs, reports.map(({ corpId }) => corpId)]).toEqual([2, ['ww-sandbox', 'ww-other']]);
});

/** Waits until so many jobs are over. */
async function jobsOver(program: ZoneProgram, count: number): Promise<void> {
  for (;;) {
    const { reported: taken, refused, running } = (await program.metrics()).jobs;
    if (taken + refused >= count && running === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a failure is reported', () => {
  test.each<[string, number, (program: ZoneProgram) => unknown, unknown]>([
    [
      'when the handler throws',
      710660,
      (p) => p.ability('job', () => Promise.reject(new Error())),
      {},
    ],
    ['when there is no such ability', 710636, (p) => p, {}],
    ['when the data is not JSON', 790015, (p) => p.ability('job', () => ({})), '{'],
    ['when the data is invalid', 710647, (p) => p.ability('job', zod.string(), () => ({})), {}],
    ['when the result cannot be sent', 710660, (p) => p.ability('job', () => '\udfff'), {}],
    [
      'when the handler takes too long',
      710675,
      (p) => p.ability('job', { handlerTimeout: 20 }, () => new Promise<never>(() => {})),
      {},
    ],
  ])('%s: %i', async (_, errcode, register, data) => {
    await serveProgram(sandbox, register);
    expect(await callAsync('j', data)).toEqual(accepted);
    await reported(1);
    expect(reports).toMatchObject([{ errcode, jobInfo: 'j' }]);
    expect(reports[0]).not.toHaveProperty('result');
  });

  test('with the result of onError', async () => {
    await serveProgram(sandbox, (p) => p.ability('job', () => Promise.reject(new Error('x'))), {
      jobs: {
        onError: ({ kind }, { attempt }) => ({
          errcode: 7,
          result: JSON.stringify({ kind, attempt }),
        }),
      },
    });
    await callAsync('j');
    await reported(1);
    expect(reports).toMatchObject([{ errcode: 7, result: '{"kind":"failed","attempt":1}' }]);
  });

  test('with 710660 when onError returns an invalid result', async () => {
    await serveProgram(sandbox, (p) => p.ability('job', () => Promise.reject(new Error('x'))), {
      jobs: { onError: () => ({ errcode: 'none' }) as never },
    });
    await callAsync('j');
    await reported(1);
    expect(reports).toMatchObject([{ errcode: 710660 }]);
  });
});

describe('a report is repeated', () => {
  /** Lets the first reports fail in these ways. */
  async function withTroubles(
    troubles: object[],
    retry = quick,
  ): Promise<{ calls: InvokeExchange[]; runs: number }> {
    const calls: InvokeExchange[] = [];
    let runs = 0;
    sandbox.faults.inject((exchange) => {
      calls.push(exchange);
      return troubles.shift();
    });
    const { program } = await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', () => {
          runs += 1;
          return { random: Math.random() };
        }),
      { jobs: { retry } },
    );
    await callAsync('j');
    await jobsOver(program, 1);
    return { calls, runs };
  }
  const withErrcode = (errcode: number) => ({ response: JSON.stringify({ errcode, errmsg: 'x' }) });

  test.each<[string, object]>([
    ['the network fails', { drop: true }],
    ['the response is lost', { cut: true }],
    ['the status is 500', { status: 500 }],
    ['the platform is busy', withErrcode(-1)],
    ['there are too many calls', withErrcode(45009)],
    ['the errcode is unknown', withErrcode(99999)],
    ['the response is not an object', { response: '[]' }],
    ['the key version differs temporarily', { ret: -10008, response: '' }],
  ])('when %s, with the same result, and the handler does not run again', async (_, trouble) => {
    const { calls, runs } = await withTroubles([trouble, trouble, trouble]);
    expect(calls).toHaveLength(4);
    expect(new Set(calls.map(({ request, jobInfo }) => request + jobInfo)).size).toBe(1);
    expect(runs).toBe(1);
  });

  test.each([790010, 790013, 790014, 790017, 790022, 710639, 48002])(
    'never when the platform refuses it with %i, which is logged',
    async (errcode) => {
      const log = logForTest();
      const { calls } = await withTroubles([withErrcode(errcode)]);
      expect(calls).toHaveLength(1);
      expect(log.text).toMatch(new RegExp(`,ERR,.*report of job refused: errcode ${errcode}`));
    },
  );

  test('after pauses that double up to maxDelay, each shortened at random by up to half', async () => {
    const log = logForTest();
    const troubles = Array.from({ length: 7 }, () => withErrcode(-1));
    await withTroubles(troubles, { delay: 2, maxDelay: 40 });
    const pauses = log.records.flatMap(
      ({ custom }) => /report of job failed, retry in (\d+) ms: errcode -1/.exec(custom)?.[1] ?? [],
    );
    // What the program decides, not what the clock measures: the ranges do not overlap until the longest pause.
    const longest = [2, 4, 8, 16, 32, 40, 40];
    expect(pauses).toHaveLength(longest.length);
    for (const [n, most] of longest.entries()) {
      expect(Number(pauses[n])).toBeGreaterThanOrEqual(most / 2);
      expect(Number(pauses[n])).toBeLessThanOrEqual(most);
    }
  });

  test('at most ten times when the errcode is unknown', async () => {
    const { calls } = await withTroubles(Array.from({ length: 20 }, () => withErrcode(99999)));
    expect(calls).toHaveLength(10);
  });
});

describe('limits:', () => {
  test('at most as many handlers as concurrency run at the same time, and every job runs', async () => {
    const gate = new Gate();
    let running = 0;
    let most = 0;
    await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', async () => {
          running += 1;
          most = Math.max(most, running);
          await gate.pass();
          running -= 1;
          return {};
        }),
      { jobs: { concurrency: 3 } },
    );
    await Promise.all(Array.from({ length: 20 }, (_, n) => callAsync(`j${n}`)));
    await gate.reached(3);
    gate.open();
    await reported(20);
    expect(most).toBe(3);
  });

  test.each([200, 503])(
    'a job beyond maxPending gets a busy response with status %i, and is accepted when delivered again later',
    async (status) => {
      const gate = new Gate();
      const { program } = await serveProgram(
        sandbox,
        (p) =>
          p.ability('job', async () => {
            await gate.pass();
            return {};
          }),
        {
          jobs: {
            concurrency: 1,
            maxPending: 3,
            ...(status === 503 ? {} : { busyStatus: status }),
          },
        },
      );
      const responses = await Promise.all([0, 1, 2, 3, 4].map((n) => callAsync(`j${n}`)));
      const busy = responses.filter(({ response }) => response.errcode === -1);
      expect(busy).toHaveLength(2);
      for (const one of busy)
        expect(one).toMatchObject({ status, response: { errmsg: /too many jobs wait/ } });
      expect((await program.metrics()).jobs).toMatchObject({
        accepted: 3,
        busy: 2,
        running: 1,
        waiting: 2,
      });
      gate.open();
      await reported(3);
      await jobsOver(program, 3);
      expect(await callAsync('j4')).toEqual(accepted);
      await reported(4);
    },
  );

  test('slow handlers do not delay reports', async () => {
    const gate = new Gate();
    let troubles = 1;
    sandbox.faults.inject(() => (troubles-- > 0 ? { status: 500 } : undefined));
    await serveProgram(
      sandbox,
      (p) =>
        p
          .ability('job', () => ({}))
          .ability('slow', async () => {
            await gate.pass();
            return {};
          }),
      { jobs: { concurrency: 1, retry: quick } },
    );
    await callAsync('quick');
    await callAsync('slow', {}, 'slow');
    await gate.reached(1);
    // The platform gets the report twice, because its first response is lost.
    await reported(2);
    expect(reports).toMatchObject([{ jobInfo: 'quick' }, { jobInfo: 'quick' }]);
    gate.open();
  });
});

describe('the next program', () => {
  test('runs accepted jobs that were not started, and counts the attempts of those that were', async () => {
    const dataDir = newDir();
    const gate = new Gate();
    const first = await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', async () => {
          await gate.pass();
          return { of: 'the first' };
        }),
      { dataDir, closeTimeout: 0, jobs: { concurrency: 1 } },
    );
    await callAsync('begun', { n: 1 });
    await callAsync('waiting', { n: 2 });
    await gate.reached(1);
    await first.program.close();
    expect(reports).toEqual([]);
    await serveProgram(
      sandbox,
      (p) => p.ability('job', (request, { attempt }) => ({ request, attempt })),
      { dataDir },
    );
    await reported(2);
    expect(reports.map(({ jobInfo, result }) => [jobInfo, result]).sort()).toEqual([
      ['begun', '{"request":{"n":1},"attempt":2}'],
      ['waiting', '{"request":{"n":2},"attempt":1}'],
    ]);
    // What the first run says too late is nobody's result.
    gate.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(reports).toHaveLength(2);
  });

  test('reports a stored result without running the handler', async () => {
    const dataDir = newDir();
    const injected = sandbox.faults.inject(() => ({ status: 500 }));
    const first = await serveProgram(sandbox, (p) => p.ability('job', () => ({ run: 1 })), {
      dataDir,
      jobs: { retry: { delay: 60_000, maxDelay: 60_000 } },
    });
    await callAsync('j');
    for (;;) {
      const { delayed } = (await first.program.metrics()).jobs;
      if (delayed === 1) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await first.program.close();
    injected.remove();
    await serveProgram(sandbox, (p) => p.ability('job', () => ({ run: 2 })), { dataDir });
    await reported(1);
    expect(reports).toMatchObject([{ jobInfo: 'j', result: '{"run":1}' }]);
  });

  test('recognises a finished job that is delivered again', async () => {
    const dataDir = newDir();
    const first = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), { dataDir });
    await callAsync('j');
    await jobsOver(first.program, 1);
    await first.program.close();
    const second = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), { dataDir });
    expect(await callAsync('j')).toEqual(accepted);
    expect((await second.program.metrics()).jobs).toMatchObject({ accepted: 0, duplicates: 1 });
    await second.program.close();
    // Not for ever.
    const third = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), {
      dataDir,
      jobs: { deduplicationTtl: 0 },
    });
    await callAsync('j');
    await reported(2);
    await third.program.close();
  });

  test('can open the folder although a handler of the closed program still runs', async () => {
    const dataDir = newDir();
    const gate = new Gate();
    let late: Promise<unknown> = Promise.resolve();
    const first = await serveProgram(
      sandbox,
      (p) =>
        p.relayEvents().ability('job', async (_, call) => {
          late = gate.pass().then(() => call.notifyApp('too late'));
          await late;
          return {};
        }),
      { dataDir, closeTimeout: 0 },
    );
    await callAsync('j');
    await gate.reached(1);
    await first.program.close();
    gate.open();
    await expect(late).rejects.toMatchObject({ code: 'ERR_SPEC_STORE' });
    await serveProgram(sandbox, (p) => p.ability('job', () => ({})), { dataDir });
    await reported(1);
  });

  test('reports 710660 for a job that did not finish in maxAttempts runs', async () => {
    const dataDir = newDir();
    for (let run = 1; run <= 3; run += 1) {
      const gate = new Gate();
      const { program } = await serveProgram(
        sandbox,
        (p) => p.ability('job', () => gate.pass().then(() => ({}))),
        { dataDir, closeTimeout: 0, jobs: { maxAttempts: 2 } },
      );
      await callAsync('j');
      await (run < 3 ? gate.reached(1) : reported(1));
      await program.close();
    }
    expect(reports).toMatchObject([{ jobInfo: 'j', errcode: 710660 }]);
  });

  test('shares the folder with a running program, and does not run the jobs of that one', async () => {
    const dataDir = newDir();
    const gate = new Gate();
    const attempts: [string, number][] = [];
    const register = (name: string) => (p: ZoneProgram) =>
      p.ability('job', async (_, call) => {
        attempts.push([`${name} ${call.jobInfo}`, call.attempt]);
        if (name === 'first') await gate.pass();
        return {};
      });
    await serveProgram(sandbox, register('first'), { dataDir });
    await callAsync('j-1');
    await gate.reached(1);
    await serveProgram(sandbox, register('second'), { dataDir });
    await callAsync('j-2');
    await reported(1);
    expect(await callAsync('j-1')).toEqual(accepted);
    gate.open();
    await reported(2);
    expect(attempts).toEqual([
      ['first j-1', 1],
      ['second j-2', 1],
    ]);
  });
});

test('a job that cannot be stored is not accepted', async () => {
  const log = logForTest();
  const dataDir = join(newDir(), 'folder');
  const { program } = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), { dataDir });
  // No folder can be made in place of a file.
  writeFileSync(dataDir, '');
  const { status, response } = await callAsync('j');
  expect([status, response.errcode]).toEqual([503, -1]);
  expect(log.text).toContain('ERR_SPEC_STORE');
  expect((await program.metrics()).jobs.accepted).toBe(0);
});

test('close() waits for running jobs and their reports, and refuses new ones', async () => {
  const gate = new Gate();
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('job', () => gate.pass().then(() => ({}))),
    { closeTimeout: 60_000 },
  );
  await callAsync('j');
  await gate.reached(1);
  const request = sandbox.wire.seal({ isAsync: true, jobInfo: 'late', abilityId: 'job' });
  const closing = program.close();
  const late = await program.handle(request.method, request.headers, request.body);
  expect(late.status).toBe(503);
  const sync = sandbox.wire.seal({ abilityId: 'job' });
  const { status, headers, body } = await program.handle(sync.method, sync.headers, sync.body);
  expect(status).toBe(200);
  const outcome = sandbox.wire.open(sync, headers, body);
  expect(outcome.kind === 'response' && JSON.parse(outcome.text)).toMatchObject({ errcode: -1 });
  gate.open();
  await closing;
  expect(reports.map(({ jobInfo }) => jobInfo)).toEqual(['j']);
});
