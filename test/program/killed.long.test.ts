import { setTimeout as pause } from 'node:timers/promises';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { callUntilAccepted, JobProgram, JobRecord, randomFrom } from '../support/job-fault';
import { startRedis } from '../support/redis';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

// The program, or Redis, is killed at moments that a seed gives: WEWORK_SPEC_TEST_SEED repeats a run. scripts/test-kill sets how many
// jobs there are at least, and how many kills; the jobs are spread over the kills.

const { WEWORK_SPEC_KILL_JOBS, WEWORK_SPEC_KILLS } = process.env;
const JOBS = Number(WEWORK_SPEC_KILL_JOBS || 400);
const KILLS = Number(WEWORK_SPEC_KILLS || 10);
/** Everything is over in a fraction of this; a job that is lost has no report ever. */
const LIMIT_MS = 60_000 + KILLS * 15_000;
const newDir = tempDirs();
jest.setTimeout(LIMIT_MS * 2);

/** What is killed, and how to start it again. */
interface Victims {
  /** Variables of the program. */
  readonly env: Record<string, string>;
  /** Kills and restarts the storage; undefined when it is part of the program. */
  readonly killStorage?: () => Promise<void>;
}

const storages: Readonly<Record<string, () => Promise<Victims>>> = {
  'the embedded store': async () => ({ env: { DATA_DIR: newDir() } }),

  'Redis, which is killed as well': async () => {
    const dir = newDir();
    let redis = await startRedis({ dir });
    const { port } = redis;
    return {
      env: { DATA_DIR: newDir(), REDIS_PORT: String(port), QUEUE: 'killed' },
      killStorage: async () => {
        await redis.stop();
        redis = await startRedis({ dir, port });
      },
    };
  },
};

test.each(Object.keys(storages))('no job is lost and none has two results: %s', async (storage) => {
  const seed = Number(process.env.WEWORK_SPEC_TEST_SEED || Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const { env, killStorage } = await (storages[storage] as () => Promise<Victims>)();
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  const record = new JobRecord(sandbox);
  const start = () =>
    new JobProgram({
      ...sandbox.env,
      ...env,
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      WEWORK_SPEC_SANDBOX_TIMEOUT: '5',
    });

  let isOver = false;
  const kills = { program: 0, storage: 0 };
  const killed = () => kills.program + kills.storage;
  let program = start();
  onTestEnd(() => program.kill('SIGKILL'));
  sandbox.programs.address = `http://127.0.0.1:${await program.port}`;
  const began = performance.now();

  const killProgram = async (): Promise<void> => {
    program.kill('SIGKILL');
    kills.program += 1;
    await program.ended;
    program = start();
    // Also while it starts: taking the jobs up again must not lose any.
    if (random() < 0.2) return;
    sandbox.programs.address = `http://127.0.0.1:${await program.port}`;
  };
  const accepted = new Set<number>();
  const steps = () => accepted.size + record.done;
  const killing = (async () => {
    while (!isOver || killed() < KILLS) {
      // In the middle of the work, however fast that is.
      const step = steps() + (random() * 3 * JOBS) / KILLS;
      await Promise.race([until(() => isOver || steps() >= step), pause(2000)]);
      await pause(random() * 100);
      if (killStorage !== undefined && random() < 0.3) {
        await killStorage();
        kills.storage += 1;
      } else {
        await killProgram();
      }
    }
  })();

  let next = 0;
  const send = async (): Promise<void> => {
    while (next < JOBS) {
      const n = next++;
      await until(() => n <= (JOBS * (killed() + 1)) / KILLS);
      await callUntilAccepted(sandbox, n);
      accepted.add(n);
    }
  };
  await Promise.all(Array.from({ length: 16 }, send));
  await atMost(LIMIT_MS, record.reached(JOBS * 0.9));
  isOver = true;
  await killing;
  await atMost(LIMIT_MS, record.reached(JOBS));

  const port = await program.port;
  sandbox.programs.address = `http://127.0.0.1:${port}`;
  const counts = async () => (await sandbox.call('counts', {})).response as Record<string, number>;
  // The platform has the last report before the program has stored that.
  const left = async () => {
    const { waiting = 0, running = 0, delayed = 0, dead = 0 } = await counts();
    return waiting + running + delayed + dead;
  };
  await atMost(
    LIMIT_MS,
    until(async () => (await left()) === 0),
  );
  const unfinished = await left();
  program.kill('SIGTERM');
  const { code } = await program.ended;
  const figures = { ...record.figures(accepted), unfinished };
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `kill test, ${storage}: ${JSON.stringify({ seed, kills, seconds, ...figures })}\n`,
  );
  expect(killed()).toBeGreaterThanOrEqual(KILLS);
  expect(figures).toMatchObject({
    accepted: JOBS,
    withoutReport: 0,
    withDifferentReports: 0,
    unfinished: 0,
  });
  expect(code).toBe(0);
});

/** Waits no longer, so that the figures can tell what is missing. */
async function atMost(milliseconds: number, promise: Promise<void>): Promise<void> {
  await Promise.race([promise, pause(milliseconds, undefined, { ref: false })]);
}
