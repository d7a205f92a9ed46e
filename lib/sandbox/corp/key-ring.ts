import {
  constants,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { PlatformError } from '../common/platform-error';
import type { Message } from './content';

const KEY_BITS = 2048;
const FIRST_VERSION = 1;

/** An RSA key pair that encrypts the secret keys of a corp's messages (P99845). */
export interface CorpKeyPair {
  /** PEM, SPKI. */
  readonly publicKeyPem: string;
  /** PEM, PKCS #8. */
  readonly privateKeyPem: string;
  /** `public_key_ver` of messages. */
  readonly publicKeyVersion: number;
}

/** A public key, with the private one if the sandbox generated the pair. */
export interface PublicKey {
  readonly publicKeyPem: string;
  readonly privateKeyPem?: string;
  readonly publicKeyVersion: number;
}

/** `service_encrypt_info` of a message (P99824). */
export interface EncryptInfo {
  /** base64; RSA with PKCS#1 v1.5 padding and the corp's public key (P99824). */
  readonly encrypted_secret_key: string;
  /** The version of the key pair that decrypts it. */
  readonly public_key_ver: number;
}

/** The key pairs of a corp, by ascending version. */
export class KeyRing {
  readonly #encryptInfos = new WeakMap<Message, EncryptInfo>();
  readonly #publicKeys = new Map<number, KeyObject>();
  #first: Promise<CorpKeyPair> | undefined;
  #added: PublicKey[] = [];
  #restored = 0;

  /** The version in use. */
  get version(): number {
    return this.#added.at(-1)?.publicKeyVersion ?? FIRST_VERSION;
  }

  /** The first pair, which every corp has. */
  first(): Promise<CorpKeyPair> {
    this.#first ??= newKeyPair().then((pair) => ({ ...pair, publicKeyVersion: FIRST_VERSION }));
    return this.#first;
  }

  /** Sets the first pair, from a saved state. */
  setFirst(pair: CorpKeyPair): void {
    this.#first = Promise.resolve(pair);
    this.#publicKeys.delete(FIRST_VERSION);
  }

  /** The newest pair with a private key. */
  async keyPair(): Promise<CorpKeyPair> {
    return (await this.keyPairs()).at(-1) as CorpKeyPair;
  }

  /** All pairs with a private key, oldest first. */
  async keyPairs(): Promise<CorpKeyPair[]> {
    return [await this.first(), ...this.#added.filter(isPair)];
  }

  /** Generates a pair with the next version. It is dropped if other keys are restored in the meantime. */
  async rotate(): Promise<CorpKeyPair> {
    const restored = this.#restored;
    const pems = await newKeyPair();
    // Read only now, because another rotation may have ended in the meantime.
    const pair = { ...pems, publicKeyVersion: this.version + 1 };
    if (restored === this.#restored) this.add(pair);
    return pair;
  }

  /** Adds a key; throws PlatformError 40211 or 40212. */
  add(key: PublicKey): void {
    if (rsaKey(key.publicKeyPem) === undefined) throw new PlatformError(40211);
    if (!Number.isInteger(key.publicKeyVersion) || key.publicKeyVersion <= this.version) {
      throw new PlatformError(40212);
    }
    this.#added.push(key);
  }

  /** All keys except the first pair. */
  added(): PublicKey[] {
    return [...this.#added];
  }

  /** Replaces all keys except the first pair. */
  restore(added: readonly PublicKey[]): void {
    this.#restored += 1;
    this.#added = [...added];
    // A version may now belong to another key. Cached encryption results belong to messages that are removed, too.
    for (const version of this.#publicKeys.keys()) {
      if (version !== FIRST_VERSION) this.#publicKeys.delete(version);
    }
  }

  /** As `Corp.encryption`. */
  async encryption(): Promise<(message: Message) => EncryptInfo> {
    if (!this.#publicKeys.has(FIRST_VERSION)) {
      this.#publicKeys.set(FIRST_VERSION, createPublicKey((await this.first()).publicKeyPem));
    }
    return (message) => {
      const known = this.#encryptInfos.get(message);
      if (known !== undefined) return known;
      const info: EncryptInfo = {
        encrypted_secret_key: publicEncrypt(
          // PKCS#1 v1.5, because programs decrypt with it (P99845).
          { key: this.#publicKey(message), padding: constants.RSA_PKCS1_PADDING },
          Buffer.from(message.secretKey),
        ).toString('base64'),
        public_key_ver: message.publicKeyVersion,
      };
      this.#encryptInfos.set(message, info);
      return info;
    };
  }

  #publicKey({ publicKeyVersion: version }: Message): KeyObject {
    let key = this.#publicKeys.get(version);
    if (key === undefined) {
      const { publicKeyPem } = this.#added.find(
        ({ publicKeyVersion }) => publicKeyVersion === version,
      ) as PublicKey;
      key = createPublicKey(publicKeyPem);
      this.#publicKeys.set(version, key);
    }
    return key;
  }
}

async function newKeyPair(): Promise<Omit<CorpKeyPair, 'publicKeyVersion'>> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: KEY_BITS,
  });
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function isPair(key: PublicKey): key is CorpKeyPair {
  return key.privateKeyPem !== undefined;
}

function rsaKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    const isRight =
      key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === KEY_BITS;
    // createPublicKey() also accepts a private key, which must not be uploaded.
    return isRight && !pem.includes('PRIVATE') ? key : undefined;
  } catch {
    return undefined;
  }
}
