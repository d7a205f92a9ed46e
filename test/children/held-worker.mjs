// A Worker with calls that get no response; workerData says what it does with them.
import { parentPort, workerData } from 'node:worker_threads';
import { SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import { invoke, keepVerifying, newSdk, receive, startHeldCalls } from './holding.mjs';

const { mode, group } = workerData;

const modes = {
  async stay() {
    await startHeldCalls(group, 8);
    parentPort.postMessage('held');
  },

  // The native requests belong to calls that end after this Worker.
  async callbacks() {
    for (let i = 0; i < 3; ++i) {
      const callback = await receive(100_000);
      void new SpecSdk(callback).Invoke('hold', JSON.stringify({ group }));
      if (i === 0) callback.BuildResponseHeaderBody('{}');
    }
    await invoke(newSdk(), 'held', { group, count: 3 });
    parentPort.postMessage('held');
  },

  async debugMode() {
    for (let i = 0; i < 3; ++i) void SpecOpenDebugMode('debug-token', 'access-token');
    await invoke(newSdk(), 'held', { group: 'debug-mode', count: 1 });
    parentPort.postMessage('held');
  },

  // Results arrive, settle promises and start new calls while the Worker is terminated.
  async busy() {
    const sdk = newSdk();
    let settled = 0;
    const next = async () => {
      await sdk.Invoke('now', '{}');
      if (++settled === 20) parentPort.postMessage('held');
      void next();
    };
    for (let i = 0; i < 12; ++i) void next();
  },

  async verifying() {
    await keepVerifying();
    parentPort.postMessage('held');
  },

  async end() {
    parentPort.postMessage(await invoke(newSdk(), 'now', { group }));
  },

  async exit() {
    await startHeldCalls(group, 8);
    process.exit(4);
  },

  async throw() {
    await startHeldCalls(group, 8);
    throw new Error('thrown on purpose');
  },
};

await modes[mode]();
