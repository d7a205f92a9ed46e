import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { GenerateNotifyId, SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';
import {
  type InvokeExchange,
  type SandboxWire,
  ZoneSandbox,
  type ZoneSandboxOptions,
} from 'wework-spec-sdk/sandbox';
import { cleanEnd, node, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
let sdk: SpecSdk;
/** A sandbox for one test. */
async function startAnother(options?: ZoneSandboxOptions): Promise<ZoneSandbox> {
  const another = await ZoneSandbox.start(options);
  onTestEnd(() => another.stop());
  return another;
}

beforeAll(async () => {
  sandbox = await startSandbox();
  sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
});
afterAll(() => sandbox.stop());

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, which the tests access
async function invoke(name: string, request: object): Promise<any> {
  const { ret, response } = await sdk.Invoke(name, JSON.stringify(request));
  expect(ret).toBe(0);
  return JSON.parse(response);
}

describe('sync_msg', () => {
  test('returns all messages in pages, in order, without gaps or duplicates', async () => {
    for (const limit of [1000, 100, 77]) {
      const ids: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      for (;;) {
        const page = await invoke('sync_msg', cursor === undefined ? { limit } : { limit, cursor });
        expect(page.errcode).toBe(0);
        ids.push(...page.msg_list.map(({ msgid }: { msgid: string }) => msgid));
        cursor = page.next_cursor;
        pages += 1;
        if (page.has_more === 0) break;
        expect(page.msg_list).toHaveLength(limit);
      }
      expect(ids).toEqual(sandbox.corp.messages.map(({ msgid }) => msgid));
      expect(pages).toBe(Math.ceil(sandbox.corp.messages.length / limit));
    }
  });

  test('returns 200 messages without a limit, and none at the end', async () => {
    const first = await invoke('sync_msg', {});
    expect(first.msg_list).toHaveLength(200);
    expect(first.has_more).toBe(1);
    const second = await invoke('sync_msg', { cursor: first.next_cursor });
    expect(second.has_more).toBe(0);
    const end = await invoke('sync_msg', { cursor: second.next_cursor });
    expect(end).toMatchObject({ errcode: 0, has_more: 0, msg_list: [] });
    expect(end.next_cursor).toBe(second.next_cursor);
  });

  test('returns records with Chinese names and emoji, one of them larger than 100 KB', async () => {
    const { msg_list: list } = await invoke('sync_msg', { limit: 1000 });
    const single = list.find(
      ({ msgtype, chatid }: { msgtype: number; chatid?: string }) =>
        msgtype === 1 && chatid === undefined,
    );
    expect(single).toEqual({
      msgid: expect.any(String),
      sender: { type: expect.any(Number), id: expect.stringMatching(/^(wo|wm)-/) },
      receiver_list: expect.any(Array),
      send_time: expect.any(Number),
      msgtype: expect.any(Number),
      service_encrypt_info: {
        encrypted_secret_key: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
        public_key_ver: 1,
      },
    });
    const sizes = list.map((record: object) => JSON.stringify(record).length);
    expect(Math.max(...sizes)).toBeGreaterThan(100_000);
    expect(JSON.stringify(list)).toContain('🌸');
    for (const [i, message] of sandbox.corp.messages.entries()) {
      expect(list[i]).toMatchObject({
        msgid: message.msgid,
        sender: message.sender,
        receiver_list: message.receivers,
        send_time: message.sendTime,
        msgtype: message.msgtype,
      });
      expect(list[i].chatid).toBe(message.chatid);
    }
  });

  test('starts at begin_time, unless there is a cursor', async () => {
    const { sendTime } = sandbox.corp.messages[100] ?? { sendTime: 0 };
    const since = await invoke('sync_msg', { begin_time: sendTime, limit: 1 });
    expect(since.msg_list[0].send_time).toBe(sendTime);
    const cursor = since.next_cursor;
    const both = await invoke('sync_msg', { begin_time: 4_000_000_000, cursor, limit: 1 });
    expect(both.msg_list[0].msgid).toBe(sandbox.corp.messages[101]?.msgid);
    const never = await invoke('sync_msg', { begin_time: 4_000_000_000 });
    expect(never).toMatchObject({ errcode: 0, has_more: 0, msg_list: [] });
  });

  test('does not return messages older than five days', async () => {
    const day = 86_400_000;
    let behind = 2 * day;
    const moving = await startAnother({ clock: () => Date.now() - behind });
    behind = 0;
    const since = Math.floor(Date.now() / 1000) - 5 * 86_400;
    const kept = moving.corp.messages.filter(({ sendTime }) => sendTime >= since + 60);
    expect(kept.length).toBeLessThan(moving.corp.messages.length);
    setEnvironmentForTest(moving.env);
    const { response } = await new SpecSdk('corp', 1).Invoke('sync_msg', '{"limit":1000}');
    const ids = JSON.parse(response).msg_list.map(({ msgid }: { msgid: string }) => msgid);
    expect(ids.slice(-kept.length)).toEqual(kept.map(({ msgid }) => msgid));
    expect(ids.length - kept.length).toBeLessThanOrEqual(1);
  });

  test.each([
    [710611, { cursor: '' }],
    [710611, { cursor: 'x' }],
    [710611, { cursor: 'cursor-261' }],
    [710611, { cursor: 'cursor--1' }],
    [710611, { cursor: 5 }],
    [710611, { cursor: 'x'.repeat(129) }],
    [40058, { limit: 0 }],
    [40058, { limit: 1001 }],
    [40058, { limit: 1.5 }],
    [40058, { limit: '5' }],
    [40058, { limit: null }],
    [40058, { mode: 3 }],
    [40058, { limits: 5 }],
    [40058, { token: '' }],
    [40058, { token: '中'.repeat(43) }],
    [40058, { begin_time: -1 }],
    [40058, [1]],
    [40058, []],
  ])('returns errcode %d for %j', async (errcode, request) => {
    expect(await invoke('sync_msg', request)).toMatchObject({ errcode });
  });

  const all = () => sandbox.corp.messages.map(({ msgid }) => msgid);

  test('mode 2 returns messages if one page is enough, otherwise page ids', async () => {
    const whole = await invoke('sync_msg', { mode: 2, limit: 1000 });
    expect(msgids(whole)).toEqual(all());
    expect(whole).not.toHaveProperty('page_id_list');
    const listed = await invoke('sync_msg', { mode: 2, limit: 259 });
    expect(listed).not.toHaveProperty('msg_list');
    expect(listed.page_id_list).toHaveLength(2);
    expect(listed.has_more).toBe(0);
  });

  test('mode 1 returns page ids even for one page, and none at the end', async () => {
    const listed = await invoke('sync_msg', { mode: 1, limit: 1000 });
    expect(listed.page_id_list).toHaveLength(1);
    const end = await invoke('sync_msg', { mode: 1, cursor: listed.next_cursor });
    expect(end).toMatchObject({ has_more: 0, page_id_list: [] });
  });

  test('lists at most ten consecutive pages', async () => {
    const ids: string[] = [];
    const listings: number[] = [];
    let cursor: string | undefined;
    do {
      const listing = await invoke('sync_msg', { mode: 1, limit: 20, ...(cursor && { cursor }) });
      listings.push(listing.page_id_list.length);
      for (const page_id of listing.page_id_list) {
        ids.push(...msgids(await invoke('get_msg_list_by_page_id', { page_id })));
      }
      cursor = listing.has_more === 1 ? listing.next_cursor : undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(all());
    expect(listings).toEqual([10, 3]);
  });

  function msgids({ msg_list: list }: { msg_list: { msgid: string }[] }): string[] {
    return list.map(({ msgid }) => msgid);
  }
});

describe('get_msg_list_by_page_id', () => {
  test('serves ten concurrent calls of a corp and rejects the eleventh with 45033', async () => {
    const { page_id_list: ids } = await invoke('sync_msg', { mode: 1, limit: 10 });
    const gate = new Gate();
    const refused: number[] = [];
    onTestEnd(
      sandbox.faults.inject(async ({ interfaceName, response }) => {
        if (interfaceName !== 'get_msg_list_by_page_id') return undefined;
        const { errcode } = JSON.parse(response);
        if (errcode === 0) await gate.pass();
        else refused.push(errcode);
        return undefined;
      }).remove,
    );
    const ten = ids.map((page_id: string) => invoke('get_msg_list_by_page_id', { page_id }));
    await gate.reached(10);
    expect(await invoke('get_msg_list_by_page_id', { page_id: ids[0] })).toMatchObject({
      errcode: 45033,
    });
    expect(refused).toEqual([45033]);
    gate.open();
    for (const page of await Promise.all(ten)) expect(page.errcode).toBe(0);
    expect(await invoke('get_msg_list_by_page_id', { page_id: ids[0] })).toMatchObject({
      errcode: 0,
    });
  });

  test('accepts only page ids that were issued to the calling corp', async () => {
    const {
      page_id_list: [id],
    } = await invoke('sync_msg', { mode: 1 });
    const other = new SpecSdk('ww-other', sandbox.application.agentId);
    const { response } = await other.Invoke('get_msg_list_by_page_id', `{"page_id":"${id}"}`);
    expect(JSON.parse(response)).toMatchObject({ errcode: 40058 });
    for (const page_id of ['', 'x', `${id}0`, id.replace('page-0', 'page-1'), 5]) {
      expect(await invoke('get_msg_list_by_page_id', { page_id })).toMatchObject({
        errcode: 40058,
      });
    }
  });
});

describe('get_group_chat', () => {
  test('returns the members of an internal group', async () => {
    const group = sandbox.corp.group('wr-项目组');
    expect(await invoke('get_group_chat', { chatid: 'wr-项目组' })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      creator: group?.creator,
      room_create_time: group?.createTime,
      members: group?.members.map(({ id, type, joinTime }) => ({
        memberid: id,
        jointime: joinTime,
        type,
      })),
    });
  });

  test('returns all members of a group of thousands', async () => {
    const { members } = await invoke('get_group_chat', { chatid: 'wr-全员群📣' });
    expect(members).toHaveLength(sandbox.corp.staff.length);
  });

  test.each([
    [710606, { chatid: 'wr-客户群🌸' }],
    [710606, { chatid: 'nowhere' }],
    [710606, { chatid: '__proto__' }],
    [40058, {}],
    [40058, { chatid: '' }],
    [40058, { chatid: 5 }],
    [40058, { chatid: null }],
  ])('returns errcode %d for %j', async (errcode, request) => {
    expect(await invoke('get_group_chat', request)).toMatchObject({ errcode });
  });
});

describe('spec_notify_app', () => {
  test('uses a notify_id of GenerateNotifyId', async () => {
    const notifyId = GenerateNotifyId();
    const response = await invoke('spec_notify_app', { notify_id: notifyId, notify_scene: 7 });
    expect(response).toEqual({ errcode: 0, errmsg: 'ok', notify_id: notifyId });
    expect(sandbox.application.notifications.at(-1)).toMatchObject({ notifyId, notifyScene: 7 });
  });

  test('generates a notify_id when the request has none', async () => {
    const { notify_id: notifyId } = await invoke('spec_notify_app', {});
    expect(notifyId).toMatch(/./);
    expect(sandbox.application.notifications.at(-1)?.notifyId).toBe(notifyId);
    expect(sandbox.application.notifications.at(-1)).not.toHaveProperty('notifyScene');
  });

  test.each([-1, 256, 2_147_483_647])('ignores the notify_scene %p', async (scene) => {
    const response = await invoke('spec_notify_app', { notify_scene: scene });
    expect(response.errcode).toBe(0);
    expect(sandbox.application.notifications.at(-1)).not.toHaveProperty('notifyScene');
  });

  test.each([1.5, '1', null])('returns 40058 for the notify_scene %p', async (scene) => {
    expect(await invoke('spec_notify_app', { notify_scene: scene })).toMatchObject({
      errcode: 40058,
    });
  });

  test.each(['', 'x'.repeat(65), '中'.repeat(22), 5, null])(
    'returns 710646 for the notify_id %p',
    async (id) => {
      const before = sandbox.application.notifications.length;
      expect(await invoke('spec_notify_app', { notify_id: id })).toMatchObject({ errcode: 710646 });
      expect(sandbox.application.notifications).toHaveLength(before);
    },
  );

  test('GenerateNotifyId returns a new id of at most 64 bytes each time', () => {
    const ids = Array.from({ length: 1000 }, () => GenerateNotifyId());
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => id.length > 0 && Buffer.byteLength(id) <= 64)).toBe(true);
  });
});

