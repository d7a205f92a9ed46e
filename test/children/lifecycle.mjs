// Ways in which a process can end while calls are in progress; the first argument names one.
import { SpecCallbackSDK, SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import { invoke, keepVerifying, newSdk, receive, startHeldCalls, turn, until } from './holding.mjs';

const scenarios = {
  async exit(code) {
    await startHeldCalls('exit');
    process.exit(Number(code));
  },

  exitAtOnce(code) {
    const sdk = newSdk();
    for (let i = 0; i < 16; ++i) void sdk.Invoke('hold', '{}');
    process.exit(Number(code));
  },

  // Threads enter and leave the SDK continuously, also at the moment of the exit.
  async exitWhileCallsComeAndGo(code) {
    const sdk = newSdk();
    let settled = 0;
    for (let i = 0; i < 400; ++i) {
      sdk.Invoke('now', '{}').then(() => {
        if (++settled === 40) process.exit(Number(code));
      });
    }
  },

  async exitWhileVerifying(code) {
    await keepVerifying();
    process.exit(Number(code));
  },

  // Only the verification keeps the process alive.
  async naturalEndVerifies() {
    const { method, headers, body } = await invoke(newSdk(), 'seal', { bytes: 1_000_000 });
    SpecCallbackSDK.verify(method, headers, body).then((callback) =>
      process.stdout.write(`settled: ${callback.IsOk()}\n`),
    );
    process.stdout.write('main program ended\n');
  },

  async exitCode(code) {
    process.exitCode = Number(code);
    await invoke(newSdk(), 'now', {});
  },

  async exitInPromiseCallback(code) {
    void startHeldCalls('callback').then(() => process.exit(Number(code)));
  },

  async exitInExitListener(code) {
    await startHeldCalls('listener');
    process.on('exit', () => process.exit(Number(code)));
    process.exit(99);
  },

  async exitWithDebugMode(code) {
    void SpecOpenDebugMode('debug-token', 'access-token');
    await invoke(newSdk(), 'held', { group: 'debug-mode', count: 1 });
    process.exit(Number(code));
  },

  async uncaughtException() {
    await startHeldCalls('exception');
    setImmediate(() => {
      throw new Error('thrown on purpose');
    });
  },

  async unhandledRejection() {
    await startHeldCalls('rejection');
    throw new Error('rejected on purpose');
  },

  async stay() {
    await startHeldCalls('stay');
  },

  async stayWithHandler(code) {
    process.on('SIGTERM', () => process.exit(Number(code)));
    await startHeldCalls('stay');
  },

  async naturalEnd() {
    const { errcode } = await invoke(newSdk(), 'now', { errcode: 0 });
    process.stdout.write(`errcode ${errcode}\n`);
  },

  // Only the call in progress keeps the process alive.
  naturalEndWaits() {
    invoke(newSdk(), 'hold', { group: 'waits' }).then(({ group }) =>
      process.stdout.write(`settled: ${group}\n`),
    );
    process.stdout.write('main program ended\n');
  },

  // A call after an idle time also keeps the process alive.
  async naturalEndWaitsAgain() {
    await invoke(newSdk(), 'now', {});
    await turn();
    scenarios.naturalEndWaits();
  },

  async collectionWithCallsInFlight() {
    const refs = [];
    let calls = await startCallsOfCallbacks(refs);
    for (let i = 0; i < 10; ++i) {
      gc();
      await turn();
    }
    await invoke(newSdk(), 'release', {});
    const groups = (await Promise.all(calls)).map(({ group }) => group);
    calls = [];
    await collected(() => refs.every((ref) => ref.deref() === undefined));
    process.stdout.write(`${groups.join()}\n`);
  },

  // Nothing refers to the promises, the objects, or the result.
  async collectionOfPromises() {
    let count = 0;
    const registry = new FinalizationRegistry(() => ++count);
    (() => {
      for (let i = 0; i < 20; ++i) {
        const sdk = newSdk();
        const promise = sdk.Invoke(i % 2 === 0 ? 'now' : 'unknown_interface', '{}');
        registry.register(sdk);
        registry.register(promise);
      }
    })();
    await collected(() => count === 40);
    process.stdout.write('collected\n');
  },

  async collectionWhileVerifying() {
    const refs = [];
    for (let i = 0; i < 4; ++i) await dropVerified(refs);
    await collected(() => refs.every((ref) => ref.deref() === undefined));
    process.stdout.write('collected\n');
  },

  async collectionOfCallbacks() {
    const refs = [];
    for (let i = 0; i < 20; ++i) await useCallback(i, refs);
    await collected(() => refs.every((ref) => ref.deref() === undefined));
    process.stdout.write('collected\n');
  },
};

// Separate functions, because an async function holds its variables until it ends.

async function startCallsOfCallbacks(refs) {
  const calls = [];
  for (let i = 0; i < 3; ++i) {
    const callback = await receive(100_000);
    const sdk = new SpecSdk(callback);
    refs.push(new WeakRef(sdk), new WeakRef(callback));
    calls.push(invoke(sdk, 'hold', { group: 'collected' }));
    // The response is built, so only the call still owns the native request.
    if (i > 0) callback.BuildResponseHeaderBody('{}');
  }
  await invoke(newSdk(), 'held', { group: 'collected', count: 3 });
  return calls;
}

async function useCallback(i, refs) {
  const callback = await receive(1000);
  refs.push(new WeakRef(callback));
  if (i % 2 === 0) callback.BuildResponseHeaderBody('{}');
  if (i % 3 === 0) void new SpecSdk(callback).Invoke('now', '{}');
}

async function dropVerified(refs) {
  const verify = async () => {
    const { method, headers, body } = await invoke(newSdk(), 'seal', { bytes: 1_000_000 });
    return SpecCallbackSDK.verify(method, headers, body);
  };
  refs.push(new WeakRef(await verify()));
  void verify();
  gc();
}

function collected(condition) {
  return until(() => {
    gc();
    return condition();
  });
}

const [name, ...args] = process.argv.slice(2);
await scenarios[name](...args);
