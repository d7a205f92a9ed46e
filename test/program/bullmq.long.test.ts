import { BullJobQueue } from 'wework-spec-sdk/bullmq';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { callUntilAccepted, JobProgram, JobRecord } from '../support/job-fault';
import { silenceLog } from '../support/process-environment';
import { startRedis } from '../support/redis';
import { startSandbox } from '../support/sandbox';
import { logForTest, newProgram, serveProgram } from '../support/served-program';
import { thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
silenceLog();
jest.setTimeout(30_000);
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function callAsync(jobInfo: string, data: unknown = {}) {
  const request = sandbox.wire.seal({ isAsync: true, jobInfo, abilityId: 'job', data });
  const { status, outcome } = await sandbox.wire.send(request);
  return { status, response: outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome };
}

const accepted = { status: 200, response: { errcode: 0, errmsg: 'ok' } };

describe('over Redis', () => {
  test('a job that is delivered twice is run and reported once, and its content is deleted', async () => {
    const { port } = await startRedis();
    const record = new JobRecord(sandbox);
    const queue = new BullJobQueue({ connection: { host: '127.0.0.1', port } });
    const { program } = await serveProgram(
      sandbox,
      (p) => p.ability('job', () => ({ random: Math.random() })),
      { jobs: { queue } },
    );
    expect(await callAsync('1', { secret: '秘密' })).toEqual(accepted);
    await record.reached(1);
    for (;;) {
      const { running, waiting } = (await program.metrics()).jobs;
      if (running + waiting === 0) break;
    }
    expect(await callAsync('1')).toEqual(accepted);
    expect((await program.metrics()).jobs).toMatchObject({
      accepted: 1,
      duplicates: 1,
      reported: 1,
    });
    expect(record.figures(new Set([1]))).toMatchObject({ withoutReport: 0, reportedAgain: 0 });
    await program.close();
    const redis = new (await import('ioredis')).Redis(port, '127.0.0.1');
    onTestEnd(() => redis.disconnect());
    const keys = await redis.keys('*');
    const hashes = await Promise.all(
      keys.map(async (key) => ((await redis.type(key)) === 'hash' ? redis.hgetall(key) : key)),
    );
    expect(keys.length).toBeGreaterThan(0);
    expect(JSON.stringify(hashes)).not.toContain('秘密');
  });

  test('a failed report is retried with the stored result, after growing pauses', async () => {
    const { port } = await startRedis();
    const log = logForTest();
    const record = new JobRecord(sandbox);
    const requests: string[] = [];
    sandbox.faults.inject(({ request }) => {
      requests.push(request);
      return requests.length <= 3 ? { status: 500 } : undefined;
    });
    let runs = 0;
    const { program } = await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', () => {
          runs += 1;
          return { random: Math.random() };
        }),
      {
        jobs: {
          queue: new BullJobQueue({ connection: { host: '127.0.0.1', port } }),
          retry: { delay: 1, maxDelay: 5 },
        },
      },
    );
    await callAsync('1');
    while ((await program.metrics()).jobs.reported === 0);
    expect(record.done).toBe(1);
    expect([runs, requests.length, new Set(requests).size]).toEqual([1, 4, 1]);
    const pauses = [...log.text.matchAll(/retry in (\d+) ms/g)].map(([, pause]) => Number(pause));
    expect(pauses).toEqual([1, expect.any(Number), expect.any(Number)]);
    // 4 ms, up to half shorter.
    expect(pauses[2]).toBeGreaterThanOrEqual(2);
  });

  test('a job beyond the limit gets a busy response', async () => {
    const { port } = await startRedis();
    const gate = new Gate();
    await serveProgram(sandbox, (p) => p.ability('job', () => gate.pass().then(() => ({}))), {
      jobs: {
        queue: new BullJobQueue({ connection: { host: '127.0.0.1', port } }),
        concurrency: 1,
        maxPending: 2,
      },
    });
    expect(await callAsync('1')).toEqual(accepted);
    expect(await callAsync('2')).toEqual(accepted);
    expect(await callAsync('3')).toMatchObject({ status: 503, response: { errcode: -1 } });
    gate.open();
  });

  test('an unfinished job of a program that closes is continued by another one at once', async () => {
    const { port } = await startRedis();
    const record = new JobRecord(sandbox);
    const gate = new Gate();
    const queue = () => new BullJobQueue({ connection: { host: '127.0.0.1', port } });
    const first = await serveProgram(
      sandbox,
      (p) => p.ability('job', () => gate.pass().then(() => ({ of: 'the first' }))),
      { closeTimeout: 0, jobs: { queue: queue() } },
    );
    await callAsync('1');
    await gate.reached(1);
    const attempts: number[] = [];
    await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', (_, { attempt }) => {
          attempts.push(attempt);
          return {};
        }),
      { jobs: { queue: queue() } },
    );
    await first.program.close();
    await record.reached(1);
    expect(attempts).toEqual([2]);
  });

  test('instances share the jobs, and take over those of a killed instance, with one result each', async () => {
    const JOBS = 200;
    const { port } = await startRedis();
    let gate: Gate | undefined;
    const record = new JobRecord(sandbox, (_, at) => (at === 'run' ? gate?.pass() : undefined));
    const env = {
      ...sandbox.env,
      REDIS_PORT: String(port),
      QUEUE: 'shared',
      SLOW: '20',
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      WEWORK_SPEC_SANDBOX_TIMEOUT: '5',
    };
    const instances = [new JobProgram(env), new JobProgram(env), new JobProgram(env)];
    onTestEnd(() => instances.map((one) => one.kill('SIGKILL')));
    const ports = await Promise.all(instances.map((one) => one.port));
    sandbox.programs.address = `http://127.0.0.1:${ports[0]}`;
    const all = Array.from({ length: JOBS }, (_, n) => n);
    const calls = Promise.all(all.map((n) => callUntilAccepted(sandbox, n)));
    await record.reached(JOBS / 4);
    instances[1]?.kill('SIGKILL');
    // The other one only when both that are left have all their handlers running, 16 each.
    await record.reached(JOBS / 2);
    gate = new Gate();
    await gate.reached(32);
    instances[2]?.kill('SIGKILL');
    gate.open();
    await calls;
    await record.reached(JOBS);
    const figures = record.figures(new Set(all));
    process.stdout.write(`bullmq test: 2 of 3 instances killed, ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ accepted: JOBS, withoutReport: 0, withDifferentReports: 0 });
    // Those that ran in the instances that were killed.
    expect(figures.runAgain).toBeGreaterThan(0);
    expect(figures.runAgain).toBeLessThanOrEqual(32);
    instances[0]?.kill('SIGTERM');
    expect((await instances[0]?.ended)?.code).toBe(0);
  });
});

describe('a client of the caller', () => {
  test('is used without a change of its settings, and stays open', async () => {
    const { port } = await startRedis();
    const { Redis } = await import('ioredis');
    const connection = new Redis(port);
    onTestEnd(() => connection.disconnect());
    const record = new JobRecord(sandbox);
    const { program } = await serveProgram(sandbox, (p) => p.ability('job', () => ({})), {
      jobs: { queue: new BullJobQueue({ connection: connection as never }) },
    });
    expect(await callAsync('1')).toEqual(accepted);
    await record.reached(1);
    await program.close();
    expect(await connection.ping()).toBe('PONG');
  });
});

test.each([
  ['while the handler runs', 'run', 0],
  ['while it reports', 'report', 1],
])(
  'an instance that loses its claim %s stores nothing, and does not report again',
  async (_, at, sent) => {
    const { port } = await startRedis();
    const { Redis } = await import('ioredis');
    const redis = new Redis(port);
    onTestEnd(() => redis.disconnect());
    const gate = new Gate();
    let reports = 0;
    sandbox.use('program_async_job_call_back', async () => {
      reports += 1;
      if (at === 'report') await gate.pass();
      return { errcode: -1, errmsg: 'busy' };
    });
    const queue = new BullJobQueue({ connection: { host: '127.0.0.1', port } });
    const { program } = await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', async () => {
          if (at === 'run') await gate.pass();
          return { content: '秘密' };
        }),
      { jobs: { queue, retry: { delay: 1, maxDelay: 1 } } },
    );
    await callAsync('1');
    await gate.reached(1);
    const [lock = ''] = await redis.keys('*:lock');
    const job = lock.slice(0, -':lock'.length);
    // What another instance does that takes the job over and finishes it.
    await redis.set(lock, 'another instance');
    await redis.hset(job, 'data', JSON.stringify({ runAttempts: 2, reportAttempts: 0 }));
    gate.open();
    await program.close();
    expect(await redis.hget(job, 'data')).toBe('{"runAttempts":2,"reportAttempts":0}');
    expect(reports).toBe(sent);
  },
);

describe('without Redis', () => {
  test('a program does not start', async () => {
    const { port, stop } = await startRedis();
    await stop();
    const queue = new BullJobQueue({ connection: { host: '127.0.0.1', port } });
    await expect(newProgram({ jobs: { queue } }).start()).rejects.toMatchObject({
      code: 'ERR_SPEC_STORE',
    });
  });

  test('a job is not accepted, and the platform gets a response', async () => {
    const { port, stop } = await startRedis();
    const queue = new BullJobQueue({ connection: { host: '127.0.0.1', port } });
    await serveProgram(sandbox, (p) => p.ability('job', () => ({})), { jobs: { queue } });
    await stop();
    expect(await callAsync('1')).toMatchObject({ status: 503, response: { errcode: -1 } });
  });

  test.each([
    [undefined, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ connection: 'redis://x' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ connection: {}, name: '' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ connection: {}, lockDuration: 1 }, 'ERR_SPEC_OUT_OF_RANGE'],
    [{ connection: {}, name: 'jobs:a' }, 'ERR_SPEC_INVALID_ARG_VALUE'],
    [{ connection: { keyPrefix: 'a:' } }, 'ERR_SPEC_INVALID_ARG_VALUE'],
    [
      { connection: { duplicate() {}, options: { keyPrefix: 'a:' } } },
      'ERR_SPEC_INVALID_ARG_VALUE',
    ],
  ])('the invalid options %j are refused with a code', (options, code) => {
    expect(thrownBy(() => new BullJobQueue(options as never)).code).toBe(code);
  });
});
