// Mixed traffic with faults; see scripts/soak. Prints one row of the program's state for each tenth of the time, then a verdict.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const minutes = Number(process.argv[2] ?? 30);
const SENDERS = 8;
/** Between two requests of a sender: steady traffic, not a load test. */
const PAUSE_MS = 40;
/** For what is under way when the traffic ends. */
const GRACE_MS = 120_000;
const MiB = 1024 * 1024;

const sandbox = await ZoneSandbox.start();
sandbox.use('pong', () => ({ errcode: 0 }));
const folder = mkdtempSync(join(tmpdir(), 'wework-spec-soak-'));
const file = fileURLToPath(new URL('../children/soak-program.mjs', import.meta.url));
const program = spawn(process.execPath, ['--expose-gc', file], {
  env: {
    ...process.env,
    ...sandbox.env,
    DATA_DIR: folder,
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    WEWORK_SPEC_SANDBOX_TIMEOUT: '5',
    // Nonces are remembered for twice as long. With the default, their number grows for ten minutes and hides what leaks.
    WEWORK_SPEC_SANDBOX_WINDOW: '20',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(program, 'exit');
for await (const line of createInterface({ input: program.stdout })) {
  const port = /^port (\d+)$/.exec(line)?.[1];
  if (port === undefined) continue;
  sandbox.programs.address = `http://127.0.0.1:${port}`;
  break;
}
program.stdout.resume();

const counts = { calls: 0, jobs: 0, events: 0, forged: 0, failedByFault: 0, refusedJobs: 0 };
const problems = [];
/** Of calls and jobs, what has not come to an end. */
const unanswered = new Set();
const unreported = new Set();

const rules = [
  ...['drop', 'cut', 'badSignature', 'replay'].map((kind) => ({
    direction: 'request',
    [kind]: true,
  })),
  ...['drop', 'cut', 'badCiphertext'].map((kind) => ({ direction: 'response', [kind]: true })),
  { direction: 'response', status: 502 },
  ...['drop', 'cut', 'badSignature', 'badFields'].map((kind) => ({
    interface: 'pong',
    [kind]: true,
  })),
  { interface: 'pong', errcode: 45009 },
  { interface: 'pong', delay: 200 },
  { interface: 'program_async_job_call_back', drop: true },
  { interface: 'program_async_job_call_back', errcode: -1 },
  { interface: 'spec_notify_app', ret: -10001 },
  { direction: 'event', drop: true },
  { direction: 'event', duplicate: 2 },
];
const injectAll = () => {
  for (const [seed, rule] of rules.entries())
    sandbox.faults.inject({ ...rule, probability: 0.01, seed });
};

/** Errcodes that the faults above cause. */
const byFault = new Set([710674, 710675, 710676, 710677]);

const kinds = [
  async (n) => {
    const ability = ['quick', 'invoking', 'throwing', 'unknown'][n % 4];
    counts.calls += 1;
    unanswered.add(n);
    const { errcode } = await sandbox.call(ability, { n, fill: 'x'.repeat(n % 5000) });
    unanswered.delete(n);
    if (byFault.has(errcode)) counts.failedByFault += 1;
    else if (errcode !== 0) problems.push(`call ${n}: errcode ${errcode}`);
  },
  async (n) => {
    counts.jobs += 1;
    unanswered.add(n);
    const job = await sandbox.callAsync('job', { n });
    unanswered.delete(n);
    if (job.errcode !== 0) {
      counts.refusedJobs += 1;
      job.result().catch(() => {});
      return;
    }
    unreported.add(n);
    job.result().then(
      () => unreported.delete(n),
      (error) => problems.push(`job ${n}: ${error.message}`),
    );
    // Only so many at a time, so that jobs do not pile up.
    while (unreported.size > 50) await pause(10);
  },
  async () => {
    counts.events += 1;
    await sandbox.emit('conversation_new_message', { token: 't' });
  },
  async (n) => {
    counts.forged += 1;
    const request = sandbox.wire.seal({ abilityId: 'quick', data: { n } });
    request.headers['ww-signature'] = '0'.repeat(64);
    const { outcome } = await sandbox.wire.send(request);
    if (outcome.kind === 'response') problems.push(`request ${n} was forged and accepted`);
  },
];

async function state() {
  sandbox.faults.clear();
  const { errcode, response } = await sandbox.call('state', {});
  injectAll();
  if (errcode !== 0) throw new Error(`state: errcode ${errcode}`);
  return response;
}

const samples = [];
async function sample() {
  const now = await state();
  samples.push(now);
  const { rss, heapUsed, external, descriptors, threads, unfinished } = now;
  const inMiB = [rss, heapUsed, external].map((bytes) => `${(bytes / MiB).toFixed(1)} MiB`);
  console.log([`${samples.length}`, ...inMiB, descriptors, threads, unfinished].join('\t'));
}

const began = Date.now();
const end = began + minutes * 60_000;
let last = 0;
const sending = Array.from({ length: SENDERS }, async () => {
  while (Date.now() < end) {
    last += 1;
    try {
      await kinds[last % kinds.length](last);
    } catch (error) {
      problems.push(`request ${last}: ${error.message}`);
    }
    await pause(PAUSE_MS);
  }
});
console.log('\trss\theap\texternal\tdescriptors\tthreads\tunfinished jobs');
injectAll();
for (let part = 1; part <= 10; part += 1) {
  await pause(Math.max(0, began + (part * minutes * 60_000) / 10 - Date.now()));
  await sample();
}
const grace = pause(GRACE_MS, 'late');
await Promise.race([Promise.all(sending), grace]);
sandbox.faults.clear();
const over = Date.now() + GRACE_MS;
while ((unreported.size > 0 || (await state()).unfinished > 0) && Date.now() < over)
  await pause(100);
await sample();

// The first samples show what is loaded, compiled and pooled once.
const [from, to] = [samples[2], samples.at(-1)];
const growth = (name) => to[name] - from[name];
const limits = { rss: 24 * MiB, heapUsed: 4 * MiB, external: 4 * MiB, descriptors: 16, threads: 4 };
for (const [name, limit] of Object.entries(limits)) {
  if (growth(name) > limit) problems.push(`${name} grew by ${growth(name)}, limit ${limit}`);
}
if (unanswered.size > 0) problems.push(`${unanswered.size} requests got no response`);
if (unreported.size > 0) problems.push(`${unreported.size} jobs were not reported`);
if (to.unfinished > 0) problems.push(`${to.unfinished} jobs are unfinished`);
// The platform does not know a job whose response was lost, and refuses its report.
if (to.dead > counts.refusedJobs) problems.push(`${to.dead} jobs are dead`);
program.kill('SIGTERM');
const [code, signal] = await ended;
if (code !== 0) problems.push(`the program ended with ${code ?? signal}`);
await sandbox.stop();
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({ minutes, ...counts, unanswered: unanswered.size, unreported: unreported.size }),
);
for (const problem of problems.slice(0, 20)) console.log(problem);
console.log(problems.length === 0 ? 'passed' : `FAILED: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
