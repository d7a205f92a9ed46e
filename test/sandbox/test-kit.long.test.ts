import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SpecCallbackSDK, SpecSdk, WWSPEC_LOG_INFO } from 'wework-spec-sdk';
import type { SeenRequest } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';
import { root, runProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { tempDirs } from '../support/temp-dir';
import { PROGRAM, testFile } from '../support/tested-program';
import { rejectionOf } from '../support/thrown';

const newDir = tempDirs();

/** A folder in which this package is installed. */
function newProject(): string {
  const folder = newDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'app.js'), PROGRAM);
  return folder;
}

const require_ = createRequire(__filename);

describe.each([
  ['in the process of the test', 'listener'],
  ['in a process of its own', "require('node:path').join(__dirname, 'app.js')"],
])('a program %s', (_, program) => {
  test('under node:test', async () => {
    const folder = newProject();
    const hooks = `const { test, before, after, beforeEach } = require('node:test');`;
    writeFileSync(join(folder, 'app.test.js'), testFile(program, { hooks }));
    const ended = await runProgram(process.execPath, ['--test', 'app.test.js'], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# pass 2$|pass 2/m) });
  });

  test('under Jest, without configuration', async () => {
    const folder = newProject();
    const hooks = 'const before = beforeAll, after = afterAll;';
    writeFileSync(join(folder, 'app.test.js'), testFile(program, { hooks }));
    const jest = join(require_.resolve('jest/package.json'), '..', 'bin', 'jest.js');
    const ended = await runProgram(process.execPath, [jest, '--rootDir', folder], {
      cwd: folder,
      env: { CI: 'true' },
    });
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('2 passed') });
  });
});

