import { join as joinPaths } from 'node:path';
import {
  configureThreadPool,
  DecryptSecretKey,
  SpecCallbackSDK,
  SpecOpenDebugMode,
  SpecSdk,
} from 'wework-spec-sdk';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

// Few public functions have such names, so the function itself is tested.
const { describeReceived } = jest.requireActual<{
  describeReceived(value: unknown, argument: string): string;
}>('../../dist/errors/received.js');

// What errors about arguments say about the value that was passed.

silenceLog();
let stop: () => Promise<void>;
beforeAll(async () => {
  const sandbox = await startSandbox();
  stop = () => sandbox.stop();
});
afterAll(() => stop());

/** The last sentence of a message. */
function received(run: () => unknown): string {
  return /Received .*$/s.exec(thrownBy(run).message)?.[0] ?? '';
}

const withAgentId = (agentId: unknown) => () => new SpecSdk('corp', agentId as never);
const withAbilityId = (abilityId: unknown) => () => new SpecSdk('corp', 1, abilityId as never);

class Application {}
const hostile = (): never => {
  throw new Error('hostile');
};

describe('a value of the wrong type is described in the wording of Node.js', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['a number', 5],
    ['a fraction', -1.5],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 5n],
    ['a symbol', Symbol('token')],
    ['a named function', function named() {}],
    ['a class', Application],
    ['an object', {}],
    ['an array', ['a']],
    ['a Map', new Map()],
    ['an instance of a class', new Application()],
    ['a Proxy', new Proxy(new Application(), {})],
    ['a boxed string', new String('text')],
  ])('%s in place of a string', (_, value) => {
    expect(received(withAbilityId(value))).toBe(received(() => joinPaths(value as never)));
  });

  test.each(['', '5', 'x'.repeat(28), 'x'.repeat(29), "it's", 'two "words"', '中文'])(
    'the string %j in place of a number',
    (value) => {
      const message = received(withAgentId(value));
      expect(message).toBe(received(() => Buffer.alloc(value as never)));
      expect(message).toContain('type string');
    },
  );

  test('a missing argument is described as undefined', () => {
    expect(received(withAgentId(undefined))).toBe('Received undefined');
    expect(
      received(() => new (SpecSdk as unknown as new (corpId: string) => SpecSdk)('corp')),
    ).toBe('Received undefined');
  });

  test('a number out of range is shown', () => {
    expect(thrownBy(withAgentId(-1)).message).toMatch(/ Received -1$/);
    expect(thrownBy(withAgentId(1.5)).message).toMatch(/ Received 1\.5$/);
    expect(thrownBy(() => configureThreadPool({ size: 0 })).message).toMatch(/ Received 0$/);
  });
});

test.each<[string, unknown, string]>([
  [
    'a revoked Proxy',
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    })(),
    'Received type object',
  ],
  ['an object without a prototype', Object.create(null), 'Received type object'],
  [
    'a constructor that throws',
    {
      get constructor() {
        return hostile();
      },
    },
    'Received type object',
  ],
  ['a constructor that is data', { constructor: { name: 'content' } }, 'Received type object'],
  [
    'a class whose name is no string',
    new (class {
      static readonly name = { toString: hostile } as unknown as string;
    })(),
    'Received type object',
  ],
  [
    'a class whose name has line breaks',
    new (class {
      static readonly name = 'x\n[forged] log line';
    })(),
    'Received type object',
  ],
  ['a Proxy that throws', new Proxy({}, { get: hostile }), 'Received type object'],
])('%s does not break the message', (_, value, expected) => {
  const error = thrownBy(withAgentId(value));
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  expect(error.message).toContain(expected);
});

test('a string with a line break is shown on one line', () => {
  expect(received(withAgentId('5\n[forged]'))).toBe('Received type string ("5\\n[forged]")');
  expect(received(withAbilityId(Symbol('5\n')))).toBe('Received type symbol ("Symbol(5\\n)")');
});

test('arguments that can hold secrets or content are described only by their type', async () => {
  const secret = 4_711_081_500;
  const sdk = new SpecSdk('corp', 1);
  const errors = [
    thrownBy(() => new SpecCallbackSDK('POST', {}, secret as never)),
    thrownBy(() => new SpecCallbackSDK('POST', ['ww-signature', secret] as never, '')),
    thrownBy(() => new SpecCallbackSDK('POST', {}, '').BuildResponseHeaderBody(secret as never)),
    thrownBy(() => sdk.InvokeSync('sync_msg', secret as never)),
    thrownBy(() => DecryptSecretKey('AAAA', secret as never)),
    await rejectionOf(SpecOpenDebugMode(secret as never, 'token')),
    await rejectionOf(SpecOpenDebugMode('token', secret as never)),
  ];
  for (const { code, message } of errors) {
    expect(code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
    expect(message).toMatch(/ Received type number$/);
  }
});

test.each<[kind: string, names: string[]]>([
  [
    'secrets',
    [
      'connection.password',
      'options.connection.host',
      'options.corpSecret',
      'redis.passphrase',
      'clientsecrets[2]',
    ],
  ],
  [
    'keys',
    [
      'encodingAESKey',
      'options.appCallback.encodingAESKey',
      'corp.keys[0].privateKey',
      'keys["7"]',
      'privateKeyPem',
      'encrypted_secret_key',
      'options.apikey',
    ],
  ],
  [
    'tokens',
    [
      'callbackToken',
      'options.debugToken',
      'options.appCallback.token',
      'accesstoken',
      'headers["authorization"]',
      'request.cookies',
      'jobInfo',
      'notifyId',
    ],
  ],
  [
    'content',
    [
      'fields.data',
      'fields.text',
      'message.text',
      'rule.body',
      'rule.response',
      'job.result',
      'messages[3]',
      'options.headers["a"]',
    ],
  ],
])(
  'only the type is shown if any part of the name says that the argument can hold %s',
  (_, names) => {
    const shown = names.filter((name) => describeReceived('4711', name) !== 'type string');
    expect(shown).toEqual([]);
  },
);

test.each([
  'redis://user:password@cache:6379',
  'https://user@cache/path',
  'user:password@cache',
  '-----BEGIN PRIVATE KEY-----',
  'a\0b',
  '\ud800',
])('a string like %j is not shown, whatever the argument is called', (value) => {
  expect(describeReceived(value, 'options.program')).toBe('type string');
});

test.each([
  'options.port',
  'options.bodyLimit',
  'options.keyVersion',
  'options.dataDir',
  'options.longText',
  'options.corp.staff',
  'rule.interface',
  'keywords',
])('the value of %s is shown', (name) => {
  expect(describeReceived('4711', name)).toBe("type string ('4711')");
});
