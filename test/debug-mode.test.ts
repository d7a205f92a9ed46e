import { SpecOpenDebugMode } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from './support/clean-up';
import { setEnvironment, setEnvironmentForTest, silenceLog } from './support/process-environment';
import { startSandbox } from './support/sandbox';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ debugToken: 'token-令牌' });
});
afterAll(() => sandbox.stop());

test('opens with the debug token and an access token', async () => {
  const before = sandbox.exchanges.length;
  expect(await SpecOpenDebugMode('token-令牌', sandbox.accessToken)).toBe(true);
  const exchange = sandbox.exchanges[before];
  expect(exchange).toMatchObject({ path: '/spec/debug-mode', ret: 0, request: '' });
  expect(JSON.stringify(exchange)).not.toMatch(/令牌/);
  expect(JSON.stringify(exchange)).not.toContain(sandbox.accessToken);
});

test.each([
  ['another debug token', 'token'],
  ['an empty debug token', ''],
])('does not open with %s', async (_, debugToken) => {
  expect(await SpecOpenDebugMode(debugToken, sandbox.accessToken)).toBe(false);
});

test.each(['', 'access'])('does not open with the access token %p', async (accessToken) => {
  expect(await SpecOpenDebugMode('token-令牌', accessToken)).toBe(false);
});

test('does not open with a token that has expired', async () => {
  let now = Date.now();
  const other = await ZoneSandbox.start({ clock: () => now, window: 86_400 });
  onTestEnd(() => other.stop());
  setEnvironmentForTest(other.env);
  const { accessToken } = other;
  const open = (token: string) => SpecOpenDebugMode(other.debugToken, token);
  expect(await open(accessToken)).toBe(true);
  now += 2 * 3_600_000;
  expect(await open(accessToken)).toBe(false);
  expect(await open(other.accessToken)).toBe(true);
});

test('does not open while the platform is out of order', async () => {
  for (const fault of [{ status: 500 }, { destroy: 'before' }, { corrupt: 'signature' }] as const) {
    const remove = sandbox.intercept(() => fault);
    expect(await SpecOpenDebugMode('token-令牌', sandbox.accessToken)).toBe(false);
    remove();
  }
});

test('does not open when nothing is configured', async () => {
  const restore = setEnvironment({ WEWORK_SPEC_SANDBOX_PLATFORM: '' });
  try {
    expect(await SpecOpenDebugMode('token-令牌', sandbox.accessToken)).toBe(false);
  } finally {
    restore();
  }
});

test('several attempts may be under way', async () => {
  const tokens = ['token-令牌', 'wrong', 'token-令牌', 'wrong'];
  const opened = await Promise.all(
    tokens.map((token) => SpecOpenDebugMode(token, sandbox.accessToken)),
  );
  expect(opened).toEqual([true, false, true, false]);
});
