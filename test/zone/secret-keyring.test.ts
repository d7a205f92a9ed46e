import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import { inspect } from 'node:util';
import {
  type ArchivedMessage,
  GetSdkInfo,
  type HitMessage,
  type MessageWithKey,
  SecretKeyring,
  type ServiceEncryptInfo,
  ZoneClient,
} from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
let corpKey: string;
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ corp: { messages: 1000 } });
  setEnvironment(sandbox.env);
  zone = new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
  });
  corpKey = (await sandbox.corp.keyPair()).privateKeyPem;
});
afterAll(() => sandbox.stop());

const old = generateKeyPairSync('rsa', { modulusLength: 2048 });
const current = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' = 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString();

const public_keys: Readonly<Record<number, KeyObject>> = { 1: old.publicKey, 2: current.publicKey };

function locked(secretKey: string, version: 1 | 2): ServiceEncryptInfo {
  const key = { key: public_keys[version] as KeyObject, padding: constants.RSA_PKCS1_PADDING };
  return {
    encrypted_secret_key: publicEncrypt(key, Buffer.from(secretKey)).toString('base64'),
    public_key_ver: version,
  };
}

function message(msgid: string, msgtype = 1, info = locked(`key of ${msgid}`, 2)): ArchivedMessage {
  return {
    msgid,
    sender: { type: 1, id: 'wo-1' },
    receiver_list: [{ type: 2, id: 'wm-1' }],
    send_time: 1_760_000_000,
    msgtype,
    service_encrypt_info: info,
  };
}

const both = () => new SecretKeyring({ 1: pemOf(old.privateKey), 2: pemOf(current.privateKey) });

