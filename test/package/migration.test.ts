import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GenerateNotifyId,
  GetSdkInfo,
  SpecCallbackSDK,
  SpecOpenDebugMode,
  SpecSDK,
  SpecSdk,
  WWSPEC_LOG_DEBUG,
  WWSPEC_LOG_ERROR,
  WWSPEC_LOG_INFO,
  ZoneClient,
} from 'wework-spec-sdk';
import type { RequestFields, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { root } from '../support/child';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';

// docs/guide/migration.md: every line of its tables is tried.

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

/** The code in each row of the tables: the first of the left column, the first of the right one. */
function rowsOf(file: string): [left: string, right: string][] {
  const lines = readFileSync(join(root, 'docs', file), 'utf8').split('\n');
  const isRow = (line: string, index: number) =>
    line.startsWith('| ') && !lines[index + 1]?.startsWith('|-');
  return lines.filter(isRow).map((row) => {
    const [left = '', right = ''] = row.slice(1, -1).split(' | ');
    const first = (cell: string) => /`([^`]+)`/.exec(cell)?.[1] ?? '';
    return [first(left), first(right)];
  });
}

const sent = { text: '你好' };
const fields = { abilityId: 'a', data: sent };
const sealed = (more: RequestFields = {}) => sandbox.wire.seal({ ...fields, ...more });
function received(more: RequestFields = {}): SpecCallbackSDK {
  const { method, headers, body } = sealed(more);
  return new SpecCallbackSDK(method, headers, body);
}
const forged = () => new SpecCallbackSDK('POST', {}, '');

/** What the platform reads from a response that is built for a request. */
function answered(text: string): unknown {
  const request = sealed();
  const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
  const { headers, body } = callback.BuildResponseHeaderBody(text);
  return sandbox.wire.open(request, headers, body);
}

const corp = () => [sandbox.application.corpId, sandbox.application.agentId] as const;
const page = { ret: 0, response: expect.stringContaining('"errcode":0') };

function logs(write: (text: string, ...rest: unknown[]) => void, level: string): void {
  setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3' });
  const log = logForTest();
  write('%s of %d', 'one', 2);
  expect(log.records).toMatchObject([{ level, custom: 'one of 2' }]);
}

const tokens = () => {
  const { programs, application } = sandbox;
  return [programs.debugToken(programs.ownId), application.accessToken] as const;
};

/** By the code of the right column. */
const tried: Record<string, () => unknown> = {
  "new SpecCallbackSDK('POST', headers, body)": () => expect(received().IsOk()).toBe(true),
  'new SpecCallbackSDK(method, headers, body)': () => expect(received().IsOk()).toBe(true),
  'callback.IsOk() === false': () => expect(forged().IsOk()).toBe(false),
  'callback.IsOk()': () => expect([received().IsOk(), forged().IsOk()]).toEqual([true, false]),
  'callback.GetCorpId()': () => expect(received().GetCorpId()).toBe(corp()[0]),
  'callback.GetAgentId()': () => expect(received().GetAgentId()).toBe(corp()[1]),
  'callback.GetCallType()': () => expect(received({ callType: 2 }).GetCallType()).toBe(2),
  'callback.GetData()': () => expect(JSON.parse(received().GetData())).toEqual(sent),
  'callback.GetIsAsync()': () =>
    expect(received({ isAsync: true, jobInfo: 'j' }).GetIsAsync()).toBe(true),
  'callback.GetJobInfo()': () =>
    expect(received({ isAsync: true, jobInfo: 'j' }).GetJobInfo()).toBe('j'),
  'callback.GetAbilityId()': () => expect(received().GetAbilityId()).toBe('a'),
  'callback.GetNotifyId()': () => expect(received({ notifyId: 'n' }).GetNotifyId()).toBe('n'),
  'callback.BuildResponseHeaderBody(data)': () =>
    expect(answered('{}')).toMatchObject({ kind: 'response', text: '{}' }),
  'const { headers, body } = callback.BuildResponseHeaderBody(rsp)': () =>
    expect(answered('{}')).toMatchObject({ kind: 'response', text: '{}' }),
  'const response = callback.BuildResponseHeaderBody(rsp)': () =>
    expect(answered('{}')).toMatchObject({ kind: 'response', text: '{}' }),
  '.headers': () => {
    expect(received().BuildResponseHeaderBody('{}').headers).toHaveProperty('ww-secret-ver');
    expect(forged().BuildResponseHeaderBody('').headers).toHaveProperty('ww-sandbox-refusal');
  },
  'response.headers': () =>
    expect(received().BuildResponseHeaderBody('{}').headers).toHaveProperty('ww-secret-ver'),
  '.body': () => expect(received().BuildResponseHeaderBody('{}').body).toBeInstanceOf(Buffer),
  'response.body': () =>
    expect(received().BuildResponseHeaderBody('{}').body).toBeInstanceOf(Buffer),
  'new ZoneClient({ corpId, agentId, abilityId, jobInfo })': async () => {
    const [corpId, agentId] = corp();
    const zone = new ZoneClient({ corpId, agentId, abilityId: 'a', jobInfo: '' });
    expect((await zone.sync_msg({ limit: 2 })).msg_list).toHaveLength(2);
  },
  'await zone.sync_msg({ limit: 200 })': async () => {
    const [corpId, agentId] = corp();
    const { msg_list } = await new ZoneClient({ corpId, agentId }).sync_msg({ limit: 200 });
    expect(msg_list).toHaveLength(200);
  },
  "await sdk.Invoke('sync_msg', req)": async () => {
    sandbox.faults.inject({ interface: 'sync_msg', ret: -10002 });
    const [corpId, agentId] = corp();
    expect((await new SpecSdk(corpId, agentId).Invoke('sync_msg', '{}')).ret).toBe(-10002);
    const zone = new ZoneClient({ corpId, agentId, retry: false });
    await expect(zone.sync_msg({})).rejects.toMatchObject({ ret: -10002 });
  },
  'new SpecSdk(corpId, agentId, abilityId, jobInfo)': async () =>
    expect(await new SpecSdk(...corp(), 'a', '').Invoke('sync_msg', '{}')).toEqual(page),
  'new SpecSDK(corpId, agentId, abilityId, jobInfo)': async () =>
    expect(await new SpecSDK(...corp(), 'a', '').Invoke('sync_msg', '{}')).toEqual(page),
  'new SpecSdk(corpId, agentId)': async () =>
    expect(await new SpecSdk(...corp()).Invoke('sync_msg', '{}')).toEqual(page),
  'new SpecSdk(callback)': async () =>
    expect(await new SpecSdk(received()).Invoke('sync_msg', '{}')).toEqual(page),
  'const { ret, response } = await sdk.Invoke(api, req)': async () => {
    expect(await new SpecSdk(...corp()).Invoke('sync_msg', '{}')).toEqual(page);
  },
  'WWSPEC_LOG_INFO(…)': () => logs(WWSPEC_LOG_INFO, 'INFO'),
  'WWSPEC_LOG_ERROR(…)': () => logs(WWSPEC_LOG_ERROR, 'ERR'),
  'WWSPEC_LOG_DEBUG(…)': () => logs(WWSPEC_LOG_DEBUG, 'DBG'),
  'WWSPEC_LOG_INFO(format, …)': () => logs(WWSPEC_LOG_INFO, 'INFO'),
  'WWSPEC_LOG_ERROR(format, …)': () => logs(WWSPEC_LOG_ERROR, 'ERR'),
  'WWSPEC_LOG_DEBUG(format, …)': () => logs(WWSPEC_LOG_DEBUG, 'DBG'),
  'call.log.info(…)': async () => {
    const log = logForTest();
    await serveProgram(sandbox, (program) =>
      program.ability('a', (_, call) => {
        call.log.info('one of %d', 2);
        return {};
      }),
    );
    await sandbox.call('a', {});
    expect(log.records.at(-1)?.custom).toMatch(/^\[[0-9a-f]{8}\] one of 2$/);
  },
  'await SpecOpenDebugMode(debugToken, accessToken)': async () =>
    expect(await SpecOpenDebugMode(...tokens())).toBe(true),
  'GenerateNotifyId()': () => expect(GenerateNotifyId()).not.toBe(GenerateNotifyId()),
  'GetSdkInfo()': () => expect(GetSdkInfo()).toMatchObject({ sdk: 'sandbox' }),
  "program.passThrough({ interfaces: ['sync_msg'] })": async () => {
    await serveProgram(sandbox, (program) => program.passThrough({ interfaces: ['sync_msg'] }));
    expect((await sandbox.call('invoke_sync_msg', {})).response).toMatchObject({ errcode: 0 });
  },
  "program.serveFunctions({ output: 'object' })": async () => {
    await serveProgram(sandbox, (program) =>
      program
        .serveFunctions({ output: 'object' })
        .passThrough({ interfaces: ['sync_msg'] })
        .ability('f', (request) => ({ request })),
    );
    const call = async (func: string, func_req: object) =>
      (await sandbox.call('any', { input: { func, func_req } })).response;
    expect(await call('f', { n: 1 })).toEqual({ output: { request: { n: 1 } } });
    expect(await call('sync_msg', { limit: 2 })).toMatchObject({ output: { errcode: 0 } });
  },
  "program.relayEvents({ ability: 'get_callback_data' })": () => relays('get_callback_data'),
  "program.relayEvents({ ability: 'do_async_job' })": () => relays('do_async_job'),
};

async function relays(ability: string): Promise<void> {
  await serveProgram(sandbox, (program) => program.relayEvents({ ability }));
  await sandbox.emit('conversation_new_message', { token: 't-1' });
  const notifyId = sandbox.application.notifications.at(-1)?.notifyId ?? '';
  const { response } = await sandbox.call(ability, {}, { notifyId });
  expect(response).toMatchObject({ conversation_new_message: { token: 't-1' } });
}

const rows = rowsOf('guide/migration.md');

test('both languages have the same lines', () => {
  const code = (file: string) => rowsOf(file).map(([left, right]) => `${left} → ${right}`);
  expect(rows.length).toBeGreaterThan(50);
  expect(code('zh/guide/migration.md')).toEqual(code('guide/migration.md'));
});

const codes = [...new Set(rows.map(([, right]) => right))].filter((right) => right !== '');

test('nothing is tried that the page does not name', () => {
  expect(Object.keys(tried).filter((code) => !codes.includes(code))).toEqual([]);
});

test.each(codes)('%s', async (code) => {
  expect(Object.keys(tried)).toContain(code);
  await tried[code]?.();
});

test('an asynchronous call is reported, and an exception has the errcode of the samples', async () => {
  await serveProgram(sandbox, (program) =>
    program
      .ability('works', () => ({ done: true }))
      .ability('fails', () => {
        throw new Error('broken on purpose');
      }),
  );
  expect((await (await sandbox.callAsync('works', {})).result()).response).toEqual({ done: true });
  expect((await sandbox.call('fails', {})).response).toMatchObject({ errcode: 710660 });
});
