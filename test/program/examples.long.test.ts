import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Running, root, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { LogFile, type LogRecord, recordsOf } from '../support/log-records';
import { tempDirs } from '../support/temp-dir';

// The examples as they are built, each in a process of its own, against the sandbox.

const newDir = tempDirs();
let sandbox: ZoneSandbox;
beforeEach(async () => {
  sandbox = await ZoneSandbox.start();
  sandbox.programs.eventReceiver = sandbox.programs.ownId;
});
afterEach(() => sandbox.stop());

interface Example {
  readonly port: number;
  readonly folder: string;
  readonly log: () => LogRecord[];
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
}

async function start(name: string, env: Record<string, string> = {}): Promise<Example> {
  const folder = newDir();
  const log = new LogFile();
  onTestEnd(() => log.remove());
  const file = join(root, 'out', 'examples', name, 'program.js');
  const running: Running = startProgram(process.execPath, [file], {
    cwd: folder,
    env: { ...sandbox.env, PORT: '0', WEWORK_SPEC_SANDBOX_LOG_FILE: log.path, ...env },
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  onTestEnd(() => running.process.kill('SIGKILL'));
  let port = 0;
  running.process.stdout?.on('data', (text: string) => {
    port ||= Number(/listening on (\d+)/.exec(text)?.[1] ?? 0);
  });
  await running.printed('listening on ');
  if (port === 0) throw new Error((await running.ended).stderr);
  sandbox.programs.address = `http://127.0.0.1:${port}`;
  return {
    port,
    folder,
    log: () => recordsOf(readFileSync(log.path, 'utf8')),
    async stop() {
      running.process.kill('SIGTERM');
      const { code, stderr } = await running.ended;
      expect(stderr).toBe('');
      return code;
    },
  };
}

test('minimal responds to a call', async () => {
  const example = await start('minimal');
  const { response } = await sandbox.call('who_wrote', { limit: 3 });
  expect(response).toEqual({ errcode: 0, senders: [1, 2, 3].map(() => expect.any(String)) });
  expect(example.log()).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      custom: expect.stringMatching(/^\[\w{8}\] 3 messages$/),
    }),
  );
  expect(await example.stop()).toBe(0);
});

describe('official-sample', () => {
  test('passes the listed interfaces of the zone through, and no others', async () => {
    const example = await start('official-sample');
    const { response } = await sandbox.call('invoke_sync_msg', { limit: 1 });
    expect(response).toMatchObject({ errcode: 0, msg_list: [{}] });
    const refused = await sandbox.call('invoke_program_async_job_call_back', { errcode: 0 });
    expect(refused.response).toMatchObject({ errcode: 710636 });
    expect(await example.stop()).toBe(0);
  });

  test('relays events to the application', async () => {
    const example = await start('official-sample');
    await sandbox.emit('hit_keyword', { token: 't-9' });
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    const { response } = await sandbox.call('get_callback_data', {}, { notifyId });
    expect(response).toMatchObject({ event_type: 'hit_keyword', hit_keyword: { token: 't-9' } });
    expect(await example.stop()).toBe(0);
  });

  test('responds to a synchronous call and reports an asynchronous one', async () => {
    const example = await start('official-sample');
    const output = { output: JSON.stringify({ lines: 2, characters: 7 }) };
    const input = { input: 'A说：好\nB说' };
    expect((await sandbox.call('do_async_job', input)).response).toEqual(output);
    const { errcode, result } = await sandbox.callAsync('do_async_job', input);
    expect(errcode).toBe(0);
    expect(await result()).toMatchObject({
      response_errcode: 0,
      response_data: JSON.stringify(output),
    });
    const failed = await sandbox.callAsync('do_async_job', {});
    expect(await failed.result()).toMatchObject({ response_errcode: 710647 });
    expect(await example.stop()).toBe(0);
  });

  test.each([
    [true, 'debug mode is open'],
    [false, 'debug mode was refused'],
  ])('opens debug mode only with a valid token: %s', async (isRight, text) => {
    const example = await start('official-sample', {
      DEBUG_TOKEN: isRight ? sandbox.programs.debugToken() : 'wrong',
      ACCESS_TOKEN: sandbox.application.accessToken,
    });
    expect(example.log().map(({ custom }) => custom)).toContain(text);
    expect(await example.stop()).toBe(0);
  });
});

test('conversation-summary reports a summary of the conversations', async () => {
  const { privateKeyPem, publicKeyVersion } = await sandbox.corp.keyPair();
  const keyFile = join(newDir(), 'key.pem');
  writeFileSync(keyFile, privateKeyPem, { mode: 0o600 });
  const asked: { msgid: string }[][] = [];
  sandbox.use('create_summary_task', ({ msg_list: list }) => {
    asked.push([...(list ?? [])]);
    return { errcode: 0, errmsg: 'ok', jobid: `j-${asked.length}`, fail_list: [] };
  });
  sandbox.use('get_summary_result', ({ jobid }) => ({
    errcode: 0,
    errmsg: 'ok',
    status: 1,
    fail_list: [],
    response_data: `摘要 ${jobid}`,
  }));
  const notified = new Promise<string>((resolve) => {
    sandbox.faults.inject(({ interfaceName, request }) => {
      if (interfaceName === 'spec_notify_app') resolve(JSON.parse(request).notify_id);
      return undefined;
    });
  });
  const env = { PRIVATE_KEY_FILE: keyFile, PUBLIC_KEY_VER: String(publicKeyVersion) };
  const example = await start('conversation-summary', env);
  expect((await sandbox.emit('conversation_new_message', { token: 't-1' })).errcode).toBe(0);
  const notifyId = await notified;
  const { response } = await sandbox.call('get_callback_data', {}, { notifyId });
  const [list = []] = asked;
  expect(list.length).toBeGreaterThan(100);
  expect(response).toEqual({ messages: list.length, summary: '摘要 j-1' });
  const keys = new Map(sandbox.corp.messages.map(({ msgid, secretKey }) => [msgid, secretKey]));
  expect(list[0]).toEqual({
    msgid: list[0]?.msgid,
    encrypt_info: { secret_key: keys.get(list[0]?.msgid ?? '') },
  });
  // The cursor is stored after that; the next event brings nothing twice.
  const cursor = join(example.folder, 'cursors', 'ww-sandbox');
  for (let stored = ''; stored === ''; stored = readIfThere(cursor)) await sandbox.call('x', {});
  await sandbox.emit('conversation_new_message', { token: 't-2' });
  while (sandbox.wire.exchanges.filter((e) => e.request.includes('"t-2"')).length === 0) {
    await sandbox.call('x', {});
  }
  expect(await example.stop()).toBe(0);
  expect(asked).toHaveLength(1);
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

test('fastify serves a program beside other routes', async () => {
  const example = await start('fastify');
  const { response } = await sandbox.call('count_words', { text: ' three short words ' });
  expect(response).toEqual({ errcode: 0, words: 3 });
  const health = await fetch(`http://127.0.0.1:${example.port}/healthy`);
  expect(await health.json()).toEqual({ requests: { count_words: { ok: 1 } } });
  expect(example.log()).toContainEqual(
    expect.objectContaining({ custom: expect.stringMatching(/^\[\w{8}\] counting/) }),
  );
  expect(await example.stop()).toBe(0);
});
