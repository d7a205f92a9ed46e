import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import fc from 'fast-check';
import { DecryptSecretKey, type PrivateKeyInput, SecretKeyring } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { startSandbox } from '../support/sandbox';
import { thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const padding = constants.RSA_PKCS1_PADDING;
const encrypted = publicEncrypt({ key: pair.publicKey, padding }, Buffer.from('secret')).toString(
  'base64',
);

const forms: [string, (pem: string) => string | Uint8Array][] = [
  ['a Buffer', (pem) => Buffer.from(pem)],
  ['a Uint8Array', (pem) => new TextEncoder().encode(pem)],
  ['literal \\n', (pem) => pem.replaceAll('\n', '\\n')],
  ['literal \\r\\n', (pem) => pem.replaceAll('\n', '\\r\\n')],
  ['double quotes around it', (pem) => `"${pem}"`],
  ['single quotes around it, and literal \\n', (pem) => `'${pem.replaceAll('\n', '\\n')}'`],
  ['JSON', (pem) => JSON.stringify({ key: pem })],
  ['indentation', (pem) => pem.replaceAll(/^/gm, '    ')],
  ['tabs', (pem) => pem.replaceAll(/^/gm, '\t')],
  ['blanks in place of line breaks', (pem) => pem.replaceAll('\n', ' ')],
  ['no line breaks at all', (pem) => pem.replaceAll('\n', '')],
  ['empty lines', (pem) => pem.replaceAll('\n', '\n\n')],
  ['a byte order mark', (pem) => `\ufeff${pem}`],
  ['a certificate before it', (pem) => certificate + pem],
];
describe.each([
  ['PKCS#8', pkcs8],
  ['PKCS#1', pkcs1],
])('a private key (%s) works with', (_, pem) => {
  test.each(forms)('%s', (_form, change) => {
    const key = change(pem);
    expect(DecryptSecretKey(encrypted, key)).toBe('secret');
    expect(new SecretKeyring({ 1: key }).decrypt(encrypted, 1)).toBe('secret');
  });
});

const withoutKey: [string, string, string][] = [
  ['empty', '', 'it is empty'],
  ['blank', ' \n', 'it is empty'],
  ['the name of a file', './keys/private.pem', 'it is the name of a file'],
  ['a certificate', certificate, 'it is a CERTIFICATE, not a private key'],
  [
    'a public key',
    pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'it is a PUBLIC KEY, not a private key',
  ],
  ['base64 alone', pkcs8.split('\n').slice(1, -2).join(''), 'it has no line -----BEGIN'],
  ['base64 of the PEM text', Buffer.from(pkcs8).toString('base64'), 'decode it first'],
  ['cut short', pkcs8.slice(0, 500), 'it has no line -----END PRIVATE KEY-----'],
  ['too long', `${pkcs8}${' '.repeat(2 ** 20)}`, 'it is longer than 1048576 characters'],
];
test.each(withoutKey)('the error names a text that is %s', (_, text, words) => {
  for (const key of [text, Buffer.from(text)]) {
    for (const use of [
      () => DecryptSecretKey(encrypted, key),
      () => new SecretKeyring({ 1: key }),
    ]) {
      const error = thrownBy(use);
      expect(error.code).toBe('ERR_SPEC_PRIVATE_KEY');
      expect(error.message).toContain(words);
    }
  }
});

test.each([
  ['DER', pair.privateKey.export({ type: 'pkcs8', format: 'der' })],
  ['UTF-16', Buffer.from(pkcs8, 'utf16le')],
])('the error names a Buffer of %s', (_, key) => {
  for (const use of [() => DecryptSecretKey(encrypted, key), () => new SecretKeyring({ 1: key })]) {
    const error = thrownBy(use);
    expect(error.code).toBe('ERR_SPEC_PRIVATE_KEY');
    expect(error.message).toContain('it is binary (DER) or UTF-16, not PEM text');
  }
});

test('bytes are no list of keys or messages', async () => {
  const bytes = Buffer.from(pkcs8) as unknown as Iterable<never>;
  const expected = { code: 'ERR_SPEC_INVALID_ARG_TYPE' };
  expect(thrownBy(() => new SecretKeyring(bytes))).toMatchObject(expected);
  await expect(new SecretKeyring().decryptAll(bytes)).rejects.toMatchObject(expected);
  await expect(new SecretKeyring().toMsgList(bytes)).rejects.toMatchObject(expected);
});

test('white space and literal line breaks anywhere between the characters of a key do no harm', () => {
  const gap = fc.constantFrom(' ', '\n', '\t', '\\n', '\\r\\n', '');
  const [begin, ...rest] = pkcs8.trim().split('\n');
  const end = rest.pop();
  const characters = rest.join('');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(characters.length), gap)), (gaps) => {
      let body = characters;
      for (const [place, text] of gaps.sort(([a], [b]) => b - a)) {
        body = body.slice(0, place) + text + body.slice(place);
      }
      expect(DecryptSecretKey(encrypted, `${begin}${body}${end}`)).toBe('secret');
    }),
    { numRuns: 200 },
  );
});

test('a KeyObject goes on to work in a keyring', () => {
  const key: PrivateKeyInput = pair.privateKey;
  expect(new SecretKeyring({ 1: key }).decrypt(encrypted, 1)).toBe('secret');
});
