import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ZoneProgramOptions } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, newProgram, serveProgram } from '../support/served-program';

// What somebody without the platform's keys can cost.

let sandbox: ZoneSandbox;
silenceLog();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const serve = (options: ZoneProgramOptions = {}) =>
  serveProgram(sandbox, (p) => p.ability('echo', (request) => ({ request })), options);

/** A connection that sends what the test gives it. */
async function open(port: number): Promise<{ socket: Socket; response: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  onTestEnd(() => socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
    // The program reads the rest of an upload for a while; nothing more is sent.
    if (text.includes('\r\n\r\n')) socket.end();
  });
  socket.on('error', () => {});
  const response = once(socket, 'close').then(() => text);
  await once(socket, 'connect');
  return { socket, response };
}

/** Begins a request with headers that could be the platform's. */
async function upload(port: number, size: number, headers = 'ww-secret-ver: 1\r\n') {
  const { socket, response } = await open(port);
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${size}\r\n\r\n`);
  return { socket, response };
}

const statusOf = (response: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1]);

/** Fulfilled when the program has counted so many requests with an outcome. */
async function counted(
  program: { metrics(): Promise<{ requests: Record<string, Record<string, number>> }> },
  outcome: string,
): Promise<void> {
  while (((await program.metrics()).requests['(unverified)']?.[outcome] ?? 0) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('unverified bodies share a budget, and a body beyond it gets 503', async () => {
  const { program, port } = await serve({ bodyLimit: 1_000_000, maxUnverifiedBytes: 1_000_000 });
  const held = await upload(port, 900_000);
  held.socket.write(Buffer.alloc(800_000));
  const refused = await upload(port, 900_000);
  // Which of the two comes first is the kernel's choice; one of them must be refused.
  refused.socket.write(Buffer.alloc(800_000));
  const response = await Promise.race([held.response, refused.response]);
  expect(statusOf(response)).toBe(503);
  expect(response).toMatch(/^retry-after: 1\r$/m);
  await counted(program, 'overloaded');
  held.socket.destroy();
  refused.socket.destroy();
  await counted(program, 'cut-off');
  // What is closed counts no more.
  const { errcode, response: echoed } = await sandbox.call('echo', { text: 'x'.repeat(600_000) });
  expect([errcode, (echoed as { request: { text: string } }).request.text.length]).toEqual([
    0, 600_000,
  ]);
});

test('verified requests release their bytes', async () => {
  const { program } = await serve({ bodyLimit: 100_000, maxUnverifiedBytes: 100_000 });
  for (let n = 0; n < 20; n += 1) {
    expect((await sandbox.call('echo', { text: 'x'.repeat(50_000) })).errcode).toBe(0);
  }
  expect((await program.metrics()).requests).toEqual({ echo: { ok: 20 } });
});

test('a stalled body gets 408', async () => {
  const { program, port } = await serve({ bodyTimeout: 50 });
  const { socket, response } = await upload(port, 1000);
  socket.write('half');
  expect(statusOf(await response)).toBe(408);
  await counted(program, 'timed-out');
});

test('each of several stalled bodies gets 408, and so do later ones', async () => {
  const { port } = await serve({ bodyTimeout: 50 });
  for (let round = 0; round < 2; round += 1) {
    const uploads = await Promise.all([upload(port, 10), upload(port, 10), upload(port, 10)]);
    const responses = await Promise.all(uploads.map(({ response }) => response));
    expect(responses.map(statusOf)).toEqual([408, 408, 408]);
  }
});

test('a request without a header of the SDK is refused before its body is read', async () => {
  const { program, port } = await serve();
  const { response } = await upload(port, 1_000_000, 'x-other: 1\r\n');
  const text = await response;
  expect(statusOf(text)).toBe(200);
  // The SDK's headers tell the platform, as after a failed verification.
  expect(text).toMatch(/^ww-[\w-]+: /m);
  await counted(program, 'unverified');
});

test('the check of the headers can be switched off or changed', async () => {
  const { program, port } = await serve({ requiredHeaderPrefix: '', bodyTimeout: 50 });
  expect(statusOf(await (await upload(port, 10, '')).response)).toBe(408);
  await counted(program, 'timed-out');
  const other = await serve({ requiredHeaderPrefix: 'X-Other-' });
  expect((await sandbox.call('echo', {})).errcode).not.toBe(0);
  await counted(other.program, 'unverified');
});

test('the number of connections has a limit', async () => {
  const program = newProgram();
  const { port } = await program.listen({ port: 0, host: '127.0.0.1', maxConnections: 2 });
  await Promise.all([upload(port, 10), upload(port, 10)]);
  const third = connect(port, '127.0.0.1');
  third.on('error', () => {});
  await once(third, 'close');
});

test('headers that do not end in time get 408', async () => {
  const program = newProgram();
  const { port } = await program.listen({ port: 0, host: '127.0.0.1', headersTimeout: 50 });
  const { socket, response } = await open(port);
  socket.write('POST / HTTP/1.1\r\nhost: x\r\n');
  expect(statusOf(await response)).toBe(408);
});

test('forged requests write a few log records and are then only counted', async () => {
  const log = logForTest();
  const { program, address } = await serve();
  for (let n = 0; n < 40; n += 1) {
    await (await fetch(address, { method: 'POST', body: 'x' })).text();
  }
  expect((await program.metrics()).requests).toEqual({ '(unverified)': { unverified: 40 } });
  const own = () => log.records.filter(({ custom }) => custom.includes('verification failed'));
  expect(own()).toHaveLength(5);
  await program.close();
  expect(own().at(-1)?.custom).toMatch(/^35 more; the last: /);
});

describe('health', () => {
  test.each(['GET', 'HEAD'])('%s without a header of the SDK gets 200', async (method) => {
    const { program, address } = await serve();
    const response = await fetch(`${address}/healthz`, { method });
    expect([response.status, await response.text()]).toEqual([
      200,
      method === 'GET' ? '{"status":"ok"}' : '',
    ]);
    expect((await program.metrics()).requests).toEqual({});
  });

  test('is also served by fetch()', async () => {
    const program = newProgram();
    const response = await program.fetch(new Request('http://x/'));
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('reports that the program closes', async () => {
    const program = newProgram();
    await program.close();
    const response = await program.fetch(new Request('http://x/'));
    expect([response.status, await response.json()]).toEqual([503, { status: 'closing' }]);
  });

  test('can be switched off', async () => {
    const { program, address } = await serve({ health: false });
    await (await fetch(address)).text();
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(405);
    expect((await program.metrics()).requests).toEqual({
      '(unverified)': { unverified: 1, method: 1 },
    });
  });
});

test('fetch() reports that a middleware has already read the body', async () => {
  const program = newProgram();
  const request = new Request('http://x/', { method: 'POST', body: 'x' });
  await request.text();
  expect((await program.fetch(request)).status).toBe(500);
});

test.each([
  ['bodyTimeout', 0, 'ERR_SPEC_OUT_OF_RANGE'],
  ['maxUnverifiedBytes', 64 * 1024 ** 2 - 1, 'ERR_SPEC_OUT_OF_RANGE'],
  ['requiredHeaderPrefix', 5, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['health', 'yes', 'ERR_SPEC_INVALID_ARG_TYPE'],
])('the option %s must not be %p', (name, value, code) => {
  expect(() => newProgram({ [name]: value })).toThrow(expect.objectContaining({ code }));
});

test.each(['maxConnections', 'headersTimeout', 'requestTimeout', 'keepAliveTimeout'])(
  'listen() refuses a wrong %s',
  async (name) => {
    await expect(newProgram().listen({ port: 0, [name]: 0 })).rejects.toMatchObject({
      code: 'ERR_SPEC_OUT_OF_RANGE',
    });
  },
);