describe('a handler of a test', () => {
  test('gets the caller, and returns an object or a string', async () => {
    sandbox.use('whoami', (request, { corpId, agentId, abilityId, jobInfo, interfaceName }) => ({
      request,
      corpId,
      agentId,
      abilityId,
      jobInfo,
      interfaceName,
    }));
    sandbox.use('text', async () => '{"spelled":  "so"}');
    const { response } = await new SpecSdk('c', 5, 'a', 'j').Invoke('whoami', '{"x":1}');
    expect(JSON.parse(response)).toEqual({
      request: { x: 1 },
      corpId: 'c',
      agentId: 5,
      abilityId: 'a',
      jobInfo: 'j',
      interfaceName: 'whoami',
    });
    expect((await sdk.Invoke('text', '{}')).response).toBe('{"spelled":  "so"}');
  });

  test('that throws or returns an invalid value results in errcode -1', async () => {
    const error = new Error('mine');
    sandbox.use('fails', () => {
      throw error;
    });
    sandbox.use('number', () => 5 as never);
    expect(await invoke('fails', {})).toMatchObject({ errcode: -1 });
    expect(sandbox.wire.exchanges.at(-1)?.error).toBe(error);
    expect(await invoke('number', {})).toMatchObject({ errcode: -1 });
  });

  test('can replace a documented interface', async () => {
    const other = await startAnother();
    other.use('sync_msg', () => ({ errcode: 0, mine: true }));
    setEnvironmentForTest(other.env);
    expect(JSON.parse((await new SpecSdk('c', 1).Invoke('sync_msg', '{}')).response)).toEqual({
      errcode: 0,
      mine: true,
    });
    other.resetHandlers();
    expect(JSON.parse((await new SpecSdk('c', 1).Invoke('sync_msg', '{}')).response)).toMatchObject(
      {
        errcode: 0,
        msg_list: expect.any(Array),
      },
    );
  });
});

