// Ways in which a process can end while calls are inside the SDK and queued, and a program serves; the first argument names one.
import cluster from 'node:cluster';
import domain from 'node:domain';
import { Worker } from 'node:worker_threads';
import { ZoneProgram } from 'wework-spec-sdk';
import { newSdk, receive, startHeldCalls } from './holding.mjs';

/** A signal that this process sends to itself, without a handler. */
const signal = (name) => () => process.kill(process.pid, name);

/** Has the test respond to all calls. */
const release = () => process.stdout.write('release\n');

const ways = {
  exit: () => process.exit(3),
  exitCode: () => {
    process.exitCode = 4;
    process.exit();
  },
  reallyExit: () => process.reallyExit(5),
  abort: () => process.abort(),
  uncaughtException: () =>
    setImmediate(() => {
      throw new Error('thrown on purpose');
    }),
  unhandledRejection: () => void Promise.reject(new Error('rejected on purpose')),
  uncaughtHandler: () => {
    process.on('uncaughtException', () => process.exit(6));
    setImmediate(() => {
      throw new Error('thrown on purpose');
    });
  },
  domainError: () => {
    const guarded = domain.create();
    guarded.on('error', () => process.exit(7));
    guarded.run(() =>
      setImmediate(() => {
        throw new Error('thrown on purpose');
      }),
    );
  },
  SIGTERM: signal('SIGTERM'),
  SIGINT: signal('SIGINT'),
  SIGHUP: signal('SIGHUP'),
  SIGQUIT: signal('SIGQUIT'),
  SIGKILL: signal('SIGKILL'),
  SIGSEGV: signal('SIGSEGV'),
  exitInWorkerThenMain: async () => {
    const file = new URL('./held-worker.mjs', import.meta.url);
    const worker = new Worker(file, { workerData: { mode: 'end', group: 'worker' } });
    await new Promise((resolve) => worker.once('exit', resolve));
    process.exit(8);
  },
  exitWhileWorkerCalls: async () => {
    const file = new URL('./held-worker.mjs', import.meta.url);
    const worker = new Worker(file, { workerData: { mode: 'busy', group: 'worker' } });
    await new Promise((resolve) => worker.once('message', resolve));
    process.exit(9);
  },
  exitInPromiseOfInvoke: async () => {
    newSdk()
      .Invoke('now', '{}')
      .then(() => process.exit(10));
    release();
  },
  exitBetweenVerificationAndResponse: async () => {
    release();
    const callback = await receive(100_000);
    callback.GetData();
    process.exit(11);
  },
  exitInExitListener: () => {
    process.on('exit', () => {
      void newSdk().Invoke('hold', '{"group":"late"}');
      process.exit(12);
    });
    process.exit(99);
  },
  exitInBeforeExit: async () => {
    // Nothing is left to do after the release; the listener makes one more call, and the process waits for it.
    let calls = 0;
    process.on('beforeExit', () => {
      calls += 1;
      if (calls === 3) process.exit(13);
      void newSdk().Invoke('now', '{}');
    });
    await program.close();
    release();
  },
  endOfEventLoop: async () => {
    process.exitCode = 14;
    await program.close();
    release();
  },
  exitDuringClose: () => {
    void program.close();
    setImmediate(() => process.exit(15));
  },
  exitWhileListening: () => {
    const other = new ZoneProgram({ closeTimeout: 0 });
    void other.listen({ port: 0, host: '127.0.0.1' });
    process.exit(16);
  },
  outOfMemory: () => {
    const kept = [];
    for (;;) kept.push(new Array(1_000_000).fill({}));
  },
  stackOverflow: () => {
    const deeper = () => deeper() + 1;
    setImmediate(deeper);
  },
  // As a member of a cluster whose primary process ends the connection.
  clusterDisconnect: () => {
    cluster.worker.on('disconnect', () => process.exit(17));
    process.send('ready');
  },
};

const [way] = process.argv.slice(2);
if (way === 'clusterDisconnect' && cluster.isPrimary) {
  const member = cluster.fork();
  member.on('message', () => member.disconnect());
  member.on('exit', (code) => process.exit(code));
} else {
  await run();
}

var program;
async function run() {
  program = new ZoneProgram({ closeTimeout: 0 });
  await program.listen({ port: 0, host: '127.0.0.1' });
  await startHeldCalls(way, 8);
  await ways[way]();
}
