import { SpecCallbackSDK } from 'wework-spec-sdk';
import type { SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';

// Responses share memory and native objects, which must never show.

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function received(data: unknown): { request: SealedRequest; callback: SpecCallbackSDK } {
  const request = sandbox.wire.seal({ data });
  return { request, callback: new SpecCallbackSDK(request.method, request.headers, request.body) };
}

/** Sizes around those at which a response gets memory of its own. */
const sizes = [0, 1, 100, 3000, 5000, 8000, 20_000, 40_000, 48_000, 60_000, 100_000, 300_000];

test('a response keeps its content when others are built', () => {
  const built = Array.from({ length: 400 }, (_, i) => {
    const { request, callback } = received(i);
    const text = `${i}`.padEnd(sizes[i % sizes.length] as number, `会${i}`);
    return { request, text, ...callback.BuildResponseHeaderBody(text) };
  });
  for (const { request, text, headers, body } of built) {
    expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text });
  }
});

test('responses of requests that are open at the same time are not mixed up', () => {
  const open = Array.from({ length: 200 }, (_, i) => ({ i, ...received({ i }) }));
  // Every third in reverse order, then the others.
  const order = [
    ...open.filter(({ i }) => i % 3 === 0).reverse(),
    ...open.filter(({ i }) => i % 3),
  ];
  for (const { i, request, callback } of order) {
    const { headers, body } = callback.BuildResponseHeaderBody(callback.GetData());
    const text = JSON.stringify({ i });
    expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text });
  }
});

test('responses with other headers in between have the right ones', () => {
  for (let round = 0; round < 20; round += 1) {
    const good = received(round);
    const forged = new SpecCallbackSDK('POST', {}, 'x');
    const refused = forged.BuildResponseHeaderBody('');
    const { headers, body } = good.callback.BuildResponseHeaderBody('ok');
    expect(refused.headers['ww-sandbox-refusal']).toBe('missing-header');
    expect(refused.body).toHaveLength(0);
    expect(Object.keys(headers).sort()).toEqual([
      'content-type',
      'ww-nonce',
      'ww-secret-ver',
      'ww-signature',
      'ww-timestamp',
    ]);
    expect(headers).not.toHaveProperty('ww-sandbox-refusal');
    expect(sandbox.wire.open(good.request, headers, body)).toEqual({
      kind: 'response',
      text: 'ok',
    });
  }
});

test('headers that are changed do not change those of the next response', () => {
  const first = received(1).callback.BuildResponseHeaderBody('1').headers;
  for (const name of Object.keys(first)) delete first[name];
  first.added = 'x';
  const { request, callback } = received(2);
  const { headers, body } = callback.BuildResponseHeaderBody('2');
  expect(headers).not.toHaveProperty('added');
  expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text: '2' });
});

test('transferring one body to another thread does not take the others along', () => {
  const { request, callback } = received(1);
  const { headers, body } = callback.BuildResponseHeaderBody('1');
  const { body: other } = received(2).callback.BuildResponseHeaderBody('2');
  try {
    // Ignored by Node.js 20, an error since.
    structuredClone(other.buffer, { transfer: [other.buffer as ArrayBuffer] });
  } catch (error) {
    expect((error as Error).name).toBe('DataCloneError');
  }
  expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text: '1' });
  expect(received(3).callback.BuildResponseHeaderBody('3').body.length).toBeGreaterThan(0);
});

test('a request whose verification threw leaves nothing behind for the next one', () => {
  for (let i = 0; i < 100; i += 1) {
    expect(() => new SpecCallbackSDK('POST', { a: 'b\0' }, '')).toThrow(TypeError);
    expect(() => new SpecCallbackSDK('POST', {}, [Symbol('s')] as never)).toThrow(TypeError);
    const { request, callback } = received(i);
    expect(() => callback.BuildResponseHeaderBody(1 as never)).toThrow(TypeError);
    expect(callback.GetData()).toBe(`${i}`);
    const { headers, body } = callback.BuildResponseHeaderBody(`${i}`);
    expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text: `${i}` });
  }
});

describe('large texts', () => {
  const texts: [string, string][] = [
    ['ASCII', 'abcdefghijklm'.repeat(40_000)],
    ['Chinese', '会话内容存档'.repeat(40_000)],
    ['emoji', '🌸👩‍💻'.repeat(40_000)],
    ['Latin-1', 'äöü'.repeat(100_000)],
    ['ASCII with one character at its end', `${'a'.repeat(300_000)}会`],
    ['one Chinese character before ASCII', `会${'a'.repeat(300_000)}`],
  ];
  test.each(texts)('%s come and go unchanged', (_, text) => {
    const { request, callback } = received(text);
    const data = callback.GetData();
    expect(JSON.parse(`"${data}"`) === text).toBe(true);
    const { headers, body } = callback.BuildResponseHeaderBody(data);
    const opened = sandbox.wire.open(request, headers, body);
    expect(opened.kind === 'response' && opened.text === text).toBe(true);
  });

  test.each(texts)('%s can be used after their request is gone', (_, text) => {
    const kept: string[] = [];
    for (let i = 0; i < 30; i += 1) kept.push(received(text).callback.GetData());
    for (let i = 0; i < 30; i += 1) {
      const { callback } = received('x'.repeat(text.length));
      callback.BuildResponseHeaderBody(callback.GetData());
    }
    expect(kept.every((data) => data === text && data.slice(5, 50) === text.slice(5, 50))).toBe(
      true,
    );
  });
});
