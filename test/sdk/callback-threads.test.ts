import { configureThreadPool, SpecCallbackSDK, SpecSdk } from 'wework-spec-sdk';
import type { SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

// Requests that are verified, and responses that are built, on threads.

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const MiB = 2 ** 20;
const seal = (text = 'x') => sandbox.wire.seal({ abilityId: 'echo', data: { text } });
const forged = (size: number): SealedRequest => ({ ...seal(), body: 'A'.repeat(size) });
const verify = ({ method, headers, body }: SealedRequest): Promise<SpecCallbackSDK> =>
  SpecCallbackSDK.verify(method, headers, body);
const verified = (text?: string): Promise<SpecCallbackSDK> => verify(seal(text));

/** Does the work many times at once, with one thread and no queue, until some are refused. Returns the codes. */
async function untilQueueFull(work: () => Promise<unknown>): Promise<unknown[]> {
  configureThreadPool({ size: 1, queueLimit: 0 });
  onTestEnd(() => configureThreadPool({ size: 16, queueLimit: 4096 }));
  const codes = new Set<unknown>();
  while (codes.size === 0) {
    const settled = await Promise.allSettled(Array.from({ length: 40 }, work));
    for (const result of settled) if (result.status === 'rejected') codes.add(result.reason.code);
  }
  return [...codes];
}

/** Texts of which some are copied in several turns of the event loop; the last has surrogate pairs at every odd position. */
const texts: [string, string][] = [
  ['empty', ''],
  ['short', 'a数据🌸'],
  ['1 MiB of ASCII', 'x'.repeat(MiB)],
  ['3 MiB of Chinese', '数'.repeat(MiB)],
  ['4 MiB of surrogate pairs', `a${'🌸'.repeat(MiB)}`],
];

describe('verify()', () => {
  test.each(texts)('gives the same as the constructor: %s', async (_, text) => {
    const shapes: Record<string, (body: string) => string | Uint8Array | Uint8Array[]> = {
      string: (body) => body,
      bytes: (body) => new Uint8Array(Buffer.from(body)),
      'part of a larger buffer': (body) => Buffer.from(`-${body}`).subarray(1),
      chunks: (body) => [
        Buffer.from(body.slice(0, 7)),
        Buffer.alloc(0),
        Buffer.from(body.slice(7)),
      ],
    };
    for (const [shape, make] of Object.entries(shapes)) {
      const { method, headers, body } = seal(text);
      const callback = await SpecCallbackSDK.verify(method, headers, make(body));
      expect([shape, callback.IsOk()]).toEqual([shape, true]);
      expect(callback.GetData() === JSON.stringify({ text })).toBe(true);
      expect(callback).toBeInstanceOf(SpecCallbackSDK);
    }
  });

  test.each([0, 1, 100, 3 * MiB])('refuses a forged body of %d bytes', async (size) => {
    const request = forged(size);
    const callback = await verify(request);
    expect(callback.IsOk()).toBe(false);
    expect(thrownBy(() => callback.GetData()).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
    const { headers, body } = await callback.BuildResponseHeaderBodyAsync('not sent');
    expect(sandbox.wire.open(request, headers, body)).toEqual({
      kind: 'refusal',
      reason: 'signature',
      authentic: true,
    });
  });

  test('lets the event loop turn while it copies and verifies', async () => {
    let turns = 0;
    let done = false;
    const turning = (async () => {
      for (; !done; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    })();
    await verify(forged(32 * MiB));
    done = true;
    await turning;
    // The copy alone takes a turn for each 512 KiB.
    expect(turns).toBeGreaterThan(60);
  });

  test('copies for several requests in turn, so that a small one does not wait for a large one', async () => {
    const order: string[] = [];
    const large = verify(forged(32 * MiB)).then(() => order.push('large'));
    await verified().then(() => order.push('small'));
    await large;
    expect(order).toEqual(['small', 'large']);
  });

  test('does not wait for calls that wait for the platform', async () => {
    const gate = new Gate();
    sandbox.use('hold', async () => {
      await gate.pass();
      return {};
    });
    configureThreadPool({ size: 1 });
    onTestEnd(() => configureThreadPool({ size: 16 }));
    const held = new SpecSdk('corp', 1).Invoke('hold', '{}');
    await gate.reached(1);
    const callback = await verified();
    expect((await callback.BuildResponseHeaderBodyAsync('{}')).body.length).toBeGreaterThan(0);
    gate.open();
    await held;
  });

  test('is rejected when the queue is full', async () => {
    const codes = await untilQueueFull(() => verify(forged(300_000)));
    expect(codes).toEqual(['ERR_SPEC_QUEUE_FULL']);
  });

  test('a body in shared memory may be written meanwhile', async () => {
    const { method, headers, body } = seal('x'.repeat(4 * MiB));
    const shared = new Uint8Array(new SharedArrayBuffer(body.length));
    shared.set(Buffer.from(body));
    const verifying = SpecCallbackSDK.verify(method, headers, shared);
    shared.fill(0);
    expect((await verifying).IsOk()).toBe(false);
  });

  test.each([
    ['transferred', (bytes: ArrayBuffer) => structuredClone(bytes, { transfer: [bytes] })],
    ['shrunk', (bytes: ArrayBuffer) => (bytes as unknown as { resize(n: number): void }).resize(9)],
  ])('a body that is %s meanwhile is rejected', async (_, change) => {
    const { method, headers } = seal();
    const bytes = new (ArrayBuffer as new (n: number, options: object) => ArrayBuffer)(4 * MiB, {
      maxByteLength: 4 * MiB,
    });
    const verifying = SpecCallbackSDK.verify(method, headers, new Uint8Array(bytes));
    change(bytes);
    const error = await rejectionOf(verifying);
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SPEC_INVALID_ARG_VALUE' });
    expect(error.message).toContain('"body"');
  });

  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'body'],
    ['a number', 5, 'body'],
    ['a Uint16Array', new Uint16Array(4), 'body'],
    ['a Proxy', new Proxy(Buffer.from('x'), {}), 'body'],
    ['an array with a string', [Buffer.from('x'), 'y'], 'body[1]'],
    ['an array with a hole', new Array(2 ** 32 - 1), 'body[0]'],
  ])('rejects a body that is %s', async (_, body, name) => {
    const error = await rejectionOf(SpecCallbackSDK.verify('POST', {}, body as string));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SPEC_INVALID_ARG_TYPE' });
    expect(error.message).toContain(`"${name}"`);
  });

  test.each<[string, unknown[], string]>([
    ['method', [5, {}, ''], 'ERR_SPEC_INVALID_ARG_TYPE'],
    ['headers', ['POST', null, ''], 'ERR_SPEC_INVALID_ARG_TYPE'],
    ['body', ['POST', {}, `${'x'.repeat(MiB)}\ud800`], 'ERR_SPEC_INVALID_ARG_VALUE'],
  ])('rejects a wrong %s', async (name, [method, headers, body], code) => {
    const error = await rejectionOf(
      SpecCallbackSDK.verify(method as string, headers as object as [], body as string),
    );
    expect(error.code).toBe(code);
    expect(error.message).toContain(name);
  });
});

