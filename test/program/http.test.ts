import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import type { ZoneProgram } from 'wework-spec-sdk';
import { zoneProgram } from 'wework-spec-sdk/fastify';
import type { SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { root, runChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { cutOff } from '../support/cut-off';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { newProgram } from '../support/served-program';

const LIMIT = 100_000;

let sandbox: ZoneSandbox;
silenceLog();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

/** A program that echoes, and fails when it is told to. */
function echo(): ZoneProgram {
  return newProgram({ bodyLimit: LIMIT })
    .ability('echo', (request) => ({ request }))
    .ability('fail', () => Promise.reject(new Error('no')));
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** The parser that docs/guide/servers.md shows for Express. */
function documentedParser(): express.Handler {
  const page = readFileSync(join(root, 'docs', 'guide', 'servers.md'), 'utf8');
  const shown = /express\.raw\(\{.+?\}\)/.exec(page)?.[0] ?? '';
  return new Function('express', `return ${shown}`)(express);
}

/** Serves the program by a framework and says on which port. */
const frameworks: Record<string, (program: ZoneProgram) => Promise<number>> = {
  'listen()': async (program) => (await program.listen({ port: 0, host: '127.0.0.1' })).port,
  'node:http': (program) => listening(createServer(program.requestListener)),
  Express: (program) => listening(createServer(express().use(program.requestListener))),
  'Express with express.raw()': (program) => {
    const app = express();
    app.use(documentedParser());
    app.use(program.requestListener);
    return listening(createServer(app));
  },
  Koa: (program) => {
    const app = new Koa();
    // Its own words on connections that are cut.
    app.silent = true;
    app.use((context) => {
      context.respond = false;
      return program.requestListener(context.req, context.res);
    });
    return listening(createServer(app.callback()));
  },
  Fastify: async (program) => {
    const app = fastify();
    app.get('/healthy', () => 'yes');
    await app.register(zoneProgram, { program });
    await app.listen({ port: 0, host: '127.0.0.1' });
    onTestEnd(() => app.close());
    return (app.server.address() as AddressInfo).port;
  },
  'Hono by fetch': async (program) => {
    const app = new Hono();
    app.all('*', (context) => program.fetch(context.req.raw));
    const server = await new Promise<Server>((resolve) => {
      const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
        resolve(started as Server),
      );
    });
    onTestEnd(() => new Promise<void>((resolve) => server.close(() => resolve())));
    return (server.address() as AddressInfo).port;
  },
};

interface Reply {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends with node:http, as the sandbox does not: other methods, large and slow bodies. */
function send(
  port: number,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
  path = '/',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, headers, path, agent: false });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    // Node adds a length to some methods only, and the rest of such a request would be taken for another one.
    if (body !== undefined && headers['transfer-encoding'] === undefined) {
      sent.setHeader('content-length', Buffer.byteLength(body));
    }
    sent.end(body);
  });
}

function sealed(data: unknown, fields: object = {}): SealedRequest {
  return sandbox.wire.seal({ abilityId: 'echo', data, ...fields });
}

describe.each(Object.keys(frameworks))('%s', (name) => {
  let port: number;
  let program: ZoneProgram;
  beforeEach(async () => {
    program = echo();
    port = await (frameworks[name] as (program: ZoneProgram) => Promise<number>)(program);
    sandbox.programs.address = `http://127.0.0.1:${port}/any/path?q=1`;
  });

  test('serves a call without changing a byte', async () => {
    const data = { text: '消息 👩‍💻 \u0000 é', list: [1, null] };
    const { response, errcode, details } = await sandbox.call('echo', data);
    expect([errcode, response]).toEqual([0, { request: data }]);
    expect(details.response?.status).toBe(200);
  });

  test('serves many calls at the same time', async () => {
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, n) => sandbox.call('echo', { n, fill: 'x'.repeat(n * 100) })),
    );
    expect(
      responses.map(({ response }) => (response as { request: { n: number } }).request.n),
    ).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('responds to a call whose handler fails', async () => {
    expect((await sandbox.call('fail', {})).response).toMatchObject({ errcode: 710660 });
  });

  test('responds with status 200 and the SDK’s headers to a request that fails verification', async () => {
    for (const body of ['', 'x', '{}', 'AAAA']) {
      const request = sealed({});
      const { status, headers } = await send(port, 'POST', request.headers, body);
      expect([status, headers['ww-sandbox-refusal']]).toEqual([200, 'signature']);
    }
    const unsigned = await send(port, 'POST', { 'content-type': 'application/json' }, '{"a":1}');
    expect([unsigned.status, unsigned.headers['ww-sandbox-refusal']]).toEqual([
      200,
      'missing-header',
    ]);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'responds to %s with status 405',
    async (method) => {
      const { headers, body } = sealed({});
      const response = await send(port, method, headers, body);
      expect([response.status, response.headers.allow, response.body]).toEqual([
        405,
        'GET, POST',
        '',
      ]);
    },
  );

  test('responds to a body over the limit with status 413, with and without a length', async () => {
    const large = Buffer.alloc(LIMIT + 1, 'A');
    const { headers } = sealed({});
    const withLength = await send(
      port,
      'POST',
      { ...headers, 'content-length': String(large.length) },
      large,
    );
    const chunked = await send(port, 'POST', { ...headers, 'transfer-encoding': 'chunked' }, large);
    const longest = await send(port, 'POST', headers, large.subarray(1));
    expect([withLength.status, chunked.status, longest.status]).toEqual([413, 413, 200]);
    expect((await sandbox.call('echo', 1)).response).toEqual({ request: 1 });
  });

  test('does not call a handler for a truncated request', async () => {
    for (let sent = 0; sent < 5; sent += 1) await cutOff(port, sealed({}));
    expect((await sandbox.call('echo', 2)).response).toEqual({ request: 2 });
    const { requests, inFlight } = await program.metrics();
    expect(requests.echo).toEqual({ ok: 1 });
    expect(inFlight).toBe(0);
  });
});

