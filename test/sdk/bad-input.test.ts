import {
  DecryptSecretKey,
  GenerateNotifyId,
  GetSdkInfo,
  type HeadersInput,
  SpecCallbackSDK,
  SpecOpenDebugMode,
  SpecSdk,
} from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { type Coded, rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.use('echo', (request) => request);
});
// After every test the process is alive and the addon works.
afterEach(async () => {
  const { method, headers, body } = sandbox.wire.seal({ data: '好' });
  const callback = new SpecCallbackSDK(method, headers, body);
  expect(callback.GetData()).toBe('好');
  expect((await new SpecSdk(callback).Invoke('echo', '{}')).ret).toBe(0);
});
afterAll(() => sandbox.stop());

const type = 'ERR_SPEC_INVALID_ARG_TYPE';
const value = 'ERR_SPEC_INVALID_ARG_VALUE';
const range = 'ERR_SPEC_OUT_OF_RANGE';

type Row = [what: string, make: () => unknown, code: string];

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const notStrings: Row[] = [
  ['undefined', () => undefined, type],
  ['null', () => null, type],
  ['a number', () => 1, type],
  ['NaN', () => Number.NaN, type],
  ['a boolean', () => true, type],
  ['a bigint', () => 1n, type],
  ['a symbol', () => Symbol('s'), type],
  ['an object', () => ({}), type],
  ['an object with toString', () => ({ toString: () => 'text' }), type],
  ['a boxed string', () => new String('text'), type],
  ['a function', () => () => 'text', type],
  ['a Proxy', () => new Proxy({}, {}), type],
  ['a revoked Proxy', revoked, type],
  ['a Date', () => new Date(), type],
];
const arrays: Row[] = [
  ['an array', () => ['text'], type],
  ['an empty array', () => [], type],
];
const notChunks: Row[] = [
  ...arrays.filter(([what]) => what !== 'an empty array'),
  ['an array with a hole', () => Object.assign([], { 1: Buffer.from('text') }), type],
  ['an array of any length without elements', () => new Array(2 ** 32 - 1), type],
  ['an array of arrays of bytes', () => [[1, 2]], type],
  ['an array with an ArrayBuffer', () => [new ArrayBuffer(8)], type],
];
const notBytes: Row[] = [
  ['an ArrayBuffer', () => new ArrayBuffer(8), type],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(8), type],
  ['a DataView', () => new DataView(new ArrayBuffer(8)), type],
  ['a Uint16Array', () => new Uint16Array(8), type],
  ['an Int8Array', () => new Int8Array(8), type],
  ['a Uint8ClampedArray', () => new Uint8ClampedArray(8), type],
  ['a Float64Array', () => new Float64Array(8), type],
  ['a BigInt64Array', () => new BigInt64Array(8), type],
  ['an object shaped like a Uint8Array', () => Object.create(Uint8Array.prototype), type],
  ['a Proxy around a Buffer', () => new Proxy(Buffer.from('text'), {}), type],
];
const loneSurrogates: Row[] = [
  ['a high surrogate alone', () => '\ud83c', value],
  ['a low surrogate alone', () => 'text\udf38', value],
  ['surrogates in the wrong order', () => '\udf38\ud83c', value],
  ['a lone surrogate behind U+FFFD', () => '\ufffd🌸\ud83c', value],
  [
    'a lone surrogate in a concatenated string',
    () => `${'x'.repeat(1000)}\ud800${'中'.repeat(1000)}`,
    value,
  ],
];
const withNul: Row[] = [
  ['a NUL', () => '\0', value],
  ['a NUL inside', () => 'te\0xt', value],
];
const notText = [...notStrings, ...arrays, ...notBytes, ...loneSurrogates];
const notNames = [...notText, ...withNul];
const notAgentIds: Row[] = [
  ...notStrings.filter(([what]) => what !== 'a number' && what !== 'NaN'),
  ...arrays,
  ['a string', () => '1', type],
  ['a boxed number', () => new Number(1), type],
  ['-1', () => -1, range],
  ['2 ** 32', () => 2 ** 32, range],
  ['1.5', () => 1.5, range],
  ['NaN', () => Number.NaN, range],
  ['Infinity', () => Number.POSITIVE_INFINITY, range],
  ['-Infinity', () => Number.NEGATIVE_INFINITY, range],
  ['Number.MAX_VALUE', () => Number.MAX_VALUE, range],
  ['Number.MIN_VALUE', () => Number.MIN_VALUE, range],
];

