import { Agent, request as httpRequest } from 'node:http';
import { configureThreadPool } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { newProgram, serveProgram } from '../support/served-program';

// Large requests and responses must not keep small ones waiting.

let sandbox: ZoneSandbox;
silenceLog();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const MiB = 2 ** 20;
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

/** Uploads a body up to its last byte; `finish` sends that, and is fulfilled with the status when the headers of the response arrive. */
async function upload(port: number, body: Buffer, headers: Record<string, string>) {
  const sent = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { ...headers, 'content-length': body.length },
  });
  const status = new Promise<number | undefined>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve(response.statusCode);
      response.resume();
    });
  });
  await new Promise<void>((resolve) => sent.write(body.subarray(0, -1), () => resolve()));
  return {
    finish: () => {
      sent.end(body.subarray(-1));
      return status;
    },
  };
}

/** How many small requests are answered, one after another over one connection, before the promise is settled. */
async function answeredUntil(port: number, settled: Promise<unknown>): Promise<number> {
  let isSettled = false;
  settled.finally(() => {
    isSettled = true;
  });
  for (let count = 0; ; count += 1) {
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest({ port, host: '127.0.0.1', agent }, (response) =>
        response.resume().on('end', () => resolve()),
      );
      sent.on('error', reject).end();
    });
    if (isSettled) return count;
  }
}

/**
 * A request over a kept connection takes a few turns of the event loop. If a large body is worked on in one turn, only those that are
 * already on the way can be answered before.
 */
const few = 5;

test('while a forged body of 61 MiB is verified, other requests are answered', async () => {
  const { program, port } = await serveProgram(sandbox, (p) => p.ability('echo', () => ({})));
  const { headers } = sandbox.wire.seal({ abilityId: 'echo', data: {} });
  const { finish } = await upload(port, Buffer.alloc(61 * MiB, 'A'), headers);
  const status = finish();
  expect(await answeredUntil(port, status)).toBeGreaterThan(few);
  expect(await status).toBe(200);
  expect((await program.metrics()).requests).toEqual({ '(unverified)': { unverified: 1 } });
});

test('while a response of 40 MiB is built, other requests are answered', async () => {
  let respond: (text: string) => void = () => {};
  const text = new Promise<string>((resolve) => {
    respond = resolve;
  });
  const { port } = await serveProgram(sandbox, (p) => p.ability('large', () => text));
  const { headers, body } = sandbox.wire.seal({ abilityId: 'large', data: {} });
  const { finish } = await upload(port, Buffer.from(body), headers);
  const status = finish();
  // One turn, so that only building the response is left.
  await answeredUntil(port, Promise.resolve());
  respond('x'.repeat(40 * MiB));
  expect(await answeredUntil(port, status)).toBeGreaterThan(few);
  expect(await status).toBe(200);
});

test.each([
  ['listen()', 0],
  ['listen()', 1000],
  ['listen()', 2 ** 40],
])('%s responds in the same way with offloadBytes %d', async (_, offloadBytes) => {
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('echo', (request) => ({ request })),
    { offloadBytes },
  );
  for (const text of ['', '数据🌸', 'x'.repeat(2 * MiB), '长🌸'.repeat(MiB / 2)]) {
    const { errcode, response } = await sandbox.call('echo', { text });
    expect(errcode).toBe(0);
    expect((response as { request: { text: string } }).request.text === text).toBe(true);
  }
  const request = sandbox.wire.seal({ abilityId: 'echo', data: {} });
  const changed = { ...request, body: 'A'.repeat(2 * MiB) };
  expect((await sandbox.wire.send(changed)).outcome).toMatchObject({ kind: 'refusal' });
  expect((await program.metrics()).requests).toEqual({
    echo: { ok: 4 },
    '(unverified)': { unverified: 1 },
  });
});

test('large bodies are verified by handle() and fetch(), too', async () => {
  const program = newProgram().ability('echo', (request) => ({ request }));
  const large = () => sandbox.wire.seal({ abilityId: 'echo', data: { text: 'x'.repeat(MiB) } });
  const first = large();
  const handled = await program.handle(first.method, first.headers, first.body);
  expect(sandbox.wire.open(first, handled.headers, handled.body).kind).toBe('response');
  const second = large();
  const fetched = await program.fetch(new Request('http://x/', second));
  const headers = Object.fromEntries(fetched.headers);
  const body = Buffer.from(await fetched.arrayBuffer());
  expect(sandbox.wire.open(second, headers, body).kind).toBe('response');
  await expect(program.handle('POST', {}, [Buffer.alloc(1)] as never)).rejects.toMatchObject({
    code: 'ERR_SPEC_INVALID_ARG_TYPE',
  });
});

test('large requests are served when the threads take no more', async () => {
  configureThreadPool({ queueLimit: 0 });
  onTestEnd(() => configureThreadPool({ queueLimit: 4096 }));
  await serveProgram(sandbox, (p) => p.ability('echo', (request) => ({ request })), {
    offloadBytes: 0,
  });
  const text = 'x'.repeat(300_000);
  const calls = Array.from({ length: 40 }, () => sandbox.call('echo', { text }));
  for (const { errcode, response } of await Promise.all(calls)) {
    expect(errcode).toBe(0);
    expect((response as { request: { text: string } }).request.text === text).toBe(true);
  }
});

test.each([
  [-1, 'ERR_SPEC_OUT_OF_RANGE'],
  ['1', 'ERR_SPEC_INVALID_ARG_TYPE'],
])('the option offloadBytes refuses %p', (offloadBytes, code) => {
  const options = { offloadBytes: offloadBytes as number };
  expect(() => newProgram(options)).toThrow(expect.objectContaining({ code }));
});
