import { wrongType, wrongValue } from '../common/options';
import { makeError } from '../errors';
import { binding } from './binding';
import { pemText } from './private-key';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The base64 length of 2048 bytes: OpenSSL supports RSA keys of up to 16384 bits. */
const LONGEST_CIPHERTEXT = 2732;

/**
 * Decrypts the `encrypted_secret_key` of an archived message (RSA with PKCS#1 v1.5 padding). Blocks the calling thread for
 * about a millisecond; use {@link SecretKeyring} to decrypt many.
 *
 * Runs in the addon because node:crypto rejects this padding for private keys in Node.js 20 to 22.
 *
 * @param encrypted - `service_encrypt_info.encrypted_secret_key`, base64
 * @param privateKeyPem - the RSA private key of `service_encrypt_info.public_key_ver`: PEM, PKCS#1 or PKCS#8, without a
 * pass phrase. Literal `\n` instead of line breaks, quotes around the text and indentation are accepted
 * @returns the `secret_key` for the model interfaces
 * @throws SpecError `ERR_SPEC_PRIVATE_KEY` if the private key cannot be read, `ERR_SPEC_SECRET_KEY` if decryption fails;
 * TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
 * @see https://developer.work.weixin.qq.com/document/path/99845
 */
export function DecryptSecretKey(encrypted: string, privateKeyPem: string | Uint8Array): string {
  const ciphertext = ciphertextOf(encrypted);
  const pem = pemText(privateKeyPem, 'privateKeyPem');
  return binding().native.DecryptSecretKey(ciphertext, pem);
}

/**
 * Decrypts several keys on one thread of the pool.
 *
 * @returns a secret key or an error for each, in order; rejected with `ERR_SPEC_PRIVATE_KEY`, `ERR_SPEC_QUEUE_FULL` or
 * `ERR_SPEC_NO_THREAD` if the call as a whole fails
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
    throw wrongType('encrypted', 'of type string', encrypted);
  }
  // First, so that no long string is searched and copied.
  if (encrypted.length > LONGEST_CIPHERTEXT) {
    throw makeError('ERR_SPEC_SECRET_KEY', 'encrypted', 'it is longer than any ciphertext of RSA');
  }
  if (encrypted.length % 4 !== 0 || !base64.test(encrypted)) {
    throw wrongValue('encrypted', 'must be base64', encrypted);
  }
  return Buffer.from(encrypted, 'base64');
}