describe('BuildResponseHeaderBodyAsync()', () => {
  test.each(texts)('the platform can decrypt the response: %s', async (_, text) => {
    for (const response of [text, Buffer.from(text), [Buffer.from(text)]]) {
      const request = seal();
      const { headers, body } = await (await verify(request)).BuildResponseHeaderBodyAsync(
        response,
      );
      expect(Buffer.isBuffer(body)).toBe(true);
      const opened = sandbox.wire.open(request, headers, body);
      expect(opened.kind === 'response' && opened.text === text).toBe(true);
    }
  });

  test('fits a request of the constructor, and the other way round', async () => {
    const request = seal();
    const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
    const { headers, body } = await callback.BuildResponseHeaderBodyAsync('{}');
    expect(sandbox.wire.open(request, headers, body).kind).toBe('response');
    const other = seal();
    const built = (await verify(other)).BuildResponseHeaderBody('{}');
    expect(sandbox.wire.open(other, built.headers, built.body).kind).toBe('response');
  });

  test('builds one response, also while it is being built', async () => {
    const callback = await verified();
    const building = callback.BuildResponseHeaderBodyAsync('x'.repeat(4 * MiB));
    expect(thrownBy(() => callback.BuildResponseHeaderBody('{}')).code).toBe(
      'ERR_SPEC_ALREADY_RESPONDED',
    );
    const other = callback.BuildResponseHeaderBodyAsync('{}');
    expect((await rejectionOf(other)).code).toBe('ERR_SPEC_ALREADY_RESPONDED');
    await building;
    expect((await rejectionOf(callback.BuildResponseHeaderBodyAsync('{}'))).code).toBe(
      'ERR_SPEC_ALREADY_RESPONDED',
    );
    expect(thrownBy(() => callback.BuildResponseHeaderBody('{}')).code).toBe(
      'ERR_SPEC_ALREADY_RESPONDED',
    );
  });

  test('getters and calls of the platform work meanwhile', async () => {
    const callback = await verified('meanwhile');
    const building = callback.BuildResponseHeaderBodyAsync('x'.repeat(4 * MiB));
    expect(JSON.parse(callback.GetData())).toEqual({ text: 'meanwhile' });
    expect(callback.IsOk()).toBe(true);
    expect((await new SpecSdk(callback).Invoke('sync_msg', '{"limit":1}')).ret).toBe(0);
    await building;
    expect(callback.GetAbilityId()).toBe('echo');
  });

  test('can be repeated after an invalid argument, and nothing of that attempt is sent', async () => {
    const request = seal();
    const callback = await verify(request);
    for (const [response, code] of [
      [5, 'ERR_SPEC_INVALID_ARG_TYPE'],
      [`${'secret'.repeat(MiB)}\ud800`, 'ERR_SPEC_INVALID_ARG_VALUE'],
    ] as const) {
      const error = await rejectionOf(callback.BuildResponseHeaderBodyAsync(response as string));
      expect(error.code).toBe(code);
      expect(error.message).toContain('response');
    }
    const { headers, body } = await callback.BuildResponseHeaderBodyAsync('{}');
    expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text: '{}' });
  });

  test('can be repeated after the queue was full', async () => {
    const codes = await untilQueueFull(async () => {
      const request = seal();
      const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
      const text = 'x'.repeat(300_000);
      const { headers, body } = await callback.BuildResponseHeaderBodyAsync(text).catch((error) => {
        expect(error.code).toBe('ERR_SPEC_QUEUE_FULL');
        const built = callback.BuildResponseHeaderBody(text);
        expect(sandbox.wire.open(request, built.headers, built.body).kind).toBe('response');
        throw error;
      });
      expect(sandbox.wire.open(request, headers, body).kind).toBe('response');
    });
    expect(codes).toEqual(['ERR_SPEC_QUEUE_FULL']);
  });
});
