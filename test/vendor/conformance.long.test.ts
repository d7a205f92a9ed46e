import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { cleanEnvironment, node, portOf, type Running, root, startChild } from '../support/child';
import { buildVendorAddon, fingerprint } from '../support/standin-sdk';
import { makeVariantSdk, type Variant, variants } from '../support/standin-variants';
import { tempDirs } from '../support/temp-dir';

// One suite for the sandbox build and for every variant of the vendor's SDK. The variants are stand-ins, because the authors do not have
// the vendor's files. Each is built by `wework-spec build` and tested through the public interface.

jest.setTimeout(600_000);
const newDir = tempDirs();

interface Subject {
  /** Undefined for the sandbox build. */
  variant: Variant | undefined;
  env: NodeJS.ProcessEnv;
  /** What the build printed. */
  built: string;
  sdkDir: string;
  outDir: string;
  before: Record<string, string>;
}

const building = new Map<string, Promise<Subject>>();

async function buildVariant(variant: Variant): Promise<Subject> {
  const [sdkDir, outDir] = [newDir(), newDir()];
  await makeVariantSdk(sdkDir, variant);
  const before = fingerprint(sdkDir);
  const { code, stdout, stderr } = await buildVendorAddon(outDir, ['--sdk-dir', sdkDir]);
  if (code !== 0 || stderr !== '') throw new Error(`${variant.name}\n${stdout}${stderr}`);
  const env = { WEWORK_SPEC_ADDON: join(outDir, 'wework_spec_vendor.node') };
  return { variant, env, built: stdout, sdkDir, outDir, before };
}

beforeAll(() => {
  // Builds two at a time; each test awaits its own.
  let before: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  for (const variant of variants) {
    const [first, second] = before as [Promise<unknown>, Promise<unknown>];
    const built = first.then(() => buildVariant(variant));
    // The test that awaits the build gets its failure.
    building.set(variant.name, built);
    before = [second, built.catch(() => {})];
  }
});

const subjects: [string, string][] = [
  ['the sandbox build', ''],
  ...variants.map(({ name, says }): [string, string] => [`${name}: ${says}`, name]),
];

