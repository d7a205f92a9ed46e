// What the programs of this folder share: calls that the platform of test/support/holding-platform.ts holds back.
import { GetSdkInfo, SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';

export function newSdk() {
  return new SpecSdk('ww-sandbox', 1_000_002);
}

/**
 * Starts calls that are not answered: four inside the SDK, on as many threads, and `queued` - 1 more behind them. Settles
 * when they are there; the fourth may not have reached the platform yet.
 */
export async function startHeldCalls(group, queued = 4) {
  const sdk = newSdk();
  // First, so that it is not queued behind the others.
  const arrived = invoke(sdk, 'held', { group, count: 3 });
  const calls = [];
  for (let i = 0; i < 3 + queued; ++i) calls.push(invoke(sdk, 'hold', { group }));
  await arrived;
  // The thread that saw the others arrive takes a call from the queue.
  await until(() => GetSdkInfo().threadPool.running === 4);
  return calls;
}

/** Invokes, and gives the response as an object; everything but success throws. */
export async function invoke(sdk, name, request) {
  const { ret, response } = await sdk.Invoke(name, JSON.stringify(request));
  if (ret !== 0) throw new Error(`${name}: ret ${ret}`);
  return JSON.parse(response);
}

/** A request of the platform, verified. */
export async function receive(bytes) {
  const { method, headers, body } = await invoke(newSdk(), 'seal', { bytes });
  const callback = new SpecCallbackSDK(method, headers, body);
  if (!callback.IsOk()) throw new Error('the request was refused');
  return callback;
}

/** Lets the event loop turn once. */
export function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets the event loop turn until the condition is met. */
export async function until(condition) {
  while (!condition()) await turn();
}