describe('a fault that is a function', () => {
  test('gets each exchange before the response is sent', async () => {
    const seen: InvokeExchange[] = [];
    const injected = sandbox.faults.inject((exchange) => {
      seen.push(exchange);
      return undefined;
    });
    await invoke('get_group_chat', { chatid: 'nowhere' });
    injected.remove();
    await invoke('get_group_chat', { chatid: 'nowhere' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      interfaceName: 'get_group_chat',
      request: '{"chatid":"nowhere"}',
    });
    expect(seen[0]?.responseBytes).toBe(Buffer.byteLength(seen[0]?.response ?? ''));
  });

  test('is decided by the first function that returns a failure', async () => {
    const faults = [
      sandbox.faults.inject(() => undefined),
      sandbox.faults.inject(async () => ({ response: '{"n":1}' })),
      sandbox.faults.inject(() => ({ response: '{"n":2}' })),
    ];
    expect(await invoke('spec_notify_app', {})).toEqual({ n: 1 });
    for (const fault of faults) fault.remove();
  });

  test('that throws results in status 500', async () => {
    const error = new Error('mine');
    const injected = sandbox.faults.inject(() => {
      throw error;
    });
    expect((await sdk.Invoke('sync_msg', '{}')).ret).toBe(-10003);
    expect(sandbox.wire.exchanges.at(-1)?.error).toBe(error);
    injected.remove();
  });
});

