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

/** The RSA key pair with which a corp's message keys are encrypted (P99845). */
export interface CorpKeyPair {
  /** PEM, SPKI. */
  readonly publicKeyPem: string;
  /** PEM, PKCS #8. */
  readonly privateKeyPem: string;
  /** `public_key_ver` of the messages. */
  readonly publicKeyVersion: number;
}

/** A public key; the private one is here only if the sandbox has made the pair. */
export interface PublicKey {
  readonly publicKeyPem: string;
  readonly privateKeyPem?: string;
  readonly publicKeyVersion: number;
}

/** `service_encrypt_info` of a message (P99824). */
export interface EncryptInfo {
  readonly encrypted_secret_key: string;
  readonly public_key_ver: number;
}

/** The key pairs of a corp, one version after the other. */
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

  /** Takes a first pair that was made before. */
  setFirst(pair: CorpKeyPair): void {
    this.#first = Promise.resolve(pair);
    this.#publicKeys.delete(FIRST_VERSION);
  }

  /** The newest pair whose private key is known here. */
  async keyPair(): Promise<CorpKeyPair> {
    return (await this.keyPairs()).at(-1) as CorpKeyPair;
  }

  /** All pairs whose private keys are known here, oldest first. */
  async keyPairs(): Promise<CorpKeyPair[]> {
    return [await this.first(), ...this.#added.filter(isPair)];
  }

  /** Makes a pair with the next version. One that is still being made when other keys are restored goes with the former ones. */
  async rotate(): Promise<CorpKeyPair> {
    const restored = this.#restored;
    const pems = await newKeyPair();
    // Not before: another rotation may have ended in between.
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

  /** What was added to the first pair. */
  added(): PublicKey[] {
    return [...this.#added];
  }

  /** Puts other keys in place of those that were added. */
  restore(added: readonly PublicKey[]): void {
    this.#restored += 1;
    this.#added = [...added];
    // A version may now be that of another key. What was encrypted for it belongs to messages that are gone, too.
    for (const version of this.#publicKeys.keys()) {
      if (version !== FIRST_VERSION) this.#publicKeys.delete(version);
    }
  }

  /** See Corp.encryption. */
  async encryption(): Promise<(message: Message) => EncryptInfo> {
    if (!this.#publicKeys.has(FIRST_VERSION)) {
      this.#publicKeys.set(FIRST_VERSION, createPublicKey((await this.first()).publicKeyPem));
    }
    return (message) => {
      const known = this.#encryptInfos.get(message);
      if (known !== undefined) return known;
      const info: EncryptInfo = {
        encrypted_secret_key: publicEncrypt(
          // PKCS#1 v1.5 because that is what the platform's clients decrypt with (P99845).
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
    // A private key would be taken, too: its public half is in it. It has no business here.
    return isRight && !pem.includes('PRIVATE') ? key : undefined;
  } catch {
    return undefined;
  }
}
