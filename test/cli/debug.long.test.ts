import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Running, root, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { proxyEnvironment } from '../support/proxy';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const DEBUG_TOKEN = 'debug-token-of-3-days';

let sandbox: ZoneSandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await ZoneSandbox.start({ debugToken: DEBUG_TOKEN });
  folder = newDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { ZoneProgram } from 'wework-spec-sdk';
const program = new ZoneProgram().ability('a', () => ({ from: 'the program' }));
const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
console.log('port ' + port);
`,
  );
});
afterEach(() => sandbox.stop());

function debug(args: readonly string[], env: Record<string, string> = {}): Running {
  const main = join(root, 'dist', 'tools', 'cli', 'main.js');
  const running = startProgram(process.execPath, [main, 'debug', ...args], {
    cwd: folder,
    env: {
      ...sandbox.env,
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      WEWORK_SPEC_DEBUG_TOKEN: DEBUG_TOKEN,
      ...env,
    },
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  onTestEnd(() => running.process.kill('SIGKILL'));
  return running;
}

/** The port that the program prints. */
function printedPort(running: Running): Promise<string> {
  return new Promise((resolve) => {
    running.process.stdout?.on('data', (text: string) => {
      const found = /port (\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

const openings = () =>
  sandbox.wire.exchanges.filter(({ path }) => path === '/spec/debug-mode').length;

/** Ends the program as a user would, and gives all that was printed. */
async function stopped(running: Running): Promise<string> {
  running.process.kill('SIGTERM');
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(0);
  const printed = stdout + stderr;
  expect(printed).not.toContain(DEBUG_TOKEN);
  expect(printed).not.toContain(sandbox.application.accessToken);
  return printed;
}

test('opens debug mode, then runs the program, and tells how long the tokens last', async () => {
  const running = debug(['--program', 'app.mjs'], {
    WEWORK_SPEC_ACCESS_TOKEN: sandbox.application.accessToken,
  });
  const port = printedPort(running);
  await running.printed('app.mjs is running');
  expect(openings()).toBe(1);
  sandbox.programs.address = `http://127.0.0.1:${await port}`;
  expect((await sandbox.call('a', {})).response).toEqual({ from: 'the program' });
  const printed = await stopped(running);
  expect(printed).toMatch(
    /call open_debug_mode[\s\S]*debug token expires at \d{4}-[\s\S]*access token expires at \d{4}-/,
  );
});

test.each([
  ['JSON with its own time', {}],
  ['JSON of gettoken', { errcode: 0, errmsg: 'ok' }],
])('opens it again with a fresh access token from a URL (%s)', async (_, more) => {
  const body = JSON.stringify({
    ...more,
    access_token: sandbox.application.accessToken,
    expires_in: 1,
  });
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const running = debug(['--program', 'app.mjs', '--access-token-url', url]);
  await running.printed('reopened');
  expect(openings()).toBeGreaterThanOrEqual(2);
  await stopped(running);
});