describe('call', () => {
  async function callTo(
    address: string,
    options: ZoneSandboxOptions = {},
  ): Promise<Awaited<ReturnType<ZoneSandbox['call']>>> {
    const caller = await startAnother({ program: address, ...options });
    setEnvironmentForTest(caller.env);
    return caller.call('ability', { question: '你好🌸' });
  }

  test('returns the response of the program', async () => {
    const program = await HttpProgram.serve((callback) =>
      JSON.stringify({ ability: callback.GetAbilityId(), data: JSON.parse(callback.GetData()) }),
    );
    const result = await callTo(program.address);
    expect(result).toMatchObject({
      errcode: 0,
      response: { ability: 'ability', data: { question: '你好🌸' } },
      details: { response: { status: 200, outcome: { kind: 'response' } } },
    });
    expect(JSON.parse(result.response_data)).toEqual(result.response);
  });

  test('returns a response that is not JSON as response_data', async () => {
    const program = await HttpProgram.serve(() => '不是 JSON');
    const { errcode, response_data, response } = await callTo(program.address);
    expect({ errcode, response_data, response }).toEqual({
      errcode: 0,
      response_data: '不是 JSON',
      response: undefined,
    });
  });

  test('sends corpid, agentid and notify_id, and allows concurrent calls', async () => {
    const program = await HttpProgram.serve((callback) =>
      JSON.stringify([
        callback.GetCorpId(),
        callback.GetAgentId(),
        callback.GetNotifyId(),
        callback.GetData(),
      ]),
    );
    sandbox.programs.address = program.address;
    for (let i = 0; i < 50; i += 1) await invoke('spec_notify_app', { notify_id: `n-${i}` });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        sandbox.call('a', { i }, { corpId: `corp-${i}`, agentId: i, notifyId: `n-${i}` }),
      ),
    );
    expect(results.map(({ response }) => response)).toEqual(
      Array.from({ length: 50 }, (_, i) => [`corp-${i}`, i, `n-${i}`, `{"i":${i}}`]),
    );
  });

  test('allows the program to invoke the platform before it responds', async () => {
    const program = await HttpProgram.serve(async (callback) => {
      const { response } = await new SpecSdk(callback).Invoke('sync_msg', '{"limit":2}');
      return response;
    });
    sandbox.programs.address = program.address;
    const { response } = await sandbox.call('a', {});
    expect((response as { msg_list: unknown[] }).msg_list).toHaveLength(2);
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      abilityId: 'a',
      corpId: sandbox.application.corpId,
    });
  });

  async function listening(server: ReturnType<typeof createTcpServer>): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    onTestEnd(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('returns 710674 when nothing listens at the address', async () => {
    const server = createTcpServer();
    const address = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const result = await callTo(address);
    expect(result).toMatchObject({
      errcode: 710674,
      response_data: '',
      details: { error: { code: 'ERR_SANDBOX_CONNECT' } },
    });
  });

  test('returns 710674 when the connection is cut', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
    expect(await callTo(await listening(server))).toMatchObject({
      errcode: 710674,
      details: { error: { code: 'ERR_SANDBOX_CUT' } },
    });
  });

  test('returns 710674 when the response is truncated', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await callTo(await listening(server))).toMatchObject({
      errcode: 710674,
      details: { error: { code: 'ERR_SANDBOX_CUT' } },
    });
  });

  test('returns 710675 when the program does not respond in time', async () => {
    const server = createServer(() => {});
    expect(await callTo(await listening(server), { timeout: 100 })).toMatchObject({
      errcode: 710675,
      details: { error: { code: 'ERR_SANDBOX_TIMEOUT' } },
    });
  });

  test.each([500, 404, 201, 302])(
    'returns 710676 for the HTTP status %d, whatever the response',
    async (status) => {
      const program = await HttpProgram.start(({ request, body }) => {
        const callback = new SpecCallbackSDK('POST', request.headers, body);
        return { status, ...callback.BuildResponseHeaderBody('{}') };
      });
      expect(await callTo(program.address)).toMatchObject({ errcode: 710676, response_data: '' });
      await program.stop();
    },
  );

  test('returns 710677 when the program refuses the request', async () => {
    const program = await HttpProgram.start(({ request }) => {
      const callback = new SpecCallbackSDK('POST', request.headers, 'another body');
      return callback.BuildResponseHeaderBody('');
    });
    expect(await callTo(program.address)).toMatchObject({
      errcode: 710677,
      details: { refusal: 'signature' },
    });
  });

  test('returns 710677 for a response that the SDK did not build', async () => {
    const program = await HttpProgram.start(() => ({ headers: {}, body: Buffer.from('{}') }));
    expect(await callTo(program.address)).toMatchObject({
      errcode: 710677,
      details: { response: { outcome: { kind: 'invalid', failure: 'missing-header' } } },
    });
  });

  test('returns 710677 when the response belongs to another request', async () => {
    let first: ReturnType<SpecCallbackSDK['BuildResponseHeaderBody']> | undefined;
    const program = await HttpProgram.start(({ request, body }) => {
      const callback = new SpecCallbackSDK('POST', request.headers, body);
      const response = callback.BuildResponseHeaderBody('{}');
      first ??= response;
      return first;
    });
    sandbox.programs.address = program.address;
    expect((await sandbox.call('a', {})).errcode).toBe(0);
    expect(await sandbox.call('a', {})).toMatchObject({
      errcode: 710677,
      details: { response: { outcome: { kind: 'invalid', failure: 'signature' } } },
    });
  });

  test('returns 710677 when the response is larger than the limit', async () => {
    const program = await HttpProgram.serve(() => 'x'.repeat(10_000));
    expect(await callTo(program.address, { maxBodyBytes: 5000 })).toMatchObject({
      errcode: 710677,
      details: { error: { code: 'ERR_SANDBOX_RESPONSE_SIZE' } },
    });
  });

  test('rejects with the reason of the aborted signal', async () => {
    const server = createServer(() => controller.abort(reason));
    const controller = new AbortController();
    const reason = new Error('enough');
    sandbox.programs.address = await listening(server);
    const error = await rejectionOf(sandbox.call('a', {}, { signal: controller.signal }));
    expect(error).toBe(reason);
  });

  test('rejects with a code when the request cannot be sent', async () => {
    const other = await startAnother();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect((await rejectionOf(other.call('a', {}))).code).toBe('ERR_SANDBOX_NO_PROGRAM');
    expect((await rejectionOf(other.call('a', circular))).code).toBe('ERR_SANDBOX_REQUEST');
    expect((await rejectionOf(other.call('a', {}, { agentId: -1 }))).code).toBe(
      'ERR_SPEC_OUT_OF_RANGE',
    );
  });

  test('rejects when the sandbox stops during the call', async () => {
    const other = await startAnother();
    const server = createServer(() => void other.stop());
    other.programs.address = await listening(server);
    expect((await rejectionOf(other.call('a', {}))).code).toBe('ERR_SANDBOX_STOPPED');
    expect((await rejectionOf(other.call('a', {}))).code).toBe('ERR_SANDBOX_STOPPED');
  });
});