describe('a GET', () => {
  test.each(Object.keys(frameworks).filter((name) => name !== 'Hono by fetch'))(
    'with a body is served by %s, because the SDK allows it',
    async (name) => {
      const program = echo();
      const port = await (frameworks[name] as (program: ZoneProgram) => Promise<number>)(program);
      sandbox.programs.address = `http://127.0.0.1:${port}`;
      const { outcome } = await sandbox.wire.send(sealed({ a: 1 }, { method: 'GET' }));
      expect(outcome).toEqual({ kind: 'response', text: '{"request":{"a":1}}' });
    },
  );
});

test('Express with the documented parser serves a call of several megabytes', async () => {
  const program = newProgram().ability('length', ({ text }: { text: string }) => ({
    length: text.length,
  }));
  const app = express().use(documentedParser()).use(program.requestListener);
  sandbox.programs.address = `http://127.0.0.1:${await listening(createServer(app))}`;
  const { response } = await sandbox.call('length', { text: 'x'.repeat(3_000_000) });
  expect(response).toEqual({ length: 3_000_000 });
});

test('the Fastify plugin does not affect other routes and parsers', async () => {
  const app = fastify();
  app.post('/json', (request) => ({ got: request.body }));
  await app.register(zoneProgram, { program: echo(), path: '/zone' });
  onTestEnd(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json' };
  expect((await send(port, 'POST', headers, '{"a":1}', '/json')).body).toBe('{"got":{"a":1}}');
  sandbox.programs.address = `http://127.0.0.1:${port}/zone`;
  expect((await sandbox.call('echo', { b: 2 })).response).toEqual({ request: { b: 2 } });
});

describe('handle()', () => {
  test('serves without any framework', async () => {
    const program = echo();
    const request = sealed({ a: 1 });
    for (const body of [request.body, Buffer.from(sealed({ a: 1 }).body)]) {
      const one = typeof body === 'string' ? request : sealed({ a: 1 });
      const response = await program.handle('POST', one.headers, one.body);
      expect(response.status).toBe(200);
      expect(sandbox.wire.open(one, response.headers, response.body)).toEqual({
        kind: 'response',
        text: '{"request":{"a":1}}',
      });
    }
  });

  test.each(['PUT', 'get', '', 'POST '])('responds to the method %j with 405', async (method) => {
    expect(await echo().handle(method, {}, '')).toMatchObject({ status: 405 });
  });

  test('responds to a body over the limit with 413', async () => {
    const { headers } = sealed({});
    expect(await echo().handle('POST', headers, 'é'.repeat(LIMIT / 2 + 1))).toMatchObject({
      status: 413,
    });
    expect(await echo().handle('POST', headers, 'é'.repeat(LIMIT / 2))).toMatchObject({
      status: 200,
    });
  });

  test.each<[string, unknown, unknown]>([
    ['headers', 5, ''],
    ['body', {}, 5],
    ['body', {}, undefined],
    ['body', {}, null],
  ])('rejects wrong %s with a code', async (_, headers, body) => {
    await expect(echo().handle('POST', headers as never, body as never)).rejects.toMatchObject({
      code: 'ERR_SPEC_INVALID_ARG_TYPE',
    });
  });

  test('aborts the handler’s signal when its own is aborted', async () => {
    const gone = new AbortController();
    const program = newProgram();
    const aborted = new Promise<void>((resolve) => {
      program.ability('wait', (_, call) => {
        call.signal.addEventListener('abort', () => resolve());
        gone.abort();
        return new Promise<never>(() => {});
      });
    });
    const { headers, body } = sandbox.wire.seal({ abilityId: 'wait' });
    await program.handle('POST', headers, body, { signal: gone.signal });
    await aborted;
  });
});

test('the signal of a handler is aborted when its client closes the connection', async () => {
  const program = newProgram();
  let arrived: () => void = () => {};
  const inHandler = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const aborted = new Promise<unknown>((resolve) => {
    program.ability('wait', (_, call) => {
      call.signal.addEventListener('abort', () => resolve(call.signal.reason));
      arrived();
      return new Promise<never>(() => {});
    });
  });
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  const { headers, body } = sandbox.wire.seal({ abilityId: 'wait' });
  const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', headers, agent: false });
  request.on('error', () => {});
  request.end(body);
  await inHandler;
  request.destroy();
  expect(await aborted).toMatchObject({ code: 'ERR_SPEC_STOPPED' });
});

test.each([
  ['consumed', 'whose body a parser has consumed', 'ERR_SPEC_BODY_CONSUMED .*express.raw'],
  ['fetched', 'whose body was read before fetch()', 'ERR_SPEC_BODY_CONSUMED'],
  ['broken', 'for which no SDK can be loaded', 'ERR_SPEC_UNKNOWN_SDK .*WEWORK_SPEC_SDK'],
])('%s: a request %s gets status 500, and a warning is written', async (scenario, _, warning) => {
  const WEWORK_SPEC_SDK = scenario === 'broken' ? 'nonsense' : 'sandbox';
  const ended = await runChild('program-warnings.mjs', [scenario], { env: { WEWORK_SPEC_SDK } });
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.stdout).toMatch(/^500$/m);
  expect(ended.stdout).toMatch(new RegExp(warning));
});
