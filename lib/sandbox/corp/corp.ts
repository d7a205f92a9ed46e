import type { KeyObject } from 'node:crypto';
import { constants, generateKeyPair, publicEncrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** What a party of a conversation is: 1 staff, 2 external contact, 3 robot (P99824). */
export type PartyType = 1 | 2 | 3;

/** Someone who sends or receives messages. */
export interface Party {
  readonly type: PartyType;
  /** userid, external_userid or robot id, according to `type`. */
  readonly id: string;
}

/** A group. */
export interface Group {
  readonly chatid: string;
  /** Internal groups have no external contacts; `get_group_chat` knows only these (P99825). */
  readonly internal: boolean;
  /** userid of the creator. */
  readonly creator: string;
  /** Unix seconds. */
  readonly createTime: number;
  readonly members: readonly (Party & {
    /** Unix seconds. */
    readonly joinTime: number;
  })[];
}

/** An archived message. */
export interface Message {
  readonly msgid: string;
  readonly sender: Party;
  /** Without the sender. */
  readonly receivers: readonly Party[];
  /** Set in group messages. */
  readonly chatid?: string;
  /** Unix seconds. */
  readonly sendTime: number;
  /** 1 text, 2 image, 6 voice, 22 call …: the list stands on P99824. */
  readonly msgtype: number;
  /** Seconds; calls only (`msgtype` 21 and 22). */
  readonly callDuration?: number;
  /** What `encrypted_secret_key` decrypts to. */
  readonly secretKey: string;
}

/** What a corp consists of. */
export interface CorpContent {
  readonly staff: readonly string[];
  readonly customers: readonly string[];
  readonly groups: readonly Group[];
  /** In ascending order of `sendTime`. */
  readonly messages: readonly Message[];
}

/** The RSA key pair with which a corp's message keys are encrypted (P99845). */
export interface CorpKeyPair {
  /** PEM, SPKI. */
  readonly publicKeyPem: string;
  /** PEM, PKCS #8. */
  readonly privateKeyPem: string;
  /** `public_key_ver` of the messages. */
  readonly publicKeyVersion: number;
}

/** `service_encrypt_info` of a message (P99824). */
export interface EncryptInfo {
  readonly encrypted_secret_key: string;
  readonly public_key_ver: number;
}

/** The corp whose conversations the sandbox serves. */
export class Corp {
  /** userids of the staff. */
  readonly staff: readonly string[];
  /** external_userids of the customers. */
  readonly customers: readonly string[];
  /** All archived messages, in ascending order of `sendTime`. */
  readonly messages: readonly Message[];
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #encryptInfos = new Map<Message, EncryptInfo>();
  #keyPair: Promise<CorpKeyPair & { readonly publicKey: KeyObject }> | undefined;

  constructor(content: CorpContent) {
    this.staff = content.staff;
    this.customers = content.customers;
    this.messages = content.messages;
    this.#groups = new Map(content.groups.map((group) => [group.chatid, group]));
  }

  /** All groups, internal and external. */
  get groups(): Iterable<Group> {
    return this.#groups.values();
  }

  /** The group with this id, if there is one. */
  group(chatid: string): Group | undefined {
    return this.#groups.get(chatid);
  }

  /**
   * The corp's RSA-2048 key pair: give `privateKeyPem` to `DecryptSecretKey`.
   *
   * It is made when first asked for, here or by `sync_msg`, off the main thread: that takes up to a
   * few hundred milliseconds, which nobody should wait for at start.
   */
  async keyPair(): Promise<CorpKeyPair> {
    const { publicKeyPem, privateKeyPem, publicKeyVersion } = await this.#keys();
    return { publicKeyPem, privateKeyPem, publicKeyVersion };
  }

  /**
   * A function that gives `service_encrypt_info` of a message (P99824). Each key is encrypted when it
   * is first asked for, which takes some 20 µs, and then kept.
   */
  async encryption(): Promise<(message: Message) => EncryptInfo> {
    const { publicKey, publicKeyVersion } = await this.#keys();
    // PKCS#1 v1.5 because that is what the platform's clients decrypt with (P99845).
    const rsa = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
    return (message) => {
      const known = this.#encryptInfos.get(message);
      if (known !== undefined) return known;
      const info: EncryptInfo = {
        encrypted_secret_key: publicEncrypt(rsa, Buffer.from(message.secretKey)).toString('base64'),
        public_key_ver: publicKeyVersion,
      };
      this.#encryptInfos.set(message, info);
      return info;
    };
  }

  #keys(): Promise<CorpKeyPair & { readonly publicKey: KeyObject }> {
    this.#keyPair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(
      ({ publicKey, privateKey }) => ({
        publicKey,
        publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        publicKeyVersion: 1,
      }),
    );
    return this.#keyPair;
  }
}