describe('send', () => {
  test('sends a tampered request unchanged: the program refuses it and keeps serving', async () => {
    const program = await HttpProgram.serve(() => '{}');
    sandbox.programs.address = program.address;
    const request = sandbox.wire.seal();
    const tampered = { ...request, body: `${request.body.slice(0, -4)}AAAA` };
    expect((await sandbox.wire.send(tampered)).outcome).toEqual({
      kind: 'refusal',
      reason: 'signature',
      authentic: true,
    });
    expect((await sandbox.wire.send(request)).outcome).toEqual({ kind: 'response', text: '{}' });
    expect((await sandbox.wire.send(request)).outcome).toEqual({
      kind: 'refusal',
      reason: 'replay',
      authentic: true,
    });
    expect((await sandbox.call('a', {})).errcode).toBe(0);
  });

  test('returns the headers of the response, repeated ones as a list', async () => {
    const program = await HttpProgram.start(() => ({
      headers: { 'X-One': '1', 'X-Two': ['2', 'zwei'], 'X-Latin': '\u00fc' },
      body: Buffer.alloc(0),
    }));
    sandbox.programs.address = program.address;
    const { headers } = await sandbox.wire.send(sandbox.wire.seal());
    expect(headers).toMatchObject({ 'x-one': '1', 'x-two': ['2', 'zwei'], 'x-latin': '\u00fc' });
  });

  test('treats a repeated header as malformed', async () => {
    const program = await HttpProgram.start(({ request, body }) => {
      const callback = new SpecCallbackSDK('POST', request.headers, body);
      const response = callback.BuildResponseHeaderBody('{}');
      const nonce = response.headers['ww-nonce'] ?? '';
      return { ...response, headers: { ...response.headers, 'ww-nonce': [nonce, nonce] } };
    });
    sandbox.programs.address = program.address;
    expect((await sandbox.wire.send(sandbox.wire.seal())).outcome).toEqual({
      kind: 'invalid',
      failure: 'malformed-header',
    });
  });

  test.each<[string, Partial<ReturnType<SandboxWire['seal']>>]>([
    ['a method with a space', { method: 'NO METHOD' }],
    ['the method CONNECT', { method: 'CONNECT' }],
    ['a header name with a space', { headers: { 'no header': '1' } }],
    ['a header value with a line break', { headers: { 'x-a': 'a\nb' } }],
    ['a length that is not that of the body', { headers: { 'content-length': '1' } }],
  ])('rejects %s with a code', async (_, change) => {
    const program = await HttpProgram.serve(() => '{}');
    sandbox.programs.address = program.address;
    const error = await rejectionOf(sandbox.wire.send({ ...sandbox.wire.seal(), ...change }));
    expect(error.code).toBe('ERR_SANDBOX_UNSENDABLE');
    expect(error.message).toMatch(/^The request cannot be sent over HTTP: .+\. Check its method/);
    expect((await sandbox.call('a', {})).errcode).toBe(0);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('sends %s with its body', async (method) => {
    const seen: [string | undefined, string][] = [];
    const program = await HttpProgram.start(({ request, body }) => {
      seen.push([request.method, body.toString()]);
      return { headers: {}, body: '' };
    });
    sandbox.programs.address = program.address;
    const sealed = sandbox.wire.seal({ method });
    expect((await sandbox.wire.send(sealed)).status).toBe(200);
    expect(seen).toEqual([[method, sealed.body]]);
  });
});

describe('the connection to the program', () => {
  test('is reopened when the program has closed it after a response', async () => {
    const program = await HttpProgram.serve(() => '{}');
    let closed: Promise<unknown> = Promise.resolve();
    const connections = new Set<Socket>();
    program.onRequest((request, response) => {
      connections.add(request.socket);
      closed = once(request.socket, 'close');
      // Without a "connection: close" header, as when a program is restarted.
      response.once('finish', () => request.socket.destroy());
    });
    sandbox.programs.address = program.address;
    for (let i = 0; i < 3; i += 1) {
      expect((await sandbox.call('a', {})).errcode).toBe(0);
      await closed;
    }
    expect(connections.size).toBe(3);
  });

  test('is reused for further requests', async () => {
    const program = await HttpProgram.serve(() => '{}');
    const connections = new Set<Socket>();
    program.onRequest((request) => connections.add(request.socket));
    sandbox.programs.address = program.address;
    for (let i = 0; i < 10; i += 1) expect((await sandbox.call('a', {})).errcode).toBe(0);
    // A connection is reusable one turn of the event loop after its response, so two of them alternate.
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  test('is closed when a response is too large, without affecting the next call', async () => {
    const program = await HttpProgram.serve((callback) =>
      callback.GetAbilityId() === 'large' ? 'x'.repeat(100_000) : '{}',
    );
    const other = await startAnother({ maxBodyBytes: 5000, program: program.address });
    setEnvironmentForTest(other.env);
    const calls = ['large', 'small', 'large', 'small'].map((ability) => other.call(ability, {}));
    expect((await Promise.all(calls)).map(({ errcode }) => errcode)).toEqual([
      710677, 0, 710677, 0,
    ]);
    expect((await other.call('small', {})).errcode).toBe(0);
  });

  test('that is never accepted makes the call fail, and does not keep the process alive', async () => {
    const listening = `
      require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
        require('node:fs').writeSync(1, 'port ' + this.address().port + '\\n');
        for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const server = startProgram(node, ['-e', listening]);
    onTestEnd(() => server.process.kill('SIGKILL'));
    const port = await new Promise<number>((resolve) => {
      server.process.stdout?.once('data', (text) => resolve(Number(/\d+/.exec(text))));
    });
    const script = `
      const { connect } = require('node:net');
      const { once } = require('node:events');
      const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
      (async () => {
        // As many connections as the kernel queues for a program that accepts none.
        const taken = [];
        for (let i = 0; i < 2; i += 1) {
          taken.push(connect(${port}, '127.0.0.1'));
          await once(taken[i], 'connect');
        }
        const program = 'http://127.0.0.1:${port}';
        const sandbox = await ZoneSandbox.start({ program, timeout: 100 });
        const { errcode, details } = await sandbox.call('a', {});
        console.log(errcode, details.error.code);
        const another = await ZoneSandbox.start({ program });
        const call = another.call('a', {}).catch((error) => console.log(error.code));
        await new Promise(setImmediate);
        await another.stop();
        await call;
        await sandbox.stop();
        for (const socket of taken) socket.destroy();
      })();`;
    const ended = await runProgram(node, ['-e', script], { cwd: root, timeout: 20_000 });
    expect(ended).toEqual(cleanEnd('710674 ERR_SANDBOX_CONNECT\nERR_SANDBOX_STOPPED\n'));
  });

  test('does not change the fetch() of the process', async () => {
    const script = `
      const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
      ZoneSandbox.start({ program: 'http://127.0.0.1:9' }).then(async (sandbox) => {
        const { errcode } = await sandbox.call('a', {});
        const symbols = Object.getOwnPropertySymbols(globalThis).map(String);
        console.log(errcode, symbols.filter((symbol) => symbol.includes('undici')));
        await sandbox.stop();
      });`;
    const { stdout } = await runProgram(node, ['-e', script], { cwd: root });
    expect(stdout).toBe('710674 []\n');
  });

  test('keeps an existing dispatcher of fetch(), which still works', async () => {
    const script = `
      const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
      const key = Symbol.for('undici.globalDispatcher.1');
      const used = () => fetch('data:,text').then((response) => response.text());
      (async () => {
        const sandbox = await ZoneSandbox.start({ program: 'http://127.0.0.1:9' });
        console.log(await used());
        const dispatcher = globalThis[key];
        const another = await ZoneSandbox.start({ program: 'http://127.0.0.1:9' });
        console.log(typeof dispatcher.dispatch, globalThis[key] === dispatcher, await used());
        await another.stop();
        await sandbox.stop();
      })();`;
    const ended = await runProgram(node, ['-e', script], { cwd: root });
    expect(ended).toEqual(cleanEnd('text\nfunction true text\n'));
  });
});

describe('wire.open', () => {
  const responded = (): {
    request: ReturnType<SandboxWire['seal']>;
    headers: Record<string, string>;
    body: Buffer;
  } => {
    const request = sandbox.wire.seal();
    const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
    return { request, ...callback.BuildResponseHeaderBody('{}') };
  };

  test('accepts header names in any case', () => {
    const { request, headers, body } = responded();
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(sandbox.wire.open(request, upper, body).kind).toBe('response');
  });

  test.each([
    ['missing-header', { 'ww-nonce': undefined }],
    ['malformed-header', { 'ww-nonce': 'x' }],
    ['key-version', { 'ww-secret-ver': '2' }],
    ['timestamp', { 'ww-timestamp': '1' }],
    ['signature', { 'ww-nonce': '0'.repeat(32) }],
    ['malformed-header', { 'ww-sandbox-refusal': 'no such reason' }],
    ['signature', { 'ww-sandbox-refusal': 'replay' }],
  ])('finds %s in a response with %j', (failure, change) => {
    const { request, headers, body } = responded();
    expect(sandbox.wire.open(request, { ...headers, ...change }, body)).toEqual({
      kind: 'invalid',
      failure,
    });
  });

  test('rejects the response of a program with another key', async () => {
    const other = await startAnother();
    const { request, headers, body } = responded();
    expect(other.wire.open(request, headers, body)).toEqual({
      kind: 'invalid',
      failure: 'signature',
    });
  });

  test('rejects a refusal that was turned into a response', () => {
    const request = sandbox.wire.seal();
    const callback = new SpecCallbackSDK(request.method, request.headers, '');
    const { headers, body } = callback.BuildResponseHeaderBody('');
    const { 'ww-sandbox-refusal': _, ...rest } = headers;
    expect(sandbox.wire.open(request, rest, body).kind).toBe('invalid');
  });
});

describe('start', () => {
  const CALLBACK = {
    url: 'http://127.0.0.1:3000/',
    token: 'token',
    encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  };

  test.each<[name: string, value: unknown, message: string]>([
    [
      'program',
      'no address',
      `The "options.program" property is invalid. It must be a URL such as http://127.0.0.1:8080. Received type string ('no address')`,
    ],
    [
      'program',
      'https://127.0.0.1:1',
      `The "options.program" property is invalid. It must be a URL such as http://127.0.0.1:8080. Received type string ('https://127.0.0.1:1')`,
    ],
    [
      'debugServer',
      'https://127.0.0.1:1',
      `The "options.debugServer" property is invalid. It must be a URL such as http://127.0.0.1:8080. Received type string ('https://127.0.0.1:1')`,
    ],
    [
      'host',
      '',
      `The "options.host" property must be a non-empty string. Received type string ('')`,
    ],
    ['host', 5, 'The "options.host" property must be a non-empty string. Received type number (5)'],
    [
      'port',
      -1,
      'The value of "options.port" is out of range. It must be an integer >= 0 && <= 65535. Received -1',
    ],
    [
      'port',
      65_536,
      'The value of "options.port" is out of range. It must be an integer >= 0 && <= 65535. Received 65536',
    ],
    [
      'port',
      '80',
      `The "options.port" property must be of type number. Received type string ('80')`,
    ],
    [
      'serverPort',
      -1,
      'The value of "options.serverPort" is out of range. It must be an integer >= 0 && <= 65535. Received -1',
    ],
    [
      'programId',
      '',
      `The "options.programId" property must be a non-empty string. Received type string ('')`,
    ],
    [
      'corpSecret',
      '',
      'The "options.corpSecret" property must be a non-empty string. Received type string',
    ],
    [
      'appType',
      'other',
      `The "options.appType" property is invalid. It must be one of: 'self-built', 'third-party', 'provider-developed'. Received type string ('other')`,
    ],
    [
      'appCallback',
      'no address',
      `The "options.appCallback" property is invalid. It must be a URL such as http://127.0.0.1:3000/callback. Received type string ('no address')`,
    ],
    [
      'appCallback',
      'ftp://127.0.0.1/',
      `The "options.appCallback" property is invalid. It must be a URL such as http://127.0.0.1:3000/callback. Received type string ('ftp://127.0.0.1/')`,
    ],
    [
      'appCallback',
      null,
      'The "options.appCallback" property must be of type object. Received null',
    ],
    [
      'appCallback.url',
      { ...CALLBACK, url: 'no address' },
      `The "options.appCallback.url" property is invalid. It must be a URL such as http://127.0.0.1:3000/callback. Received type string ('no address')`,
    ],
    [
      'appCallback.token',
      { ...CALLBACK, token: '' },
      'The "options.appCallback.token" property must be a non-empty string. Received type string',
    ],
    [
      'appCallback.encodingAESKey',
      { ...CALLBACK, encodingAESKey: `${CALLBACK.encodingAESKey}=` },
      'The "options.appCallback.encodingAESKey" property is invalid. It must consist of 43 letters and digits. Received type string',
    ],
    [
      'appCallback.receiveId',
      { ...CALLBACK, receiveId: 5 },
      'The "options.appCallback.receiveId" property must be of type string. Received type number (5)',
    ],
    ['logs', 5, 'The "options.logs" property must be of type object. Received type number (5)'],
    [
      'logs.keepBytes',
      { keepBytes: 0 },
      'The value of "options.logs.keepBytes" is out of range. It must be an integer >= 4096 && <= 9007199254740991. Received 0',
    ],
    [
      'logs.bytesPerHour',
      { bytesPerHour: -1 },
      'The value of "options.logs.bytesPerHour" is out of range. It must be an integer >= 0 && <= 9007199254740991. Received -1',
    ],
    [
      'corpId',
      '',
      `The "options.corpId" property must be a non-empty string. Received type string ('')`,
    ],
    [
      'agentId',
      -1,
      'The value of "options.agentId" is out of range. It must be an integer >= 0 && <= 4294967295. Received -1',
    ],
    [
      'agentId',
      2 ** 32,
      'The value of "options.agentId" is out of range. It must be an integer >= 0 && <= 4294967295. Received 4294967296',
    ],
    [
      'keyVersion',
      0,
      'The value of "options.keyVersion" is out of range. It must be an integer >= 1 && <= 2147483647. Received 0',
    ],
    [
      'keyVersion',
      2 ** 31,
      'The value of "options.keyVersion" is out of range. It must be an integer >= 1 && <= 2147483647. Received 2147483648',
    ],
    [
      'timeout',
      0,
      'The value of "options.timeout" is out of range. It must be an integer >= 1 && <= 2147483647. Received 0',
    ],
    [
      'timeout',
      Number.NaN,
      'The value of "options.timeout" is out of range. It must be an integer >= 1 && <= 2147483647. Received NaN',
    ],
    [
      'window',
      0,
      'The value of "options.window" is out of range. It must be an integer >= 1 && <= 86400 (seconds). Received 0',
    ],
    [
      'window',
      86_401,
      'The value of "options.window" is out of range. It must be an integer >= 1 && <= 86400 (seconds). Received 86401',
    ],
    [
      'maxBodyBytes',
      0,
      'The value of "options.maxBodyBytes" is out of range. It must be an integer >= 1 && <= 9007199254740991. Received 0',
    ],
    [
      'debugToken',
      '',
      'The "options.debugToken" property must be a non-empty string. Received type string',
    ],
  ])('refuses the option %s: %p', async (name, value, message) => {
    const [option = ''] = name.split('.');
    const error = await rejectionOf(ZoneSandbox.start({ [option]: value }));
    expect(error.message).toBe(message);
    expect([error.code, error.name]).toEqual(
      message.startsWith('The value of')
        ? ['ERR_SPEC_OUT_OF_RANGE', 'RangeError']
        : [expect.stringMatching(/^ERR_SPEC_INVALID_ARG_(TYPE|VALUE)$/), 'TypeError'],
    );
    expect(error.message).toContain(`"options.${name}"`);
    expect(error.message).not.toContain(CALLBACK.encodingAESKey);
  });

  test('reports that the port is in use', async () => {
    const port = Number(new URL(sandbox.urls.platform).port);
    expect((await rejectionOf(ZoneSandbox.start({ port }))).code).toBe('ERR_SANDBOX_LISTEN');
    const serverPort = Number(new URL(sandbox.urls.server).port);
    expect((await rejectionOf(ZoneSandbox.start({ serverPort }))).code).toBe('ERR_SANDBOX_LISTEN');
  });

  test('gives each sandbox its own key and address', async () => {
    const other = await startAnother({ keyVersion: 7, window: 60 });
    expect(other.env).toEqual({
      WEWORK_SPEC_SDK: 'sandbox',
      WEWORK_SPEC_SANDBOX_KEY: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      WEWORK_SPEC_SANDBOX_KEY_VER: '7',
      WEWORK_SPEC_SANDBOX_PLATFORM: other.urls.platform,
      WEWORK_SPEC_SANDBOX_WINDOW: '60',
      WEWORK_SPEC_SANDBOX_LOG_COLLECT: expect.stringMatching(/\.log$/),
      WEWORK_SPEC_DATA_DIR: expect.stringMatching(/data-1$/),
    });
    expect(other.env.WEWORK_SPEC_SANDBOX_KEY).not.toBe(sandbox.env.WEWORK_SPEC_SANDBOX_KEY);
    expect(other.urls.platform).not.toBe(sandbox.urls.platform);
  });

  test.each([1, 7, 2_147_483_647])('works with key version %d', async (keyVersion) => {
    const other = await startAnother({ keyVersion });
    setEnvironmentForTest(other.env);
    const { method, headers, body } = other.wire.seal();
    const callback = new SpecCallbackSDK(method, headers, body);
    expect(callback.IsOk()).toBe(true);
    expect((await new SpecSdk(callback).Invoke('sync_msg', '{"limit":1}')).ret).toBe(0);
  });

  test('listens on IPv6 if configured', async () => {
    const other = await startAnother({ host: '::1' });
    expect(other.urls.platform).toMatch(/^https:\/\/\[::1\]:\d+$/);
    setEnvironmentForTest(other.env);
    expect((await new SpecSdk('c', 1).Invoke('sync_msg', '{"limit":1}')).ret).toBe(0);
  });

  test("the time window is the sandbox's", async () => {
    const other = await startAnother({ window: 10 });
    setEnvironmentForTest(other.env);
    const now = Math.floor(Date.now() / 1000);
    const isOk = (timestamp: number): boolean => {
      const { method, headers, body } = other.wire.seal({ timestamp });
      return new SpecCallbackSDK(method, headers, body).IsOk();
    };
    expect([isOk(now), isOk(now - 60), isOk(now + 60)]).toEqual([true, false, false]);
  });

  test('stop can be called twice, and calls of programs fail afterwards', async () => {
    const other = await startAnother();
    setEnvironmentForTest(other.env);
    await Promise.all([other.stop(), other.stop()]);
    await other.stop();
    expect((await new SpecSdk('c', 1).Invoke('sync_msg', '{}')).ret).toBe(-10002);
  });

  test('seal rejects an invalid agentId or key version', () => {
    expect(thrownBy(() => sandbox.wire.seal({ agentId: 2 ** 32 })).code).toBe(
      'ERR_SPEC_OUT_OF_RANGE',
    );
    expect(thrownBy(() => sandbox.wire.seal({ keyVersion: 0 })).code).toBe('ERR_SPEC_OUT_OF_RANGE');
    expect(thrownBy(() => sandbox.wire.seal({ data: 1n })).code).toBe('ERR_SANDBOX_REQUEST');
  });

  test('holds the last 1000 exchanges', async () => {
    const other = await startAnother();
    other.use('echo', (request) => request);
    setEnvironmentForTest(other.env);
    const client = new SpecSdk('c', 1);
    await Promise.all(Array.from({ length: 1010 }, () => client.Invoke('echo', '{}')));
    expect(other.wire.exchanges).toHaveLength(1000);
  });
});