/** The error must name what to check. */
function check(error: Coded, code: string, name: string | RegExp): void {
  expect({ code: error.code, name: error.name }).toEqual({
    code,
    name: code === range ? 'RangeError' : 'TypeError',
  });
  expect(error).toBeInstanceOf(code === range ? RangeError : TypeError);
  expect(error.message).toMatch(name);
  const shape: Record<string, RegExp> = {
    [type]: /must be .+\. Received /,
    [range]: / is out of range\. It must be .+\. Received /,
  };
  expect(error.message).toMatch(shape[code] ?? / is invalid\. It .+\. Received /);
}

/** Rows with every invalid value for one argument. */
const places: [place: string, name: string | RegExp, rows: Row[], call: (bad: never) => unknown][] =
  [
    ['new SpecCallbackSDK(_)', 'method', notNames, (bad) => new SpecCallbackSDK(bad, {}, '')],
    [
      'new SpecCallbackSDK(, , _)',
      'body',
      [...notStrings, ...notChunks, ...notBytes, ...loneSurrogates],
      (bad) => new SpecCallbackSDK('POST', {}, bad),
    ],
    [
      'BuildResponseHeaderBody(_)',
      'response',
      [...notStrings, ...arrays, ...notBytes, ...loneSurrogates],
      (bad) => okCallback().BuildResponseHeaderBody(bad),
    ],
    [
      'BuildResponseHeaderBody(_) of a callback that is not ok',
      'response',
      notStrings,
      (bad) => new SpecCallbackSDK('POST', {}, '').BuildResponseHeaderBody(bad),
    ],
    ['new SpecSdk(_)', /"(corpId|callback)"/, notNames, (bad) => new SpecSdk(bad, 1)],
    ['new SpecSdk(, _)', 'agentId', notAgentIds, (bad) => new SpecSdk('corp', bad)],
    [
      'new SpecSdk(, , _)',
      'abilityId',
      notNames.filter(([what]) => what !== 'undefined'),
      (bad) => new SpecSdk('corp', 1, bad),
    ],
    [
      'new SpecSdk(, , , _)',
      'jobInfo',
      notNames.filter(([what]) => what !== 'undefined'),
      (bad) => new SpecSdk('corp', 1, '', bad),
    ],
    ['InvokeSync(_)', 'apiName', notNames, (bad) => new SpecSdk('corp', 1).InvokeSync(bad, '{}')],
    ['InvokeSync(, _)', 'request', notText, (bad) => new SpecSdk('corp', 1).InvokeSync('a', bad)],
    [
      'DecryptSecretKey(_)',
      'encrypted',
      [...notText, ...withNul],
      (bad) => DecryptSecretKey(bad, 'key'),
    ],
    ['DecryptSecretKey(, _)', 'privateKeyPem', notNames, (bad) => DecryptSecretKey('AAAA', bad)],
  ];
describe.each(places)(
  '%s throws a TypeError or RangeError that names %p for',
  (_, name, rows, call) => {
    test.each(rows)('%s', (__, make, code) => {
      check(
        thrownBy(() => call(make() as never)),
        code,
        name,
      );
    });
  },
);

const promising: [string, string, Row[], (bad: never) => Promise<unknown>][] = [
  ['Invoke(_)', 'apiName', notNames, (bad) => new SpecSdk('corp', 1).Invoke(bad, '{}')],
  ['Invoke(, _)', 'request', notText, (bad) => new SpecSdk('corp', 1).Invoke('echo', bad)],
  ['SpecOpenDebugMode(_)', 'debugToken', notNames, (bad) => SpecOpenDebugMode(bad, 'token')],
  ['SpecOpenDebugMode(, _)', 'accessToken', notNames, (bad) => SpecOpenDebugMode('token', bad)],
];
describe.each(promising)(
  '%s is rejected with an error that names "%s" for',
  (_, name, rows, call) => {
    test.each(rows)('%s', async (__, make, code) => {
      check(await rejectionOf(call(make() as never)), code, name);
    });
  },
);