describe('withSandbox', () => {
  test('accepts a listener, calls it, and restores the environment', async () => {
    // Other tests of this process may have left the variables of a sandbox.
    const before = process.env.WEWORK_SPEC_SANDBOX_KEY;
    const zone = await withSandbox(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const callback = new SpecCallbackSDK('POST', request.headers, Buffer.concat(chunks));
      WWSPEC_LOG_INFO('type %d', callback.GetCallType());
      if (callback.GetIsAsync()) {
        await new SpecSdk(callback).Invoke('program_async_job_call_back', '{"errcode":3}');
      }
      if (callback.GetAbilityId() === 'notify') {
        await new SpecSdk(callback).Invoke('spec_notify_app', '{"notify_scene":7}');
      }
      const { headers, body } = callback.BuildResponseHeaderBody(callback.GetData());
      response.writeHead(200, headers).end(body);
    });
    onTestEnd(() => zone.stop());
    zone.programs.defineAbility('typed', { input: { n: 1 } });
    expect(await zone.call('typed', { n: 2 })).toMatchObject({ errcode: 0, response: { n: 2 } });
    expect(await zone.call('typed', {})).toMatchObject({ errcode: 710647 });
    expect(await (await zone.callAsync('task', {})).result()).toMatchObject({
      response_errcode: 3,
    });
    expect(await zone.emit('conversation_new_message', { token: 't' })).toMatchObject({
      errcode: 0,
    });
    await zone.call('notify', {});
    expect(zone.application.notifications).toMatchObject([{ notifyScene: 7 }]);
    expect(zone.requests.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'call typed',
      'invoke program_async_job_call_back',
      'job task',
      'event conversation_new_message',
      'invoke spec_notify_app',
      'call notify',
    ]);
    expect((await zone.logs.search()).map(({ text }) => text)).toEqual([
      'type 1',
      'type 1',
      'type 2',
      'type 1',
    ]);
    await zone.reset();
    expect([
      ...zone.requests,
      ...zone.application.notifications,
      ...(await zone.logs.search()),
    ]).toEqual([]);
    expect(await zone.call('typed', {})).toMatchObject({ errcode: 0 });
    await zone[Symbol.asyncDispose]();
    expect(process.env.WEWORK_SPEC_SANDBOX_KEY).toBe(before);
  });

  test('calls listeners until they are removed', async () => {
    const seen: string[] = [];
    const sandbox = await withSandbox(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const callback = new SpecCallbackSDK('POST', request.headers, Buffer.concat(chunks));
      WWSPEC_LOG_INFO('here');
      await new SpecSdk(callback).Invoke('spec_notify_app', '{}');
      const { headers, body } = callback.BuildResponseHeaderBody('{}');
      response.writeHead(200, headers).end(body);
    });
    onTestEnd(() => sandbox.stop());
    const onRequest = ({ kind }: SeenRequest): void => void seen.push(`request ${kind}`);
    sandbox
      .on('request', onRequest)
      .on('exchange', ({ interfaceName }) => seen.push(`exchange ${interfaceName}`))
      .on('notification', () => seen.push('notification'))
      .once('event', ({ eventType }) => seen.push(`event ${eventType}`))
      .on('log', ({ text }) => seen.push(`log ${text}`));
    await sandbox.emit('conversation_new_message', { token: 't' });
    await sandbox.logs.search();
    expect(seen.splice(0).filter((one) => !one.startsWith('log'))).toEqual([
      'event conversation_new_message',
      'notification',
      'exchange spec_notify_app',
      'request invoke',
      'request event',
    ]);
    sandbox.off('request', onRequest);
    await sandbox.emit('conversation_new_message', { token: 't' });
    await sandbox.logs.search();
    expect(seen.filter((one) => !one.startsWith('log'))).toEqual([
      'notification',
      'exchange spec_notify_app',
    ]);
    expect(seen).toContain('log here');
  });

  test('accepts a file: URL, and several scripts at once', async () => {
    const folder = newProject();
    const script = join(folder, 'app.js');
    const zones = await Promise.all([
      withSandbox(script, { output: false }),
      withSandbox(pathToFileURL(script), { output: false, corpId: 'other' }),
    ]);
    onTestEnd(() => Promise.all(zones.map((zone) => zone.stop())));
    const responses = await Promise.all(zones.map((zone) => zone.call('count', {})));
    const pids = responses.map(({ response }) => (response as { pid: number }).pid);
    expect(new Set([...pids, process.pid]).size).toBe(3);
  });

  test('accepts the address of a running program', async () => {
    const zone = await withSandbox('http://127.0.0.1:1');
    onTestEnd(() => zone.stop());
    expect((await zone.call('a', {})).errcode).toBe(710674);
  });

  test('leaves a process alone that the program forks', async () => {
    const file = join(newProject(), 'forking.cjs');
    writeFileSync(
      file,
      `const { fork } = require('node:child_process');
      if (process.argv[2] === 'child') {
        // Responds later; only the channel keeps it alive.
        process.on('message', (text) => process.send(text.toUpperCase()) && process.disconnect());
      } else {
        const { ZoneProgram } = require('wework-spec-sdk');
        const program = new ZoneProgram();
        program.ability('hello', () => new Promise((resolve, reject) => {
          const child = fork(__filename, ['child']);
          const messages = [];
          child.on('message', (message) => messages.push(message));
          child.once('exit', (code) => resolve({ errcode: 0, code, messages }));
          setTimeout(() => child.connected && child.send('text'), 300);
        }));
        program.listen();
      }`,
    );
    await using sandbox = await withSandbox(file);
    const { response } = await sandbox.call('hello', {});
    expect(response).toEqual({ errcode: 0, code: 0, messages: ['TEXT'] });
  });

  test('passes on arguments, options of node and variables', async () => {
    const folder = newProject();
    writeFileSync(
      join(folder, 'check.js'),
      `if (process.argv[2] !== 'x' || process.execArgv.at(-1) !== '--no-deprecation' || process.env.MINE !== 'y') process.exit(3);
       require('node:http').createServer(() => {}).listen({ port: 8080 });`,
    );
    const zone = await withSandbox(join(folder, 'check.js'), {
      args: ['x'],
      execArgv: ['--no-deprecation'],
      env: { MINE: 'y' },
    });
    await zone.stop();
  });

  test.each([
    ['', 1],
    [', { output: false }', 0],
  ])('prints a line for each request with the options %j', async (options, lines) => {
    const folder = newProject();
    writeFileSync(
      join(folder, 'run.mjs'),
      `import { withSandbox } from 'wework-spec-sdk/testing';
       const sandbox = await withSandbox('app.js'${options});
       await sandbox.call('typed', { n: 1 });
       await sandbox.stop();`,
    );
    const { code, stderr } = await runProgram(process.execPath, ['run.mjs'], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr.match(/^sandbox: call typed: errcode 0, \d+(\.\d)? ms$/gm) ?? []).toHaveLength(
      lines,
    );
  });

  test.each([
    ['in a process of its own', "'boom.js'"],
    ['in the process of the test', 'program.requestListener'],
  ])('prints an exception of a handler %s with its stack and cause', async (_, program) => {
    const folder = newProject();
    const definition = `const { ZoneProgram } = require('wework-spec-sdk');
const program = new ZoneProgram();
program.ability('boom', () => {
  throw new RangeError('the list is empty', { cause: new TypeError('the cause') });
});
`;
    writeFileSync(join(folder, 'boom.js'), `${definition}program.listen(8080);`);
    writeFileSync(
      join(folder, 'run.js'),
      `${definition}const { withSandbox } = require('wework-spec-sdk/testing');
withSandbox(${program}, { output: false }).then(async (sandbox) => {
  const { response } = await sandbox.call('boom', {});
  console.log(JSON.stringify(response));
  await sandbox.stop();
  await program.close();
});`,
    );
    const { code, stdout, stderr } = await runProgram(process.execPath, ['run.js'], {
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/the list is empty|the cause/);
    expect(stderr).toMatch(
      /ability boom failed: RangeError: the list is empty\n +at .*(?:boom|run)\.js:4:/,
    );
    expect(stderr).toContain('[cause]: TypeError: the cause\n');
  });

  test('hands the private key of the corp to the program, in the variable of the option', async () => {
    const zone = await withSandbox('http://127.0.0.1:1', { privateKeyEnv: 'CORP_KEY' });
    onTestEnd(() => zone.stop());
    const { privateKeyPem } = await zone.corp.keyPair();
    expect(zone.env.CORP_KEY).toBe(privateKeyPem);
    const error = await rejectionOf(
      withSandbox('http://127.0.0.1:1', { privateKeyEnv: 'not a name' }),
    );
    expect(error.code).toBe('ERR_SPEC_INVALID_ARG_VALUE');
  });

  test('throws while another sandbox uses the process', async () => {
    const first = await withSandbox(() => {});
    expect((await rejectionOf(withSandbox(() => {}))).code).toBe('ERR_SANDBOX_PROCESS_TAKEN');
    await first.stop();
    await (await withSandbox(() => {})).stop();
  });

  test.each([
    ['process.exit(3)', 'ended with exit code 3. It has written nothing. '],
    ['', 'ended with exit code 0. It has written nothing. '],
    [
      "console.log('connecting'); console.error('line\\n'.repeat(100)); require('no-such-module')",
      /ended with exit code 1\. Its last lines:\n[\s\S]*\n {2}Error: Cannot find module 'no-such-module'\n[\s\S]* {4}at /,
    ],
    [
      "console.log('no database'); process.exit(1)",
      'ended with exit code 1. Its last lines:\n  no database\n It ',
    ],
  ])('reports why the program %j did not listen', async (code, text) => {
    const script = join(newDir(), 'app.js');
    writeFileSync(script, code);
    const error = await rejectionOf(withSandbox(script, { output: false }));
    expect(error.code).toBe('ERR_SANDBOX_PROGRAM_ENDED');
    expect(error.message).toMatch(text);
    expect(error.message.length).toBeLessThan(20_000);
  });

  test('reports that the system cannot start the program', async () => {
    // Linux limits a variable to 128 KiB.
    const env = { TOO_LONG: 'x'.repeat(2 ** 18) };
    const error = await rejectionOf(withSandbox(join(newDir(), 'app.js'), { env }));
    expect(error.code).toBe('ERR_SANDBOX_PROGRAM_START');
    expect(error.message).toMatch(/app\.js cannot be started: spawn E2BIG\./);
  });

  test('configures each of several Workers for a sandbox of its own', async () => {
    const code = `
      const { Worker, isMainThread } = require('node:worker_threads');
      if (isMainThread) {
        for (let i = 0; i < 3; ++i) new Worker(__filename);
      } else {
        const { withSandbox } = require('wework-spec-sdk/testing');
        const { listener } = require('./app.js');
        withSandbox(listener, { output: false }).then(async (sandbox) => {
          const { response } = await sandbox.call('count', {});
          const records = await sandbox.logs.search();
          console.log(response.messages, records.length);
          await sandbox.stop();
        });
      }`;
    const folder = newProject();
    writeFileSync(join(folder, 'worker.js'), code);
    const ended = await runProgram(process.execPath, ['worker.js'], { cwd: folder });
    expect(ended).toEqual({ code: 0, signal: null, stdout: '2 1\n'.repeat(3), stderr: '' });
  });
});
