// Workers that end while calls are in progress; the first argument names the case. The test compares the output, so each printed line must
// be true.
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { invoke, newSdk, until } from './holding.mjs';

let workers = 0;

function start(mode) {
  const group = `worker ${++workers}`;
  const worker = new Worker(new URL('./held-worker.mjs', import.meta.url), {
    workerData: { mode, group },
  });
  const message = new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  return { worker, message, ended, group };
}

async function startAndTerminate(mode) {
  const { worker, message } = start(mode);
  await message;
  return worker.terminate();
}

// Loads the addon in the main thread, because it is loaded on first use.
async function mainInvokes() {
  const { text } = await invoke(newSdk(), 'now', { text: 'main thread' });
  console.log(text);
}

/** Number of pool threads, including those of ended Workers. */
function poolThreads() {
  let count = 0;
  for (const id of readdirSync('/proc/self/task')) {
    try {
      count += readFileSync(`/proc/self/task/${id}/comm`, 'utf8') === 'wework-spec\n' ? 1 : 0;
    } catch {
      // The thread has ended in the meantime.
    }
  }
  return count;
}

const cases = {
  async terminateOneAfterAnother(mode, times) {
    for (let i = 0; i < Number(times); ++i) console.log(await startAndTerminate(mode));
    await mainInvokes();
  },

  async terminateSeveralAtOnce(mode, times) {
    const all = Array.from({ length: Number(times) }, () => startAndTerminate(mode));
    console.log(...(await Promise.all(all)));
    await mainInvokes();
  },

  async endByItself() {
    const { message, ended } = start('end');
    console.log((await message).group, await ended);
    await mainInvokes();
  },

  async exitInWorker() {
    console.log(await start('exit').ended);
    await mainInvokes();
  },

  async throwInWorker() {
    const { message, ended } = start('throw');
    console.log(await message.catch((error) => error.message), await ended);
    await mainInvokes();
  },

  // Only the Workers have loaded the addon, and all of them have ended when their threads return from the SDK.
  async onlyInWorkers() {
    for (let i = 0; i < 4; ++i) console.log(await startAndTerminate('stay'));
    console.log(`${poolThreads()} threads are inside the SDK`);
    // Now the test lets the platform respond.
    await until(() => poolThreads() === 0);
    console.log('all came back');
    const { message, ended } = start('end');
    console.log((await message).group, await ended);
  },

  async processExit(mode, code) {
    await Promise.all([start(mode).message, start(mode).message, start('end').message]);
    process.exit(Number(code));
  },

  async threadsEnd() {
    for (let i = 0; i < 5; ++i) console.log(await startAndTerminate('callbacks'));
    await mainInvokes();
    await invoke(newSdk(), 'release', {});
    // Only the threads of the main thread's pool remain.
    await until(() => poolThreads() <= 4);
    console.log('all came back');
    await mainInvokes();
  },
};

const [name, ...args] = process.argv.slice(2);
await cases[name](...args);