function okCallback(): SpecCallbackSDK {
  const { method, headers, body } = sandbox.wire.seal();
  return new SpecCallbackSDK(method, headers, body);
}

describe('headers are rejected if they are', () => {
  const rows: [string, () => unknown, string, string][] = [
    ...notStrings
      .filter(([what]) => !/object|Proxy|Date|boxed/.test(what))
      .map(([what, make]): [string, () => unknown, string, string] => [
        what,
        make,
        type,
        'headers',
      ]),
    ['a string', () => 'ww-nonce: 1', type, 'headers'],
    ['a boxed string', () => new String('ab'), type, 'headers'],
    ['a Set of strings', () => new Set(['a']), type, 'headers'],
    ['a Buffer', () => Buffer.from('ww-nonce'), type, 'headers'],
    ['an array of objects', () => [{ name: 'a', value: 'b' }], type, 'headers'],
    ['an array of numbers', () => [1, 2], type, 'headers'],
    ['an array of undefined', () => [undefined, undefined], type, 'headers'],
    ['a sparse array', () => new Array(2), type, 'headers'],
    ['pairs of one', () => [['a']], type, 'headers'],
    ['pairs of three', () => [['a', 'b', 'c']], type, 'headers'],
    ['pairs among strings', () => ['a', 'b', ['c', 'd']], value, 'headers'],
    ['pairs in the place of strings', () => ['a', 'b', ['c', 'd'], 'e'], type, 'headers'],
    ['pairs whose name is a number', () => [[1, 'a']], type, 'headers'],
    ['pairs whose name is undefined', () => [[undefined, 'a']], type, 'headers'],
    ['pairs whose name is a symbol', () => [[Symbol('s'), 'a']], type, 'headers'],
    ['a Map with a number as name', () => new Map([[1, 'a']]), type, 'headers'],
    ['raw headers with a name without a value', () => ['a', 'b', 'c'], value, 'headers'],
    ['raw headers with one name', () => ['a'], value, 'headers'],
    ['raw headers with undefined as value', () => ['a', undefined], type, 'headers["a"]'],
    ['raw headers with an array as value', () => ['a', ['b']], type, 'headers["a"]'],
    ['raw headers with a number as name', () => ['a', 'b', 3, 'd'], type, 'headers[2]'],
    ['a value that is a number', () => ({ a: 1 }), type, 'headers["a"]'],
    ['a value that is null', () => ({ a: null }), type, 'headers["a"]'],
    ['a value that is a boolean', () => ({ a: false }), type, 'headers["a"]'],
    ['a value that is a symbol', () => ({ a: Symbol('s') }), type, 'headers["a"]'],
    ['a value that is an object', () => ({ a: {} }), type, 'headers["a"]'],
    ['a value that is a boxed string', () => ({ a: new String('b') }), type, 'headers["a"]'],
    ['a value that is a Buffer', () => ({ a: Buffer.from('b') }), type, 'headers["a"]'],
    ['a value that is an array with a number', () => ({ a: ['b', 1] }), type, 'headers["a"]'],
    ['a value that is an array with undefined', () => ({ a: [undefined] }), type, 'headers["a"]'],
    ['a value that is an array of arrays', () => ({ a: [['b']] }), type, 'headers["a"]'],
    ['a value with a NUL', () => ({ a: 'b\0c' }), value, 'headers["a"]'],
    ['a value above U+00FF', () => ({ a: '中' }), value, 'headers["a"]'],
    ['a value with U+0100', () => ({ a: '\u0100' }), value, 'headers["a"]'],
    ['a value with an emoji', () => ({ a: '🌸' }), value, 'headers["a"]'],
    ['a value with a lone surrogate', () => ({ a: '\ud800' }), value, 'headers["a"]'],
    ['raw headers with a value above U+00FF', () => ['a', '中'], value, 'headers["a"]'],
    ['an empty name', () => ({ '': 'a' }), value, 'headers'],
    ['raw headers with an empty name', () => ['', 'a'], value, 'headers'],
    ['a name with a NUL', () => ({ 'a\0b': 'c' }), value, 'headers'],
    ['a ww- name with a NUL', () => ({ 'ww-nonce\0': 'c' }), value, 'headers'],
    ['a name above U+00FF', () => ({ 名: 'c' }), value, 'headers'],
    ['a name with a lone surrogate', () => ({ '\ud800': 'c' }), value, 'headers'],
  ];
  test.each(rows)('%s', (_, make, code, name) => {
    check(
      thrownBy(() => new SpecCallbackSDK('POST', make() as HeadersInput, '')),
      code,
      name,
    );
  });

  test('a Proxy of an array, with a code or as the array itself', () => {
    const { method, headers, body } = sandbox.wire.seal();
    const proxy = new Proxy(Object.entries(headers).flat(), {});
    let code: string | undefined;
    try {
      expect(new SpecCallbackSDK(method, proxy, body).IsOk()).toBe(true);
    } catch (error) {
      code = (error as Coded).code;
      expect(code).toBe(type);
    }
  });
});

