// Loads two copies of the package, whose main files are the arguments, in the main thread and in Workers.
import { createRequire } from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
for (const main of process.argv.slice(2)) {
  const { GenerateNotifyId, SpecCallbackSDK } = require(main);
  if (GenerateNotifyId().length !== 32) throw new Error('no notify_id');
  if (new SpecCallbackSDK('POST', {}, '').IsOk()) throw new Error('an empty request was verified');
}
if (isMainThread) {
  for (let i = 0; i < 2; ++i) {
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
    await new Promise((resolve) => worker.once('exit', resolve));
  }
  console.log('used');
}
