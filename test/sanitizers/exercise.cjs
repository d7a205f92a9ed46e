// Runs all native code under a sanitizer: every path with valid and with invalid input, and objects and environments that
// end while calls are running. Prints one line for each part.
//
//   node exercise.cjs [PART]     runs all parts, or the given one
const { strict: assert } = require('node:assert');
const { once } = require('node:events');
const { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { isMainThread, Worker } = require('node:worker_threads');
const spec = require('wework-spec-sdk');
const { ZoneSandbox } = require('wework-spec-sdk/sandbox');
const { surfaceProperties } = require('../support/surface-properties.cjs');

const { SpecCallbackSDK, SpecSdk } = spec;

/** Starts a platform in this process. The sandbox library reads its address from the environment. */
async function withPlatform(run) {
  const sandbox = await ZoneSandbox.start();
  Object.assign(process.env, sandbox.env);
  try {
    await run(sandbox);
  } finally {
    await sandbox.stop();
  }
}

function callbackOf(sandbox, fields = { abilityId: 'a', data: { text: '你好🌸' } }) {
  const request = sandbox.wire.seal(fields);
  return { request, callback: new SpecCallbackSDK(request.method, request.headers, request.body) };
}

function readAll(callback) {
  return [
    callback.GetCorpId(),
    callback.GetAgentId(),
    callback.GetCallType(),
    callback.GetData(),
    callback.GetIsAsync(),
    callback.GetJobInfo(),
    callback.GetAbilityId(),
    callback.GetNotifyId(),
  ];
}

function loadAddon() {
  const addon = { exports: {} };
  process.dlopen(addon, process.env.WEWORK_SPEC_ADDON);
  return addon.exports;
}

const parts = {
  callbacks: () =>
    withPlatform(async (sandbox) => {
      for (let i = 0; i < 200; i += 1) {
        const text = '会话🌸'.repeat(i * 40);
        const { request, callback } = callbackOf(sandbox, { abilityId: 'a', data: { text } });
        assert.equal(callback.IsOk(), true);
        if (i % 2 === 0) readAll(callback);
        const { headers, body } = callback.BuildResponseHeaderBody(text);
        assert.deepEqual(sandbox.wire.open(request, headers, body), { kind: 'response', text });
        assert.throws(() => callback.BuildResponseHeaderBody(''), {
          code: 'ERR_SPEC_ALREADY_RESPONDED',
        });
      }
    }),

  threads: () =>
    withPlatform(async (sandbox) => {
      const serve = async (size) => {
        const text = '会话🌸'.repeat(size);
        const request = sandbox.wire.seal({ abilityId: 'a', data: { text } });
        const body = Buffer.from(request.body);
        const chunks = [body.subarray(0, size), body.subarray(size)];
        const callback = await SpecCallbackSDK.verify(request.method, request.headers, chunks);
        assert.equal(callback.IsOk(), true);
        const invoked = new SpecSdk(callback).Invoke('sync_msg', '{"limit":1}');
        const building = callback.BuildResponseHeaderBodyAsync(text);
        readAll(callback);
        assert.throws(() => callback.BuildResponseHeaderBody(''), {
          code: 'ERR_SPEC_ALREADY_RESPONDED',
        });
        const built = await building;
        assert.deepEqual(sandbox.wire.open(request, built.headers, built.body), {
          kind: 'response',
          text,
        });
        const forged = await SpecCallbackSDK.verify('POST', request.headers, 'A'.repeat(size));
        assert.equal(forged.IsOk(), false);
        assert.equal((await forged.BuildResponseHeaderBodyAsync('')).body.length, 0);
        assert.equal((await invoked).ret, 0);
      };
      await Promise.all([1, 10, 1000, 50_000, 100_000, 200_000].map(serve));
      const shared = new Uint8Array(new SharedArrayBuffer(2 ** 20));
      const verifying = [SpecCallbackSDK.verify('POST', {}, shared)];
      const transferred = new Uint8Array(2 ** 22);
      verifying.push(SpecCallbackSDK.verify('POST', {}, transferred).catch(() => {}));
      shared.fill(1);
      structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
      await Promise.all(verifying);
    }),

  refusals: () =>
    withPlatform(async (sandbox) => {
      const good = sandbox.wire.seal({ abilityId: 'a', data: {} });
      const variants = [
        [good.method, {}, good.body],
        [good.method, good.headers, ''],
        [good.method, good.headers, Buffer.alloc(1 << 20, 'A')],
        [good.method, { ...good.headers, 'ww-signature': 'AAAA' }, good.body],
        [good.method, { ...good.headers, 'ww-timestamp': '9'.repeat(5000) }, good.body],
        ['PUT', good.headers, good.body],
      ];
      for (const [method, headers, body] of variants) {
        const callback = new SpecCallbackSDK(method, headers, body);
        assert.equal(callback.IsOk(), false);
        assert.throws(() => callback.GetData(), { code: 'ERR_SPEC_CALLBACK_NOT_OK' });
        assert.throws(() => new SpecSdk(callback), { code: 'ERR_SPEC_CALLBACK_NOT_OK' });
        assert.equal(callback.BuildResponseHeaderBody('').body.length, 0);
      }
    }),

  arguments: async () => {
    const strange = [undefined, null, 1, Number.NaN, 1n, Symbol('s'), {}, [], [1], () => {}];
    strange.push('\ud800', 'a\0b', new Uint16Array(2), new DataView(new ArrayBuffer(2)));
    // Calls the addon directly, for values that the checks of the public functions would refuse.
    const native = loadAddon();
    native.attach(
      (code) => new Error(code),
      () => {},
    );
    for (const value of strange) {
      for (const call of [
        () => new SpecCallbackSDK(value, value, value),
        () => new SpecCallbackSDK('POST', { a: value }, value),
        () => new SpecCallbackSDK('POST', [value, value], 'x'),
        () => new SpecSdk(value, value, value, value),
        () => new SpecSdk('c', value),
        () => spec.DecryptSecretKey(value, value),
        () => native.DecryptSecretKeys(value, value),
        () => native.DecryptSecretKeys([value], 'key'),
        () => spec.configureThreadPool({ size: value }),
      ]) {
        // The tests check which of them throw. Here they only must not crash.
        try {
          call();
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }
      await new SpecSdk('c', 1).Invoke(value, value).catch(() => {});
      await spec.SpecOpenDebugMode(value, value).catch(() => {});
      spec.WWSPEC_LOG_INFO(value, value);
    }
  },

  invokes: () =>
    withPlatform(async (sandbox) => {
      const { callback } = callbackOf(sandbox);
      const sdk = new SpecSdk(callback);
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) => sdk.Invoke('sync_msg', `{"limit":${(i % 50) + 1}}`)),
      );
      assert.ok(
        results.every(({ ret, response }) => ret === 0 && JSON.parse(response).errcode === 0),
      );
      callback.BuildResponseHeaderBody('');
      assert.equal((await new SpecSdk(callback).Invoke('sync_msg', '{}')).ret, 0);
      const faults = [
        { status: 500 },
        { badSignature: true },
        { badCiphertext: true },
        { badFields: true },
        { drop: true },
        { cut: true },
        { response: 'not JSON' },
        { keyVersion: 7 },
        { timestamp: 1 },
      ];
      for (const fault of faults) {
        const injected = sandbox.faults.inject(() => fault);
        assert.notEqual((await sdk.Invoke('sync_msg', '{}')).ret, 0);
        injected.remove();
      }
      assert.equal(
        await spec.SpecOpenDebugMode(
          sandbox.programs.debugToken(),
          sandbox.application.accessToken,
        ),
        true,
      );
      assert.equal(await spec.SpecOpenDebugMode('wrong', 'token'), false);
    }),

  keys: () =>
    withPlatform(async (sandbox) => {
      const { privateKeyPem } = await sandbox.corp.keyPair();
      const [message] = sandbox.corp.messages;
      const info = (await sandbox.corp.encryption())(message);
      const encrypted = info.encrypted_secret_key;
      assert.equal(spec.DecryptSecretKey(encrypted, privateKeyPem), message.secretKey);
      const flipped = Buffer.from(encrypted, 'base64');
      flipped[10] ^= 1;
      assert.throws(() => spec.DecryptSecretKey(flipped.toString('base64'), privateKeyPem), {
        code: 'ERR_SPEC_SECRET_KEY',
      });
      assert.throws(() => spec.DecryptSecretKey(encrypted, 'no PEM'), {
        code: 'ERR_SPEC_PRIVATE_KEY',
      });
      const keyring = new spec.SecretKeyring({ 1: privateKeyPem });
      const good = Array.from({ length: 100 }, () => info);
      const bad = { encrypted_secret_key: flipped.toString('base64'), public_key_ver: 1 };
      const opened = await keyring.decryptAll([...good, bad]);
      assert.ok(opened.slice(0, -1).every(({ value }) => value === message.secretKey));
      assert.equal(opened.at(-1).reason.code, 'ERR_SPEC_SECRET_KEY');
      assert.equal(new Set(Array.from({ length: 100 }, spec.GenerateNotifyId)).size, 100);
      spec.GetSdkInfo();
    }),

  properties: () =>
    withPlatform(async (sandbox) => {
      const folder = mkdtempSync(join(tmpdir(), 'wework-spec-properties-'));
      const log = join(folder, 'log.txt');
      const before = process.env.WEWORK_SPEC_SANDBOX_LOG_FILE;
      writeFileSync(log, '');
      process.env.WEWORK_SPEC_SANDBOX_LOG_FILE = log;
      const readLog = () => {
        const text = readFileSync(log, 'utf8');
        truncateSync(log);
        return text;
      };
      try {
        for (const run of Object.values(surfaceProperties(spec, sandbox, readLog))) await run(500);
      } finally {
        process.env.WEWORK_SPEC_SANDBOX_LOG_FILE = before;
        rmSync(folder, { recursive: true });
      }
    }),

  // One thread, which the first call blocks: the others enter the SDK only after the JavaScript objects that they were
  // created from have been collected. Uses the addon itself, because the public classes keep their objects alive during a
  // call.
  collected: () =>
    withPlatform(async (sandbox) => {
      const native = loadAddon();
      const settled = new Map();
      native.attach(
        (code) => new Error(code),
        (call, error, result) => {
          settled.get(call)(error ?? result);
        },
      );
      native.useSettings(Object.entries(sandbox.env).flat(), 0);
      native.configureThreadPool(1, 100);
      for (let round = 0; round < 10; round += 1) {
        let release;
        const held = new Promise((resolve) => {
          release = resolve;
        });
        const injected = sandbox.faults.inject(() => held.then(() => undefined));
        const inFlight = Array.from({ length: 20 }, (_, i) => {
          const { method, headers, body } = sandbox.wire.seal({ abilityId: 'a', data: {} });
          const pairs = Object.entries(headers);
          const text = pairs.flatMap((pair) => pair.map((part) => `${part}\0`)).join('');
          const callback = new native.CallbackSdk();
          callback.Verify(method, text, pairs.length, body);
          const call = new native.SpecSdk(callback).Invoke('sync_msg', '{"limit":10}');
          if (i % 2 === 0) callback.BuildResponseHeaderBody('{}', Buffer.alloc(i * 100), i);
          return new Promise((resolve) => settled.set(call, resolve));
        });
        for (let turn = 0; turn < 5; turn += 1) {
          global.gc();
          await new Promise((resolve) => setImmediate(resolve));
        }
        release();
        for (const [ret] of await Promise.all(inFlight)) assert.equal(ret, 0);
        injected.remove();
      }
    }),

  workers: () =>
    withPlatform(async (sandbox) => {
      sandbox.faults.inject(() => ({ delay: 100 }));
      for (let i = 0; i < 10; i += 1) {
        const worker = new Worker(__filename, { argv: ['call-and-wait'] });
        await once(worker, 'message');
        await worker.terminate();
      }
      const workers = Array.from(
        { length: 3 },
        () => new Worker(__filename, { argv: ['refusals'] }),
      );
      for (const [code] of await Promise.all(workers.map((worker) => once(worker, 'exit')))) {
        assert.equal(code, 0);
      }
    }),
};

async function callAndWait() {
  const { parentPort } = require('node:worker_threads');
  const sdk = new SpecSdk('c', 1);
  for (let i = 0; i < 5; i += 1) void SpecCallbackSDK.verify('POST', {}, 'x'.repeat(2 ** 20));
  for (let i = 0; i < 20; i += 1) void sdk.Invoke('sync_msg', '{}');
  parentPort.postMessage('under way');
}

async function main() {
  const [wanted] = process.argv.slice(2);
  if (wanted === 'call-and-wait') return callAndWait();
  for (const [name, part] of Object.entries(parts)) {
    if (wanted !== undefined && wanted !== name) continue;
    await part();
    if (isMainThread) console.log(`  ${name}: ok`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
