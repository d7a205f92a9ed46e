import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK_BYTES = 32;
const IV_BYTES = 16;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** How callbacks of an application are encrypted; never shown. */
export interface CallbackSecrets {
  readonly token: string;
  /** 32 bytes: what EncodingAESKey stands for. */
  readonly key: Buffer;
  readonly receiveId: string;
}

/** A callback as it travels. */
export interface SealedCallback {
  /** Parameters of the address. */
  readonly query: Readonly<Record<'msg_signature' | 'timestamp' | 'nonce', string>>;
  /** What stands in the envelope as `Encrypt`: base64. */
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
  // To 32 bytes and not to the cipher's 16, so not by the cipher itself.
  const missing = BLOCK_BYTES - (plain.length % BLOCK_BYTES);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, IV_BYTES));
  cipher.setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(missing, missing)),
    cipher.final(),
  ]).toString('base64');
}