describe("exceptions of the caller's code while headers are read are passed on", () => {
  const mine = new Error('mine');
  const fail = (): never => {
    throw mine;
  };
  const arrayWithGetter = (index: number): string[] => {
    const list = ['a', 'b', 'c', 'd'];
    Object.defineProperty(list, index, { get: fail });
    return list;
  };
  const rows: [string, () => unknown][] = [
    [
      'a getter',
      () => ({
        a: 'b',
        get c() {
          return fail();
        },
      }),
    ],
    ['a getter of an array, at the start', () => arrayWithGetter(0)],
    ['a getter of an array, at a name', () => arrayWithGetter(2)],
    ['a getter of an array, at a value', () => arrayWithGetter(3)],
    ['a Proxy: ownKeys', () => new Proxy({}, { ownKeys: fail })],
    ['a Proxy: has', () => new Proxy({}, { has: fail })],
    ['a Proxy: get', () => new Proxy({ a: 'b' }, { get: fail })],
    ['an iterator: next', () => ({ [Symbol.iterator]: () => ({ next: fail }) })],
    ['an iterator: made', () => ({ [Symbol.iterator]: fail })],
    [
      'a generator',
      () =>
        (function* () {
          yield ['a', 'b'];
          fail();
        })(),
    ],
    ['a pair', () => [Object.defineProperty(['a', 'b'], 1, { get: fail })]],
    ['a value', () => ({ a: Object.defineProperty(['b'], 0, { get: fail }) })],
  ];
  test.each(rows)('%s', (_, make) => {
    expect(thrownBy(() => new SpecCallbackSDK('POST', make() as HeadersInput, ''))).toBe(mine);
  });

  test.each([undefined, null, 'text', 5, Symbol('s'), {}])(
    'also when it is no Error: %p',
    (thrown) => {
      const headers = {
        get a(): string {
          throw thrown;
        },
      };
      const list = ['a', 'b'];
      Object.defineProperty(list, 1, { get: () => headers.a });
      for (const bad of [headers, list]) {
        let caught: unknown = 'nothing';
        try {
          new SpecCallbackSDK('POST', bad as HeadersInput, '');
        } catch (error) {
          caught = error;
        }
        expect(caught).toBe(thrown);
      }
    },
  );

  test('an iterator is closed after an invalid pair', () => {
    let closed = false;
    function* pairs(): Generator<[string, string]> {
      try {
        yield ['a', 'b'];
        yield 1 as never;
      } finally {
        closed = true;
      }
    }
    expect(thrownBy(() => new SpecCallbackSDK('POST', pairs(), '')).code).toBe(type);
    expect(closed).toBe(true);
  });

  test('an array that shrinks while it is read is rejected', () => {
    const list = ['a', 'b', 'c', 'd', 'e', 'f'];
    Object.defineProperty(list, 1, {
      get: () => {
        list.length = 2;
        return 'b';
      },
    });
    expect(thrownBy(() => new SpecCallbackSDK('POST', list, '')).code).toBe(type);
  });
});

