import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { DecryptSecretKey, SpecSdk } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { Program } from '../support/program';
import { startSandbox } from '../support/sandbox';
import { thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

function encrypted(text: string | Uint8Array, key = pair.publicKey): string {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString(
    'base64',
  );
}

test('decrypts the secret keys of archived messages with the private key of the corp', async () => {
  const { privateKeyPem } = await sandbox.corp.keyPair();
  const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
  const { response } = await sdk.Invoke('sync_msg', '{"limit":20}');
  const records = JSON.parse(response).msg_list as {
    msgid: string;
    service_encrypt_info: { encrypted_secret_key: string; public_key_ver: number };
  }[];
  expect(records).toHaveLength(20);
  for (const { msgid, service_encrypt_info: info } of records) {
    const message = sandbox.corp.messages.find((candidate) => candidate.msgid === msgid);
    expect(DecryptSecretKey(info.encrypted_secret_key, privateKeyPem)).toBe(message?.secretKey);
    expect(info.public_key_ver).toBe(1);
  }
});

test.each([
  ['PKCS#8', pkcs8],
  ['PKCS#1', pkcs1],
  ['PKCS#8 with Windows line ends', pkcs8.replaceAll('\n', '\r\n')],
  ['PKCS#8 with text around it', `some words\n${pkcs8}\nmore words\n`],
])('the private key can be in the form %s', (_, pem) => {
  expect(DecryptSecretKey(encrypted('secret-密钥🔑'), pem)).toBe('secret-密钥🔑');
});

test.each([1024, 3072, 4096])('an RSA key can have %d bits', (modulusLength) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(DecryptSecretKey(encrypted('x'.repeat(100), publicKey), pem)).toBe('x'.repeat(100));
});

test('a secret key can be empty, or as long as the RSA key allows', () => {
  expect(DecryptSecretKey(encrypted(''), pkcs8)).toBe('');
  expect(DecryptSecretKey(encrypted('x'.repeat(245)), pkcs8)).toBe('x'.repeat(245));
});

test('a key that does not belong to the message is always rejected', () => {
  const pem = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (let i = 0; i < 50; i += 1) {
    expect(thrownBy(() => DecryptSecretKey(encrypted(`secret ${i}`), pem)).code).toBe(
      'ERR_SPEC_SECRET_KEY',
    );
  }
});

const ciphertext = Buffer.from(encrypted('secret'), 'base64');
test.each([
  ['cut short', ciphertext.subarray(0, -1)],
  ['too long', Buffer.concat([ciphertext, Buffer.alloc(1)])],
  ['one byte', Buffer.alloc(1, 1)],
  ['all zeros', Buffer.alloc(256)],
  ['all ones', Buffer.alloc(256, 0xff)],
  ['of another padding', publicEncrypt(pair.publicKey, Buffer.from('secret'))],
])('a ciphertext %s is rejected', (_, bytes) => {
  const error = thrownBy(() => DecryptSecretKey(bytes.toString('base64'), pkcs8));
  expect(error.code).toBe('ERR_SPEC_SECRET_KEY');
});

test('failures do not affect node:crypto', () => {
  thrownBy(() => DecryptSecretKey('AAAA', pkcs8));
  thrownBy(() => DecryptSecretKey(encrypted('x'), 'no key'));
  expect(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })).not.toThrow();
  expect(DecryptSecretKey(encrypted('x'), pkcs8)).toBe('x');
});

test.each([
  ['empty', ''],
  ['a blank', ' '],
  ['not of the alphabet', 'ab*d'],
  ['of the URL alphabet', 'ab-_'],
  ['without padding', 'abc'],
  ['with line breaks', `${encrypted('x').slice(0, 64)}\n${encrypted('x').slice(64)}`],
  ['padded inside', 'ab==abcd'],
  ['with a lone surrogate', 'abc\ud800'],
  ['with a NUL', 'abc\0'],
])('encrypted is rejected if it is %s', (_, text) => {
  const error = thrownBy(() => DecryptSecretKey(text, pkcs8));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_VALUE');
  expect(error.message).toContain('encrypted');
});

test('a string that is too long for a ciphertext is rejected with a code', () => {
  // The size that comes nearest to the largest RSA key: 16384 bits.
  for (const length of [2732, 2736]) {
    expect(thrownBy(() => DecryptSecretKey('A'.repeat(length), pkcs8))).toMatchObject({
      code: 'ERR_SPEC_SECRET_KEY',
    });
  }
  const error = thrownBy(() => DecryptSecretKey('A'.repeat(32 * 2 ** 20), pkcs8));
  expect(error).toMatchObject({ code: 'ERR_SPEC_SECRET_KEY' });
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const passphrase = 'secret phrase';
const pkcs8Of = (key: typeof pair.privateKey): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const unusable: [string, string][] = [
  ['empty', ''],
  ['no PEM', 'no key'],
  ['cut short', pkcs8.slice(0, 200)],
  ['a public key', pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ['an EC key', pkcs8Of(ec.privateKey)],
  ['an EC key in the form SEC 1', ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString()],
  ['an Ed25519 key', pkcs8Of(ed25519.privateKey)],
  ['an RSA-PSS key', pkcs8Of(pss.privateKey)],
  ['a PEM of garbage', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
];
test.each(unusable)('a private key is rejected that is %s', (_, pem) => {
  const error = thrownBy(() => DecryptSecretKey(encrypted('x'), pem));
  expect(error.code).toBe('ERR_SPEC_PRIVATE_KEY');
  expect(error.message).toContain('private key');
});

const encryptedPems: [string, string][] = [
  [
    'PKCS#8',
    pair.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString(),
  ],
  [
    'PKCS#1',
    pair.privateKey
      .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString(),
  ],
];
test.each(encryptedPems)('an encrypted private key is rejected: %s', (_, pem) => {
  expect(thrownBy(() => DecryptSecretKey(encrypted('x'), pem)).code).toBe('ERR_SPEC_PRIVATE_KEY');
});

test('an encrypted private key is rejected without a prompt on the terminal', async () => {
  const program = new Program('decrypt');
  try {
    for (const [, pem] of encryptedPems) {
      const { code, stdout, stderr } = await program.run({
        env: { ENCRYPTED: encrypted('x'), PEM: pem },
      });
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'ERR_SPEC_PRIVATE_KEY',
        stderr: '',
      });
    }
  } finally {
    program.remove();
  }
});

test('no error contains the key or the ciphertext', () => {
  const secret = encrypted('x', other.publicKey);
  const words = [
    thrownBy(() => DecryptSecretKey(secret, pkcs8)).message,
    thrownBy(() => DecryptSecretKey(`${secret}*`, pkcs8)).message,
    thrownBy(() => DecryptSecretKey(secret, pkcs8.slice(0, 400))).message,
  ].join('\n');
  expect(words).not.toContain(secret.slice(0, 16));
  expect(words).not.toContain(pkcs8.split('\n')[2]?.slice(0, 16));
});
