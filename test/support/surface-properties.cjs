// Properties of the public surface, with arbitrary arguments: each call gives a value or an error with a code of the
// catalogue. Jest runs them in test/sdk/properties.long.test.ts, and test/sanitizers/exercise.cjs under the sanitizers.
const { strict: assert } = require('node:assert');
const { constants, generateKeyPairSync, publicEncrypt } = require('node:crypto');
const fc = require('fast-check');

// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters
const notOfOneLine = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/u;

/** What code of the caller throws; it passes through. */
const thrownByCaller = Object.freeze({ message: 'thrown by the caller' });
const fail = () => {
  throw thrownByCaller;
};

const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));
/** Texts of every kind: any UTF-16, so also lone surrogates; line separators; texts that mean something somewhere. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  units,
  fc.constantFrom(
    '',
    '\0',
    '\r\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ud800',
    '\udc00\ud800',
    '%s%d%j%n',
  ),
  fc.constantFrom('POST', 'ww-nonce', 'sync_msg', '{}', 'x'.repeat(200), '会话🌸'.repeat(60)),
);
const bytes = fc.uint8Array({ maxLength: 400 });

/** Makes a value inside the property: fast-check prints the values of a failure, and these misbehave when they are read. */
class Made {
  constructor(make) {
    this.make = make;
  }

  [fc.toStringMethod]() {
    return `(${this.make})()`;
  }
}

/** A copy with every {@link Made} replaced by its value. */
function unwrapped(value) {
  if (value instanceof Made) return value.make();
  if (value instanceof Map) return new Map([...value].map(unwrapped));
  const prototype = Object(value) === value ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Array.prototype && prototype !== Object.prototype) return value;
  let copy = value;
  for (const [key, part] of Object.entries(value)) {
    const made = unwrapped(part);
    if (made === part) continue;
    if (copy === value) copy = Array.isArray(value) ? value.slice() : { ...value };
    copy[key] = made;
  }
  return copy;
}

/** Values that misbehave when they are read. */
const hostile = fc
  .constantFrom(
    () => Object.defineProperty({}, 'constructor', { get: fail }),
    () => ({ toString: fail, toJSON: fail, [Symbol.toPrimitive]: fail, size: { valueOf: fail } }),
    () => ({
      get longText() {
        return fail();
      },
      get size() {
        return fail();
      },
    }),
    () => ({ [Symbol.for('nodejs.util.inspect.custom')]: fail }),
    () => ({ [Symbol.iterator]: fail }),
    () => new Proxy({}, { get: fail, ownKeys: fail }),
    () => new Proxy([], { get: fail }),
    () => {
      const array = new Uint8Array(8);
      structuredClone(array, { transfer: [array.buffer] });
      return array;
    },
    () => new Uint8Array(new SharedArrayBuffer(8)),
    () => new Uint16Array(4),
    () => new Array(2 ** 32 - 1),
    () => Object.assign(new Array(2 ** 32 - 1), { 0: 'a' }),
    () => Object.freeze(new Error('frozen')),
    () => Object.assign(new Error('x'), { stack: fail, message: Symbol('s') }),
    () => Symbol('s'),
    () => fail,
    () => {
      const circle = {};
      circle.circle = circle;
      return circle;
    },
  )
  .map((make) => new Made(make));
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  text,
  bytes,
  hostile,
);
const headerList = fc.array(fc.tuple(text, fc.oneof(text, fc.array(fc.oneof(text, hostile)))));
const headers = fc.oneof(
  anything,
  headerList,
  headerList.map((list) => new Map(list)),
  headerList.map((list) => list.flat()),
  fc.dictionary(text, fc.oneof(text, fc.array(text), anything)),
);

/** PEM as people may have damaged it: a piece replaced, or put elsewhere. */
function damaged(pem) {
  return fc
    .tuple(
      fc.nat(pem.length),
      fc.nat(pem.length),
      fc.oneof(text, fc.constantFrom('\\n', '"', '  ', '\n\n')),
    )
    .map(([start, length, piece]) => pem.slice(0, start) + piece + pem.slice(start + length));
}

function isExpected(error) {
  if (error === thrownByCaller) return true;
  return typeof error?.code === 'string' && /^ERR_(?:SPEC|SANDBOX)_/.test(error.code);
}

/** Runs a call; everything that it throws must be expected. */
function outcome(call) {
  try {
    return call();
  } catch (error) {
    if (!isExpected(error)) throw new Error(`no code: ${describe(error)}`, { cause: error });
    return undefined;
  }
}

async function outcomeOf(call) {
  try {
    return await call();
  } catch (error) {
    if (!isExpected(error)) throw new Error(`no code: ${describe(error)}`, { cause: error });
    return undefined;
  }
}

function describe(error) {
  return error instanceof Error || typeof error?.stack === 'string' ? error.stack : typeof error;
}

/**
 * The properties by name, each with what runs it.
 *
 * @param spec - the package
 * @param sandbox - a running sandbox, with its variables set in this process
 * @param readLog - returns what the SDK has logged since the last call
 */
