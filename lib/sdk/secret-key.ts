import { makeError } from '../errors';
import { binding } from './binding';
import { pemText } from './private-key';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** base64 of 2048 bytes: OpenSSL knows no RSA key of more than 16384 bits. */
const LONGEST_CIPHERTEXT = 2732;

/**
 * Opens the `encrypted_secret_key` of an archived message: RSA with PKCS#1 v1.5 padding, which node:crypto refuses for
 * private keys on Node.js 20 to 22. Takes about a millisecond of the calling thread; {@link SecretKeyring} opens many.
 *
 * @param encrypted - `service_encrypt_info.encrypted_secret_key`, base64
 * @param privateKeyPem - the key that belongs to `service_encrypt_info.public_key_ver`: RSA, PEM, PKCS#1 or PKCS#8, no
 * pass phrase. Literal `\n` in place of line breaks, quotes around the text and indentation do no harm
 * @returns the `secret_key` that the model interfaces ask for
 * @throws SpecError `ERR_SPEC_PRIVATE_KEY`, `ERR_SPEC_SECRET_KEY`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`,
 * `ERR_SPEC_INVALID_ARG_VALUE`
 * @see https://developer.work.weixin.qq.com/document/path/99845
 */
export function DecryptSecretKey(encrypted: string, privateKeyPem: string | Uint8Array): string {
  const ciphertext = ciphertextOf(encrypted);
  const pem = pemText(privateKeyPem, 'privateKeyPem');
  return binding().native.DecryptSecretKey(ciphertext, pem);
}

/**
 * Opens many on one thread of the pool.
 *
 * @returns the secret key, or why there is none, for each in turn; rejected with `ERR_SPEC_PRIVATE_KEY`,
 * `ERR_SPEC_QUEUE_FULL` or `ERR_SPEC_NO_THREAD` when none could be opened
 */
export async function decryptSecretKeys(
  encrypted: readonly string[],
  privateKeyPem: string,
): Promise<(string | Error)[]> {
  const { native, calls } = binding();
  const results: (string | Error)[] = [];
  const ciphertexts: Buffer[] = [];
  const places: number[] = [];
  for (const [place, text] of encrypted.entries()) {
    try {
      ciphertexts.push(ciphertextOf(text));
      places.push(place);
    } catch (error) {
      results[place] = error as Error;
    }
  }
  const opened = await calls.start(() => native.DecryptSecretKeys(ciphertexts, privateKeyPem));
  for (const [index, result] of (opened as (string | Error)[]).entries()) {
    results[places[index] as number] = result;
  }
  return results;
}

function ciphertextOf(encrypted: string): Buffer {
  if (typeof encrypted !== 'string') {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'encrypted', 'of type string', encrypted);
  }
  // Before it is searched and copied, however large it is.
  if (encrypted.length > LONGEST_CIPHERTEXT) {
    throw makeError('ERR_SPEC_SECRET_KEY', 'encrypted', 'it is longer than any ciphertext of RSA');
  }
  if (encrypted.length % 4 !== 0 || !base64.test(encrypted)) {
    throw makeError('ERR_SPEC_INVALID_ARG_VALUE', 'encrypted', 'must be base64');
  }
  return Buffer.from(encrypted, 'base64');
}
