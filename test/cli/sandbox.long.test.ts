import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decrypt } from '@wecom/crypto';
import { SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import { type Running, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { command, Home, outputOf } from '../support/home';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest } from '../support/process-environment';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();

const good = (stdout: unknown) => ({ code: 0, signal: null, stdout, stderr: '' });

describe('a sandbox that runs', () => {
  let home: Home;
  let running: Running;
  // biome-ignore lint/suspicious/noExplicitAny: JSON
  let description: any;

  // One for all: each command is a process, and so is what it talks to.
  beforeAll(async () => {
    home = new Home(newDir);
    const child = startProgram(
      process.execPath,
      [command, 'sandbox', '--watch', 'app/app.js', '--json'],
      { cwd: home.folder, env: { XDG_RUNTIME_DIR: home.runtime } },
    );
    running = child;
    const output = outputOf(child);
    await new Promise<void>((resolve, reject) => {
      child.process.stderr?.on('data', (more: string) => {
        if (more.includes('listens at')) resolve();
      });
      child.process.once('close', () => reject(new Error('it has ended')));
    });
    description = JSON.parse(output().slice(0, output().indexOf('\n}\n') + 3));
  });
  afterAll(async () => {
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  const json = async (...args: string[]) => {
    const ended = await home.run(...args, '--json');
    return { code: ended.code, value: JSON.parse(ended.stdout) };
  };

  test('its discovery file can be read by its user alone', () => {
    const folder = join(home.runtime, 'wework-spec');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual({
      url: description.serverUrl,
      token: description.controlToken,
      pid: running.process.pid,
      folder: home.folder,
      script: home.program,
      startedAt: expect.any(Number),
    });
  });

  test('call prints the response', async () => {
    const { code, stdout, stderr } = await home.run('call', 'echo', '{"好":"🌸"}');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '{\n  "first": {\n    "好": "🌸"\n  }\n}\n',
    });
    expect(stderr).toMatch(/^\d+(?:\.\d)? ms\n$/);
    const { code: succeeded, value } = await json('call', 'echo');
    expect(succeeded).toBe(0);
    expect(value).toMatchObject({ errcode: 0, response_data: '{"first":{}}' });
    expect(String(value.elapsed)).toMatch(/^\d+(?:\.\d)?$/);
  });

  test('call --async waits for the report', async () => {
    const { code, stdout, stderr } = await home.run('call', 'task', '--async');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{\n  "done": true\n}\n' });
    expect(stderr).toMatch(/^job job-\w+\n/);
    expect(await json('call', 'fails', '--async')).toMatchObject({
      code: 1,
      value: { errcode: 0, response_errcode: 7, jobid: expect.stringMatching(/^job-/) },
    });
    expect(await home.run('call', 'task', '--async', '--no-wait')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^job-\w+\n$/),
      stderr: expect.stringMatching(/^\d+(?:\.\d)? ms\n$/),
    });
    expect(await json('call', 'task', '--async', '--no-wait')).toMatchObject({
      code: 0,
      value: { errcode: 0, jobid: expect.stringMatching(/^job-/) },
    });
  });

  test('faults are added, listed and cleared; call tells of the errcode', async () => {
    expect(await home.run('fault')).toEqual(good('no active faults\n'));
    await home.run('fault', '--direction', 'response', '--status', '502', '--times', '1');
    const { code, stdout, stderr } = await home.run('call', 'echo');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^errcode 710676: .*502\n$/);
    await json(
      'fault',
      'spec_notify_app',
      '--errcode',
      '-1',
      '--probability',
      '0.5',
      '--seed',
      '7',
    );
    await json('fault', '--direction', 'server', 'chatdata/sync_call_program', '--drop');
    await json('fault', '--direction', 'event', 'hit_keyword', '--clock-skew', '-400');
    expect(await json('fault')).toEqual({
      code: 0,
      value: [
        { id: 1, rule: { direction: 'response', status: 502, times: 1 }, hits: 1 },
        {
          id: 2,
          rule: {
            direction: 'invoke',
            interface: 'spec_notify_app',
            errcode: -1,
            probability: 0.5,
            seed: 7,
          },
          hits: 0,
        },
        {
          id: 3,
          rule: { direction: 'server', interface: 'chatdata/sync_call_program', drop: true },
          hits: 0,
        },
        { id: 4, rule: { direction: 'event', event: 'hit_keyword', clockSkew: -400 }, hits: 0 },
      ],
    });
    expect((await json('emit', 'hit_keyword')).value).toMatchObject({
      errcode: 710677,
      refusal: 'timestamp',
    });
    expect((await home.run('fault')).stdout).toBe(
      [
        'ID  FAULT',
        '1   response: times 1, status 502                                took effect 1×',
        '2   invoke spec_notify_app: probability 0.5, seed 7, errcode -1  took effect 0×',
        '3   server chatdata/sync_call_program: drop                      took effect 0×',
        '4   event hit_keyword: clock skew -400                           took effect 1×\n',
      ].join('\n'),
    );
    expect(await home.run('fault', '--remove', '4', '--remove', '2')).toEqual(good('removed: 2\n'));
    expect(await json('fault', '--remove', '4')).toEqual({
      code: 1,
      value: { removed: [], unknown: [4] },
    });
    expect((await json('fault')).value.map(({ id }: { id: number }) => id)).toEqual([1, 3]);
    expect(await home.run('fault', '--clear')).toEqual(good('removed: 2\n'));
    expect((await json('call', 'echo')).code).toBe(0);
  });

  test('emit sends an event', async () => {
    const { code, stdout } = await home.run('emit', 'conversation_new_message', '{"token":"t"}');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^accepted after/),
    });
    expect(await home.run('emit', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^wework-spec: emit: unknown event "none"; see .*\n$/),
    });
  });

  test('logs are shown, searched and followed', async () => {
    await home.run('call', 'apple');
    const line = /^<\d+,\d+>,[\d-]+ [\d:.]+,INFO,[0-9a-f]{16},app\.js,\d+,apple 1\n$/;
    expect(await home.run('logs', '--text', 'apple')).toEqual(good(expect.stringMatching(line)));
    const { value } = await json('logs', '--text', 'apple', '--since', '1h', '--level', 'info');
    expect(value).toMatchObject([{ level: 'INFO', text: 'apple 1' }]);
    const { value: one } = await json('logs', '--req-id', value[0].reqId);
    expect(one).toEqual(value);
    expect((await json('logs', '--until', '1h')).value).toEqual([]);
    const following = home.start('logs', '--follow', '--text', 'pear', '--json');
    const shown = following.printed('pear 1');
    await home.run('call', 'pear');
    await shown;
    following.process.kill('SIGINT');
    const { code, stdout } = await following.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ text: 'pear 1' });
  });

  test('state is saved, loaded and reset', async () => {
    const { jobid } = (await json('call', 'task', '--async')).value;
    expect(await home.run('state', 'save', 'state.json')).toEqual(good('saved to state.json\n'));
    expect(statSync(join(home.folder, 'state.json')).mode & 0o777).toBe(0o600);
    const result = async () => {
      const { BASE, TOKEN } = description.application;
      const response = await fetch(
        `${BASE}/cgi-bin/chatdata/async_program_result?access_token=${TOKEN}`,
        { method: 'POST', body: JSON.stringify({ jobid }) },
      );
      return ((await response.json()) as { errcode: number }).errcode;
    };
    expect(await result()).toBe(0);
    expect(await home.run('state', 'reset')).toEqual(good('reset\n'));
    expect(await result()).toBe(40088);
    expect((await json('state', 'load', 'state.json')).code).toBe(0);
    expect(await result()).toBe(0);
    writeFileSync(join(home.folder, 'other.json'), '{}');
    expect(await home.run('state', 'load', 'other.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_SANDBOX_STATE'),
    });
  });

  test('what it prints is enough for curl, and for commands elsewhere', async () => {
    const { BASE, TOKEN, PROGRAM_ID } = description.application;
    const line = `curl -s -d '{"program_id":"${PROGRAM_ID}","ability_id":"a","request_data":"{}"}' "${BASE}/cgi-bin/chatdata/sync_call_program?access_token=${TOKEN}"`;
    const { stdout } = await runProgram('bash', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ errcode: 0 });
    const elsewhere = (token: string) =>
      runProgram(process.execPath, [command, 'fault', '--url', BASE], {
        env: { XDG_RUNTIME_DIR: newDir(), WEWORK_SPEC_SANDBOX_TOKEN: token },
      });
    expect(await elsewhere(description.controlToken)).toMatchObject({ code: 0 });
    for (const token of ['x'.repeat(description.controlToken.length), 'wrong']) {
      expect(await elsewhere(token)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^wework-spec: ERR_SANDBOX_WRONG_TOKEN: .*\n$/),
      });
    }
    expect(await elsewhere('')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^wework-spec: ERR_SANDBOX_NO_TOKEN: .*\n$/),
    });
  });

  test('the sandbox says why it cannot run a command', async () => {
    const post = async (path: string, body: string) => {
      const response = await fetch(`${description.application.BASE}/sandbox/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${description.controlToken}` },
        body,
      });
      return [response.status, await response.json()];
    };
    expect(await post('none', '{}')).toEqual([404, { message: 'there is no command none' }]);
    expect(await post('faults', '{')).toEqual([400, { message: 'the body is not JSON' }]);
  });

  test.each([
    [['ps', 'extra']],
    [['call']],
    [['call', 'a', 'no JSON']],
    [['call', 'a', '{}', 'more']],
    [['emit']],
    [['emit', 'hit_keyword', 'no JSON']],
    [['logs', '--level', 'LOUD']],
    [['logs', '--since', 'yesterday-ish']],
    [['logs', '--limit', '0']],
    [['fault', '--times', 'many', '--drop']],
    [['fault', '--clear', '--drop']],
    [['fault', 'a', 'b']],
    [['state']],
    [['state', 'save']],
    [['state', 'reset', 'file']],
    [['state', 'load', 'no-such-file']],
    [['state', 'load', 'app/app.js']],
    [['sandbox', '--watch', 'a.js', '--program', 'http://127.0.0.1:1']],
  ])('the command line %j is wrong', async (args) => {
    const { code, stdout, stderr } = await home.run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wework-spec: \w+: .*\n$/);
  });

  test.each([
    [['sync_msg', '--drop', '--cut'], /needs one kind of failure/],
    [['sync_msg', '--status', '99'], /Received 99$/],
    [['sync_mgs', '--drop'], /there is no interface "sync_mgs"\. Did you mean "sync_msg"\?$/],
    [['no_such_thing', '--drop'], /there is no interface "no_such_thing"\.$/],
    [['--direction', 'event', 'hit_keywrd', '--drop'], /no event .* mean "hit_keyword"\?$/],
    [
      ['--direction', 'server', 'chatdata/sync_cal_program', '--drop'],
      /Did you mean "chatdata\/sync_call_program"\?$/,
    ],
  ])('the fault %j is a usage error', async (args, words) => {
    const { code, stdout, stderr } = await home.run('fault', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wework-spec: fault: /);
    expect(stderr.trimEnd()).toMatch(words);
  });
});

