import { SpecOpenDebugMode } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { setEnvironment, setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';
import { openDebugMode, post, zoneForTest } from '../support/zone';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ debugToken: 'token-令牌' });
});
afterAll(() => sandbox.stop());

test('opens with the debug token and an access token', async () => {
  const before = sandbox.wire.exchanges.length;
  expect(await SpecOpenDebugMode('token-令牌', sandbox.application.accessToken)).toBe(true);
  const exchange = sandbox.wire.exchanges[before];
  expect(exchange).toMatchObject({ path: '/spec/debug-mode', ret: 0, request: '' });
  expect(JSON.stringify(exchange)).not.toMatch(/令牌/);
  expect(JSON.stringify(exchange)).not.toContain(sandbox.application.accessToken);
});

test.each([
  ['another debug token', 'token'],
  ['an empty debug token', ''],
])('does not open with %s', async (_, debugToken) => {
  expect(await SpecOpenDebugMode(debugToken, sandbox.application.accessToken)).toBe(false);
});

test.each(['', 'access'])('does not open with the access token %p', async (accessToken) => {
  expect(await SpecOpenDebugMode('token-令牌', accessToken)).toBe(false);
});

test('does not open with a token that has expired', async () => {
  let now = Date.now();
  const other = await ZoneSandbox.start({ clock: () => now, window: 86_400 });
  onTestEnd(() => other.stop());
  setEnvironmentForTest(other.env);
  const { accessToken } = other.application;
  const open = (token: string) => SpecOpenDebugMode(other.programs.debugToken(), token);
  expect(await open(accessToken)).toBe(true);
  now += 2 * 3_600_000;
  expect(await open(accessToken)).toBe(false);
  expect(await open(other.application.accessToken)).toBe(true);
});

test('does not open while the platform fails', async () => {
  for (const fault of [{ status: 500 }, { drop: true }, { badSignature: true }] as const) {
    const injected = sandbox.faults.inject(() => fault);
    expect(await SpecOpenDebugMode('token-令牌', sandbox.application.accessToken)).toBe(false);
    injected.remove();
  }
});

test('does not open without configuration', async () => {
  const restore = setEnvironment({ WEWORK_SPEC_SANDBOX_PLATFORM: '' });
  try {
    expect(await SpecOpenDebugMode('token-令牌', sandbox.application.accessToken)).toBe(false);
  } finally {
    restore();
  }
});

test('several attempts can run at once', async () => {
  const tokens = ['token-令牌', 'wrong', 'token-令牌', 'wrong'];
  const opened = await Promise.all(
    tokens.map((token) => SpecOpenDebugMode(token, sandbox.application.accessToken)),
  );
  expect(opened).toEqual([true, false, true, false]);
});

describe('when it is open', () => {
  /** A sandbox with a program in the zone and another one on a debug server. */
  async function zoneWithBoth() {
    const got: string[] = [];
    const serve = (name: string) =>
      HttpProgram.serve((callback) => {
        const isEvent = callback.GetCallType() === 2;
        got.push(`${name} ${isEvent ? 'event' : callback.GetAbilityId()}`);
        return '{}';
      });
    const [zoneProgram, debugProgram] = [await serve('zone'), await serve('debug')];
    const zone = await zoneForTest({
      program: zoneProgram.address,
      debugServer: debugProgram.address,
    });
    /** Who gets a call, a task and an event. */
    const who = async (programId = zone.programs.ownId): Promise<string[]> => {
      got.length = 0;
      await zone.call('call', {}, { programId });
      await zone.callAsync('task', {}, { programId });
      await zone.emit('conversation_new_message', { token: 't' });
      return [...got];
    };
    const app = (path: string, more: object = {}) =>
      post(zone, `chatdata/${path}`, { program_id: zone.programs.ownId, ...more });
    return { zone, who, app, zoneProgram, debugProgram };
  }
  const all = (name: string) => [`${name} call`, `${name} task`, `${name} event`];

  test('on both sides, calls, tasks and events go to the debug server, until it is closed', async () => {
    const { zone, who, app } = await zoneWithBoth();
    const token = { debug_token: zone.programs.debugToken() };
    expect(await app('open_debug_mode', token)).toMatchObject({ errcode: 0 });
    expect([zone.programs.isInDebugMode(), await who()]).toEqual([false, all('zone')]);
    expect(await SpecOpenDebugMode(zone.programs.debugToken(), zone.application.accessToken)).toBe(
      true,
    );
    expect([zone.programs.isInDebugMode(), await who()]).toEqual([true, all('debug')]);
    expect(await app('close_debug_mode')).toMatchObject({ errcode: 0 });
    expect([zone.programs.isInDebugMode(), await who()]).toEqual([false, all('zone')]);
    // Closing applies to both sides.
    expect(await app('open_debug_mode', token)).toMatchObject({ errcode: 0 });
    expect(await who()).toEqual(all('zone'));
  });

  test('only on the side of the program, nothing changes', async () => {
    const { zone, who } = await zoneWithBoth();
    expect(await SpecOpenDebugMode(zone.programs.debugToken(), zone.application.accessToken)).toBe(
      true,
    );
    expect([zone.programs.isInDebugMode(), await who()]).toEqual([false, all('zone')]);
  });

  test('a reset closes it, and does not change the debug server', async () => {
    const { zone, who } = await zoneWithBoth();
    await openDebugMode(zone);
    await zone.reset();
    expect(await who()).toEqual(all('zone'));
    await openDebugMode(zone);
    expect(await who()).toEqual(all('debug'));
  });

  test('without a debug server, calls go to the program', async () => {
    const { zone, who } = await zoneWithBoth();
    zone.programs.debugServer = undefined;
    await openDebugMode(zone);
    expect([zone.programs.isInDebugMode(), await who()]).toEqual([true, all('zone')]);
  });

  test('a program that runs only on the debug server can be called', async () => {
    const { zone, debugProgram } = await zoneWithBoth();
    const other = await zoneForTest({ debugServer: debugProgram.address });
    const call = () => other.call('call', {});
    expect((await rejectionOf(call())).code).toBe('ERR_SANDBOX_NO_PROGRAM');
    await openDebugMode(other);
    expect((await call()).errcode).toBe(0);
    expect(zone.programs.isInDebugMode()).toBe(false);
  });

  test('each program has its own token and debug server', async () => {
    const { zone, who, app, zoneProgram, debugProgram } = await zoneWithBoth();
    zone.programs.add('p-2', zoneProgram.address);
    zone.programs.setDebugServer('p-2', debugProgram.address);
    expect(
      await app('open_debug_mode', { debug_token: zone.programs.debugToken('p-2') }),
    ).toMatchObject({
      errcode: 710671,
    });
    await openDebugMode(zone, 'p-2');
    expect([zone.programs.isInDebugMode('p-2'), zone.programs.isInDebugMode()]).toEqual([
      true,
      false,
    ]);
    // The event goes to the sandbox's own program, which receives events.
    expect(await who('p-2')).toEqual(['debug call', 'debug task', 'zone event']);
    expect(await who()).toEqual(all('zone'));
    expect(thrownBy(() => zone.programs.debugToken('p-3')).code).toBe(
      'ERR_SANDBOX_UNKNOWN_PROGRAM',
    );
    expect(thrownBy(() => zone.programs.setDebugServer('p-2', 'no address')).message).toMatch(
      /^The "address" argument is invalid\. It must be a URL such as http:/,
    );
  });
});
