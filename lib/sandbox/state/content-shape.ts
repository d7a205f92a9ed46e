import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { CorpContent, Message } from '../corp/content';
import type { CorpKeyPair, PublicKey } from '../corp/key-ring';

// The shapes of lib/sandbox/corp/content.ts: what a corp reads of a loaded state without further checks.

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const number: Shape = Number.isFinite;
const flag: Shape = (value) => typeof value === 'boolean';
const listOf =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && Array.from(value).every(item);
const maybe =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const object =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, shape]) =>
      shape((value as Readonly<Record<string, unknown>>)[name]),
    );

const party = { id: text, type: number };
const named = { id: text, name: text };

const message: Shape = object({
  msgid: text,
  sender: object(party),
  // Thousands of messages share the list of a large group, so `parties` is checked once instead.
  receivers: Array.isArray,
  chatid: maybe(text),
  sendTime: number,
  msgtype: number,
  callDuration: maybe(number),
  text,
  behaviours: maybe(listOf(number)),
  secretKey: text,
  publicKeyVersion: number,
});

const content: Shape = object({
  members: listOf(
    object({
      userid: text,
      name: text,
      alias: text,
      departments: listOf(number),
      editions: listOf(number),
    }),
  ),
  customers: listOf(
    object({
      externalUserid: text,
      name: text,
      followers: listOf(object({ userid: text, remark: text })),
    }),
  ),
  departments: listOf(object({ id: number, name: text })),
  groups: listOf(
    object({
      chatid: text,
      name: text,
      internal: flag,
      creator: text,
      createTime: number,
      members: listOf(object({ ...party, joinTime: number })),
    }),
  ),
  tagGroups: listOf(object({ ...named, tags: listOf(object({ ...named, words: listOf(text) })) })),
  documents: listOf(
    object({
      docid: text,
      isWedriveFile: flag,
      name: text,
      type: number,
      creator: text,
      createTime: number,
      readers: listOf(text),
      text,
    }),
  ),
  messages: listOf(message),
});

/** Whether this is the pairs of sender and receivers to which messages refer. */
export const areParties: Shape = listOf(
  (pair) =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    object(party)(pair[0]) &&
    listOf(object(party))(pair[1]),
);

/** Whether this is the content of a corp; the receivers of its messages come from checked parties. */
export function isCorpContent(value: unknown): value is CorpContent {
  return content(value);
}

/** Whether these are messages with their receivers. */
export function areMessages(value: unknown): value is Message[] {
  const whole = object({ receivers: listOf(object(party)) });
  return listOf((one) => message(one) && whole(one))(value);
}

/** Whether these keys can be used. */
export function arePublicKeys(value: unknown): value is PublicKey[] {
  return listOf(isPublicKey)(value);
}

/** Whether this is a key pair that can be used. */
export function isKeyPair(value: unknown): value is CorpKeyPair {
  return object({ privateKeyPem: text })(value) && isPublicKey(value);
}

function isPublicKey(value: unknown): boolean {
  const shape = { publicKeyPem: text, privateKeyPem: maybe(text), publicKeyVersion: number };
  if (!object(shape)(value)) return false;
  const { publicKeyPem, privateKeyPem } = value as PublicKey;
  try {
    createPublicKey(publicKeyPem);
    if (privateKeyPem !== undefined) createPrivateKey(privateKeyPem);
    return true;
  } catch {
    return false;
  }
}