test('--watch restarts the program when a source file changes, even after a crash', async () => {
  const home = new Home(newDir);
  const { printedError } = await home.startSandbox();
  const printed = async () => (await home.run('call', 'a')).stdout;
  expect(await printed()).toContain('first');
  const again = printedError('listens at');
  home.write('second');
  await again;
  expect(await printed()).toContain('second');
  const over = printedError('waiting for changes');
  expect((await home.run('call', 'crash')).code).toBe(1);
  await over;
  const revived = printedError('listens at');
  home.write('third');
  await revived;
  expect(await printed()).toContain('third');
});

test('--watch leaves a program alone that writes into its own folder', async () => {
  const home = new Home(newDir);
  const { printedError } = await home.startSandbox();
  expect((await home.run('call', 'writes')).code).toBe(0);
  // A folder that comes with sources in it is another thing.
  const again = printedError('listens at');
  const made = join(home.folder, 'made');
  mkdirSync(made);
  writeFileSync(join(made, 'part.js'), '');
  renameSync(made, join(home.folder, 'app', 'made'));
  await again;
  expect((await home.run('call', 'a')).stdout).toContain('first');
});

test('without --watch, it says what to export; commands that find none say so', async () => {
  const home = new Home(newDir);
  for (const args of [
    ['call', 'a'],
    ['emit', 'hit_keyword'],
    ['logs'],
    ['fault'],
    ['state', 'reset'],
  ]) {
    expect(await home.run(...args)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(
        /^wework-spec: ERR_SANDBOX_NOT_RUNNING: No sandbox is running\. .*\n$/,
      ),
    });
  }
  const running = home.start('sandbox');
  await running.printed('in another terminal');
  expect((await home.run('call', 'a')).stderr).toMatch(/^errcode 710674/);
  running.process.kill('SIGTERM');
  const { code, stdout } = await running.ended;
  expect(code).toBe(0);
  expect(stdout).not.toContain('\x1b');
  // What is printed is what the shell can read.
  const exported = await runProgram(
    'bash',
    [
      '-c',
      `eval "$(grep ^export)"; echo "$WEWORK_SPEC_SDK $BASE"`.replace(
        'grep ^export',
        `printf '%s' "$OUT" | grep ^export`,
      ),
    ],
    {
      env: { OUT: stdout },
    },
  );
  expect(exported.stdout).toMatch(/^sandbox http:\/\/127\.0\.0\.1:\d+\n$/);
  expect((await home.run('call', 'a')).stderr).toContain('No sandbox is running');
});

