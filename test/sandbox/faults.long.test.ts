import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpecCallbackSDK, SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import { type FaultRule, ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { thrownBy } from '../support/thrown';

silenceLog();

/** What the program made of a request. */
type Seen = 'accepted' | 'refused' | 'aborted';

interface Zone {
  readonly sandbox: ZoneSandbox;
  readonly seen: Seen[];
  /** Data of the requests that were accepted. */
  readonly data: string[];
}

/** Only for those that shall run into it: a busy machine must not. */
const TIMEOUT = 1000;

async function startZone(options: ZoneSandboxOptions = {}): Promise<Zone> {
  const seen: Seen[] = [];
  const data: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => seen.push('aborted'));
    request.on('end', () => {
      const callback = new SpecCallbackSDK('POST', request.headers, Buffer.concat(chunks));
      if (callback.IsOk()) data.push(callback.GetData());
      seen.push(callback.IsOk() ? 'accepted' : 'refused');
      const { headers, body } = callback.BuildResponseHeaderBody(callback.IsOk() ? '{"n":1}' : '');
      response.writeHead(200, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sandbox = await ZoneSandbox.start({
    program: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...options,
  });
  onTestEnd(async () => {
    await sandbox.stop();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  setEnvironmentForTest(sandbox.env);
  return { sandbox, seen, data };
}

/** As the application sees it over HTTP. */
async function callOverHttp(sandbox: ZoneSandbox): Promise<{ errcode: number }> {
  const response = await fetch(
    `${sandbox.urls.server}/cgi-bin/chatdata/sync_call_program?access_token=${sandbox.application.accessToken}`,
    {
      method: 'POST',
      body: JSON.stringify({
        program_id: sandbox.programs.ownId,
        ability_id: 'a',
        request_data: '{}',
      }),
    },
  );
  return response.json() as Promise<{ errcode: number }>;
}

describe('faults between platform and program', () => {
  // What the program sees, and what the application gets.
  test.each<[rule: FaultRule, seen: Seen[], errcode: number, failure: string]>([
    [{ direction: 'request', drop: true }, [], 710674, ''],
    [{ direction: 'request', cut: true }, ['aborted'], 710674, ''],
    [{ direction: 'request', delay: TIMEOUT }, [], 710675, ''],
    [{ direction: 'request', status: 502 }, [], 710676, ''],
    [{ direction: 'request', badSignature: true }, ['refused'], 710677, 'signature'],
    [{ direction: 'request', badCiphertext: true }, ['refused'], 710677, 'decryption'],
    [{ direction: 'request', wrongKeyVersion: true }, ['refused'], 710677, 'key-version'],
    [{ direction: 'request', clockSkew: 310 }, ['refused'], 710677, 'timestamp'],
    [{ direction: 'request', clockSkew: -302 }, ['refused'], 710677, 'timestamp'],
    [{ direction: 'request', replay: true }, ['accepted', 'refused'], 710677, 'replay'],
    [{ direction: 'request', delay: 10 }, ['accepted'], 0, ''],
    [{ direction: 'request', clockSkew: 290 }, ['accepted'], 0, ''],
    [{ direction: 'response', drop: true }, ['accepted'], 710674, ''],
    [{ direction: 'response', cut: true }, ['accepted'], 710674, ''],
    [{ direction: 'response', delay: TIMEOUT }, ['accepted'], 710675, ''],
    [{ direction: 'response', status: 500 }, ['accepted'], 710676, ''],
    [{ direction: 'response', badSignature: true }, ['accepted'], 710677, 'signature'],
    [{ direction: 'response', badCiphertext: true }, ['accepted'], 710677, 'decryption'],
    [{ direction: 'response', wrongKeyVersion: true }, ['accepted'], 710677, 'key-version'],
    [{ direction: 'response', clockSkew: 310 }, ['accepted'], 710677, 'timestamp'],
    [{ direction: 'response', replay: true }, ['accepted'], 710677, 'signature'],
    [{ direction: 'response', delay: 10 }, ['accepted'], 0, ''],
  ])('%j has the documented effects', async (rule, seen, errcode, failure) => {
    const zone = await startZone(rule.delay === TIMEOUT ? { timeout: TIMEOUT } : {});
    const { sandbox } = zone;
    const fault = sandbox.faults.inject(rule);
    const result = await sandbox.call('a', {});
    // The program notices an interrupted connection a little later than the platform.
    while (zone.seen.length < seen.length) await new Promise(setImmediate);
    expect(zone.seen).toEqual(seen);
    expect(result.errcode).toBe(errcode);
    const { refusal, response } = result.details;
    const outcome = response?.outcome;
    if (errcode !== 710676) {
      expect(refusal ?? (outcome?.kind === 'invalid' ? outcome.failure : '')).toBe(failure);
    }
    expect(await callOverHttp(sandbox)).toMatchObject({ errcode });
    const task = await sandbox.callAsync('a', {});
    expect(task.errcode).toBe(errcode);
    task.result().catch(() => {});
    expect(fault.hits).toBe(3);
    fault.remove();
    expect((await sandbox.call('a', {})).response).toEqual({ n: 1 });
  });

  test('a fault with an ability affects only that ability', async () => {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ direction: 'request', ability: 'a', drop: true });
    sandbox.faults.inject({ direction: 'response', ability: 'b', status: 404 });
    const errcodes = await Promise.all(['a', 'b', 'c'].map((name) => sandbox.call(name, {})));
    expect(errcodes.map(({ errcode }) => errcode)).toEqual([710674, 710676, 0]);
  });

  test('a delay ends when the sandbox stops or the call is aborted', async () => {
    const { sandbox } = await startZone({ timeout: 60_000 });
    sandbox.faults.inject({ direction: 'request', delay: 50_000 });
    const controller = new AbortController();
    const given = sandbox.call('a', {}, { signal: controller.signal });
    const stopped = sandbox.call('a', {});
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await sandbox.stop();
    await expect(stopped).rejects.toMatchObject({ code: 'ERR_SANDBOX_STOPPED' });
  });
});

describe('faults of interfaces that a program invokes', () => {
  // The return value, the errcode in the response, and whether the interface has done its work.
  test.each<[FaultRule, ret: number, errcode: number | undefined, done: boolean]>([
    [{ errcode: 45009 }, 0, 45009, false],
    [{ errcode: -1, delay: 5 }, 0, -1, false],
    [{ ret: -10001 }, -10001, undefined, false],
    [{ accessTokenExpired: true }, -10008, undefined, false],
    [{ status: 500 }, -10003, undefined, false],
    [{ drop: true }, -10002, undefined, true],
    [{ cut: true }, -10002, undefined, true],
    [{ badSignature: true }, -10004, undefined, true],
    [{ badCiphertext: true }, -10005, undefined, true],
    [{ wrongKeyVersion: true }, -10008, undefined, true],
    [{ clockSkew: 302 }, -10004, undefined, true],
    [{ replay: true }, -10004, undefined, true],
    [{ delay: 5 }, 0, 0, true],
  ])('%j has the documented effects', async (rule, ret, errcode, done) => {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ interface: 'spec_notify_app', ...rule } as FaultRule);
    const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
    const result = await sdk.Invoke('spec_notify_app', '{}');
    expect(result.ret).toBe(ret);
    expect(result.response === '' ? undefined : JSON.parse(result.response).errcode).toBe(errcode);
    expect(sandbox.application.notifications).toHaveLength(done ? 1 : 0);
    const other = await sdk.Invoke('get_group_chat', '{"chatid":"nowhere"}');
    expect(JSON.parse(other.response).errcode).toBe(710606);
  });

  test('a delay longer than the timeout of the SDK makes the call fail', async () => {
    const { sandbox } = await startZone();
    setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_TIMEOUT: '1' });
    sandbox.faults.inject({ interface: 'spec_notify_app', delay: 60_000 });
    const { ret } = await new SpecSdk('c', 1).Invoke('spec_notify_app', '{}');
    expect(ret).toBe(-10002);
  });

  test('a fault can affect opening debug mode', async () => {
    const { sandbox } = await startZone();
    const open = () =>
      SpecOpenDebugMode(sandbox.programs.debugToken(), sandbox.application.accessToken);
    expect(await open()).toBe(true);
    const fault = sandbox.faults.inject({ accessTokenExpired: true, times: 1 });
    expect(await open()).toBe(false);
    expect(fault.hits).toBe(1);
    expect(await open()).toBe(true);
  });
});

