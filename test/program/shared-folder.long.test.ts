import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { callUntilAccepted, JobProgram, JobRecord } from '../support/job-fault';
import { tempDirs } from '../support/temp-dir';

// Several processes of one program share its folder, as with node:cluster or PM2.

jest.setTimeout(60_000);
const newDir = tempDirs();
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

async function startShared(count: number) {
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  const env = {
    ...sandbox.env,
    DATA_DIR: newDir(),
    SLOW: '20',
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    WEWORK_SPEC_SANDBOX_TIMEOUT: '5',
  };
  const programs = numbers(count).map(() => new JobProgram(env));
  onTestEnd(() => {
    for (const program of programs) program.kill('SIGKILL');
  });
  const ports = await Promise.all(programs.map((program) => program.port));
  return { sandbox, env, programs, addresses: ports.map((port) => `http://127.0.0.1:${port}`) };
}

test('the jobs of a killed process are taken over at once, with one result each', async () => {
  const JOBS = 300;
  const { sandbox, programs, addresses } = await startShared(3);
  let gate: Gate | undefined;
  const record = new JobRecord(sandbox, (_, at) => (at === 'run' ? gate?.pass() : undefined));
  let next = 0;
  const accepted = new Set<number>();
  let alive = addresses;
  const send = async (): Promise<void> => {
    for (let n = next++; n < JOBS; n = next++) {
      sandbox.programs.address = alive[n % alive.length] ?? '';
      await callUntilAccepted(sandbox, n);
      accepted.add(n);
    }
  };
  const sending = Promise.all(numbers(8).map(send));
  await record.reached(JOBS / 4);
  gate = new Gate();
  await gate.reached(16);
  alive = addresses.slice(1);
  sandbox.programs.address = alive[0] ?? '';
  programs[0]?.kill('SIGKILL');
  await programs[0]?.ended;
  gate.open();
  await sending;
  await record.reached(JOBS);
  const figures = record.figures(accepted);
  process.stdout.write(`shared folder: 1 of 3 processes killed, ${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ accepted: JOBS, withoutReport: 0, withDifferentReports: 0 });
  for (const program of programs.slice(1)) {
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  }
});

test('a job of a paused process is not run by another one', async () => {
  const JOBS = 20;
  const { sandbox, programs, addresses } = await startShared(2);
  const gate = new Gate();
  const record = new JobRecord(sandbox, (n, at) =>
    at === 'run' && n < 10 ? gate.pass() : undefined,
  );
  sandbox.programs.address = addresses[0] ?? '';
  for (const n of numbers(10)) await callUntilAccepted(sandbox, n);
  await gate.reached(10);
  programs[0]?.kill('SIGSTOP');
  onTestEnd(() => programs[0]?.kill('SIGCONT'));
  sandbox.programs.address = addresses[1] ?? '';
  for (const n of numbers(JOBS).slice(10)) await callUntilAccepted(sandbox, n);
  await record.reached(10);
  programs[0]?.kill('SIGCONT');
  gate.open();
  await record.reached(JOBS);
  expect(record.figures(new Set(numbers(JOBS)))).toMatchObject({
    withoutReport: 0,
    reportedAgain: 0,
    runAgain: 0,
  });
});

test('a call that is delivered to two processes is one job', async () => {
  const JOBS = 50;
  const { sandbox, addresses } = await startShared(2);
  const record = new JobRecord(sandbox);
  await Promise.all(
    numbers(JOBS * 2).map((n) => {
      sandbox.programs.address = addresses[n % 2] ?? '';
      return callUntilAccepted(sandbox, Math.floor(n / 2));
    }),
  );
  await record.reached(JOBS);
  expect(record.figures(new Set(numbers(JOBS)))).toMatchObject({
    withoutReport: 0,
    reportedAgain: 0,
    runAgain: 0,
  });
});
