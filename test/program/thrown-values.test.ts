import type { AbilityHandler } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';

// Values whose properties throw, thrown or returned by handlers.

let sandbox: ZoneSandbox;
silenceLog();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const handlers: [string, AbilityHandler<unknown>][] = [
  [
    'throws a revoked Proxy',
    () => {
      throw revoked();
    },
  ],
  ['rejects with a revoked Proxy', () => Promise.reject(revoked())],
  ['returns a revoked Proxy', () => revoked() as never],
  [
    'returns an object whose getter throws a revoked Proxy',
    () => ({
      get text() {
        throw revoked();
      },
    }),
  ],
  [
    'returns an object whose then() throws a revoked Proxy',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: the fault under test
      then() {
        throw revoked();
      },
    }),
  ],
];

test.each(handlers)('a handler that %s gets a sealed error response', async (_, handler) => {
  await serveProgram(sandbox, (program) =>
    program.ability('call', handler).event('event', handler as never),
  );
  for (const fields of [
    { abilityId: 'call', data: {} },
    { callType: 2 as const, data: { event_type: 'event' } },
  ]) {
    const { status, outcome } = await sandbox.wire.send(sandbox.wire.seal(fields));
    expect(status).toBe(200);
    expect(outcome.kind === 'response' && JSON.parse(outcome.text)).toMatchObject({
      errcode: 710660,
    });
  }
});

test.each(handlers)(
  'a job whose handler %s runs once and is reported as failed',
  async (_, handler) => {
    let runs = 0;
    const { program } = await serveProgram(
      sandbox,
      (p) =>
        p.ability('job', (request, call) => {
          runs += 1;
          return handler(request, call);
        }),
      { jobs: { retry: { delay: 10, maxDelay: 20 } } },
    );
    const { errcode, result } = await sandbox.callAsync('job', {});
    expect(errcode).toBe(0);
    expect(await result()).toMatchObject({ response_errcode: 710660 });
    await program.close();
    expect(runs).toBe(1);
  },
);
