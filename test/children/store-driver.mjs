// Uses the job queue and the event store of a program's folder, and writes every call, its result, and every report to the standard
// output at once: what the folder is compared with after this process was killed.
//
//   store-driver.mjs <script> <folder>      scripts: alone, shared, second (started by shared)
//
// The compiled modules are used directly, because the whole program would add calls of its own (log, HTTP), whose number varies, and
// the acknowledgements of settled claims are not visible outside.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { jobOf } from './store-jobs.mjs';

const require = createRequire(import.meta.url);
const { EmbeddedStore } = require('../../dist/program/store/embedded-store.js');
const { EmbeddedQueue } = require('../../dist/program/jobs/embedded-queue.js');

const [script, folder] = process.argv.slice(2);
const { LASTING_FAULT } = process.env;
const limits = { maxPending: 1000, maxBytes: 10_000_000 };
/** Attempts before the script continues without a call that fails. */
const ATTEMPTS = 4;

// The queue waits a second before it tries again.
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
globalThis.setTimeout = (work, delay, ...args) => realTimeout(work, delay / 50, ...args);
globalThis.setInterval = (work, delay, ...args) => realInterval(work, delay / 50, ...args);
const pause = (milliseconds) => new Promise((resolve) => realTimeout(resolve, milliseconds));

const say = (line) => writeSync(1, `${JSON.stringify({ by: process.pid, ...line })}\n`);
const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Every call of the store's thread, before it and after it. */
class LoggedStore extends EmbeddedStore {
  #last = 0;
  /** Jobs that this process has to settle. */
  unsettled = new Set();

  async call(name, ...args) {
    const isLogged = !/^(?:takeOverJobs|countJobs|close)$/.test(name);
    this.#last += 1;
    const call = this.#last;
    if (isLogged) say({ call, name, args: briefArgs(name, args) });
    try {
      const value = await super.call(name, ...args);
      this.#follow(name, args, value);
      if (isLogged) say({ done: call, value: briefValue(name, value) });
      return value;
    } catch (error) {
      if (isLogged) say({ failed: call, error: `${error.code}: ${error.message}` });
      throw error;
    }
  }

  #follow(name, [arg], value) {
    if (name === 'addJob' && value === 'added') this.unsettled.add(arg.id);
    if (name === 'reviveJob' && value) this.unsettled.add(arg);
    if (name === 'settleJob' || name === 'giveUpJob') this.unsettled.delete(arg.id);
  }
}

function briefArgs(name, args) {
  if (name === 'addJob') return [{ id: args[0].id, request: hash(args[0].request) }];
  if (name === 'finishJob' || name === 'setEvent') return [args[0], hash(args[1])];
  return args;
}

function briefValue(name, value) {
  if (name === 'getEvent') return value === undefined ? null : hash(value);
  if (name !== 'claimJobs') return value;
  return value.claims.map(({ request, report, ...claim }) => ({
    ...claim,
    request: hash(request),
    report: report === undefined ? undefined : hash(report),
  }));
}

const store = new LoggedStore(() => folder);
const queue = new EmbeddedQueue(store, 24 * 60 * 60_000);

/** Runs and reports one job; its id says how. Fulfilled as the SDK's own runner would be. */
async function work({ job: { id }, runAttempts, reportAttempts, report: stored, finish }) {
  const kind = id.slice(1);
  if (script === 'second') {
    if (kind === '1') await new Promise(() => {});
  } else if (kind === '3' && runAttempts === 0 && stored === undefined) {
    return { kind: 'released' };
  }
  // Another result at each run, so that a report of a second run is noticed.
  const size = kind === '4' ? 20_000 : 40;
  const report =
    stored ?? (await finish({ errcode: 0, result: randomBytes(size / 2).toString('hex') }));
  if (report === undefined) return { kind: 'released' };
  say({ report: hash(JSON.stringify(report)), id });
  if (script === 'second' && kind === '2') await new Promise(() => {});
  if (kind === '1' && reportAttempts === 0) return { kind: 'retry', delay: 5 };
  if (kind === '2' || kind === '7') return { kind: 'dead', reason: 'refused' };
  return { kind: 'reported' };
}

async function attempt(work) {
  for (let n = 0; n < ATTEMPTS; n += 1) {
    try {
      return await work();
    } catch {
      await pause(1);
    }
  }
  return undefined;
}

const add = (id) => attempt(() => queue.add(jobOf(id), limits));
const setEvent = (id, content) => attempt(() => store.call('setEvent', id, content, 3_600_000));

/** Waits until everything is settled, or for so long that nothing is going to change. */
async function settled(isSettled = () => store.unsettled.size === 0) {
  const began = performance.now();
  while (!(await isSettled())) {
    // While nothing can be stored, nothing can be settled.
    if (LASTING_FAULT !== undefined && performance.now() - began > 100) return;
    if (performance.now() - began > 20_000) {
      say({ unsettled: [...store.unsettled] });
      say({ end: true });
      await new Promise(() => {});
    }
    await pause(2);
  }
}

async function start() {
  await attempt(() => queue.open());
  await queue.start({ concurrency: 8, work, onError: () => {} });
}

const scripts = {
  async alone() {
    await attempt(() => queue.open());
    for (const id of ['a0', 'a1', 'a2', 'a0']) await add(id);
    await setEvent('e0', 'first');
    await Promise.all(['a3', 'a4', 'a5', 'a6', 'a7', 'a1'].map(add));
    await setEvent('e1', 'x'.repeat(9000));
    await start();
    await settled();
    await attempt(() => store.call('getEvent', 'e0'));
    await attempt(() => queue.retryDead('a2'));
    await attempt(() => queue.discardDead('a7'));
    await settled();
    await attempt(() => store.call('cleanUpJobs', Date.now() + 1));
    await Promise.all([...['b0', 'b1', 'b2', 'b3', 'b4'].map(add), setEvent('e0', 'second')]);
    await settled();
    await add('b0');
  },

  async shared() {
    await start();
    await Promise.all(['a0', 'a1', 'a3'].map(add));
    const second = spawn(process.execPath, [fileURLToPath(import.meta.url), 'second', folder], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    });
    const ended = new Promise((resolve) => second.on('exit', resolve));
    const ready = new Promise((resolve) => second.stdio[3].on('data', resolve));
    for (const id of ['b0', 'b1', 'b2', 'b3', 'c0']) await add(id);
    await Promise.race([ready, ended]);
    // Before, because this process may take the jobs over at once.
    say({ killed: second.pid });
    second.kill('SIGKILL');
    await ended;
    await settled(async () => {
      const counts = await queue.counts().catch(() => undefined);
      return counts !== undefined && counts.waiting + counts.running + counts.delayed === 0;
    });
  },

  async second() {
    await start();
    await Promise.all(['c0', 'c1', 'c2', 'c3', 'c4'].map(add));
    await setEvent('e2', 'second process');
    await pause(20);
    writeSync(3, 'ready');
    await new Promise(() => {});
  },
};

await scripts[script]();
say({ end: true });
// Killed from outside.
setInterval(() => {}, 1_000_000);