test.each([
  ['30 days', 30 * 86_400],
  ['longer than a Date can tell', 1e300],
])('does not open it again for a token that is valid for %s', async (_, seconds) => {
  let requests = 0;
  const body = { access_token: sandbox.application.accessToken, expires_in: seconds };
  const server = createServer((_request, response) => {
    requests += 1;
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const running = debug(['--program', 'app.mjs', '--access-token-url', url]);
  const port = printedPort(running);
  await running.printed('app.mjs is running');
  sandbox.programs.address = `http://127.0.0.1:${await port}`;
  // A timer that overflows is due after 1 ms: each of these calls takes longer.
  for (let call = 0; call < 30; call += 1) await sandbox.call('a', {});
  expect([requests, openings()]).toEqual([1, 1]);
  expect(await stopped(running)).not.toMatch(/reopened|Invalid Date|Warning/);
});

test('fetches the access token from this machine without a proxy', async () => {
  const server = createServer((_request, response) =>
    response.end(sandbox.application.accessToken),
  );
  const proxied: string[] = [];
  const proxy = createServer((request, response) => {
    proxied.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  }).on('connect', (request, socket) => {
    proxied.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  for (const one of [server, proxy]) {
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    onTestEnd(() => one.close().closeAllConnections());
  }
  const portOf = (one: typeof server) => (one.address() as AddressInfo).port;
  const running = debug(
    ['--program', 'app.mjs', '--access-token-url', `http://127.0.0.1:${portOf(server)}/token`],
    proxyEnvironment(`http://127.0.0.1:${portOf(proxy)}`),
  );
  await running.printed('app.mjs is running');
  expect([openings(), proxied]).toEqual([1, []]);
  await stopped(running);
});

test('reopens it, at most once a minute, when a call returns the code of an expired token', async () => {
  writeFileSync(
    join(folder, 'app.mjs'),
    `import { ZoneProgram } from 'wework-spec-sdk';
const program = new ZoneProgram()
  .ability('pull', async (_, { zone }) => ({ errcode: await zone.sync_msg({}).then(() => 0, () => 1) }))
  .ability('a minute later', () => {
    const now = Date.now;
    Date.now = () => now() + 61_000;
    return {};
  });
const { port } = await program.listen({ port: 0, host: '127.0.0.1', signals: true });
console.log('port ' + port);
`,
  );
  writeFileSync(join(folder, 'token.sh'), `echo ${sandbox.application.accessToken}\n`);
  const running = debug(['--program', 'app.mjs', '--access-token-command', 'sh token.sh']);
  const port = printedPort(running);
  await running.printed('app.mjs is running');
  sandbox.programs.address = `http://127.0.0.1:${await port}`;
  const lapse = async () => {
    sandbox.faults.inject({ interface: 'sync_msg', accessTokenExpired: true, times: 1 });
    expect((await sandbox.call('pull', {})).response).toEqual({ errcode: 1 });
  };
  await lapse();
  expect(openings()).toBe(1);
  await sandbox.call('a minute later', {});
  const again = running.printed('reopened');
  await lapse();
  await again;
  expect(openings()).toBe(2);
  await stopped(running);
});

test('takes the access token from a command', async () => {
  writeFileSync(join(folder, 'token.sh'), `echo ${sandbox.application.accessToken}\n`);
  const running = debug(['--program', 'app.mjs', '--access-token-command', 'sh token.sh']);
  await running.printed('app.mjs is running');
  expect(openings()).toBe(1);
  await stopped(running);
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  [
    'the debug token is wrong',
    ['--program', 'app.mjs'],
    { WEWORK_SPEC_DEBUG_TOKEN: 'x', WEWORK_SPEC_ACCESS_TOKEN: 'y' },
    1,
    /refused debug mode/,
  ],
  [
    'the debug token is missing',
    ['--program', 'app.mjs'],
    { WEWORK_SPEC_DEBUG_TOKEN: '' },
    2,
    /WEWORK_SPEC_DEBUG_TOKEN is not set/,
  ],
  [
    'the access token is missing',
    ['--program', 'app.mjs'],
    {},
    2,
    /WEWORK_SPEC_ACCESS_TOKEN is not set/,
  ],
  ['the program is missing', [], {}, 2, /--program is missing/],
  ['there is no such program', ['--program', 'none.js'], {}, 2, /no file .*none\.js/],
  [
    'a token is on the command line',
    ['--program', 'app.mjs', '--access-token', 'y'],
    {},
    2,
    /Unknown option/,
  ],
  [
    'the command fails',
    ['--program', 'app.mjs', '--access-token-command', 'echo secret; exit 3'],
    {},
    1,
    /ended with code 3/,
  ],
  [
    'the command prints no token',
    ['--program', 'app.mjs', '--access-token-command', 'echo no token'],
    {},
    1,
    /returned none/,
  ],
  [
    'the JSON has no token',
    ['--program', 'app.mjs', '--access-token-command', `echo '{"errcode":40013}'`],
    {},
    1,
    /without access_token/,
  ],
  [
    'the URL is none',
    ['--program', 'app.mjs', '--access-token-url', 'nowhere'],
    {},
    2,
    /must be a URL/,
  ],
  [
    'the URL has another protocol',
    ['--program', 'app.mjs', '--access-token-url', 'ftp://127.0.0.1/token'],
    {},
    2,
    /must be a URL/,
  ],
  [
    'the server is not there',
    ['--program', 'app.mjs', '--access-token-url', 'http://127.0.0.1:1/'],
    {},
    1,
    /cannot be reached/,
  ],
])('says in one line when %s', async (_, args, env, code, complaint) => {
  const ended = await debug(args, env).ended;
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(complaint);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(ended.stderr).not.toContain('secret');
  expect(openings()).toBeLessThanOrEqual(1);
});

test('warns of a program that has a copy of the package of its own', async () => {
  const own = newDir();
  mkdirSync(join(own, 'node_modules', 'wework-spec-sdk'), { recursive: true });
  writeFileSync(join(own, 'node_modules', 'wework-spec-sdk', 'package.json'), '{}');
  writeFileSync(join(own, 'app.cjs'), 'console.log("alone")');
  const ended = await debug(['--program', join(own, 'app.cjs')], {
    WEWORK_SPEC_ACCESS_TOKEN: sandbox.application.accessToken,
  }).ended;
  expect(ended.stderr).toContain('npx wework-spec debug');
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('alone') });
});
