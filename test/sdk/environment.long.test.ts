import { SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { cleanEnd, runChild } from '../support/child';
import { setEnvironmentForTest } from '../support/process-environment';

let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ debugToken: 'token' });
});
afterAll(() => sandbox.stop());

function env(): Record<string, string> {
  return { ...sandbox.env, WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' };
}

// The C library moves the environment when a variable is added, so getenv on another thread reads freed memory.
test.each([['callbacks'], ['log'], ['callbacks', 'log', 'invoke', 'invokeSync', 'debugMode']])(
  'process.env is written while Workers call the SDK: %s %s %s %s %s',
  async (...kinds) => {
    const ended = await runChild('environment-writer.mjs', kinds, { env: env() });
    expect(ended).toEqual(cleanEnd('all calls made\n'));
  },
);

test('host names of this machine are used without the resolver, which reads the environment', async () => {
  const platform = sandbox.env.WEWORK_SPEC_SANDBOX_PLATFORM?.replace('127.0.0.1', 'localhost');
  const ended = await runChild('environment-writer.mjs', ['invokeSync', 'debugMode'], {
    env: { ...env(), WEWORK_SPEC_SANDBOX_PLATFORM: String(platform) },
  });
  expect(ended).toEqual(cleanEnd('all calls made\n'));
});

test('each Worker uses its own environment', async () => {
  const ended = await runChild('environment-of-worker.mjs', [], {
    env: { WEWORK_SPEC_SDK: 'sandbox', SANDBOX: JSON.stringify(env()) },
  });
  // -10001 is that of an SDK that is not configured, -10006 that of the platform.
  expect(ended).toEqual(cleanEnd('main -10001\nworker -10006\nmain -10001\n'));
});

test('changes of the environment count from the next call on, and replacing process.env is one', async () => {
  const ret = async () => (await new SpecSdk('corp', 1).Invoke('none', '{}')).ret;
  setEnvironmentForTest({ ...env(), WEWORK_SPEC_SANDBOX_KEY: '' });
  expect(await ret()).toBe(-10001);
  const restore = setEnvironmentForTest(sandbox.env);
  expect(await ret()).toBe(-10006);
  restore();
  expect(await ret()).toBe(-10001);
  const before = process.env;
  try {
    process.env = { ...before, ...env() };
    expect(await ret()).toBe(-10006);
  } finally {
    process.env = before;
  }
  expect(await ret()).toBe(-10001);
});
