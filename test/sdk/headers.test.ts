import { type HeadersInput, SpecCallbackSDK } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { HttpProgram, type Received } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function pairsOf({ request }: Received): [string, string][] {
  const { rawHeaders } = request;
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [
    rawHeaders[2 * i] as string,
    rawHeaders[2 * i + 1] as string,
  ]);
}

function javaStyle(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

const shapes: [string, (received: Received) => HeadersInput][] = [
  ['headers of node:http', ({ request }) => request.headers],
  ['rawHeaders of node:http', ({ request }) => request.rawHeaders],
  ['headersDistinct of node:http', ({ request }) => request.headersDistinct],
  ['[name, value] pairs', pairsOf],
  ['a Map', (received) => new Map(pairsOf(received))],
  ['Headers of fetch', (received) => new Headers(pairsOf(received))],
  ['the iterator of a Map', (received) => new Map(pairsOf(received)).entries()],
  ['a generator', (received) => generated(pairsOf(received))],
  [
    'an object without a prototype',
    ({ request }) => Object.assign(Object.create(null), request.headers),
  ],
  ['a frozen object', ({ request }) => Object.freeze({ ...request.headers })],
  [
    'an object with names as Java servers write them',
    (received) =>
      Object.fromEntries(pairsOf(received).map(([name, value]) => [javaStyle(name), value])),
  ],
  [
    'pairs with names in upper case',
    (received) => pairsOf(received).map(([name, value]) => [name.toUpperCase(), value] as const),
  ],
];

function* generated<T>(list: Iterable<T>): Generator<T> {
  yield* list;
}

test.each(shapes)('a real HTTP request verifies with its headers as %s', async (_, shape) => {
  const program = await HttpProgram.start((received) => {
    const callback = new SpecCallbackSDK('POST', shape(received), received.body);
    return callback.BuildResponseHeaderBody(callback.GetData());
  });
  sandbox.programs.address = program.address;
  const { errcode, response } = await sandbox.call('ability', { text: '你好🌸' });
  expect({ errcode, response }).toEqual({ errcode: 0, response: { text: '你好🌸' } });
});

function isOkWith(change: (headers: Record<string, string>) => HeadersInput): boolean {
  const { method, headers, body } = sandbox.wire.seal();
  return new SpecCallbackSDK(method, change(headers), body).IsOk();
}

test('headers without meaning for the SDK are ignored', () => {
  expect(isOkWith((headers) => ({ ...headers, 'x-other': 'a', 'WW-OTHER': 'b', accept: '' }))).toBe(
    true,
  );
});

test('a header with the value undefined is ignored', () => {
  expect(isOkWith((headers) => ({ ...headers, 'x-other': undefined }))).toBe(true);
  expect(isOkWith((headers) => ({ ...headers, 'ww-nonce': undefined }))).toBe(false);
});

test('values of an array are joined by ", "', () => {
  expect(isOkWith((headers) => ({ ...headers, 'ww-nonce': [headers['ww-nonce'] ?? ''] }))).toBe(
    true,
  );
  expect(
    isOkWith((headers) => ({ ...headers, 'ww-nonce': [headers['ww-nonce'] ?? '', 'x'] })),
  ).toBe(false);
});

test('an array of values with holes is refused at the first one, however long it claims to be', () => {
  const sparse = Object.assign(new Array(2 ** 32 - 1), { 0: 'a' });
  for (const values of [sparse, new Array(2 ** 32 - 1), new Array(1)]) {
    const error = thrownBy(() => isOkWith((headers) => ({ ...headers, 'x-other': values })));
    expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
    expect(error.message).toContain('headers["x-other"]');
  }
});

test('an array of values that are longer together than a string can be is refused', () => {
  const values = new Array(600).fill('x'.repeat(2 ** 20));
  const error = thrownBy(() => isOkWith((headers) => ({ ...headers, 'x-other': values })));
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_VALUE');
});

test('bytes are no headers', () => {
  const error = thrownBy(() => isOkWith(() => Buffer.from('a: b') as unknown as HeadersInput));
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  expect(error.message).toMatch(/^The "headers" argument .* Received an instance of Buffer$/);
});

test('a duplicate signature header, in any case, fails verification', () => {
  expect(isOkWith((headers) => ({ ...headers, 'Ww-Nonce': headers['ww-nonce'] ?? '' }))).toBe(
    false,
  );
  expect(isOkWith((headers) => [...Object.entries(headers).flat(), 'ww-nonce', 'x'])).toBe(false);
});

test('characters from U+0080 to U+00FF are bytes, as in node:http', () => {
  const utf8AsBytes = Buffer.from('会话🌸').toString('latin1');
  expect(isOkWith((headers) => ({ ...headers, 'x-name': utf8AsBytes, 'ww-name': '\xff' }))).toBe(
    true,
  );
});

test.each<[string, HeadersInput]>([
  ['an object', {}],
  ['an array', []],
  ['a Map', new Map()],
  ['Headers', new Headers()],
])('%s without any headers makes a request that is refused', (_, headers) => {
  expect(new SpecCallbackSDK('POST', headers, 'x').IsOk()).toBe(false);
});

test('the headers are read once, by the constructor', () => {
  const request = sandbox.wire.seal();
  const headers = { ...request.headers };
  const callback = new SpecCallbackSDK(request.method, headers, request.body);
  for (const name of Object.keys(headers)) delete headers[name];
  const response = callback.BuildResponseHeaderBody('{}');
  expect(sandbox.wire.open(request, response.headers, response.body).kind).toBe('response');
});