function surfaceProperties(spec, sandbox, readLog) {
  const check = (runs, ...rest) => {
    const run = rest.pop();
    fc.assert(
      fc.property(...rest, (...values) => run(...values.map(unwrapped))),
      { numRuns: runs },
    );
  };
  const checkAsync = (runs, ...rest) => {
    const run = rest.pop();
    const property = fc.asyncProperty(...rest, (...values) => run(...values.map(unwrapped)));
    return fc.assert(property, { numRuns: runs });
  };
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const padding = constants.RSA_PKCS1_PADDING;
  const encrypted = publicEncrypt({ key: publicKey, padding }, Buffer.from('secret'));
  const getters = [
    ...['GetCorpId', 'GetAgentId', 'GetCallType', 'GetData'],
    ...['GetIsAsync', 'GetJobInfo', 'GetAbilityId', 'GetNotifyId'],
  ];

  return {
    'a request from arbitrary arguments is refused or throws a coded error': (runs) =>
      check(runs, anything, headers, anything, anything, (method, list, body, response) => {
        const callback = outcome(() => new spec.SpecCallbackSDK(method, list, body));
        if (callback === undefined) return;
        assert.equal(callback.IsOk(), false);
        for (const name of getters) {
          assert.throws(() => callback[name](), { code: 'ERR_SPEC_CALLBACK_NOT_OK' });
        }
        const built = outcome(() => callback.BuildResponseHeaderBody(response));
        if (built !== undefined) assert.equal(built.body.length, 0);
      }),

    'arbitrary content that is signed with the key is read or refused': (runs) =>
      check(runs, fc.oneof(bytes, text), anything, (content, response) => {
        const request = sandbox.wire.seal(
          typeof content === 'string'
            ? { data: content, abilityId: content, jobInfo: content, notifyId: content }
            : { plaintext: content },
        );
        const callback = new spec.SpecCallbackSDK(request.method, request.headers, request.body);
        if (typeof content === 'string') {
          assert.equal(callback.GetData(), content.toWellFormed());
          assert.equal(callback.GetJobInfo(), content.toWellFormed());
        }
        const built = outcome(() => callback.BuildResponseHeaderBody(response));
        if (built === undefined || !callback.IsOk()) return;
        const opened = sandbox.wire.open(request, built.headers, built.body);
        if (typeof response === 'string') {
          assert.deepEqual(opened, { kind: 'response', text: response });
        }
      }),

    'arbitrary arguments of SpecSdk and Invoke give a value or a coded error': (runs) =>
      checkAsync(
        runs,
        anything,
        anything,
        anything,
        anything,
        anything,
        text,
        async (...values) => {
          const [corpId, agentId, abilityId, jobInfo, request, name] = values;
          outcome(() => new spec.SpecSdk(corpId, agentId, abilityId, jobInfo));
          const sdk =
            outcome(() => new spec.SpecSdk('corp', 1, abilityId)) ?? new spec.SpecSdk('corp', 1);
          await outcomeOf(() => sdk.Invoke(request, request));
          const result = await outcomeOf(() => sdk.Invoke(name, JSON.stringify({ name })));
          if (result !== undefined) assert.ok(result.ret === 0 || result.ret <= -10001);
          await outcomeOf(() => spec.SpecOpenDebugMode(request, name));
        },
      ),

    'a log call never throws, and each writes one line': (runs) =>
      check(runs, fc.array(anything, { minLength: 1, maxLength: 4 }), (values) => {
        readLog();
        spec.WWSPEC_LOG_INFO(...values);
        spec.WWSPEC_LOG_ERROR(...values);
        const log = readLog();
        const lines = log.split('\n');
        assert.equal(lines.pop(), '');
        assert.equal(lines.length, 2);
        assert.doesNotMatch(lines.join(''), notOfOneLine);
      }),

    'the configure functions accept their options or throw a coded error': (runs) =>
      check(runs, anything, anything, (options, value) => {
        outcome(() => spec.configureLog(options));
        outcome(() => spec.configureLog({ longText: value }));
        outcome(() => spec.configureThreadPool(options));
        outcome(() => spec.configureThreadPool({ size: value, queueLimit: value }));
        spec.configureLog({ longText: 'cut' });
        spec.configureThreadPool({ size: 4, queueLimit: 4096 });
      }),

    'a secret key opens, or the error has a code': (runs) =>
      check(
        runs,
        fc.oneof(
          anything,
          bytes.map((data) => Buffer.from(data).toString('base64')),
        ),
        fc.oneof(
          anything,
          damaged(pem),
          damaged(pem).map((key) => Buffer.from(key)),
        ),
        (ciphertext, key) => {
          outcome(() => spec.DecryptSecretKey(ciphertext, pem));
          const opened = outcome(() => spec.DecryptSecretKey(encrypted.toString('base64'), key));
          if (opened !== undefined) assert.equal(opened, 'secret');
        },
      ),

    'a keyring takes arbitrary keys and messages, or the error has a code': (runs) =>
      checkAsync(
        runs,
        fc.oneof(anything, fc.dictionary(fc.constantFrom('1', '2', 'x', ''), anything)),
        fc.oneof(
          anything,
          damaged(pem),
          damaged(pem).map((key) => Buffer.from(key)),
        ),
        anything,
        async (keys, key, infos) => {
          outcome(() => new spec.SecretKeyring(keys));
          const keyring = new spec.SecretKeyring({ 1: pem });
          outcome(() => keyring.set(2, key));
          outcome(() => keyring.decrypt(infos, 1));
          // A list is read to its end, whatever is in it, and this one has four thousand million entries.
          if (outcome(() => Array.isArray(infos) && infos.length === 2 ** 32 - 1)) return;
          await outcomeOf(() => keyring.decryptAll(infos));
          await outcomeOf(() =>
            keyring.decryptAll([infos, { encrypted_secret_key: infos, public_key_ver: 1 }]),
          );
          await outcomeOf(() => keyring.toMsgList(infos));
        },
      ),

    'the data of an event is parsed, or the error has a code': (runs) =>
      check(runs, fc.oneof(anything, fc.json(), text), (data) => {
        outcome(() => spec.parseEvent(data));
      }),
  };
}

module.exports = { surfaceProperties };