describe('too few or too many arguments:', () => {
  const Callback = SpecCallbackSDK as unknown as new (...args: unknown[]) => SpecCallbackSDK;
  const Sdk = SpecSdk as unknown as new (...args: unknown[]) => SpecSdk;
  test.each<[string, () => unknown]>([
    ['new SpecCallbackSDK()', () => new Callback()],
    ["new SpecCallbackSDK('POST')", () => new Callback('POST')],
    ["new SpecCallbackSDK('POST', {})", () => new Callback('POST', {})],
    ['new SpecSdk()', () => new Sdk()],
    ["new SpecSdk('corp')", () => new Sdk('corp')],
    ['BuildResponseHeaderBody()', () => (okCallback().BuildResponseHeaderBody as () => unknown)()],
    ['DecryptSecretKey()', () => (DecryptSecretKey as () => unknown)()],
    [
      'InvokeSync()',
      () => (new SpecSdk('corp', 1) as unknown as { InvokeSync(): void }).InvokeSync(),
    ],
  ])('%s throws with a code', (_, call) => {
    expect(thrownBy(call).code).toMatch(/^ERR_SPEC_(INVALID_ARG_TYPE|CALLBACK_NOT_OK)$/);
  });

  test('further arguments are ignored, as usual in JavaScript', () => {
    expect(new Callback('POST', {}, '', 1, 2).IsOk()).toBe(false);
    expect(new Sdk('corp', 1, '', '', 5)).toBeInstanceOf(SpecSdk);
    expect((GenerateNotifyId as (a: number) => string)(1)).toMatch(/./);
  });
});

describe('bodies of unusual kinds', () => {
  const isOk = (body: string | Uint8Array): boolean => new SpecCallbackSDK('POST', {}, body).IsOk();

  test.each<[string, () => string | Uint8Array]>([
    ['empty text', () => ''],
    ['empty bytes', () => new Uint8Array()],
    ['text with NUL', () => 'a\0b'],
    ['64 MiB of bytes', () => Buffer.alloc(64 * 2 ** 20, 'A')],
    ['64 MiB of text', () => 'A'.repeat(64 * 2 ** 20)],
    ['20 MiB of Chinese', () => '中'.repeat(20 * 2 ** 20)],
    [
      'a string concatenated from many',
      () => Array.from({ length: 1000 }, String).reduce((a, b) => a + b),
    ],
    ['a subclass of Uint8Array', () => new (class extends Uint8Array {})(10)],
    ['shared memory', () => new Uint8Array(new SharedArrayBuffer(10))],
    [
      'a detached array',
      () => {
        const bytes = new Uint8Array(10);
        structuredClone(bytes, { transfer: [bytes.buffer] });
        return bytes;
      },
    ],
    [
      'an array whose buffer has shrunk below it',
      () => {
        const buffer = new ArrayBuffer(10, { maxByteLength: 20 });
        const bytes = new Uint8Array(buffer, 4, 4);
        buffer.resize(2);
        return bytes;
      },
    ],
    [
      'an array that reports a wrong length',
      () => Object.defineProperty(new Uint8Array(4), 'length', { value: 2 ** 30 }),
    ],
  ])('%s is a request that is refused', (_, make) => {
    expect(isOk(make())).toBe(false);
  });

  test('a response from a detached array is empty', () => {
    const request = sandbox.wire.seal();
    const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
    const bytes = new Uint8Array(10);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    const { headers, body } = callback.BuildResponseHeaderBody(bytes);
    expect(sandbox.wire.open(request, headers, body)).toEqual({ kind: 'response', text: '' });
  });

  test('100,000 headers are read', () => {
    const { method, headers, body } = sandbox.wire.seal();
    const many = Object.entries(headers);
    for (let i = 0; i < 100_000; i += 1) many.push([`x-${i}`, 'value']);
    expect(new SpecCallbackSDK(method, many, body).IsOk()).toBe(true);
  });

  test('a header of 16 MiB is read', () => {
    const { method, headers, body } = sandbox.wire.seal();
    const large = { ...headers, 'x-large': '\xff'.repeat(16 * 2 ** 20) };
    expect(new SpecCallbackSDK(method, large, body).IsOk()).toBe(true);
  });
});

