import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { node, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { proxyEnvironment } from '../support/proxy';
import { startSandbox } from '../support/sandbox';

const command = join(root, 'dist', 'tools', 'cli', 'main.js');

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function run(env: Record<string, string>, ...args: string[]) {
  return runProgram(node, [command, ...args, '--url', sandbox.urls.server], {
    env: { WEWORK_SPEC_SANDBOX_TOKEN: sandbox.controlToken, ...env },
  });
}

test('no command uses a proxy, which would get the token of the sandbox', async () => {
  const proxied: unknown[] = [];
  const proxy = createServer((request, response) => {
    proxied.push(request.headers);
    response.writeHead(502).end();
  }).on('connect', (request, socket) => {
    proxied.push(request.headers);
    socket.destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => proxy.close().closeAllConnections());
  const { port } = proxy.address() as AddressInfo;
  expect(await run(proxyEnvironment(`http://127.0.0.1:${port}`), 'fault')).toEqual({
    code: 0,
    signal: null,
    stdout: 'no active faults\n',
    stderr: '',
  });
  expect(proxied).toEqual([]);
});

test('a call waits for its response as long as the sandbox does', async () => {
  // Longer than a second, to which undici rounds its time limits up.
  const program = await HttpProgram.serve(() => sleep(2500, '{"slow":true}'));
  sandbox.programs.address = program.address;
  const impatient = join(root, 'test', 'children', 'impatient-fetch.cjs');
  const { code, stdout } = await run({ NODE_OPTIONS: `--require ${impatient}` }, 'call', 'a');
  expect([code, JSON.parse(stdout || 'null')]).toEqual([0, { slow: true }]);
});

test.each(['nowhere', 'ftp://127.0.0.1:1', 'http://127.0.0.1:99999', 'http://[', ''])(
  'the URL %j is a usage error',
  async (url) => {
    const args = [command, 'fault', `--url=${url}`];
    const ended = await runProgram(node, args, { env: { WEWORK_SPEC_SANDBOX_TOKEN: 't' } });
    expect(ended).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'wework-spec: --url must be a URL such as http://127.0.0.1:8080\n',
    });
  },
);

test('a sandbox that has ended is a failure with the words of the system', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  const env = { WEWORK_SPEC_SANDBOX_TOKEN: 't' };
  expect(await runProgram(node, [command, 'fault', '--url', url], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^wework-spec: ERR_SANDBOX_UNREACHABLE: .*ECONNREFUSED.*\n$/),
  });
});

test('a response that is not JSON is an error with a code', async () => {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const args = [command, 'fault', '--url', `http://127.0.0.1:${port}`];
  const ended = await runProgram(node, args, { env: { WEWORK_SPEC_SANDBOX_TOKEN: 't' } });
  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^wework-spec: ERR_SANDBOX_COMMAND: .*\n$/),
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a waiting call without an error message', async (signal, code) => {
  const reached = new Gate();
  onTestEnd(() => reached.open());
  const program = await HttpProgram.serve(async () => {
    await reached.pass();
    return '';
  });
  sandbox.programs.address = program.address;
  const args = [command, 'call', 'a', '--url', sandbox.urls.server];
  const env = { WEWORK_SPEC_SANDBOX_TOKEN: sandbox.controlToken };
  const running = startProgram(node, args, { env });
  await reached.reached(1);
  running.process.kill(signal);
  expect(await running.ended).toEqual({ code, signal: null, stdout: '', stderr: '' });
});
