import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { root, runChild, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const secretKey = randomBytes(60).toString('hex');
const encrypted = publicEncrypt(
  { key: publicKey, padding: constants.RSA_PKCS1_PADDING },
  Buffer.from(secretKey),
).toString('base64');

const flip = (text: string): string =>
  Buffer.from(Buffer.from(text, 'latin1').map((byte) => byte ^ 0xff)).toString('base64');
/** From the middle, because free() overwrites the beginning of a block. */
const middleOf = (text: string): string => text.slice(text.length / 2, text.length / 2 + 20);

let preload: string;
const newDir = tempDirs();
beforeAll(async () => {
  preload = join(newDir(), 'freed.so');
  const source = join(root, 'test/support/freed_secrets.cc');
  await runProgram('g++', ['-shared', '-fPIC', '-O2', '-o', preload, source]);
});

/** The secrets that native memory still holds at the end of the child, or held when it was freed. */
async function left(part: string, secrets: Record<string, string>): Promise<string[]> {
  const sandbox = await ZoneSandbox.start();
  await sandbox.stop();
  const { method, headers, body } = sandbox.wire.seal();
  const all = { ...secrets, sharedKey: sandbox.env.WEWORK_SPEC_SANDBOX_KEY ?? '' };
  const needles = Object.fromEntries(
    Object.entries(all).map(([name, text]) => [name, flip(middleOf(text))]),
  );
  const input = join(newDir(), 'input.json');
  const callback = [method, headers, body];
  writeFileSync(input, JSON.stringify({ encrypted, pem: flip(pem), needles, callback }));
  const { stdout, stderr, code } = await runChild('wiped.mjs', [input, part], {
    env: {
      ...sandbox.env,
      LD_PRELOAD: preload,
      FREED_SECRETS: Object.values(secrets)
        .map((text) => Buffer.from(middleOf(text)).toString('hex'))
        .join(),
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '4194304',
    },
  });
  expect(code).toBe(0);
  const freed = [...stderr.matchAll(/^freed (\d)$/gm)].map(
    ([, index]) => `freed ${Object.keys(secrets)[Number(index)]}`,
  );
  return [...new Set([...JSON.parse(stdout), ...freed])];
}

test('DecryptSecretKey leaves neither the private key nor the secret key in native memory', async () => {
  expect(await left('DecryptSecretKey', { secretKey, pem })).toEqual([]);
});

// Node.js itself leaves the PEM text of a key in memory when it exports it.
test('SecretKeyring leaves no secret key in native memory', async () => {
  expect(await left('SecretKeyring', { secretKey })).toEqual([]);
});

test('SpecCallbackSDK of the sandbox leaves no copy of the shared key in native memory', async () => {
  expect(await left('SpecCallbackSDK', {})).toEqual([]);
});
