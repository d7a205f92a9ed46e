import { setTimeout as pause } from 'node:timers/promises';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { ZoneSandbox as Sandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { callUntilAccepted, JobProgram, JobRecord, randomFrom } from '../support/job-fault';
import { tempDirs } from '../support/temp-dir';

// The program is killed at moments that a seed gives: WEWORK_SPEC_TEST_SEED repeats a run.

const JOBS = 2000;
const newDir = tempDirs();
jest.setTimeout(120_000);

test(`none of ${JOBS} jobs is lost when the program is killed repeatedly`, async () => {
  const seed = Number(process.env.WEWORK_SPEC_TEST_SEED || Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const sandbox: ZoneSandbox = await Sandbox.start();
  onTestEnd(() => sandbox.stop());
  const record = new JobRecord(sandbox);
  const env = {
    ...sandbox.env,
    DATA_DIR: newDir(),
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    WEWORK_SPEC_SANDBOX_TIMEOUT: '5',
  };

  let isOver = false;
  let kills = 0;
  let program = new JobProgram(env);
  sandbox.programs.address = `http://127.0.0.1:${await program.port}`;
  const began = performance.now();
  const killing = (async () => {
    // Also while it starts: taking the jobs up again must not lose any.
    while (!isOver) {
      await pause(60 + random() * 900);
      if (isOver) return;
      program.kill('SIGKILL');
      kills += 1;
      await program.ended;
      program = new JobProgram(env);
      if (random() < 0.8) {
        const port = await program.port;
        sandbox.programs.address = `http://127.0.0.1:${port}`;
      }
    }
  })();

  const accepted = new Set<number>();
  let next = 0;
  const senders = Array.from({ length: 16 }, async () => {
    while (next < JOBS) {
      const n = next++;
      await callUntilAccepted(sandbox, n);
      accepted.add(n);
    }
  });
  await Promise.all(senders);
  await atMost(20_000, record.reached(JOBS * 0.9));
  isOver = true;
  await killing;
  // A job that is lost has no report ever.
  await atMost(20_000, record.reached(JOBS));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);

  // It ends by itself, and what is left over in it is nothing.
  program.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
  const figures = record.figures(accepted);
  process.stdout.write(`fault test: ${JSON.stringify({ seed, kills, seconds, ...figures })}\n`);
  expect(kills).toBeGreaterThan(3);
  expect(figures).toMatchObject({ accepted: JOBS, withoutReport: 0, withDifferentReports: 0 });
});

/** Waits no longer, so that the figures can tell what is missing. */
async function atMost(milliseconds: number, promise: Promise<void>): Promise<void> {
  await Promise.race([promise, pause(milliseconds, undefined, { ref: false })]);
}
