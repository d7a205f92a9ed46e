import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { runChild } from '../support/child';
import { startSandbox } from '../support/sandbox';

// Whether the time limits of a program keep its process alive.

let sandbox: ZoneSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

/** The end of a process that handles calls, one after the other, and the last line that it wrote, after its log. */
async function handled(abilityIds: readonly string[], timeout: number) {
  const env = {
    ...sandbox.env,
    REQUESTS: JSON.stringify(abilityIds.map((abilityId) => sandbox.wire.seal({ abilityId }))),
    TIMEOUT: String(timeout),
  };
  const { code, stdout } = await runChild('unserved-program.mjs', [], { env, timeout: 20_000 });
  return { code, requests: stdout.split('\n').at(-1) };
}

test('a process waits for a handler until its time is over', async () => {
  expect(await handled(['soon', 'never'], 100)).toEqual({
    code: 0,
    requests: '{"soon":{"ok":1},"never":{"timeout":1}}',
  });
});

test('a process ends when its last handler has ended, however long the time limit is', async () => {
  expect(await handled(['soon'], 3_600_000)).toEqual({ code: 0, requests: '{"soon":{"ok":1}}' });
});
