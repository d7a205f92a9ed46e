// Writes process.env in a loop while Workers call the SDK. The arguments name the kinds of calls, one Worker for each.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { SpecCallbackSDK, SpecOpenDebugMode, SpecSdk, WWSPEC_LOG_INFO } from 'wework-spec-sdk';

const calls = {
  async callbacks() {
    for (let i = 0; i < 6_000; ++i) new SpecCallbackSDK('POST', {}, '').BuildResponseHeaderBody('');
  },
  async log() {
    for (let i = 0; i < 6_000; ++i) WWSPEC_LOG_INFO('record');
  },
  async invoke() {
    const sdk = new SpecSdk('corp', 1);
    for (let i = 0; i < 30; ++i) {
      await Promise.all(Array.from({ length: 16 }, () => sdk.Invoke('none', '{}')));
    }
  },
  async invokeSync() {
    const sdk = new SpecSdk('corp', 1);
    for (let i = 0; i < 400; ++i) sdk.InvokeSync('none', '{}');
  },
  async debugMode() {
    for (let i = 0; i < 30; ++i) {
      await Promise.all(Array.from({ length: 16 }, () => SpecOpenDebugMode('token', 'token')));
    }
  },
};

if (isMainThread) {
  let running = 0;
  for (const kind of process.argv.slice(2)) {
    running += 1;
    new Worker(new URL(import.meta.url), { workerData: kind }).on('message', () => {
      running -= 1;
    });
  }
  // Each new variable makes the C library copy the environment and free the old one.
  for (let round = 0; running > 0; ++round) {
    for (let i = 0; i < 500; ++i) process.env[`VARIABLE_${round}_${i}`] = 'value';
    for (let i = 0; i < 500; ++i) delete process.env[`VARIABLE_${round}_${i}`];
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log('all calls made');
} else {
  await calls[workerData]();
  parentPort.postMessage('done');
}
