import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import type { Direction, OpenFailure } from './constants';
import { HEADER, MAX_KEY_VERSION, PROTOCOL } from './constants';
import type { NonceMemory } from './nonce-memory';
import { decodeBase64 } from './text';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** The parts of a message on the wire (section 1), without the body. */
export interface MessageParts {
  keyVersion: string;
  timestamp: string;
  nonce: string;
  signature: string;
}

/** An encrypted and signed message. */
export interface SealedMessage extends MessageParts {
  /** base64 text. */
  body: string;
}

/** A message as received. Any part may be missing or invalid. */
export interface ReceivedMessage {
  readonly parts: { readonly [Part in keyof MessageParts]: string | undefined };
  /** The bytes of the body as received. */
  readonly body: Uint8Array;
}

/** What a message refers to. Together with its parts, this is the context of section 4. */
export interface Subject {
  /** The HTTP method, the HTTP path, or the reason of a refusal, according to the direction. */
  readonly subject: string;
  /** Nonce of the message to which this one responds; empty by default. */
  readonly requestNonce?: string;
}

/** How to seal a message. */
export interface SealOptions extends Subject {
  /** Unix seconds. */
  readonly timestamp: number;
  /** 32 lower-case hexadecimal digits; random by default. */
  readonly nonce?: string;
  /** The version to name instead of the key's own, for messages that are wrong on purpose. */
  readonly keyVersion?: number;
}

/** How to check a message. */
export interface CheckOptions extends Subject {
  /** Unix seconds. */
  readonly now: number;
  /** Seconds by which the timestamp may differ from `now`; `Infinity` disables the check. */
  readonly window: number;
  /** Detects replays; without it they are not checked. */
  readonly memory?: NonceMemory;
  /** Accept every well-formed version, because a refusal for `key-version` names the program's own. */
  readonly anyKeyVersion?: boolean;
}

/** The outcome of {@link SandboxKey.open}. */
export type Opened =
  | { readonly ok: true; readonly plaintext: Buffer; readonly nonce: string }
  | { readonly ok: false; readonly failure: OpenFailure };

/**
 * The key that a program and the platform share, and the keys derived from it (section 2). Seals messages (encrypts and signs) and
 * opens them (verifies and decrypts): sections 3, 4 and 6.
 */
export class SandboxKey {
  readonly #bytes: Buffer;
  readonly #derived = new Map<string, KeyObject>();
  readonly #random = new RandomPool();

  /** @param bytes - exactly 32 bytes. @param version - 1 to 2147483647. */
  constructor(
    bytes: Uint8Array,
    readonly version: number,
  ) {
    if (bytes.length !== KEY_BYTES) throw new RangeError('the sandbox key must have 32 bytes');
    if (!isKeyVersion(version)) throw new RangeError('the key version must be 1 to 2147483647');
    this.#bytes = Buffer.from(bytes);
  }

  /** A new random key. */
  static generate(version: number): SandboxKey {
    return new SandboxKey(randomBytes(KEY_BYTES), version);
  }

  /** The key as in `WEWORK_SPEC_SANDBOX_KEY`. */
  toBase64(): string {
    return this.#bytes.toString('base64');
  }

  /** The pre-shared key of section 8. */
  get tlsPsk(): Buffer {
    return this.#derive('tls psk').export();
  }

