import { SpecCallbackSDK, type SpecErrorCode } from 'wework-spec-sdk';
import type { RequestFields, SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { thrownBy } from '../support/thrown';
import { fields, headersOf, seal, tag } from '../support/wire';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const getters = [
  'GetCorpId',
  'GetAgentId',
  'GetCallType',
  'GetData',
  'GetIsAsync',
  'GetJobInfo',
  'GetAbilityId',
  'GetNotifyId',
] as const;

function receive({ method, headers, body }: SealedRequest): SpecCallbackSDK {
  return new SpecCallbackSDK(method, headers, body);
}

function received(fieldsOfRequest?: RequestFields): SpecCallbackSDK {
  return receive(sandbox.wire.seal(fieldsOfRequest));
}

function read(callback: SpecCallbackSDK): Record<string, unknown> {
  return Object.fromEntries(getters.map((getter) => [getter, callback[getter]()]));
}

test('a request of the platform is verified and decrypted, and the platform accepts the response', () => {
  const request = sandbox.wire.seal({ abilityId: 'chat', data: { text: '你好🌸' } });
  const callback = receive(request);
  expect(callback.IsOk()).toBe(true);
  expect(JSON.parse(callback.GetData())).toEqual({ text: '你好🌸' });
  const { headers, body } = callback.BuildResponseHeaderBody('{"errcode":0}');
  expect(sandbox.wire.open(request, headers, body)).toEqual({
    kind: 'response',
    text: '{"errcode":0}',
  });
});

describe('the getters', () => {
  test('return every field of a synchronous call', () => {
    const callback = received({
      corpId: 'ww-企业🏢',
      agentId: 1000002,
      abilityId: 'chat_analysis',
      data: '{"a":1}',
      notifyId: 'notify-通知',
    });
    expect(read(callback)).toEqual({
      GetCorpId: 'ww-企业🏢',
      GetAgentId: 1000002,
      GetCallType: 1,
      GetData: '{"a":1}',
      GetIsAsync: false,
      GetJobInfo: '',
      GetAbilityId: 'chat_analysis',
      GetNotifyId: 'notify-通知',
    });
  });

  test('return is_async and job_info of an asynchronous call', () => {
    const callback = received({ isAsync: true, jobInfo: 'job-任务 1' });
    expect([callback.GetIsAsync(), callback.GetJobInfo()]).toEqual([true, 'job-任务 1']);
  });

  test('return call_type 2 for an event', () => {
    const callback = received({ callType: 2, data: '{"event":"x"}' });
    expect([callback.GetCallType(), callback.GetData()]).toEqual([2, '{"event":"x"}']);
  });

  test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('return agentId %d', (agentId) => {
    expect(received({ agentId }).GetAgentId()).toBe(agentId);
  });

  test('return empty data as an empty string', () => {
    expect(received({ data: '' }).GetData()).toBe('');
  });

  test('return strings with NUL characters completely', () => {
    expect(received({ data: 'a\0b' }).GetData()).toBe('a\0b');
  });

  test('return several megabytes of Chinese and emoji unchanged', () => {
    const data = '会话内容🌸👩‍💻 text '.repeat(100_000);
    expect(received({ data }).GetData() === data).toBe(true);
  });

  test('return the same value on every call', () => {
    const callback = received({ data: '一' });
    expect(callback.GetData()).toBe(callback.GetData());
    expect(read(callback)).toEqual(read(callback));
  });

  test('do not mix up concurrent requests', () => {
    const callbacks = Array.from({ length: 50 }, (_, i) => received({ data: `数据-${i}` }));
    expect(callbacks.map((callback) => callback.GetData())).toEqual(
      Array.from({ length: 50 }, (_, i) => `数据-${i}`),
    );
  });

  test('work after the response was built, even if not called before', () => {
    const content = {
      corpId: 'corp',
      agentId: 7,
      callType: 1,
      data: '数据',
      isAsync: true,
      jobInfo: 'job',
      abilityId: 'ability',
      notifyId: 'notify',
    };
    const before = received(content);
    const expected = read(before);
    const unread = received(content);
    unread.BuildResponseHeaderBody('');
    before.BuildResponseHeaderBody('');
    expect(read(unread)).toEqual(expected);
    expect(read(before)).toEqual(expected);
    expect(unread.IsOk()).toBe(true);
  });
});

describe('the body', () => {
  const shapes: [string, (body: string) => string | Uint8Array | Uint8Array[]][] = [
    ['a string', (body) => body],
    ['chunks', (body) => [Buffer.from(body.slice(0, 9)), Buffer.from(body.slice(9))]],
    ['one chunk', (body) => [Buffer.from(body)]],
    [
      'chunks, some of them empty',
      (body) => [
        Buffer.alloc(0),
        ...Array.from(body, (unit) => Buffer.from(unit)),
        Buffer.alloc(0),
      ],
    ],
    ['a Buffer', (body) => Buffer.from(body)],
    ['a Uint8Array', (body) => new Uint8Array(Buffer.from(body))],
    [
      'a view into a larger buffer',
      (body) => {
        const larger = Buffer.alloc(body.length + 20, 'x');
        larger.write(body, 7);
        return new Uint8Array(larger.buffer, larger.byteOffset + 7, body.length);
      },
    ],
    [
      'a view into shared memory',
      (body) => {
        const shared = new Uint8Array(new SharedArrayBuffer(body.length));
        shared.set(Buffer.from(body));
        return shared;
      },
    ],
  ];
  test.each(shapes)('can be %s', (_, shape) => {
    const { method, headers, body } = sandbox.wire.seal({ data: '内容' });
    const callback = new SpecCallbackSDK(method, headers, shape(body));
    expect([callback.IsOk(), callback.IsOk() && callback.GetData()]).toEqual([true, '内容']);
  });

  test.each([100, 5000, 100_000])('of %d bytes can begin at any address', (size) => {
    const data = Array.from({ length: size }, (_, i) => String.fromCharCode(97 + (i % 26))).join(
      '',
    );
    for (let offset = 0; offset < 64; offset += 7) {
      const { method, headers, body } = sandbox.wire.seal({ data });
      const larger = new Uint8Array(new ArrayBuffer(body.length + 64), offset, body.length);
      larger.set(Buffer.from(body));
      const cut = (offset * 31) % body.length;
      const chunks = [larger.subarray(0, cut), larger.subarray(cut)];
      expect(new SpecCallbackSDK(method, headers, chunks).GetData() === data).toBe(true);
    }
  });

  test('is copied, so that later changes of the buffer have no effect', () => {
    const { method, headers, body } = sandbox.wire.seal({ data: '内容' });
    const buffer = Buffer.from(body);
    const callback = new SpecCallbackSDK(method, headers, buffer);
    buffer.fill(0);
    expect(callback.GetData()).toBe('内容');
  });

  test('can have 64 MiB', () => {
    const data = 'x'.repeat(48 * 2 ** 20 - 1000);
    const callback = received({ data });
    expect(callback.GetData() === data).toBe(true);
  });
});

describe('the response', () => {
  const long = '回答🌸'.repeat(2 ** 20 / 10);
  const responses: [string, string | Uint8Array, string][] = [
    ['a string', '{"errcode":0}', '{"errcode":0}'],
    ['an empty string', '', ''],
    ['a Uint8Array', new Uint8Array(Buffer.from('回答')), '回答'],
    ['an empty Uint8Array', new Uint8Array(), ''],
    ['a view with an offset', Buffer.from('__回答').subarray(2), '回答'],
    ['1 MiB of Chinese and emoji', long, long],
    ['text with NUL characters', 'a\0b', 'a\0b'],
    ['text with a byte order mark', '\ufeff回', '\ufeff回'],
  ];
  test.each(responses)('can be %s', (_, response, text) => {
    const request = sandbox.wire.seal();
    const { headers, body } = receive(request).BuildResponseHeaderBody(response);
    const outcome = sandbox.wire.open(request, headers, body);
    expect(outcome.kind === 'response' && outcome.text === text).toBe(true);
  });

  test('transfers bytes that are not UTF-8 to the platform, which reports them', () => {
    const request = sandbox.wire.seal();
    const { headers, body } = receive(request).BuildResponseHeaderBody(Buffer.from([0xff, 0xfe]));
    expect(sandbox.wire.open(request, headers, body)).toEqual({
      kind: 'invalid',
      failure: 'malformed',
    });
  });

  test('consists of headers and an encrypted Buffer', () => {
    const { headers, body } = received().BuildResponseHeaderBody('机密 text');
    expect(Buffer.isBuffer(body)).toBe(true);
    expect(Object.keys(headers).sort()).toEqual([
      'content-type',
      'ww-nonce',
      'ww-secret-ver',
      'ww-signature',
      'ww-timestamp',
    ]);
    expect(`${JSON.stringify(headers)}${body}`).not.toMatch(/机密 text|5py65a+G/);
  });

  test('is bound to its request: the platform refuses it for another one', () => {
    const request = sandbox.wire.seal();
    const other = sandbox.wire.seal();
    const { headers, body } = receive(request).BuildResponseHeaderBody('{}');
    expect(sandbox.wire.open(other, headers, body)).toEqual({
      kind: 'invalid',
      failure: 'signature',
    });
    expect(sandbox.wire.open(request, headers, body).kind).toBe('response');
  });

  test('is refused by the platform if a byte is changed', () => {
    const request = sandbox.wire.seal();
    const { headers, body } = receive(request).BuildResponseHeaderBody('{}');
    body.writeUInt8(body.readUInt8(0) === 65 ? 66 : 65, 0);
    expect(sandbox.wire.open(request, headers, body).kind).toBe('invalid');
  });

  test('can be built only once', () => {
    const callback = received();
    callback.BuildResponseHeaderBody('{}');
    expect(thrownBy(() => callback.BuildResponseHeaderBody('{}')).code).toBe(
      'ERR_SPEC_ALREADY_RESPONDED' satisfies SpecErrorCode,
    );
    expect(callback.GetCallType()).toBe(1);
  });

  test('can be built after an attempt with an invalid argument', () => {
    const request = sandbox.wire.seal();
    const callback = receive(request);
    expect(thrownBy(() => callback.BuildResponseHeaderBody(1 as never)).code).toBe(
      'ERR_SPEC_INVALID_ARG_TYPE',
    );
    const { headers, body } = callback.BuildResponseHeaderBody('{}');
    expect(sandbox.wire.open(request, headers, body).kind).toBe('response');
  });
});

describe('a request that does not pass verification', () => {
  test.each(getters)('has no content: %s() throws', (getter) => {
    const request = sandbox.wire.seal({ data: 'x' });
    const callback = receive({ ...request, body: '' });
    expect(callback.IsOk()).toBe(false);
    expect(thrownBy(() => callback[getter]()).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
    callback.BuildResponseHeaderBody('');
    expect(thrownBy(() => callback[getter]()).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
  });

  test('gets a response with headers only; the given text is not sent', () => {
    const request = sandbox.wire.seal();
    const tampered = { ...request, body: flip(request.body) };
    const callback = receive(tampered);
    const { headers, body } = callback.BuildResponseHeaderBody('{"secret":"机密"}');
    expect(body).toHaveLength(0);
    expect(JSON.stringify(headers)).not.toContain('secret":');
    expect(sandbox.wire.open(tampered, headers, body)).toEqual({
      kind: 'refusal',
      reason: 'signature',
      authentic: true,
    });
    expect(callback.IsOk()).toBe(false);
  });

  test('gets only one response as well', () => {
    const callback = receive({ ...sandbox.wire.seal(), body: '' });
    callback.BuildResponseHeaderBody('');
    expect(thrownBy(() => callback.BuildResponseHeaderBody('')).code).toBe(
      'ERR_SPEC_ALREADY_RESPONDED',
    );
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const withHeader = (name: string, value: string | undefined): SealedRequest => {
    const request = sandbox.wire.seal();
    const headers: Record<string, string> = { ...request.headers };
    if (value === undefined) delete headers[name];
    else headers[name] = value;
    return { ...request, headers };
  };
  const otherCorp = fields([tag.agentId, '1'], [tag.callType, '1'], [tag.data, '{}']);
  const refused: [what: string, make: () => SealedRequest, reason: string][] = [
    [
      'a changed body',
      () => {
        const request = sandbox.wire.seal();
        return { ...request, body: flip(request.body) };
      },
      'signature',
    ],
    [
      'a truncated body',
      () => {
        const request = sandbox.wire.seal();
        return { ...request, body: request.body.slice(0, -4) };
      },
      'signature',
    ],
    ['no body', () => ({ ...sandbox.wire.seal(), body: '' }), 'signature'],
    [
      'a wrong signature',
      () => withHeader('ww-signature', Buffer.alloc(32, 1).toString('base64')),
      'signature',
    ],
    [
      'another method than the signed one',
      () => ({ ...sandbox.wire.seal(), method: 'GET' }),
      'signature',
    ],
    ['a method other than GET and POST', () => sandbox.wire.seal({ method: 'PUT' }), 'method'],
    ['a method in lower case', () => sandbox.wire.seal({ method: 'post' }), 'method'],
    ['no ww-secret-ver', () => withHeader('ww-secret-ver', undefined), 'missing-header'],
    ['no ww-timestamp', () => withHeader('ww-timestamp', undefined), 'missing-header'],
    ['no ww-nonce', () => withHeader('ww-nonce', undefined), 'missing-header'],
    ['no ww-signature', () => withHeader('ww-signature', undefined), 'missing-header'],
    ['no headers at all', () => ({ ...sandbox.wire.seal(), headers: {} }), 'missing-header'],
    ['a malformed ww-secret-ver', () => withHeader('ww-secret-ver', '01'), 'malformed-header'],
    ['a malformed ww-timestamp', () => withHeader('ww-timestamp', '-1'), 'malformed-header'],
    [
      'a ww-timestamp of 13 digits',
      () => withHeader('ww-timestamp', '0000000000001'),
      'malformed-header',
    ],
    ['a malformed ww-nonce', () => withHeader('ww-nonce', 'A'.repeat(32)), 'malformed-header'],
    ['a malformed ww-signature', () => withHeader('ww-signature', 'AAAA'), 'malformed-header'],
    ['an unknown key version', () => sandbox.wire.seal({ keyVersion: 2 }), 'key-version'],
    ['a timestamp too old', () => sandbox.wire.seal({ timestamp: now() - 400 }), 'timestamp'],
    ['a timestamp in the future', () => sandbox.wire.seal({ timestamp: now() + 400 }), 'timestamp'],
    [
      'a nonce that was seen before',
      () => {
        const request = sandbox.wire.seal();
        expect(receive(request).IsOk()).toBe(true);
        return request;
      },
      'replay',
    ],
    [
      'a body that is correctly signed but cannot be decrypted',
      () => {
        const body = Buffer.alloc(64).toString('base64');
        const parts = { direction: 'request', subject: 'POST', requestNonce: '' } as const;
        const sealed = seal(sandbox.env, parts, { body });
        return { method: 'POST', headers: headersOf(sealed), body };
      },
      'decryption',
    ],
    [
      'a body that is correctly signed but not base64',
      () => {
        const body = '***';
        const parts = { direction: 'request', subject: 'POST', requestNonce: '' } as const;
        const sealed = seal(sandbox.env, parts, { body });
        return { method: 'POST', headers: headersOf(sealed), body };
      },
      'decryption',
    ],
    ['a required field missing', () => sandbox.wire.seal({ plaintext: otherCorp }), 'malformed'],
    [
      'a truncated field',
      () => sandbox.wire.seal({ plaintext: otherCorp.subarray(0, -1) }),
      'malformed',
    ],
    ['call_type 3', () => sandbox.wire.seal({ callType: 3 }), 'malformed'],
    [
      'an agentid of 33 bits',
      () =>
        sandbox.wire.seal({
          plaintext: fields(
            [tag.corpId, 'c'],
            [tag.agentId, '4294967296'],
            [tag.callType, '1'],
            [tag.data, '{}'],
          ),
        }),
      'malformed',
    ],
  ];
  test.each(refused)(
    'is refused for %s, and the platform can read the reason',
    (_, make, reason) => {
      const request = make();
      const callback = receive(request);
      expect(callback.IsOk()).toBe(false);
      const { headers, body } = callback.BuildResponseHeaderBody('');
      expect(sandbox.wire.open(request, headers, body)).toEqual({
        kind: 'refusal',
        reason,
        authentic: true,
      });
    },
  );

  test('is refused without a key, with an unsigned header', () => {
    setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_KEY: '' });
    const request = sandbox.wire.seal();
    const callback = receive(request);
    expect(callback.IsOk()).toBe(false);
    const { headers, body } = callback.BuildResponseHeaderBody('x');
    expect(sandbox.wire.open(request, headers, body)).toEqual({
      kind: 'refusal',
      reason: 'not-configured',
      authentic: false,
    });
    expect(body).toHaveLength(0);
  });

  test.each([
    ['a key that is no base64', { WEWORK_SPEC_SANDBOX_KEY: 'x'.repeat(44) }],
    ['a key of 16 bytes', { WEWORK_SPEC_SANDBOX_KEY: Buffer.alloc(16).toString('base64') }],
    ['a malformed key version', { WEWORK_SPEC_SANDBOX_KEY_VER: '1.0' }],
  ])('is refused with %s, too', (_, variables) => {
    setEnvironmentForTest(variables);
    const request = sandbox.wire.seal();
    const { headers, body } = receive(request).BuildResponseHeaderBody('');
    expect(sandbox.wire.open(request, headers, body)).toMatchObject({
      kind: 'refusal',
      reason: 'not-configured',
    });
  });

  test('does not use up the nonce of the genuine request', () => {
    const request = sandbox.wire.seal();
    expect(receive({ ...request, body: flip(request.body) }).IsOk()).toBe(false);
    expect(receive(request).IsOk()).toBe(true);
  });

  test('a timestamp within the window passes, before and after the current time', () => {
    expect(received({ timestamp: now() - 200 }).IsOk()).toBe(true);
    expect(received({ timestamp: now() + 200 }).IsOk()).toBe(true);
  });

  test('GET requests pass as POST requests do', () => {
    expect(received({ method: 'GET' }).IsOk()).toBe(true);
  });
});

function flip(base64: string): string {
  return (base64.startsWith('A') ? 'B' : 'A') + base64.slice(1);
}
