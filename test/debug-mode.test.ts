import { SpecOpenDebugMode } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { setEnvironment, silenceLog } from './support/process-environment';
import { startSandbox } from './support/sandbox';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ debugToken: 'token-令牌' });
});
afterAll(() => sandbox.stop());

test('opens with the debug token and an access token', async () => {
  const before = sandbox.exchanges.length;
  expect(await SpecOpenDebugMode('token-令牌', 'access')).toBe(true);
  const exchange = sandbox.exchanges[before];
  expect(exchange).toMatchObject({ path: '/spec/debug-mode', ret: 0, request: '' });
  expect(JSON.stringify(exchange)).not.toMatch(/access|令牌/);
});

test.each([
  ['another debug token', 'token', 'access'],
  ['an empty debug token', '', 'access'],
  ['an empty access token', 'token-令牌', ''],
])('does not open with %s', async (_, debugToken, accessToken) => {
  expect(await SpecOpenDebugMode(debugToken, accessToken)).toBe(false);
});

test('does not open while the platform is out of order', async () => {
  for (const fault of [{ status: 500 }, { destroy: 'before' }, { corrupt: 'signature' }] as const) {
    const remove = sandbox.intercept(() => fault);
    expect(await SpecOpenDebugMode('token-令牌', 'access')).toBe(false);
    remove();
  }
});

test('does not open when nothing is configured', async () => {
  const restore = setEnvironment({ WEWORK_SPEC_SANDBOX_PLATFORM: '' });
  try {
    expect(await SpecOpenDebugMode('token-令牌', 'access')).toBe(false);
  } finally {
    restore();
  }
});

test('several attempts may be under way', async () => {
  const tokens = ['token-令牌', 'wrong', 'token-令牌', 'wrong'];
  const opened = await Promise.all(tokens.map((token) => SpecOpenDebugMode(token, 'access')));
  expect(opened).toEqual([true, false, true, false]);
});