describe.each(subjects)('%s', (_, name) => {
  let subject: Subject;
  let platform: ZoneSandbox;
  let program: ChildProcess;
  let output = '';
  let logFile: string;

  beforeAll(async () => {
    subject = name === '' ? sandboxSubject() : await (building.get(name) as Promise<Subject>);
    logFile = join(newDir(), 'log');
    platform = await ZoneSandbox.start({ corpId: 'ww企业', agentId: 1_000_002 });
    const { WEWORK_SPEC_SDK: _, ...connection } = platform.env;
    program = spawn(node, [join(root, 'test/children/conforming-program.mjs')], {
      cwd: root,
      env: {
        ...cleanEnvironment(),
        ...connection,
        WEWORK_SPEC_SANDBOX_LOG_FILE: logFile,
        WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3',
        ...subject.env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await new Promise<string>((resolve, reject) => {
      program.on('close', () => reject(new Error(`the program ended: ${output}`)));
      program.stdout?.setEncoding('utf8').on('data', (text) => {
        output += text;
        const told = /^port (\d+)$/m.exec(output)?.[1];
        if (told !== undefined) resolve(told);
      });
    });
    platform.programs.address = `http://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    program?.kill();
    await platform?.stop();
  });

  const lacks = (part: string) => subject.variant?.lacks.includes(part) ?? false;
  const unsupported = (part: string) => ({
    code: 'ERR_SPEC_UNSUPPORTED_BY_SDK',
    message: expect.stringContaining(part),
  });

  async function ask(ability: string, data: unknown = {}, options: object = {}): Promise<unknown> {
    const { errcode, response } = await platform.call(ability, data, options);
    expect(errcode).toBe(0);
    return response;
  }

  test('is loaded with the SDK that it was built for', async () => {
    const info = await ask('info');
    expect(info).toMatchObject({
      sdk: name === '' ? 'sandbox' : 'vendor',
      cxxAbi: subject.variant?.oldAbi ? 'old' : 'cxx11',
      hasNotifyId: !lacks('GenerateNotifyId'),
      hasDebugMode: !lacks('SpecOpenDebugMode'),
      hasJobInfo: !lacks('job_info'),
      logCallSite: !lacks('log') && subject.variant?.logPlace === undefined,
      openssl: { files: [expect.any(String)] },
    });
  });

  test('reads every field of a request', async () => {
    const data = { text: '数据🌸', long: 'x'.repeat(100_000) };
    const options = { corpId: 'ww另一家', agentId: 4_294_967_295 };
    expect(await ask('fields', data, options)).toEqual([
      'ww另一家',
      4_294_967_295,
      1,
      JSON.stringify(data),
      false,
      '',
      'fields',
    ]);
    // wire.send, because call() refuses a notify_id that spec_notify_app did not return.
    const fields = { abilityId: 'notifyIdOfRequest', data: {}, notifyId: 'notify-1' };
    const { outcome } = await platform.wire.send(platform.wire.seal(fields));
    const notifyId = outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome;
    expect(notifyId).toEqual(lacks('GetNotifyId') ? unsupported('GetNotifyId') : 'notify-1');
  });

  test.each([[''], ['a'], ['回答🌸'], ['长'.repeat(300_000)]])(
    'builds a response that the platform can decrypt (%#)',
    async (text) => {
      expect(await ask('echo', { text })).toEqual({ text });
    },
  );

  test.each([0, 1, 2])('accepts headers in shape %d', async (shape) => {
    const { method, headers, body } = platform.wire.seal({ abilityId: 'echo', data: [shape] });
    const request = { method, headers: { ...headers, 'x-shape': String(shape) }, body };
    const { outcome } = await platform.wire.send(request);
    expect(outcome).toEqual({ kind: 'response', text: `[${shape}]` });
  });

  test('verifies and responds on threads', async () => {
    const onThreads = (request: SealedRequest): SealedRequest => ({
      ...request,
      headers: { ...request.headers, 'x-on-threads': '1' },
    });
    const data = { text: '长🌸'.repeat(300_000) };
    const request = onThreads(platform.wire.seal({ abilityId: 'echo', data }));
    const sent = Array.from({ length: 4 }, async () => {
      const { outcome } = await platform.wire.send(
        onThreads(platform.wire.seal({ abilityId: 'echo', data })),
      );
      expect(outcome).toEqual({ kind: 'response', text: JSON.stringify(data) });
    });
    await Promise.all(sent);
    const changed = { ...request, body: `${request.body.slice(0, -4)}AAAA` };
    const { outcome } = await platform.wire.send(changed);
    expect(outcome).toEqual({ kind: 'refusal', reason: 'signature', authentic: true });
    const asked = { api: 'sync_msg', request: { limit: 1 } };
    const invoked = await platform.wire.send(
      onThreads(platform.wire.seal({ abilityId: 'invoke', data: asked })),
    );
    expect(invoked.outcome).toMatchObject({ text: expect.stringContaining('"ret":0') });
    expect(await ask('notes')).toEqual(['ERR_SPEC_CALLBACK_NOT_OK']);
  });

  test('refuses a tampered request, and verifies the next one', async () => {
    const request = platform.wire.seal({ abilityId: 'echo', data: 1 });
    const changed = { ...request, body: `${request.body.slice(0, -4)}AAAA` };
    const { outcome } = await platform.wire.send(changed);
    expect(outcome).toEqual({ kind: 'refusal', reason: 'signature', authentic: true });
    expect(await ask('notes')).toEqual(['ERR_SPEC_CALLBACK_NOT_OK', 'ERR_SPEC_CALLBACK_NOT_OK']);
    expect(await ask('echo', 2)).toBe(2);
  });

  test('calls the platform on behalf of the application of a request', async () => {
    const asked = { api: 'sync_msg', request: { limit: 2 } };
    const invoked = await ask('invoke', asked, { corpId: 'ww第三家', agentId: 7 });
    expect(invoked).toMatchObject({ ret: 0, response: { errcode: 0 } });
    const { msg_list } = (invoked as { response: { msg_list: unknown[] } }).response;
    expect(msg_list).toHaveLength(2);
    expect(platform.wire.exchanges.at(-1)).toMatchObject({
      interfaceName: 'sync_msg',
      corpId: 'ww第三家',
      agentId: 7,
      abilityId: 'invoke',
    });
  });

  test('calls the platform on behalf of an application given by its ids', async () => {
    const asked = { api: 'sync_msg', request: { limit: 1 } };
    const invoked = await ask('invoke', { ...asked, ids: ['ww第四家', 9, 'other', ''] });
    expect(invoked).toMatchObject({ ret: 0, response: { errcode: 0 } });
    expect(platform.wire.exchanges.at(-1)).toMatchObject({
      corpId: 'ww第四家',
      agentId: 9,
      abilityId: 'other',
    });
    const withJob = await ask('invoke', { ...asked, ids: ['ww第四家', 9, 'other', 'job-1'] });
    expect(withJob).toEqual(
      lacks('job_info') ? unsupported('job_info') : expect.objectContaining({ ret: 0 }),
    );
  });

  test('makes many calls at the same time, and calls on the calling thread', async () => {
    expect(await ask('manyAtOnce')).toEqual(Array(20).fill(0));
    expect(await ask('invokeSync', { limit: 1 })).toMatchObject({
      ret: 0,
      response: { errcode: 0 },
    });
  });

  test('turns exceptions of the SDK into errors with a code', async () => {
    const invoked = await ask('invoke', { api: 'standin_throw', request: {} });
    expect(invoked).toEqual(
      subject.variant?.throws
        ? { code: 'ERR_SPEC_SDK_EXCEPTION', message: expect.stringContaining('Invoke threw') }
        : expect.objectContaining({ ret: expect.any(Number) }),
    );
  });

  test('opens debug mode', async () => {
    const right = {
      debugToken: platform.programs.debugToken(),
      accessToken: platform.application.accessToken,
    };
    const missing = unsupported('SpecOpenDebugMode');
    expect(await ask('debugMode', right)).toEqual(lacks('SpecOpenDebugMode') ? missing : true);
    const wrong = { ...right, debugToken: 'wrong' };
    expect(await ask('debugMode', wrong)).toEqual(lacks('SpecOpenDebugMode') ? missing : false);
  });

  test('generates ids for notifications, also with an SDK that cannot', async () => {
    const [first, second] = (await ask('notifyIds')) as [string, string];
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });

  test.each([
    ['INFO', 'INFO'],
    ['ERROR', 'ERR'],
    ['DEBUG', 'DBG'],
  ])('logs %s', async (level, written) => {
    const text = `日志 %s%n 100% ${level}`;
    const result = await ask('log', { level, text });
    if (lacks('log')) {
      expect(result).toEqual(unsupported(`WWSPEC_LOG_${level}`));
      return;
    }
    expect(result).toBe('logged');
    const line = readFileSync(logFile, 'utf8')
      .split('\n')
      .find((candidate) => candidate.includes(text));
    const place = subject.variant?.logPlace ?? 'conforming-program.mjs';
    expect(line).toMatch(
      new RegExp(`,${written},\\w+,(?:\\S*/)?${place},\\d+,日志 %s%n 100% ${level}$`),
    );
  });

  describe('serves a ZoneProgram, which handles', () => {
    let served: Running;
    let programLog: string;
    let classes: URL;

    beforeAll(async () => {
      programLog = join(newDir(), 'log');
      const { WEWORK_SPEC_SDK: _, ...connection } = platform.env;
      served = startChild('conforming-zone-program.mjs', [], {
        env: {
          ...connection,
          WEWORK_SPEC_SANDBOX_LOG_FILE: programLog,
          WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3',
          DATA_DIR: newDir(),
          ...subject.env,
        },
      });
      classes = platform.programs.address as URL;
      platform.programs.address = `http://127.0.0.1:${await portOf(served)}`;
    });

    afterAll(async () => {
      served.process.kill('SIGKILL');
      await served.ended;
      platform.programs.address = classes;
    });

    test('a synchronous call', async () => {
      // wire.send, as above.
      const fields = { abilityId: 'sync', data: { text: '同步🌸' }, notifyId: 'notify-1' };
      const { status, headers, outcome } = await platform.wire.send(platform.wire.seal(fields));
      expect(status).toBe(200);
      // What helps a developer goes to a sandbox alone.
      expect('wework-spec-request-id' in headers).toBe(name === '');
      expect(outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome).toEqual({
        text: '同步🌸',
        notifyId: lacks('GetNotifyId') ? '' : 'notify-1',
        messages: 1,
      });
    });

    test('a call whose handler throws', async () => {
      const { response } = await platform.call('throws', {});
      expect(response).toMatchObject({ errcode: 710660 });
    });

    test('a large call, which is verified and answered on threads', async () => {
      const text = '大🌸'.repeat(200_000);
      const { errcode, response } = await platform.call('sync', { text });
      expect(errcode).toBe(0);
      expect(response).toMatchObject({ text, messages: 1 });
    });

    test('an asynchronous call, or refuses it if the SDK cannot report it', async () => {
      const { errcode, result } = await platform.callAsync('job', { text: '异步' });
      if (lacks('job_info')) {
        // 503, which the platform treats as a failure of the program.
        expect(errcode).toBe(710676);
        return;
      }
      expect(errcode).toBe(0);
      expect(await result()).toMatchObject({
        response_errcode: 0,
        response: { text: '异步', messages: 1 },
      });
    });

    test('an event with a handler', async () => {
      const data = { event_type: 'handled', text: '事件' };
      const { outcome } = await platform.wire.send(platform.wire.seal({ callType: 2, data }));
      const text = JSON.stringify({ errcode: 0, text: '事件' });
      expect(outcome).toEqual({ kind: 'response', text });
    });

    test('a relayed event, which the application fetches by notify_id', async () => {
      const data = { event_type: 'relayed', text: '转发' };
      const { outcome } = await platform.wire.send(platform.wire.seal({ callType: 2, data }));
      expect(outcome).toMatchObject({ kind: 'response' });
      const notified = platform.wire.exchanges.filter((e) => e.interfaceName === 'spec_notify_app');
      const { notify_id } = JSON.parse(notified.at(-1)?.request ?? '');
      expect(await ask('fetch', { notify_id })).toEqual(data);
      // The SDK returns the notify_id of sync_call_program if it has GetNotifyId.
      expect(await ask('fetch', {}, { notifyId: notify_id })).toEqual(
        lacks('GetNotifyId') ? expect.objectContaining({ errcode: 710646 }) : data,
      );
    });

    test('a request that fails verification', async () => {
      const request = platform.wire.seal({ abilityId: 'sync', data: 1 });
      const changed = { ...request, body: `${request.body.slice(0, -4)}AAAA` };
      const { outcome } = await platform.wire.send(changed);
      expect(outcome).toEqual({ kind: 'refusal', reason: 'signature', authentic: true });
    });

    test('log records, on standard error if the SDK has no log', async () => {
      served.process.kill('SIGTERM');
      const { code, stderr } = await served.ended;
      expect(code).toBe(0);
      const written = lacks('log') ? stderr : readFileSync(programLog, 'utf8');
      const place = lacks('log')
        ? 'conforming-zone-program.mjs'
        : (subject.variant?.logPlace ?? 'conforming-zone-program.mjs');
      for (const [level, text] of [
        ['INFO', 'program 日志 同步🌸'],
        ['ERR', 'call 日志 同步🌸'],
        ['INFO', 'event 日志 事件'],
        ...(lacks('job_info') ? [] : [['INFO', 'job 日志 异步']]),
      ]) {
        expect(written).toMatch(
          new RegExp(`${level},(?:.*,)?(?:\\S*/)?${place},\\d+,\\[[0-9a-f]{8}\\] ${text}$`, 'm'),
        );
      }
      expect(written).toMatch(/ERR,.*request refused/);
      if (!lacks('log')) {
        // The stack is printed in a sandbox alone.
        expect(stderr).toEqual(name === '' ? expect.stringMatching(/Error: mine\n +at /) : '');
        return;
      }
      // Warned only once, and without the records of level 3.
      expect(stderr.match(/ERR_SPEC_UNSUPPORTED_BY_SDK/g)).toHaveLength(1);
      expect(stderr).not.toContain('debug 日志');
      expect(stderr).not.toMatch(/^ +at /m);
    });
  });

  test('ends with the exit code of the program', async () => {
    expect(program.exitCode).toBeNull();
    const ended = new Promise((resolve) =>
      program.on('exit', (code, signal) => resolve({ code, signal })),
    );
    await platform.call('exit', {});
    expect(await ended).toEqual({ code: 7, signal: null });
  });

  if (name === '') return;

  test('was built without changing the SDK, which is linked next to the addon', () => {
    const { sdkDir, outDir, before, built, variant } = subject;
    expect(fingerprint(sdkDir)).toEqual(before);
    const file =
      variant?.name === 'versioned-library' ? 'libWeWorkSpecSDK.so.1' : 'libWeWorkSpecSDK.so';
    const link = join(outDir, file);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(realpathSync(link).startsWith(sdkDir)).toBe(true);
    for (const part of variant?.lacks ?? []) {
      if (part !== 'job_info')
        expect(built).toMatch(new RegExp(`missing .*${part === 'log' ? 'WWSPEC_LOG_INFO' : part}`));
    }
    expect(built).toContain(`_GLIBCXX_USE_CXX11_ABI=${variant?.oldAbi ? 0 : 1}`);
  });
});

function sandboxSubject(): Subject {
  return {
    variant: undefined,
    env: { WEWORK_SPEC_SDK: 'sandbox' },
    built: '',
    sdkDir: '',
    outDir: '',
    before: {},
  };
}
