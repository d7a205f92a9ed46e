import { cleanEnd, startChild } from '../support/child';
import { HoldingPlatform } from '../support/holding-platform';

// As in lifecycle.long.test.ts, held calls never get a response, so waiting for one is a hang.

let platform: HoldingPlatform;
beforeEach(async () => {
  platform = await HoldingPlatform.start();
});
afterEach(() => platform.stop());

function workers(name: string, ...args: string[]) {
  return startChild('workers.mjs', [name, ...args], { env: platform.env });
}

/** What a terminated Worker gives as its exit code. */
const terminated = '1\n';

test('50 Workers are terminated one after another, each with calls inside the SDK and queued', async () => {
  const ended = await workers('terminateOneAfterAnother', 'stay', '50').ended;
  expect(ended).toEqual(cleanEnd(`${terminated.repeat(50)}main thread\n`));
});

test('Workers are terminated while the SDK refers to their requests', async () => {
  const ended = await workers('terminateOneAfterAnother', 'callbacks', '10').ended;
  expect(ended).toEqual(cleanEnd(`${terminated.repeat(10)}main thread\n`));
});

test('Workers are terminated while results arrive and new calls start', async () => {
  const ended = await workers('terminateOneAfterAnother', 'busy', '20').ended;
  expect(ended).toEqual(cleanEnd(`${terminated.repeat(20)}main thread\n`));
});

test('Workers are terminated while requests are verified and responses built on threads', async () => {
  const ended = await workers('terminateOneAfterAnother', 'verifying', '30').ended;
  expect(ended).toEqual(cleanEnd(`${terminated.repeat(30)}main thread\n`));
});

test('Workers are terminated while SpecOpenDebugMode waits for the platform', async () => {
  platform.holdDebugMode = true;
  const ended = await workers('terminateOneAfterAnother', 'debugMode', '5').ended;
  expect(ended).toEqual(cleanEnd(`${terminated.repeat(5)}main thread\n`));
});

test.each(['stay', 'busy'])('8 Workers are terminated at once (%s)', async (mode) => {
  const ended = await workers('terminateSeveralAtOnce', mode, '8').ended;
  expect(ended).toEqual(cleanEnd('1 1 1 1 1 1 1 1\nmain thread\n'));
});

test('a Worker whose calls have settled ends by itself', async () => {
  expect(await workers('endByItself').ended).toEqual(cleanEnd('worker 1 0\nmain thread\n'));
});

test('a Worker exits with its code while its calls are inside the SDK', async () => {
  expect(await workers('exitInWorker').ended).toEqual(cleanEnd('4\nmain thread\n'));
});

test('a Worker that throws while its calls are inside the SDK is reported to its parent', async () => {
  expect(await workers('throwInWorker').ended).toEqual(
    cleanEnd('thrown on purpose 1\nmain thread\n'),
  );
});

test('threads return from the SDK after every Worker with the addon has ended', async () => {
  const { printed, ended } = workers('onlyInWorkers');
  await printed('inside the SDK');
  // A call that arrives after the release would be held forever.
  for (let worker = 1; worker <= 4; ++worker) await platform.held(4, `worker ${worker}`);
  platform.release();
  expect(await ended).toEqual(
    cleanEnd(`${terminated.repeat(4)}16 threads are inside the SDK\nall came back\nworker 5 0\n`),
  );
});

test('threads of ended Workers end when the SDK returns', async () => {
  expect(await workers('threadsEnd').ended).toEqual(
    cleanEnd(`${terminated.repeat(5)}main thread\nall came back\nmain thread\n`),
  );
});

test.each(['stay', 'callbacks', 'busy', 'verifying'])(
  'the process exits with its code while Workers have calls in progress (%s)',
  async (mode) => {
    expect(await workers('processExit', mode, '9').ended).toEqual(cleanEnd('', 9));
  },
);