test('a sandbox with a debug server sends calls there once both sides have opened debug mode', async () => {
  const home = new Home(newDir);
  const program = await HttpProgram.serve(() => '{"from":"the debug server"}');
  const { env, application } = await home.startDescribed('--debug-server', program.address);
  // Nothing runs in the zone.
  expect((await home.run('call', 'a')).stderr).toMatch(/^errcode 710674/);
  setEnvironmentForTest(env);
  expect(await SpecOpenDebugMode(application.DEBUG_TOKEN, application.TOKEN)).toBe(true);
  const url = `${application.BASE}/cgi-bin/chatdata/open_debug_mode?access_token=${application.TOKEN}`;
  const request = { program_id: application.PROGRAM_ID, debug_token: application.DEBUG_TOKEN };
  await fetch(url, { method: 'POST', body: JSON.stringify(request) });
  expect(await home.run('call', 'a')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the debug server'),
  });
});

test('a sandbox encrypts what it tells the application with secrets from the environment', async () => {
  const home = new Home(newDir);
  const server = createServer().listen(0, '127.0.0.1');
  onTestEnd(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const told = new Promise<string>((resolve) => {
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.end();
      resolve(body);
    });
  });
  const args = ['--app-callback', `http://127.0.0.1:${port}/`];
  home.env.WEWORK_SPEC_APP_TOKEN = 'token';
  expect(await home.run('sandbox', ...args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'require both WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY',
    ),
  });
  const key = randomBytes(32).toString('hex').slice(0, 43);
  home.env.WEWORK_SPEC_APP_AES_KEY = key;
  const { env } = await home.startDescribed(...args);
  setEnvironmentForTest(env);
  await new SpecSdk('ww-sandbox', 1).Invoke('spec_notify_app', '{"notify_id":"n-1"}');
  const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*)]]>/.exec(await told) ?? [];
  expect(decrypt(key, encrypted).message).toContain('<NotifyId><![CDATA[n-1]]></NotifyId>');
});

test('a command that a sandbox of another version does not know is an error with its words', async () => {
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ code: 'ERR_SANDBOX_OF_TOMORROW', message: 'there is no command' }),
    );
  }).listen(0, '127.0.0.1');
  onTestEnd(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const home = new Home(newDir);
  home.env.WEWORK_SPEC_SANDBOX_TOKEN = 'token';
  const { code, stderr } = await home.run('fault', '--url', `http://127.0.0.1:${port}`);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^wework-spec: ERR_SANDBOX_COMMAND: The sandbox at .* could not run the command faults: there is no command\. /,
  );
});

test('errors of commands do not show the credentials of a URL', async () => {
  const home = new Home(newDir);
  const url = 'http://user:geheim@127.0.0.1:1';
  for (const token of ['', 'token']) {
    home.env.WEWORK_SPEC_SANDBOX_TOKEN = token;
    const { stderr } = await home.run('fault', '--url', url);
    expect(stderr).toMatch(/^wework-spec: ERR_SANDBOX_(?:NO_TOKEN|UNREACHABLE): .*127\.0\.0\.1:1/);
    expect(stderr).not.toContain('geheim');
  }
});
