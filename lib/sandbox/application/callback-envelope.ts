import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK_BYTES = 32;
const IV_BYTES = 16;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** The secrets that encrypt callbacks of an application. They must not appear in logs or errors. */
export interface CallbackSecrets {
  readonly token: string;
  /** The decoded EncodingAESKey, 32 bytes. */
  readonly key: Buffer;
  readonly receiveId: string;
}

/** An encrypted and signed callback. */
export interface SealedCallback {
  /** Query parameters of the request. */
  readonly query: Readonly<Record<'msg_signature' | 'timestamp' | 'nonce', string>>;
  /** Value of `Encrypt` in the body: base64. */
  readonly encrypted: string;
}

/**
 * Encrypts and signs a message as WeCom does with every callback of an application (P90968,
 * https://developer.work.weixin.qq.com/document/path/90968).
 *
 * @param now - Unix seconds.
 */
export function sealCallback(
  { token, key, receiveId }: CallbackSecrets,
  message: string,
  now: number,
): SealedCallback {
  const timestamp = String(now);
  const nonce = randomBytes(8).toString('hex');
  const encrypted = encrypt(key, message, receiveId);
  const msg_signature = createHash('sha1')
    .update([token, timestamp, nonce, encrypted].sort().join(''))
    .digest('hex');
  return { query: { msg_signature, timestamp, nonce }, encrypted };
}

function encrypt(key: Buffer, message: string, receiveId: string): string {
  const text = Buffer.from(message, 'utf8');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([
    randomBytes(RANDOM_BYTES),
    length,
    text,
    Buffer.from(receiveId, 'utf8'),
  ]);
  // WeCom pads to 32 bytes; the cipher's own padding is to 16.
  const missing = BLOCK_BYTES - (plain.length % BLOCK_BYTES);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, IV_BYTES));
  cipher.setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(missing, missing)),
    cipher.final(),
  ]).toString('base64');
}