  /** Encrypts and signs. */
  seal(direction: Direction, plaintext: string | Uint8Array, options: SealOptions): SealedMessage {
    const parts = this.#parts(options);
    const context = contextOf(direction, parts, options);
    const body = this.#encrypt(direction, context, plaintext);
    return { ...parts, signature: this.#sign(direction, context, body).toString('base64'), body };
  }

  /** Signs a body without encrypting it: for refusals, and for bodies that cannot be decrypted. */
  signBody(direction: Direction, body: string, options: SealOptions): SealedMessage {
    const parts = this.#parts(options);
    const context = contextOf(direction, parts, options);
    return { ...parts, signature: this.#sign(direction, context, body).toString('base64'), body };
  }

  /** Makes the checks of section 6 in order, then decrypts; returns the first failure. */
  open(direction: Direction, message: ReceivedMessage, options: CheckOptions): Opened {
    const checked = this.check(direction, message, options);
    if (!checked.ok) return checked;
    const plaintext = this.#decrypt(direction, checked.context, message.body);
    if (plaintext === undefined) return { ok: false, failure: 'decryption' };
    return { ok: true, plaintext, nonce: checked.nonce };
  }

  /** The checks of section 6 that do not need the decrypted body. */
  check(
    direction: Direction,
    message: ReceivedMessage,
    options: CheckOptions,
  ):
    | { readonly ok: true; readonly context: string; readonly nonce: string }
    | { readonly ok: false; readonly failure: OpenFailure } {
    const { keyVersion, timestamp, nonce, signature } = message.parts;
    if (
      keyVersion === undefined ||
      timestamp === undefined ||
      nonce === undefined ||
      signature === undefined
    ) {
      return { ok: false, failure: 'missing-header' };
    }
    const claimed = decodeBase64(signature);
    if (
      !/^[1-9]\d{0,9}$/.test(keyVersion) ||
      !isKeyVersion(Number(keyVersion)) ||
      !/^\d{1,12}$/.test(timestamp) ||
      !isNonce(nonce) ||
      claimed?.length !== KEY_BYTES
    ) {
      return { ok: false, failure: 'malformed-header' };
    }
    if (options.anyKeyVersion !== true && Number(keyVersion) !== this.version) {
      return { ok: false, failure: 'key-version' };
    }
    if (Math.abs(options.now - Number(timestamp)) > options.window) {
      return { ok: false, failure: 'timestamp' };
    }
    const context = contextOf(direction, { keyVersion, timestamp, nonce }, options);
    if (!timingSafeEqual(claimed, this.#sign(direction, context, message.body))) {
      return { ok: false, failure: 'signature' };
    }
    if (options.memory?.remember(nonce, options.now) === false) {
      return { ok: false, failure: 'replay' };
    }
    return { ok: true, context, nonce };
  }

  #parts(options: SealOptions): Omit<MessageParts, 'signature'> {
    return {
      keyVersion: String(options.keyVersion ?? this.version),
      timestamp: String(options.timestamp),
      nonce: options.nonce ?? this.#random.take(16).toString('hex'),
    };
  }

  #encrypt(direction: Direction, context: string, plaintext: string | Uint8Array): string {
    const iv = this.#random.take(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#derive(`${direction} encryption`), iv, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
    const start = cipher.update(bytes);
    const rest = cipher.final();
    return Buffer.concat([iv, start, rest, cipher.getAuthTag()]).toString('base64');
  }

  #decrypt(direction: Direction, context: string, body: Uint8Array): Buffer | undefined {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
    const bytes = decodeBase64(text);
    if (bytes === undefined || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(
      CIPHER,
      this.#derive(`${direction} encryption`),
      bytes.subarray(0, IV_BYTES),
      { authTagLength: TAG_BYTES },
    );
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(bytes.subarray(end));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, end)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #sign(direction: Direction, context: string, body: string | Uint8Array): Buffer {
    const digest = hash('sha256', body, 'hex');
    return createHmac('sha256', this.#derive(`${direction} signature`))
      .update(`${context}\n${digest}`)
      .digest();
  }

  #derive(info: string): KeyObject {
    const known = this.#derived.get(info);
    if (known !== undefined) return known;
    const bytes = hkdfSync('sha256', this.#bytes, PROTOCOL, info, KEY_BYTES);
    // A KeyObject is prepared once; raw bytes would be prepared again for each message.
    const derived = createSecretKey(Buffer.from(bytes));
    this.#derived.set(info, derived);
    return derived;
  }
}

/** Random bytes, generated many at a time, because each call of the generator takes as long as sealing a small message. */
class RandomPool {
  readonly #bytes = Buffer.alloc(4096);
  #used = this.#bytes.length;

  /** A copy of bytes that are not returned again. */
  take(count: number): Buffer {
    if (this.#used + count > this.#bytes.length) {
      randomFillSync(this.#bytes);
      this.#used = 0;
    }
    const taken = Buffer.from(this.#bytes.subarray(this.#used, this.#used + count));
    this.#used += count;
    return taken;
  }
}

/** The `ww-` headers of a sealed message. */
export function toHeaders(message: MessageParts): Record<string, string> {
  return {
    [HEADER.keyVersion]: message.keyVersion,
    [HEADER.timestamp]: message.timestamp,
    [HEADER.nonce]: message.nonce,
    [HEADER.signature]: message.signature,
  };
}

/** The HTTP body of a `result` (section 1), in bytes. */
export function toResultBody(message: SealedMessage): Buffer {
  const { keyVersion, timestamp, nonce, signature, body } = message;
  const start = [keyVersion, timestamp, nonce, signature, ''].join('.');
  // Everything is ASCII. Joining and encoding it as one string would copy it three times.
  const bytes = Buffer.allocUnsafe(start.length + body.length);
  bytes.write(start, 0, 'latin1');
  bytes.write(body, start.length, 'latin1');
  return bytes;
}

/** Whether the text has the form of a nonce. */
export function isNonce(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/**
 * Whether this is a TLS identity, of any key version. The version is checked with the message instead, so that a mismatch gives
 * `ret` -10008 and not a failed handshake.
 */
export function isTlsIdentity(identity: string): boolean {
  const version = /^wework-spec-sandbox\/1 ver=([1-9]\d{0,9})$/.exec(identity)?.[1];
  return version !== undefined && isKeyVersion(Number(version));
}

/** True for an integer from 1 to 2147483647. */
function isKeyVersion(version: number): boolean {
  return Number.isInteger(version) && version >= 1 && version <= MAX_KEY_VERSION;
}

function contextOf(
  direction: Direction,
  parts: Omit<MessageParts, 'signature'>,
  { subject, requestNonce = '' }: Subject,
): string {
  return [
    PROTOCOL,
    direction,
    subject,
    parts.keyVersion,
    parts.timestamp,
    parts.nonce,
    requestNonce,
  ].join('\n');
}
