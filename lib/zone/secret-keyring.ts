import { createPrivateKey, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { types } from 'node:util';
import { integerOption, signalOption, wrongType, wrongValue } from '../common/options';
import { inSlot } from '../common/slots';
import { makeError } from '../errors';
import type {
  ArchivedMessage,
  HitMessage,
  MessageKey,
  ServiceEncryptInfo,
} from '../interfaces/types';
import { pemText } from '../sdk/private-key';
import { DecryptSecretKey, decryptSecretKeys } from '../sdk/secret-key';

/** An RSA private key: PEM (PKCS#1 or PKCS#8, without a pass phrase) as for {@link DecryptSecretKey}, or a KeyObject of node:crypto. */
export type PrivateKeyInput = string | Uint8Array | KeyObject;

/** The result of decrypting one of several secret keys, as in `Promise.allSettled`. */
export type SecretKeyResult =
  | { readonly status: 'fulfilled'; readonly value: string }
  /** `reason` is the error that {@link SecretKeyring.decrypt} would throw. */
  | { readonly status: 'rejected'; readonly reason: Error };

/** A message with its encrypted secret key, from `sync_msg`, or from `get_hit_msg_list` with `need_detail` 1. */
export type MessageWithKey = ArchivedMessage | HitMessage;

/** Options of {@link SecretKeyring.toMsgList}. */
export interface MsgListOptions {
  /**
   * The types (`msgtype`) of the messages to include, or `'all'`. Default: 1, 6 and 21 (text, voice, audio archive), the
   * only types that models accept.
   */
  readonly msgtypes?: readonly number[] | 'all';
  /**
   * Called for each message whose key cannot be decrypted; the message is omitted. Without this function the first such
   * error rejects the promise.
   */
  readonly onError?: (error: Error, message: MessageWithKey) => void;
  /** Cancels: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const MODEL_MSGTYPES = [1, 6, 21];
/** Large enough to outweigh the cost of a thread switch, small enough not to delay calls of interfaces in the same pool. */
const KEYS_PER_CALL = 64;
const MAX_VERSION = 2 ** 31 - 1;
const MAX_LIST = 1000;

/**
 * The private keys of the corp by version. The secret key of each message is encrypted with the public key of one version.
 *
 * @example
 * ```ts
 * const keyring = new SecretKeyring({ 1: oldPem, 2: pem });
 * const msg_list = await keyring.toMsgList(messages);
 * const { response_data } = await zone.runTask('create_summary_task', { msg_list });
 * ```
 * @see https://developer.work.weixin.qq.com/document/path/99845
 */
export class SecretKeyring {
  readonly #pems = new Map<number, string>();

  /**
   * Creates a keyring.
   *
   * @param keys - private keys by `public_key_ver`: an object, a Map, or `[version, key]` pairs
   * @throws as {@link SecretKeyring.set}
   */
  constructor(
    keys: // The type `object` excludes strings, which would match the record.
      | (object & Readonly<Record<number, PrivateKeyInput>>)
      | Iterable<readonly [version: number, key: PrivateKeyInput]> = [],
  ) {
    if (typeof keys !== 'object' || keys === null || ArrayBuffer.isView(keys)) {
      throw wrongType('keys', 'of type object', keys);
    }
    const pairs: Iterable<unknown> =
      Symbol.iterator in keys
        ? keys
        : Object.entries(keys).map(([version, key]) => [Number(version), key]);
    for (const pair of pairs) {
      if (!Array.isArray(pair)) {
        throw wrongType('keys', 'made of [version, key] pairs', keys);
      }
      this.set(pair[0], pair[1]);
    }
  }

  /** The versions in the keyring, in ascending order. */
  get versions(): number[] {
    return [...this.#pems.keys()].sort((a, b) => a - b);
  }

  /**
   * Adds or replaces the key of a version.
   *
   * @param version - `public_key_ver`, 0 to 2147483647
   * @returns the keyring itself
   * @throws SpecError `ERR_SPEC_PRIVATE_KEY` if the key cannot be read or is not an RSA key; TypeError
   * `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  set(version: number, key: PrivateKeyInput): this {
    integerOption('version', version, 0, MAX_VERSION);
    this.#pems.set(version, pemOf(key));
    return this;
  }

  /** Removes the key of a version. Returns whether there was one. */
  delete(version: number): boolean {
    return this.#pems.delete(version);
  }

  /**
   * Decrypts one secret key. Blocks the calling thread for about a millisecond; use {@link SecretKeyring.decryptAll} for many.
   *
   * @param encryptedSecretKey - `service_encrypt_info.encrypted_secret_key`, base64
   * @param version - `service_encrypt_info.public_key_ver`
   * @returns the `secret_key` for the model interfaces
   * @throws SpecError `ERR_SPEC_KEY_VERSION` if the keyring has no key of this version, `ERR_SPEC_SECRET_KEY` if decryption
   * fails; TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE` if the input is not base64
   */
  decrypt(encryptedSecretKey: string, version: number): string {
    return DecryptSecretKey(encryptedSecretKey, this.#pem(version));
  }

  /**
   * Decrypts many secret keys on threads of the pool, with at most as many threads as the machine has processors.
   *
   * @param infos - `service_encrypt_info` of the messages
   * @returns a result for each, in the order of `infos`; rejected with the signal's reason, `ERR_SPEC_QUEUE_FULL`,
   * `ERR_SPEC_NO_THREAD`, `ERR_SPEC_INVALID_ARG_TYPE`, or for a sparse array `ERR_SPEC_INVALID_ARG_VALUE`
   */
  async decryptAll(
    infos: Iterable<ServiceEncryptInfo>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<SecretKeyResult[]> {
    signalOption(signal)?.throwIfAborted();
    const opened: SecretKeyResult[] = [];
    const byVersion = new Map<number, Locked[]>();
    for (const [place, info] of entriesOf(infos, 'infos')) {
      const { encrypted_secret_key: encrypted, public_key_ver: version } = info ?? {};
      const locked = byVersion.get(version);
      if (locked === undefined) byVersion.set(version, [{ place, encrypted }]);
      else locked.push({ place, encrypted });
    }
    const parts: Promise<void>[] = [];
    for (const [version, locked] of byVersion) {
      let pem: string;
      try {
        pem = this.#pem(version);
      } catch (error) {
        for (const { place } of locked) opened[place] = rejected(error as Error);
        continue;
      }
      for (let start = 0; start < locked.length; start += KEYS_PER_CALL) {
        parts.push(openPart(locked.slice(start, start + KEYS_PER_CALL), pem, opened, signal));
      }
    }
    await Promise.all(parts);
    return opened;
  }

  /**
   * Converts pulled messages to the `msg_list` of the model interfaces: decrypts their secret keys off the main thread,
   * keeps the order, and omits duplicates and messages of types that models do not accept.
   *
   * @returns a list of any length. The interfaces accept at most 1000 messages: see {@link SecretKeyring.toMsgLists}.
   * Rejected as {@link SecretKeyring.decryptAll}, and with the errors of {@link SecretKeyring.decrypt} if there is no
   * `onError`
   */
  async toMsgList(
    messages: Iterable<MessageWithKey>,
    { msgtypes = MODEL_MSGTYPES, onError, signal }: MsgListOptions = {},
  ): Promise<MessageKey[]> {
    const chosen = new Map<string, { message: MessageWithKey; info: ServiceEncryptInfo }>();
    for (const [place, message] of entriesOf(messages, 'messages')) {
      if (typeof message !== 'object' || message === null) {
        throw wrongType(`messages[${place}]`, 'a message', message);
      }
      const detail = 'service_encrypt_info' in message ? message : message.msg_detail;
      if (detail === undefined) {
        const words =
          'a message has no service_encrypt_info; call get_hit_msg_list with need_detail 1';
        const error = makeError('ERR_SPEC_SECRET_KEY', 'messages', words);
        if (onError === undefined) throw error;
        onError(error, message);
        continue;
      }
      if (msgtypes !== 'all' && !msgtypes.includes(detail.msgtype)) continue;
      if (!chosen.has(message.msgid)) {
        chosen.set(message.msgid, { message, info: detail.service_encrypt_info });
      }
    }
    const locked = [...chosen.values()];
    const opened = await this.decryptAll(
      locked.map(({ info }) => info),
      { signal },
    );
    const list: MessageKey[] = [];
    for (const [index, { message }] of locked.entries()) {
      const result = opened[index] as SecretKeyResult;
      if (result.status === 'fulfilled') {
        list.push({ msgid: message.msgid, encrypt_info: { secret_key: result.value } });
      } else if (onError === undefined) {
        throw result.reason;
      } else {
        onError(result.reason, message);
      }
    }
    return list;
  }

  /**
   * Like {@link SecretKeyring.toMsgList}, but splits the list so that each part fits into one call. The option `size` is the
   * maximum number of messages in a list: 1 to 1000, default 1000.
   *
   * @returns the lists; rejected as {@link SecretKeyring.toMsgList}, and with `ERR_SPEC_OUT_OF_RANGE`
   */
  async toMsgLists(
    messages: Iterable<MessageWithKey>,
    { size = MAX_LIST, ...options }: MsgListOptions & { readonly size?: number } = {},
  ): Promise<MessageKey[][]> {
    integerOption('options.size', size, 1, MAX_LIST);
    const list = await this.toMsgList(messages, options);
    return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
      list.slice(index * size, (index + 1) * size),
    );
  }

  #pem(version: number): string {
    const pem = this.#pems.get(version);
    if (pem !== undefined) return pem;
    if (typeof version !== 'number') {
      throw wrongType('version', 'of type number', version);
    }
    throw makeError('ERR_SPEC_KEY_VERSION', String(version), this.versions.join(', '));
  }
}

interface Locked {
  readonly place: number;
  readonly encrypted: string;
}

async function openPart(
  locked: readonly Locked[],
  pem: string,
  opened: SecretKeyResult[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const texts = locked.map(({ encrypted }) => encrypted);
  const results = await inSlot('secret keys', availableParallelism(), signal, () =>
    decryptSecretKeys(texts, pem),
  );
  for (const [index, { place }] of locked.entries()) {
    const result = results[index] as string | Error;
    opened[place] =
      typeof result === 'string' ? { status: 'fulfilled', value: result } : rejected(result);
  }
}

function rejected(reason: Error): SecretKeyResult {
  return { status: 'rejected', reason };
}

/** Checks the key when it is added rather than at the first message. */
function pemOf(key: PrivateKeyInput): string {
  let privateKey: KeyObject;
  if (typeof key === 'string' || types.isUint8Array(key)) {
    const pem = pemText(key, 'key');
    try {
      privateKey = createPrivateKey({ key: pem, format: 'pem' });
    } catch (error) {
      throw makeError('ERR_SPEC_PRIVATE_KEY', 'key', error instanceof Error ? error.message : '');
    }
  } else if (key?.type === 'private' && typeof key.export === 'function') {
    privateKey = key;
  } else {
    throw wrongType('key', 'of type string or an instance of Buffer, Uint8Array or KeyObject', key);
  }
  if (privateKey.asymmetricKeyType !== 'rsa') {
    throw makeError('ERR_SPEC_PRIVATE_KEY', 'key', 'not an RSA key');
  }
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function* entriesOf<T>(values: Iterable<T>, name: string): Generator<[number, T]> {
  const isIterable = typeof values === 'object' && values !== null && Symbol.iterator in values;
  if (!isIterable || ArrayBuffer.isView(values)) {
    throw wrongType(name, 'an iterable', values);
  }
  let place = 0;
  for (const value of values) {
    // The holes of an array like `new Array(2 ** 32 - 1)` take minutes.
    if (Array.isArray(values) && !(place in values)) {
      throw wrongValue(name, `must not be a sparse array, which has no element ${place}`, values);
    }
    yield [place, value];
    place += 1;
  }
}
