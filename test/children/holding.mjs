// Helpers of the programs in this folder, for calls that the platform of test/support/holding-platform.ts holds.
import { GetSdkInfo, SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';

export function newSdk() {
  return new SpecSdk('ww-sandbox', 1_000_002);
}

/**
 * Starts calls that get no response: four inside the SDK, on as many threads, and `queued` - 1 more in the queue. Settles when all have
 * started, except that the fourth may not have reached the platform yet.
 */
export async function startHeldCalls(group, queued = 4) {
  const sdk = newSdk();
  // Comes first, so that it is not queued behind the others.
  const arrived = invoke(sdk, 'held', { group, count: 3 });
  const calls = [];
  for (let i = 0; i < 3 + queued; ++i) calls.push(invoke(sdk, 'hold', { group }));
  await arrived;
  // The thread that waited for the others then takes a call from the queue.
  await until(() => GetSdkInfo().threadPool.running === 4);
  return calls;
}

/** Invokes an interface, and returns the response as an object; throws for any failure. */
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

/** Keeps threads busy with verifications and responses until the process ends; settles when some have come back. */
export function keepVerifying() {
  return new Promise((resolve, reject) => {
    let settled = 0;
    const next = async (bytes) => {
      const { method, headers, body } = await invoke(newSdk(), 'seal', { bytes });
      const callback = await SpecCallbackSDK.verify(method, headers, body);
      if (!callback.IsOk()) throw new Error('the request was refused');
      await callback.BuildResponseHeaderBodyAsync('x'.repeat(bytes));
      if (++settled === 10) resolve();
      return next(bytes);
    };
    for (const bytes of [10, 10_000, 100_000, 2_000_000]) next(bytes).catch(reject);
  });
}

/** Lets the event loop turn once. */
export function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets the event loop turn until the condition is met. */
export async function until(condition) {
  while (!condition()) await turn();
}
