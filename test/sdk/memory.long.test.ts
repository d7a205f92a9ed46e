import { runChild } from '../support/child';
import { HoldingPlatform } from '../support/holding-platform';

const MiB = 1024 * 1024;
const bodyBytes = 64 * 1024;
/** What one request costs while it is held: the body in base64 and what is decrypted from it. */
const requestBytes = (bodyBytes * 4) / 3 + bodyBytes;

async function measure(name: string, count: number, env: NodeJS.ProcessEnv = {}) {
  const ended = await runChild('memory.mjs', [name, String(count)], {
    env: { WEWORK_SPEC_SDK: 'sandbox', WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null', ...env },
    nodeArgs: ['--expose-gc'],
  });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(ended.stdout) as Record<string, number>;
}

test('callbacks free their native memory when the response is built, before the event loop turns', async () => {
  const count = 20_000;
  const { maxRssBytes } = await measure('respondedInOneLoop', count);
  expect(count * requestBytes).toBeGreaterThan(2500 * MiB);
  expect(maxRssBytes).toBeLessThan(400 * MiB);
});

test('a callback with a response that is still referenced costs only its decrypted fields', async () => {
  const count = 2000;
  const { maxRssBytes } = await measure('respondedAndKept', count);
  const fields = count * bodyBytes;
  expect(maxRssBytes).toBeLessThan(fields + (count * requestBytes) / 2 + 100 * MiB);
});

test('refused callbacks free their native memory as well', async () => {
  const count = 5000;
  const { maxRssBytes } = await measure('refusedInOneLoop', count);
  expect(count * bodyBytes).toBeGreaterThan(300 * MiB);
  expect(maxRssBytes).toBeLessThan(200 * MiB);
});

// memoryUsage().external counts only ArrayBuffers, so the test observes when V8 collects.
test('V8 accounts for the memory of callbacks and collects those that were dropped without a response', async () => {
  const count = 20_000;
  const { maxRssBytes } = await measure('droppedWithoutResponse', count);
  expect(count * bodyBytes).toBeGreaterThan(1200 * MiB);
  expect(maxRssBytes).toBeLessThan(300 * MiB);
});

test('callbacks that are verified and answered on threads free their memory, and that of the responses', async () => {
  const count = 10_000;
  const { maxRssBytes } = await measure('respondedOnThreads', count);
  expect(count * requestBytes).toBeGreaterThan(1200 * MiB);
  expect(maxRssBytes).toBeLessThan(400 * MiB);
});

test('V8 accounts for the memory of callbacks that were verified on threads', async () => {
  const count = 20_000;
  const { maxRssBytes } = await measure('droppedAfterThread', count);
  expect(maxRssBytes).toBeLessThan(300 * MiB);
});

describe('Invoke', () => {
  let platform: HoldingPlatform;
  beforeAll(async () => {
    platform = await HoldingPlatform.start();
  });
  afterAll(() => platform.stop());

  test('does not grow over rounds of calls', async () => {
    const rounds = 60;
    const { growth } = await measure('invokedInRounds', rounds, platform.env);
    // A call carries 96 KiB in each direction; 20 calls make a round.
    expect(growth).toBeLessThan((rounds * 20 * 96 * 1024) / 4);
  });
});
