import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { decrypt, getSignature } from '@wecom/crypto';
import { SpecSdk } from 'wework-spec-sdk';
import { type AppType, ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { root, runProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { tempDirs } from '../support/temp-dir';
import { invoke, type Json, post, zoneForTest } from '../support/zone';

silenceLog();
const newDir = tempDirs();

/** A program that returns its request, and reports jobs at once. */
async function startZone(options: ZoneSandboxOptions = {}): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  onTestEnd(() => sandbox.stop());
  setEnvironmentForTest(sandbox.env);
  const program = await HttpProgram.serve(async (callback) => {
    if (callback.GetAbilityId() === 'silent') return '';
    if (callback.GetIsAsync()) {
      const report = JSON.stringify({ errcode: 0, result: callback.GetData() });
      await new SpecSdk(callback).Invoke('program_async_job_call_back', report);
    }
    return callback.GetNotifyId() === '' ? callback.GetData() : `"${callback.GetNotifyId()}"`;
  });
  sandbox.programs.address = program.address;
  return sandbox;
}

const publicKey = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();

test('docs and types are generated from lib/interfaces', async () => {
  const script = join(root, 'scripts', 'generate-interfaces.mjs');
  expect(await runProgram(process.execPath, [script, '--check'])).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test('every curl line of docs/server-interfaces.md works', async () => {
  const zone = await startZone();
  const docs = readFileSync(join(root, 'docs', 'server-interfaces.md'), 'utf8');
  const sections = [
    ...docs.matchAll(/^### (\S+)\n[\s\S]*?```sh\n(.*)\n```\n\n```json\n(.*)\n```/gm),
  ];
  expect(sections.map(([, path]) => path)).toEqual(
    [...docs.matchAll(/^\| \[(\S+)\]/gm)].map(([, path]) => path),
  );
  expect(sections).toHaveLength(18);
  const file = join(newDir(), 'template.docx');
  writeFileSync(file, 'a template');
  const variables: Record<string, string> = {
    BASE: zone.urls.server,
    CORPID: zone.application.corpId,
    CORPSECRET: zone.application.corpSecret,
    PROGRAM_ID: zone.programs.ownId,
    DEBUG_TOKEN: zone.programs.debugToken(),
    PUBLIC_KEY: publicKey().replaceAll('\n', '\\n'),
    USERID: zone.corp.staff[0] ?? '',
    FILE: file,
  };
  for (const [, path, line = '', example = ''] of sections) {
    const ended = await runProgram('bash', ['-euc', line], { env: variables });
    expect({ path, code: ended.code, stderr: ended.stderr }).toEqual({ path, code: 0, stderr: '' });
    const response = JSON.parse(ended.stdout);
    expect({ path, response }).toMatchObject({ path, response: { errcode: 0, errmsg: 'ok' } });
    expect(Object.keys(response).sort()).toEqual(Object.keys(JSON.parse(example)).sort());
    variables.TOKEN ??= response.access_token;
    if (response.jobid) variables.JOBID = response.jobid;
  }
  expect(zone.requests.filter(({ kind }) => kind === 'server')).toHaveLength(18);
  expect(JSON.stringify(zone.requests.filter(({ name }) => name !== 'gettoken'))).not.toContain(
    zone.application.accessToken,
  );
});

describe('the access token', () => {
  test('expires by the clock of the sandbox, after which gettoken returns a new one', async () => {
    let now = Date.now();
    const zone = await startZone({ clock: () => now });
    const get = async (corpid: string, secret: string): Promise<Json> =>
      (
        await fetch(`${zone.urls.server}/cgi-bin/gettoken?corpid=${corpid}&corpsecret=${secret}`)
      ).json();
    const first = await get(zone.application.corpId, zone.application.corpSecret);
    expect(first).toMatchObject({ errcode: 0, expires_in: 7200 });
    now += 7_000_000;
    expect(await get(zone.application.corpId, zone.application.corpSecret)).toMatchObject({
      access_token: first.access_token,
      expires_in: 200,
    });
    const level = (token: string) =>
      fetch(`${zone.urls.server}/cgi-bin/chatdata/get_log_level${token}`, {
        method: 'POST',
        body: JSON.stringify({ program_id: zone.programs.ownId }),
      }).then((response) => response.json());
    expect(await level(`?access_token=${first.access_token}`)).toMatchObject({ errcode: 0 });
    now += 200_000;
    expect(await level(`?access_token=${first.access_token}`)).toMatchObject({ errcode: 42001 });
    const { access_token: second } = await get(
      zone.application.corpId,
      zone.application.corpSecret,
    );
    expect(second).not.toBe(first.access_token);
    expect(zone.application.accessToken).toBe(second);
    expect(await level(`?access_token=${second}`)).toMatchObject({ errcode: 0 });
    expect(await level('')).toMatchObject({ errcode: 41001 });
    expect(await level('?access_token=')).toMatchObject({ errcode: 41001 });
    expect(await level('?access_token=abc')).toMatchObject({ errcode: 40014 });
    expect(await get('other', zone.application.corpSecret)).toMatchObject({ errcode: 40013 });
    expect(await get(zone.application.corpId, 'other')).toMatchObject({ errcode: 40001 });
  });
});

describe('invalid requests', () => {
  let zone: ZoneSandbox;
  beforeAll(async () => {
    zone = await ZoneSandbox.start();
  });
  afterAll(() => zone.stop());
  const own = { program_id: 'program-1' };
  const call = { ...own, ability_id: 'a', request_data: '{}' };

  test.each<[errcode: number, path: string, body: unknown]>([
    [40058, 'chatdata/sync_call_program', 'no JSON'],
    [40058, 'chatdata/sync_call_program', '[]'],
    [40058, 'chatdata/sync_call_program', {}],
    [40058, 'chatdata/sync_call_program', { ...call, request_data: {} }],
    [40058, 'chatdata/sync_call_program', { ...call, more: 1 }],
    [710646, 'chatdata/sync_call_program', { ...call, notify_id: 'x'.repeat(129) }],
    [710646, 'chatdata/sync_call_program', { ...call, notify_id: 'unknown' }],
    [710645, 'chatdata/sync_call_program', { ...call, program_id: 'p-2' }],
    [710674, 'chatdata/sync_call_program', call],
    [710645, 'chatdata/async_program_task', { ...call, program_id: 'p-2' }],
    [710645, 'chatdata/async_call_program', { ...call, program_id: 'p-2' }],
    [710674, 'chatdata/async_program_task', call],
    [40088, 'chatdata/async_program_result', { jobid: 'job-1' }],
    [40088, 'chatdata/async_program_result', { jobid: '__proto__' }],
    [710645, 'chatdata/set_receive_callback', { program_id: 'p-2' }],
    [40211, 'chatdata/set_public_key', { public_key: 'no key', public_key_ver: 2 }],
    [40211, 'chatdata/set_public_key', { public_key: publicKey(1024), public_key_ver: 2 }],
    [40212, 'chatdata/set_public_key', { public_key: publicKey(), public_key_ver: 1 }],
    [40212, 'chatdata/set_public_key', { public_key: publicKey(), public_key_ver: 0 }],
    [710608, 'chatdata/set_hide_sensitiveinfo_config', { userid: 'nobody', config: {} }],
    [40058, 'chatdata/set_hide_sensitiveinfo_config', { userid: 'a', config: { hide: true } }],
    [710608, 'chatdata/get_hide_sensitiveinfo_config', { userid: 'nobody' }],
    [40058, 'chatdata/set_log_level', { ...own, log_level: 4 }],
    [710645, 'chatdata/set_log_level', { program_id: 'p-2', log_level: 1 }],
    [710645, 'chatdata/get_log_level', { program_id: 'p-2' }],
    [40058, 'chatdata/get_auth_user_list', { limit: 1001 }],
    [710611, 'chatdata/get_auth_user_list', { cursor: 'x' }],
    [710611, 'docdata/get_auth_user_list', { cursor: 'cursor-999999' }],
    [710671, 'chatdata/open_debug_mode', { ...own, debug_token: 'wrong' }],
    [710673, 'chatdata/close_debug_mode', own],
    [40005, 'chatdata/upload_media?type=image', form('media', 'a template')],
    [40058, 'chatdata/upload_media?type=file', 'no form'],
    [40058, 'chatdata/upload_media?type=file', form('file', 'a template')],
    [40006, 'chatdata/upload_media?type=file', form('media', '12345')],
  ])('return errcode %d for %s', async (errcode, path, body) => {
    const response = await post(zone, path, body);
    expect(response).toMatchObject({ errcode, errmsg: expect.stringMatching(/./) });
    expect(Object.keys(response)).toEqual(['errcode', 'errmsg']);
  });

  test('are rejected for an unknown path, a wrong method and an invalid body', async () => {
    const at = (path: string, init?: RequestInit) =>
      fetch(`${zone.urls.server}${path}`, init).then(({ status }) => status);
    expect(await at('/')).toBe(404);
    expect(await at('/cgi-bin/chatdata/none', { method: 'POST' })).toBe(404);
    expect(await at('/cgi-bin/constructor', { method: 'POST' })).toBe(404);
    expect(await at('/cgi-bin/chatdata/get_log_level')).toBe(405);
    const small = await startZone({ maxBodyBytes: 100 });
    const big = await fetch(`${small.urls.server}/cgi-bin/chatdata/get_log_level`, {
      method: 'POST',
      body: 'x'.repeat(101),
    });
    expect(big.status).toBe(413);
  });

  test('are rejected for an uploaded file that is too small or too large', async () => {
    const upload = (size: number) =>
      post(zone, 'chatdata/upload_media?type=file', form('media', 'x'.repeat(size)));
    expect(await upload(6)).toMatchObject({ errcode: 0, type: 'file' });
    expect(await upload(60 * 1024 * 1024)).toMatchObject({ errcode: 0 });
    expect(await upload(60 * 1024 * 1024 + 1)).toMatchObject({ errcode: 40006 });
  });

  test.each<[AppType, number, number]>([
    ['self-built', 710640, 710640],
    ['provider-developed', 0, 710640],
    ['third-party', 0, 0],
  ])('depend on the type of the application: %s', async (appType, corp, documents) => {
    const other = await startZone({ appType });
    expect(await post(other, 'chatdata/get_corp_auth_info', '')).toMatchObject({ errcode: corp });
    expect(await post(other, 'docdata/get_auth_info', {})).toMatchObject({ errcode: documents });
  });
});

describe('programs', () => {
  test('can be called by an application, with and without a job', async () => {
    const zone = await startZone();
    const call = {
      program_id: zone.programs.ownId,
      ability_id: 'echo',
      request_data: '{"好":"🌸"}',
    };
    expect(await post(zone, 'chatdata/sync_call_program', call)).toMatchObject({
      response_data: '{"好":"🌸"}',
    });
    const { jobid } = await post(zone, 'chatdata/async_call_program', call);
    expect(await post(zone, 'chatdata/async_program_result', { jobid })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      response_errcode: 0,
      response_data: '{"好":"🌸"}',
    });
    const silent = await zone.callAsync('silent', {});
    silent.result().catch(() => {});
    expect(await post(zone, 'chatdata/async_program_result', { jobid: silent.jobid })).toEqual({
      errcode: 710642,
      errmsg: expect.any(String),
    });
  });

  test('receive events after set_receive_callback', async () => {
    const zone = await startZone();
    const other = await HttpProgram.serve(() => '');
    zone.programs.add('p-2', other.address);
    expect(zone.programs.eventReceiver).toBe(zone.programs.ownId);
    await post(zone, 'chatdata/set_receive_callback', { program_id: 'p-2' });
    await zone.emit('conversation_new_message', { token: 't' });
    expect(zone.programs.events.at(-1)?.programId).toBe('p-2');
  });

  test('can be in debug mode, with a debug token that is valid for three days', async () => {
    let now = Date.now();
    const zone = await startZone({ clock: () => now });
    const program = { program_id: zone.programs.ownId };
    const status = async () =>
      (await post(zone, 'chatdata/check_debug_mode', program)).debug_mode_status;
    const open = () =>
      post(zone, 'chatdata/open_debug_mode', {
        ...program,
        debug_token: zone.programs.debugToken(),
      });
    expect(await status()).toBe(1);
    expect(await open()).toMatchObject({ errcode: 0 });
    expect(await status()).toBe(2);
    expect(await post(zone, 'chatdata/close_debug_mode', program)).toMatchObject({ errcode: 0 });
    expect(await status()).toBe(1);
    now += 3 * 86_400_000 + 1;
    expect(await open()).toMatchObject({ errcode: 710671 });
    zone.state.grants.isDebugModeForbidden = true;
    expect(await open()).toMatchObject({ errcode: 710672 });
  });
});

test('members are listed in pages, each once and in order', async () => {
  const zone = await startZone();
  for (const path of ['chatdata/get_auth_user_list', 'docdata/get_auth_user_list']) {
    const userids: string[] = [];
    let cursor: string | undefined;
    for (let more = true; more; ) {
      const page = await post(zone, path, { limit: 1000, ...(cursor && { cursor }) });
      userids.push(...page.auth_user_list.map(({ userid }: { userid: string }) => userid));
      cursor = page.next_cursor;
      more = page.has_more;
    }
    expect(userids).toEqual(zone.corp.staff);
    expect((await post(zone, path, {})).auth_user_list).toHaveLength(200);
  }
});

test('settings persist until the sandbox is reset', async () => {
  const zone = await startZone();
  const userid = zone.corp.staff[3];
  const program_id = zone.programs.ownId;
  const state = async () => [
    (await post(zone, 'chatdata/get_hide_sensitiveinfo_config', { userid })).config,
    (await post(zone, 'chatdata/get_log_level', { program_id })).log_level,
  ];
  const before = await state();
  expect(before).toEqual([{ hide_mobile: false, hide_idcard: false, hide_bankno: false }, 2]);
  const config = { hide_mobile: true, hide_bankno: true };
  await post(zone, 'chatdata/set_hide_sensitiveinfo_config', { userid, config });
  await post(zone, 'chatdata/set_log_level', { program_id, log_level: 1 });
  expect(await state()).toEqual([{ hide_idcard: false, ...config }, 1]);
  const key = { public_key: publicKey(), public_key_ver: 5 };
  expect((await post(zone, 'chatdata/set_public_key', key)).errcode).toBe(0);
  expect((await post(zone, 'chatdata/set_public_key', key)).errcode).toBe(40212);
  await zone.reset();
  expect(await state()).toEqual(before);
  expect((await post(zone, 'chatdata/set_public_key', key)).errcode).toBe(0);
});

describe('program_notify', () => {
  /** An application that receives callbacks. */
  async function startApplication(status = 200) {
    const bodies: string[] = [];
    const urls: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        urls.push(request.url ?? '');
        bodies.push(`${request.headers['content-type']} ${Buffer.concat(chunks)}`);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestEnd(() => {
      server.close();
      server.closeAllConnections();
    });
    return {
      bodies,
      urls,
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`,
    };
  }

  const notifying = (zone: ZoneSandbox) => async (request: object) => {
    const sdk = new SpecSdk(zone.application.corpId, zone.application.agentId);
    const { response } = await sdk.Invoke('spec_notify_app', JSON.stringify(request));
    const { notify_id: notifyId } = JSON.parse(response);
    return { notifyId, delivery: await zone.application.notifications.at(-1)?.delivered };
  };

  test('reaches the application as XML, whose call with the notify_id reaches the program', async () => {
    const { bodies, address } = await startApplication();
    let now = Date.now();
    const zone = await startZone({ appCallback: address, clock: () => now, window: 86_400 });
    const notify = notifying(zone);
    const seconds = Math.floor(now / 1000);
    const { notifyId, delivery } = await notify({ notify_id: 'n-]]>', notify_scene: 7 });
    expect(delivery).toEqual({ status: 200 });
    expect(bodies).toEqual([
      `text/xml; charset=utf-8 <xml><ToUserName><![CDATA[${zone.application.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[n-]]]]><![CDATA[>]]></NotifyId><NotifyScene>7</NotifyScene></xml>`,
    ]);
    const call = {
      program_id: zone.programs.ownId,
      ability_id: 'echo',
      request_data: '{}',
      notify_id: notifyId,
    };
    expect(await post(zone, 'chatdata/sync_call_program', call)).toMatchObject({
      response_data: '"n-]]>"',
    });
    now += 600_000;
    expect(await zone.call('echo', {}, { notifyId })).toMatchObject({ errcode: 0 });
    now += 1;
    expect(await post(zone, 'chatdata/sync_call_program', call)).toMatchObject({ errcode: 710646 });
    expect(await zone.call('echo', {}, { notifyId })).toMatchObject({ errcode: 710646 });
    await notify({});
    expect(bodies.at(-1)).not.toContain('NotifyScene');
  });

  test('is encrypted and signed like the callbacks of WeCom', async () => {
    const { bodies, urls, address } = await startApplication();
    const token = 'QDG6eK';
    const encodingAESKey = randomBytes(32).toString('hex').slice(0, 43);
    const secrets = { url: `${address}?a=1`, token, encodingAESKey };
    for (const [options, receiveId] of [
      [{}, 'ww-corp'],
      [{ receiveId: 'suite-1' }, 'suite-1'],
      [{ receiveId: '' }, ''],
    ] as const) {
      const now = Date.now();
      const zone = await startZone({
        appCallback: { ...secrets, ...options },
        corpId: 'ww-corp',
        clock: () => now,
      });
      const notify = notifying(zone);
      // Every length up to two blocks, including the padding.
      for (let length = 1; length <= 64; length += 1) {
        const { delivery } = await notify({ notify_id: 'n'.repeat(length), notify_scene: 7 });
        expect(delivery).toEqual({ status: 200 });
        const { pathname, searchParams } = new URL(urls.at(-1) ?? '', address);
        const { a, timestamp = '', nonce = '', msg_signature } = Object.fromEntries(searchParams);
        expect([pathname, a, timestamp]).toEqual(['/data', '1', String(Math.floor(now / 1000))]);
        const envelope =
          /^text\/xml; charset=utf-8 <xml><ToUserName><!\[CDATA\[ww-corp]]><\/ToUserName><AgentID><!\[CDATA\[1000002]]><\/AgentID><Encrypt><!\[CDATA\[(.*)]]><\/Encrypt><\/xml>$/;
        const [, encrypted = ''] = envelope.exec(bodies.at(-1) ?? '') ?? [];
        // The application uses WeCom's own library for Node.js.
        expect(getSignature(token, timestamp, nonce, encrypted)).toBe(msg_signature);
        const { message, id } = decrypt(encodingAESKey, encrypted);
        expect(id).toBe(receiveId);
        expect(message).toContain(
          `<Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[${'n'.repeat(length)}]]></NotifyId><NotifyScene>7</NotifyScene></xml>`,
        );
      }
    }
    expect(new Set(urls).size).toBe(urls.length);
  });

  test('reports the result of the delivery', async () => {
    const { address } = await startApplication(500);
    const refusing = await startZone({ appCallback: address });
    expect((await notifying(refusing)({})).delivery).toEqual({ status: 500 });
    const nobody = await startZone({ appCallback: 'http://127.0.0.1:1/' });
    expect((await notifying(nobody)({})).delivery).toEqual({});
    const without = await startZone();
    expect((await notifying(without)({})).delivery).toBeUndefined();
  });
});

function form(field: string, content: string): FormData {
  const data = new FormData();
  data.append(field, new Blob([content]), 'template.docx');
  return data;
}

/** What the server for applications answers to raw bytes. */
function answerTo(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname);
    socket.setEncoding('utf8');
    socket.on('data', (more) => {
      text += more;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
    socket.write(bytes);
  });
}

test.each([
  ['GET', '//', 404],
  ['GET', '//cgi-bin/gettoken', 404],
  ['GET', '///', 404],
  ['GET', '/%', 404],
  ['GET', '/cgi-bin/%zz%', 404],
  ['GET', '/cgi-bin/gettoken?corpid=%zz', 200],
  ['GET', 'http://elsewhere/', 404],
  ['GET', 'http://elsewhere/cgi-bin/gettoken', 200],
  ['GET', 'http://[/', 400],
  ['GET', 'http://:99999/', 400],
  ['OPTIONS', '*', 400],
  ['POST', '//sandbox/info', 404],
  ['GET', `/${'a'.repeat(100_000)}`, 431],
])('%s %s gets a response with a status', async (method, target, status) => {
  const zone = await zoneForTest();
  const bytes = `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  expect(await answerTo(zone.urls.server, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('an exception of a handler is errcode -1, and a warning with its stack', async () => {
  const zone = await zoneForTest();
  const warnings: Error[] = [];
  const listen = (warning: Error) => void warnings.push(warning);
  // Jest's own process object gets no warnings.
  const real: NodeJS.Process = runInThisContext('process');
  real.on('warning', listen);
  onTestEnd(() => real.off('warning', listen));
  zone.state.masking.get = () => {
    throw new Error('a fault of the \u001bhandler');
  };
  zone.use('broken', () => {
    throw new TypeError('a fault of mine');
  });
  const userid = zone.corp.staff[0] as string;
  const response = await post(zone, 'chatdata/get_hide_sensitiveinfo_config', { userid });
  expect(response.errcode).toBe(-1);
  expect((await invoke(zone, 'broken', {})).errcode).toBe(-1);
  expect(zone.requests.map(({ error }) => (error as Error).message)).toEqual([
    'a fault of the \u001bhandler',
    'a fault of mine',
  ]);
  while (warnings.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(warnings.map(({ name, message }) => [name, message])).toEqual([
    [
      'SandboxWarning',
      expect.stringMatching(
        /^The handler of chatdata\/get_hide_sensitiveinfo_config threw .*fault of the \\u001bhandler\n +at /,
      ),
    ],
    ['SandboxWarning', expect.stringMatching(/^The handler of broken .*fault of mine\n +at /)],
  ]);
});