describe('decrypt', () => {
  test('uses the key of the version', () => {
    const keyring = both();
    for (const version of [1, 2] as const) {
      const { encrypted_secret_key: text } = locked(`密钥🔑 ${version}`, version);
      expect(keyring.decrypt(text, version)).toBe(`密钥🔑 ${version}`);
    }
  });

  test.each([
    ['an object', { 1: pemOf(old.privateKey) }],
    ['a Map', new Map([[1, pemOf(old.privateKey)]])],
    ['pairs', [[1, pemOf(old.privateKey, 'pkcs1')]] as const],
    ['a KeyObject', { 1: old.privateKey }],
  ])('keys can be passed as %s', (_, keys) => {
    const keyring = new SecretKeyring(keys);
    expect(keyring.versions).toEqual([1]);
    expect(keyring.decrypt(locked('secret', 1).encrypted_secret_key, 1)).toBe('secret');
  });

  test('versions lists the keys that were set and not deleted', () => {
    const keyring = new SecretKeyring().set(12, current.privateKey).set(2, old.privateKey);
    keyring.set(2, current.privateKey);
    expect(keyring.versions).toEqual([2, 12]);
    expect(keyring.decrypt(locked('x', 2).encrypted_secret_key, 2)).toBe('x');
    expect([keyring.delete(2), keyring.delete(2)]).toEqual([true, false]);
    expect(keyring.versions).toEqual([12]);
  });

  test('the error for an unknown version lists the known ones', () => {
    const { encrypted_secret_key: text } = locked('x', 1);
    const error = thrownBy(() => both().decrypt(text, 7));
    expect(error.code).toBe('ERR_SPEC_KEY_VERSION');
    expect(error.message).toContain('public_key_ver 7');
    expect(error.message).toContain('1, 2');
    expect(thrownBy(() => new SecretKeyring().decrypt(text, 1)).message).toContain('has none');
  });

  test('a wrong key and invalid base64 are rejected', () => {
    const { encrypted_secret_key: text } = locked('x', 1);
    expect(thrownBy(() => both().decrypt(text, 2)).code).toBe('ERR_SPEC_SECRET_KEY');
    expect(thrownBy(() => both().decrypt('a*', 2)).code).toBe('ERR_SPEC_INVALID_ARG_VALUE');
    expect(thrownBy(() => both().decrypt(5 as never, 2)).code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
    expect(thrownBy(() => both().decrypt(text, '2' as never)).code).toBe(
      'ERR_SPEC_INVALID_ARG_TYPE',
    );
  });
});

describe('decryptAll', () => {
  test('decrypts thousands of keys of several versions in order, off this thread', async () => {
    const templates = { 1: locked('one', 1), 2: locked('two', 2) };
    const infos = Array.from({ length: 1000 }, (_, index) => templates[index % 3 === 0 ? 1 : 2]);
    let turns = 0;
    let done = false;
    const turning = (async () => {
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    const opened = await both().decryptAll(infos);
    done = true;
    await turning;
    expect(opened).toEqual(
      infos.map(({ public_key_ver: version }) => ({
        status: 'fulfilled',
        value: version === 1 ? 'one' : 'two',
      })),
    );
    // The event loop ran during more than half a second of RSA.
    expect(turns).toBeGreaterThan(50);
  });

  test('a key that cannot be decrypted does not affect the others', async () => {
    const opened = await both().decryptAll([
      locked('a', 1),
      { ...locked('b', 1), public_key_ver: 2 },
      { ...locked('c', 1), public_key_ver: 9 },
      { ...locked('d', 2), encrypted_secret_key: 'no base64!' },
      { encrypted_secret_key: 'AAAA', public_key_ver: 1 },
      undefined as never,
      locked('e', 2),
    ]);
    expect(
      opened.map((result) =>
        result.status === 'fulfilled' ? result.value : (result.reason as { code?: string }).code,
      ),
    ).toEqual([
      'a',
      'ERR_SPEC_SECRET_KEY',
      'ERR_SPEC_KEY_VERSION',
      'ERR_SPEC_INVALID_ARG_VALUE',
      'ERR_SPEC_SECRET_KEY',
      'ERR_SPEC_INVALID_ARG_TYPE',
      'e',
    ]);
  });

  test('accepts any iterable, also an empty one', async () => {
    expect(await both().decryptAll(new Set())).toEqual([]);
    expect(await both().decryptAll(new Set([locked('x', 1)]))).toHaveLength(1);
    for (const infos of [undefined, null, 5, {}]) {
      expect((await rejectionOf(both().decryptAll(infos as never))).code).toBe(
        'ERR_SPEC_INVALID_ARG_TYPE',
      );
    }
  });

  test.each<[string, () => unknown[]]>([
    ['a hole', () => Object.assign([locked('a', 1)], { 2: locked('b', 1) })],
    ['four billion holes', () => new Array(2 ** 32 - 1)],
  ])('rejects a sparse array with %s', async (_, make) => {
    const error = await rejectionOf(both().decryptAll(make() as ServiceEncryptInfo[]));
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_SPEC_INVALID_ARG_VALUE' });
    expect(error.message).toMatch(/"infos".* sparse array/);
  });

  test('is cancelled when the signal is aborted', async () => {
    const controller = new AbortController();
    const infos = Array.from({ length: 2000 }, () => ({
      encrypted_secret_key: 'AAAA',
      public_key_ver: 1,
    }));
    const opening = both().decryptAll(infos, { signal: controller.signal });
    controller.abort(new Error('enough'));
    expect((await rejectionOf(opening)).message).toBe('enough');
    expect((await rejectionOf(both().decryptAll([], { signal: controller.signal }))).message).toBe(
      'enough',
    );
    // The running threads return to the pool, and the remaining parts are not started.
    for (;;) {
      const { running, queued } = GetSdkInfo().threadPool;
      if (running + queued === 0) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe('toMsgList', () => {
  test('converts pulled messages to the msg_list of the model interfaces', async () => {
    const { msg_list: pulled = [] } = await zone.sync_msg({ limit: 1000 });
    const list = await new SecretKeyring({ 1: corpKey }).toMsgList(pulled);
    const expected = sandbox.corp.messages
      .filter(({ msgtype }) => [1, 6, 21].includes(msgtype))
      .map(({ msgid, secretKey }) => ({ msgid, encrypt_info: { secret_key: secretKey } }));
    expect(expected.length).toBeGreaterThan(100);
    expect(list).toEqual(expected);
    sandbox.use('create_summary_task', ({ msg_list: sent }) => ({
      errcode: 0,
      errmsg: 'ok',
      jobid: String(sent.length),
    }));
    await expect(zone.create_summary_task({ msg_list: list })).resolves.toMatchObject({
      jobid: String(list.length),
    });
  });

  test('includes the requested types, and each message once', async () => {
    const messages = [1, 2, 6, 21, 22, 1].map((msgtype, index) =>
      message(`m-${Math.min(index, 4)}`, msgtype),
    );
    const ids = async (options?: object) =>
      (await both().toMsgList([...messages, message('m-0')], options)).map(({ msgid }) => msgid);
    expect(await ids()).toEqual(['m-0', 'm-2', 'm-3', 'm-4']);
    expect(await ids({ msgtypes: [2, 22] })).toEqual(['m-1', 'm-4']);
    expect(await ids({ msgtypes: 'all' })).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
  });

  test('rejects a sparse array', async () => {
    const error = await rejectionOf(both().toMsgList(new Array(2 ** 32 - 1)));
    expect(error.code).toBe('ERR_SPEC_INVALID_ARG_VALUE');
    expect(error.message).toMatch(/"messages".* sparse array/);
  });

  test('accepts hit messages with details', async () => {
    const { msgid, ...detail } = message('m-1');
    const hit: HitMessage = { msgid, msg_detail: detail, hit_rule_list: [] };
    expect(await both().toMsgList([hit])).toEqual([
      { msgid: 'm-1', encrypt_info: { secret_key: 'key of m-1' } },
    ]);
    const error = await rejectionOf(both().toMsgList([{ msgid, hit_rule_list: [] }]));
    expect(error.message).toContain('need_detail');
  });

  test('rejects with the first key that cannot be decrypted, or calls onError for each', async () => {
    const messages: MessageWithKey[] = [
      message('good'),
      message('wrong version', 1, { ...locked('x', 2), public_key_ver: 9 }),
      message('wrong key', 1, { ...locked('x', 2), public_key_ver: 1 }),
      { msgid: 'no detail', hit_rule_list: [] },
      message('good, too'),
    ];
    expect((await rejectionOf(both().toMsgList(messages.slice(0, 3)))).code).toBe(
      'ERR_SPEC_KEY_VERSION',
    );
    const told: [string, unknown][] = [];
    const list = await both().toMsgList(messages, {
      onError: (error, { msgid }) => told.push([msgid, (error as { code?: string }).code]),
    });
    expect(list.map(({ msgid }) => msgid)).toEqual(['good', 'good, too']);
    expect(told.sort()).toEqual([
      ['no detail', 'ERR_SPEC_SECRET_KEY'],
      ['wrong key', 'ERR_SPEC_SECRET_KEY'],
      ['wrong version', 'ERR_SPEC_KEY_VERSION'],
    ]);
  });

  test('toMsgLists splits the list into parts that fit into one call', async () => {
    const messages = Array.from({ length: 7 }, (_, index) => message(`m-${index}`));
    const sizes = async (options?: object) =>
      (await both().toMsgLists(messages, options)).map((list) => list.length);
    expect(await sizes({ size: 3 })).toEqual([3, 3, 1]);
    expect(await sizes()).toEqual([7]);
    expect(await both().toMsgLists([])).toEqual([]);
    for (const size of [0, 1001, 1.5]) {
      expect((await rejectionOf(both().toMsgLists(messages, { size }))).code).toBe(
        'ERR_SPEC_OUT_OF_RANGE',
      );
    }
  });

  test.each([undefined, null, 5, [null], ['m-1']])('rejects %p as messages', async (messages) => {
    expect((await rejectionOf(both().toMsgList(messages as never))).code).toBe(
      'ERR_SPEC_INVALID_ARG_TYPE',
    );
  });
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const withPassPhrase = old.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' })
  .toString();

test.each([
  ['no key', 'geheim', 'ERR_SPEC_PRIVATE_KEY'],
  ['an EC key', pemOf(ec.privateKey), 'ERR_SPEC_PRIVATE_KEY'],
  ['an EC KeyObject', ec.privateKey, 'ERR_SPEC_PRIVATE_KEY'],
  ['a key with a pass phrase', withPassPhrase, 'ERR_SPEC_PRIVATE_KEY'],
  ['a public KeyObject', createPublicKey(old.privateKey), 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a number', 5, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['nothing', undefined, 'ERR_SPEC_INVALID_ARG_TYPE'],
])('set rejects %s', (_, key, code) => {
  const error = thrownBy(() => new SecretKeyring({ 1: key as never }));
  expect(error.code).toBe(code);
  expect(error.message).not.toContain('geheim');
});

test.each([
  ['a version that is no number', { a: old.privateKey }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a negative version', { [-1]: old.privateKey }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a list of keys', [old.privateKey], 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a text', 'x', 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['null', null, 'ERR_SPEC_INVALID_ARG_TYPE'],
])('new SecretKeyring rejects %s', (_, keys, code) => {
  expect(thrownBy(() => new SecretKeyring(keys as never)).code).toBe(code);
});

test('a printed keyring contains no key', () => {
  const line = pemOf(old.privateKey).split('\n')[3] as string;
  expect(inspect(both(), { depth: 9, showHidden: true })).not.toContain(line);
  expect(JSON.stringify(both())).not.toContain(line);
});
