import { createPrivateKey, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { types } from 'node:util';
import { integerOption, signalOption } from '../common/options';
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

/** A private RSA key: PEM (PKCS#1 or PKCS#8, no pass phrase) as for {@link DecryptSecretKey}, or a KeyObject of node:crypto. */
export type PrivateKeyInput = string | Uint8Array | KeyObject;

/** How a secret key of a batch came out, as in `Promise.allSettled`. */
export type OpenedSecretKey =
  | { readonly status: 'fulfilled'; readonly value: string }
  /** `reason` is what {@link SecretKeyring.decrypt} would throw. */
  | { readonly status: 'rejected'; readonly reason: Error };

/** A message with a key to open: of sync_msg, or of get_hit_msg_list with `need_detail` 1. */
export type LockedMessage = ArchivedMessage | HitMessage;

export interface MsgListOptions {
  /**
   * The messages to take, by `msgtype`; default 1, 6 and 21 (text, voice, audio archive), the only ones that the models
   * read. `'all'` takes every one.
   */
  readonly msgtypes?: readonly number[] | 'all';
  /**
   * Told of each message whose key cannot be opened, which is left out then; without it the first of them rejects the
   * whole list.
   */
  readonly onError?: (error: Error, message: LockedMessage) => void;
  /** Gives up: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const MODEL_MSGTYPES = [1, 6, 21];
/** Large enough to be worth a change of threads, small enough that calls into the platform need not wait for long. */
const KEYS_PER_CALL = 64;
const MAX_VERSION = 2 ** 31 - 1;
const MAX_LIST = 1000;

/**
 * The corp's private keys, by version: each message says with which version its key was encrypted.
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
   * @param keys - `public_key_ver` and the private key that belongs to it: an object, a Map, or pairs
   * @throws as {@link set}
   */
  constructor(
    keys: // A text would pass for a record of its characters.
      | (object & Readonly<Record<number, PrivateKeyInput>>)
      | Iterable<readonly [version: number, key: PrivateKeyInput]> = [],
  ) {
    if (typeof keys !== 'object' || keys === null || ArrayBuffer.isView(keys)) {
      throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'keys', 'of type object', keys);
    }
    const pairs: Iterable<unknown> =
      Symbol.iterator in keys
        ? keys
        : Object.entries(keys).map(([version, key]) => [Number(version), key]);
    for (const pair of pairs) {
      if (!Array.isArray(pair)) {
        throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'keys', 'made of [version, key] pairs', keys);
      }
      this.set(pair[0], pair[1]);
    }
  }

  /** The versions that are there, in ascending order. */
  get versions(): number[] {
    return [...this.#pems.keys()].sort((a, b) => a - b);
  }

  /**
   * Adds the key of a version, or replaces it.
   *
   * @throws SpecError `ERR_SPEC_PRIVATE_KEY`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  set(version: number, key: PrivateKeyInput): this {
    integerOption('version', version, 0, MAX_VERSION);
    this.#pems.set(version, pemOf(key));
    return this;
  }

  /** Takes the key of a version out; tells whether it was there. */
  delete(version: number): boolean {
    return this.#pems.delete(version);
  }

  /**
   * Opens one key. Takes about a millisecond of the calling thread; {@link decryptAll} is for many.
   *
   * @param encryptedSecretKey - `service_encrypt_info.encrypted_secret_key`, base64
   * @param version - `service_encrypt_info.public_key_ver`
   * @returns the `secret_key` that the model interfaces ask for
   * @throws SpecError `ERR_SPEC_KEY_VERSION` for a version that is not there, `ERR_SPEC_SECRET_KEY` when the key does not
   * fit; TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE` for what is not base64
   */
  decrypt(encryptedSecretKey: string, version: number): string {
    return DecryptSecretKey(encryptedSecretKey, this.#pem(version));
  }

  /**
   * Opens many keys on threads of the pool, as many at once as the machine has processors.
   *
   * @returns how each came out, in the order of `infos`; rejected with the signal's reason, `ERR_SPEC_QUEUE_FULL`,
   * `ERR_SPEC_NO_THREAD` or `ERR_SPEC_INVALID_ARG_TYPE`
   */
  async decryptAll(
    infos: Iterable<ServiceEncryptInfo>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<OpenedSecretKey[]> {
    signalOption(signal)?.throwIfAborted();
    const opened: OpenedSecretKey[] = [];
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
   * Makes the `msg_list` that the model interfaces take from pulled messages: opens their keys off the main thread, keeps
   * their order, and leaves out what the models do not read and what comes twice.
   *
   * @returns a list of any length: the interfaces take 1000 messages at most, see {@link toMsgLists}; rejected as
   * {@link decryptAll}, and with what {@link decrypt} throws unless there is an `onError`
   */
  async toMsgList(
    messages: Iterable<LockedMessage>,
    { msgtypes = MODEL_MSGTYPES, onError, signal }: MsgListOptions = {},
  ): Promise<MessageKey[]> {
    const chosen = new Map<string, { message: LockedMessage; info: ServiceEncryptInfo }>();
    for (const [place, message] of entriesOf(messages, 'messages')) {
      if (typeof message !== 'object' || message === null) {
        throw makeError('ERR_SPEC_INVALID_ARG_TYPE', `messages[${place}]`, 'a message');
      }
      const detail = 'service_encrypt_info' in message ? message : message.msg_detail;
      if (detail === undefined) {
        const words =
          'a message has no service_encrypt_info; ask get_hit_msg_list with need_detail 1';
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
      const result = opened[index] as OpenedSecretKey;
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
   * As {@link toMsgList}, in lists that a single call takes.
   *
   * @param size - messages in a list at most, 1 to 1000; default 1000
   */
  async toMsgLists(
    messages: Iterable<LockedMessage>,
    { size = MAX_LIST, ...options }: MsgListOptions & { readonly size?: number } = {},
  ): Promise<MessageKey[][]> {
    integerOption('size', size, 1, MAX_LIST);
    const list = await this.toMsgList(messages, options);
    return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
      list.slice(index * size, (index + 1) * size),
    );
  }

  #pem(version: number): string {
    const pem = this.#pems.get(version);
    if (pem !== undefined) return pem;
    if (typeof version !== 'number') {
      throw makeError('ERR_SPEC_INVALID_ARG_TYPE', 'version', 'of type number', version);
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
  opened: OpenedSecretKey[],
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

function rejected(reason: Error): OpenedSecretKey {
  return { status: 'rejected', reason };
}

/** Checks the key now, and not with the first message; node:crypto reads what the addon will read. */
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
    throw makeError(
      'ERR_SPEC_INVALID_ARG_TYPE',
      'key',
      'of type string or an instance of Buffer, Uint8Array or KeyObject',
      key,
    );
  }
  if (privateKey.asymmetricKeyType !== 'rsa') {
    throw makeError('ERR_SPEC_PRIVATE_KEY', 'key', 'not an RSA key');
  }
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function* entriesOf<T>(values: Iterable<T>, name: string): Generator<[number, T]> {
  const isIterable = typeof values === 'object' && values !== null && Symbol.iterator in values;
  if (!isIterable || ArrayBuffer.isView(values)) {
    throw makeError('ERR_SPEC_INVALID_ARG_TYPE', name, 'an iterable', values);
  }
  let place = 0;
  for (const value of values) {
    yield [place, value];
    place += 1;
  }
}