describe('faults of events', () => {
  const token = (data: string) => JSON.parse(data).conversation_new_message.token;
  const emit = ({ sandbox }: Zone, text: string) =>
    sandbox.emit('conversation_new_message', { token: text });

  test('duplicate sends an event several times', async () => {
    const zone = await startZone();
    zone.sandbox.faults.inject({ direction: 'event', duplicate: 2, times: 1 });
    await emit(zone, '1');
    await emit(zone, '2');
    expect(zone.data.map(token)).toEqual(['1', '1', '1', '2']);
  });

  test('reorder changes the order of two events', async () => {
    const zone = await startZone();
    zone.sandbox.faults.inject({ direction: 'event', reorder: true, times: 1 });
    const held = emit(zone, '1');
    await emit(zone, '2');
    expect((await held).errcode).toBe(0);
    expect(zone.data.map(token)).toEqual(['2', '1']);
    zone.sandbox.faults.inject({ direction: 'event', reorder: true, times: 1 });
    // Without a following event, it is sent after the time limit.
    await emit(zone, '3');
    expect(zone.data.map(token)).toEqual(['2', '1', '3']);
  });

  test.each<[FaultRule, number]>([
    [{ direction: 'event', event: 'conversation_new_message', drop: true }, 710674],
    [{ direction: 'event', badSignature: true }, 710677],
    [{ direction: 'event', status: 503 }, 710676],
    [{ direction: 'event', event: 'hit_keyword', drop: true }, 0],
    [{ direction: 'request', drop: true }, 0],
  ])('%j has the documented errcode', async (rule, errcode) => {
    const zone = await startZone();
    zone.sandbox.faults.inject(rule);
    expect((await emit(zone, '1')).errcode).toBe(errcode);
  });
});