describe('misuse of this and of classes throws a TypeError of JavaScript:', () => {
  const callbackMethods = Object.getOwnPropertyNames(SpecCallbackSDK.prototype).filter(
    (name) => name !== 'constructor' && !name.endsWith('BodyAsync'),
  );
  const invoke = (name: string, self: unknown): unknown =>
    (SpecCallbackSDK.prototype as unknown as Record<string, (...args: unknown[]) => unknown>)[
      name
    ]?.call(self, 'x');
  const selves: [string, () => unknown][] = [
    ['{}', () => ({})],
    ['undefined', () => undefined],
    ['null', () => null],
    ['a number', () => 1],
    ['a SpecSdk', () => new SpecSdk('corp', 1)],
    ['an object that inherits from a callback', () => Object.create(okCallback())],
    ['a Proxy around a callback', () => new Proxy(okCallback(), {})],
    ['the prototype', () => SpecCallbackSDK.prototype],
  ];
  test('ten methods are tested', () => {
    expect(callbackMethods.sort()).toEqual([
      'BuildResponseHeaderBody',
      'GetAbilityId',
      'GetAgentId',
      'GetCallType',
      'GetCorpId',
      'GetData',
      'GetIsAsync',
      'GetJobInfo',
      'GetNotifyId',
      'IsOk',
    ]);
  });
  test.each(selves)('methods of SpecCallbackSDK called on %s', async (_, make) => {
    for (const name of callbackMethods) {
      expect(thrownBy(() => invoke(name, make()))).toBeInstanceOf(TypeError);
    }
    const built = invoke('BuildResponseHeaderBodyAsync', make()) as Promise<unknown>;
    expect(await rejectionOf(built)).toBeInstanceOf(TypeError);
  });

  test.each(selves)('methods of SpecSdk called on %s', async (what, make) => {
    if (what === 'a SpecSdk') return;
    const self = make() as SpecSdk;
    expect(thrownBy(() => SpecSdk.prototype.InvokeSync.call(self, 'echo', '{}'))).toBeInstanceOf(
      TypeError,
    );
    expect(await rejectionOf(SpecSdk.prototype.Invoke.call(self, 'echo', '{}'))).toBeInstanceOf(
      TypeError,
    );
  });

  test('a constructor called without new', () => {
    expect(thrownBy(() => (SpecCallbackSDK as unknown as () => void)())).toBeInstanceOf(TypeError);
    expect(thrownBy(() => (SpecSdk as unknown as () => void)())).toBeInstanceOf(TypeError);
    expect(thrownBy(() => SpecCallbackSDK.call({} as never, 'POST', {}, ''))).toBeInstanceOf(
      TypeError,
    );
  });

  test('a subclass that does not call super', () => {
    const lazy = Reflect.construct(
      // A function, because TypeScript does not compile such a class.
      function Lazy() {},
      [],
      class Lazy extends SpecCallbackSDK {},
    ) as SpecCallbackSDK;
    expect(lazy).toBeInstanceOf(SpecCallbackSDK);
    expect(thrownBy(() => lazy.IsOk())).toBeInstanceOf(TypeError);
    expect(thrownBy(() => new SpecSdk(lazy)).code).toBe(type);
  });

  test('a subclass works', async () => {
    class MySdk extends SpecSdk {
      json(name: string, request: object): Promise<unknown> {
        return this.Invoke(name, JSON.stringify(request)).then(({ response }) =>
          JSON.parse(response),
        );
      }
    }
    expect(await new MySdk('corp', 1).json('echo', { a: 1 })).toEqual({ a: 1 });
  });

  test('an object constructed with another prototype', () => {
    const { method, headers, body } = sandbox.wire.seal({ data: 'x' });
    const callback = Reflect.construct(SpecCallbackSDK, [method, headers, body], Map);
    expect(callback).toBeInstanceOf(Map);
    expect(SpecCallbackSDK.prototype.GetData.call(callback)).toBe('x');
    expect(new SpecSdk(callback)).toBeInstanceOf(SpecSdk);
  });
});

test('GetSdkInfo returns a copy', () => {
  const info = GetSdkInfo();
  info.threadPool.size = 99;
  info.openssl.files.push('x');
  expect(GetSdkInfo().threadPool.size).not.toBe(99);
  expect(GetSdkInfo().openssl.files).not.toContain('x');
});

test('an error says what is wrong and contains no secret', () => {
  const error = thrownBy(() => new SpecSdk('secret\0corp', 1));
  expect(error.message).not.toContain('secret');
  const header = thrownBy(() => new SpecCallbackSDK('POST', { 'ww-signature': 'secret中' }, ''));
  expect(header.message).not.toContain('secret');
});
