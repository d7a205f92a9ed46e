// Decrypts secret keys, and prints which secrets are still in memory that the C library manages. Strings of JavaScript lie elsewhere.
//
// The secrets come as bytes with every bit flipped and are compared like that, so that neither this program nor its input puts them
// where it searches. MALLOC_ARENA_MAX=1 gives all threads one heap, MALLOC_MMAP_THRESHOLD_ keeps its blocks there.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import * as sdk from 'wework-spec-sdk';

const flipped = (base64) => Buffer.from(base64, 'base64');
const textOf = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte ^ 0xff)).join('');

const { encrypted, pem, needles, callback } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

/** The flipped bytes of the same text in UTF-16, as which strings of JavaScript are read. */
const inUtf16 = (needle) => Buffer.from(Array.from(needle, (byte) => [byte, 0xff]).flat());

/** Whether memory of the C library holds the needle. */
function isFound(needle) {
  const range = /^([0-9a-f]+)-([0-9a-f]+) .*\[heap\]$/m;
  const [, begin, end] = range.exec(readFileSync('/proc/self/maps', 'utf8'));
  const from = Number.parseInt(begin, 16);
  const bytes = Buffer.from(new SharedArrayBuffer(Number.parseInt(end, 16) - from));
  const memory = openSync('/proc/self/mem', 'r');
  readSync(memory, bytes, 0, bytes.length, from);
  closeSync(memory);
  for (let i = 0; i < bytes.length - needle.length; i += 1) {
    let same = 0;
    while (same < needle.length && bytes[i + same] === (needle[same] ^ 0xff)) same += 1;
    if (same === needle.length) return true;
  }
  return false;
}

const parts = {
  async DecryptSecretKey() {
    for (let i = 0; i < 5; i += 1) sdk.DecryptSecretKey(encrypted, textOf(flipped(pem)));
  },
  async SecretKeyring() {
    const keyring = new sdk.SecretKeyring({ 1: textOf(flipped(pem)) });
    const info = { encrypted_secret_key: encrypted, public_key_ver: 1 };
    const results = await keyring.decryptAll(Array.from({ length: 5 }, () => info));
    if (results.some(({ status }) => status !== 'fulfilled')) throw new Error('not decrypted');
  },
  async SpecCallbackSDK() {
    if (!new sdk.SpecCallbackSDK(...callback).IsOk()) throw new Error('refused');
  },
};
await parts[process.argv[3]]();
const found = Object.entries(needles).filter(
  ([, needle]) => isFound(flipped(needle)) || isFound(inUtf16(flipped(needle))),
);
console.log(JSON.stringify(found.map(([name]) => name)));