describe('faults of the server for applications', () => {
  const level = (sandbox: ZoneSandbox) =>
    fetch(
      `${sandbox.urls.server}/cgi-bin/chatdata/get_log_level?access_token=${sandbox.application.accessToken}`,
      { method: 'POST', body: JSON.stringify({ program_id: sandbox.programs.ownId }) },
    );

  test.each<[FaultRule, number]>([
    [{ direction: 'server', errcode: 45009 }, 45009],
    [{ direction: 'server', accessTokenExpired: true }, 42001],
    [{ direction: 'server', interface: 'chatdata/get_log_level', errcode: -1 }, -1],
    [{ direction: 'server', interface: 'chatdata/set_log_level', errcode: -1 }, 0],
    [{ direction: 'server', delay: 5 }, 0],
  ])('%j has the documented errcode', async (rule, errcode) => {
    const { sandbox } = await startZone();
    sandbox.faults.inject(rule);
    expect(await (await level(sandbox)).json()).toMatchObject({ errcode });
  });

  test('the server responds with a status, or closes the connection', async () => {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ direction: 'server', status: 503, times: 1 });
    expect((await level(sandbox)).status).toBe(503);
    sandbox.faults.inject({ direction: 'server', drop: true, times: 1 });
    await expect(level(sandbox)).rejects.toThrow();
    sandbox.faults.inject({ direction: 'server', cut: true, times: 1 });
    await expect(level(sandbox).then((response) => response.text())).rejects.toThrow();
    expect((await level(sandbox)).status).toBe(200);
  });
});

describe('the frequency of a fault', () => {
  async function outcomes(rule: Partial<FaultRule>, calls: number): Promise<string> {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ direction: 'response', status: 500, ...rule } as FaultRule);
    let text = '';
    for (let i = 0; i < calls; i += 1) {
      text += (await sandbox.call('a', {})).errcode === 0 ? '.' : 'x';
    }
    return text;
  }

  test('is every time, a number of times, or after a number of exchanges', async () => {
    expect(await outcomes({}, 4)).toBe('xxxx');
    expect(await outcomes({ times: 2 }, 4)).toBe('xx..');
    expect(await outcomes({ skip: 1, times: 2 }, 5)).toBe('.xx..');
    expect(await outcomes({ probability: 1 }, 3)).toBe('xxx');
  });

  test('is a probability with the same sequence for the same seed', async () => {
    const some = await outcomes({ probability: 0.5, seed: 7 }, 40);
    expect(await outcomes({ probability: 0.5, seed: 7 }, 40)).toBe(some);
    expect(await outcomes({ probability: 0.5, seed: 8 }, 40)).not.toBe(some);
    const count = some.replaceAll('.', '').length;
    expect(count).toBeGreaterThan(8);
    expect(count).toBeLessThan(32);
  });

  test('the fault injected first takes effect, and the next one after it is used up', async () => {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ direction: 'response', status: 500, times: 1 });
    sandbox.faults.inject({ direction: 'response', drop: true });
    expect((await sandbox.call('a', {})).errcode).toBe(710676);
    expect((await sandbox.call('a', {})).errcode).toBe(710674);
    expect(sandbox.faults.list().map(({ hits }) => hits)).toEqual([1, 1]);
    await sandbox.reset();
    expect(sandbox.faults.list()).toEqual([]);
    expect((await sandbox.call('a', {})).errcode).toBe(0);
  });

  test('a function comes before a rule', async () => {
    const { sandbox } = await startZone();
    sandbox.faults.inject({ badSignature: true });
    const injected = sandbox.faults.inject(() => ({ response: '{"n":2}' }));
    expect((await new SpecSdk('c', 1).Invoke('spec_notify_app', '{}')).response).toBe('{"n":2}');
    injected.remove();
    expect((await new SpecSdk('c', 1).Invoke('spec_notify_app', '{}')).ret).toBe(-10004);
  });
});

