// Invokes in the main thread, whose environment has no sandbox, and in a Worker, whose environment has the one of $SANDBOX.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { SpecSdk } from 'wework-spec-sdk';

const { ret } = await new SpecSdk('corp', 1).Invoke('none', '{}');
if (isMainThread) {
  console.log(`main ${ret}`);
  const { SANDBOX, ...own } = process.env;
  const worker = new Worker(new URL(import.meta.url), { env: { ...own, ...JSON.parse(SANDBOX) } });
  worker.on('message', (text) => console.log(text));
  worker.on('exit', () => {
    console.log(`main ${new SpecSdk('corp', 1).InvokeSync('none', '{}').ret}`);
  });
} else {
  parentPort.postMessage(`worker ${ret}`);
}