test('a function counts hits, can combine failures and is listed; an invalid result is an error of the exchange', async () => {
  const { sandbox } = await startZone();
  const invoke = () => new SpecSdk('c', 1).Invoke('spec_notify_app', '{}');
  const twice = sandbox.faults.inject(({ interfaceName }) =>
    interfaceName === 'spec_notify_app' ? { delay: 1, ret: -10001, keyVersion: 1 } : undefined,
  );
  expect([(await invoke()).ret, (await invoke()).ret]).toEqual([-10001, -10001]);
  await new SpecSdk('c', 1).Invoke('get_rule_list', '{}');
  expect(sandbox.faults.list()).toEqual([twice]);
  expect(twice.hits).toBe(2);
  twice.remove();
  sandbox.faults.inject((() => ({ duplicate: 1 })) as never);
  expect((await invoke()).ret).toBe(-10003);
  expect(sandbox.wire.exchanges.at(-1)?.error).toMatchObject({ code: 'ERR_SANDBOX_FAULT_RESULT' });
  sandbox.faults.clear();
  expect((await invoke()).ret).toBe(0);
});

test('a rule can set the response, and the interface is then not executed', async () => {
  const { sandbox } = await startZone();
  sandbox.faults.inject({ interface: 'spec_notify_app', response: '{"n":1}' });
  expect(await new SpecSdk('c', 1).Invoke('spec_notify_app', '{}')).toEqual({
    ret: 0,
    response: '{"n":1}',
  });
  expect(sandbox.application.notifications).toEqual([]);
});

test.each<[rule: unknown, code: string]>([
  [undefined, 'ERR_SPEC_INVALID_ARG_TYPE'],
  [[], 'ERR_SPEC_INVALID_ARG_TYPE'],
  [{}, 'ERR_SANDBOX_FAULT'],
  [{ keyVersion: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ contentType: '' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  [{ badFields: false }, 'ERR_SPEC_INVALID_ARG_VALUE'],
  [{ interface: 'sync_msg' }, 'ERR_SANDBOX_FAULT'],
  [{ interface: 'sync_msg', times: 1 }, 'ERR_SANDBOX_FAULT'],
  [{ direction: 'sideways', drop: true }, 'ERR_SPEC_INVALID_ARG_VALUE'],
  [{ direction: '__proto__', drop: true }, 'ERR_SPEC_INVALID_ARG_VALUE'],
  [{ direction: 'request', errcode: 1 }, 'ERR_SPEC_UNKNOWN_OPTION'],
  [{ direction: 'request', interface: 'sync_msg', drop: true }, 'ERR_SPEC_UNKNOWN_OPTION'],
  [{ direction: 'response', duplicate: 1 }, 'ERR_SPEC_UNKNOWN_OPTION'],
  [{ direction: 'server', badSignature: true }, 'ERR_SPEC_UNKNOWN_OPTION'],
  [{ drop: true, cut: true }, 'ERR_SANDBOX_FAULT'],
  [{ drop: false }, 'ERR_SPEC_INVALID_ARG_VALUE'],
  [{ drop: true, times: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ drop: true, skip: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ drop: true, probability: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ drop: true, probability: 1.1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ drop: true, seed: 0.5 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ drop: true, interface: '' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  [{ status: 99 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ status: '500' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  [{ delay: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ errcode: 0.5 }, 'ERR_SPEC_OUT_OF_RANGE'],
  [{ direction: 'event', duplicate: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
])('the rule %j is refused with %s', async (rule, code) => {
  const { sandbox } = await startZone();
  expect(thrownBy(() => sandbox.faults.inject(rule as FaultRule)).code).toBe(code);
  expect(sandbox.faults.list()).toEqual([]);
});
