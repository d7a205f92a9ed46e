import type { MessageKey, RefusedMessage } from '../../../interfaces/types';
import type { SandboxLimits } from '../../common/limits';
import { errmsgOf, PlatformError } from '../../common/platform-error';
import type { Message } from '../../corp/content';
import type { Corp } from '../../corp/corp';

/** Message types that models can read: text, voice and audio archive. */
const READABLE: ReadonlySet<number> = new Set([1, 6, 21]);

/** A message that a task could not use. */
export interface FailedMessage {
  readonly errcode: number;
  readonly errmsg: string;
  readonly msgid: string;
}

/** The messages of a task. */
export interface TaskMessages {
  /** Those that could be decrypted, in the order of the request. */
  readonly messages: readonly Message[];
  /** `fail_list` of the response that creates the task: repeated messages, of which the first is used. */
  readonly refused: readonly RefusedMessage[];
  /** `fail_list` of the result. */
  readonly failed: readonly FailedMessage[];
}

/**
 * Decrypts the messages of a task with the keys of the request.
 *
 * | errcode in `fail_list` | when |
 * |---|---|
 * | 710613 | the msgid is repeated in the request (in the response that creates the task) |
 * | 710601 | there is no such message, or it is out of scope |
 * | 710602 | its type is not text, voice or audio archive |
 * | 710603 | the secret_key is wrong |
 *
 * @throws PlatformError 790041 none of them could be decrypted.
 */
export function openMessages(corp: Corp, keys: readonly MessageKey[]): TaskMessages {
  const seen = new Set<string>();
  const messages: Message[] = [];
  const refused: RefusedMessage[] = [];
  const failed: FailedMessage[] = [];
  for (const { msgid, encrypt_info: info } of keys) {
    if (seen.has(msgid)) {
      const encrypt_info = { secret_key: info.secret_key };
      refused.push({ errcode: 710613, errmsg: errmsgOf(710613), msgid, encrypt_info });
      continue;
    }
    seen.add(msgid);
    const message = corp.message(msgid);
    const errcode = whyNot(
      message,
      info.secret_key,
      message !== undefined && corp.isVisible(message),
    );
    if (errcode === undefined) messages.push(message as Message);
    else failed.push({ errcode, errmsg: errmsgOf(errcode), msgid });
  }
  if (messages.length === 0) throw new PlatformError(790041);
  return { messages, refused, failed };
}

/** @throws PlatformError 790040 the texts together have more than `limits.modelCharacters` characters. */
export function checkLength(limits: SandboxLimits, texts: readonly string[]): void {
  if (charactersOf(texts) > limits.modelCharacters) throw new PlatformError(790040);
}

/** The first messages that together have at most `limits.modelCharacters` characters. */
export function clipped(limits: SandboxLimits, messages: readonly Message[]): readonly Message[] {
  let left = limits.modelCharacters;
  return messages.filter(({ text }) => {
    left -= charactersOf([text]);
    return left >= 0;
  });
}

function charactersOf(texts: readonly string[]): number {
  let count = 0;
  for (const text of texts) for (const _ of text) count += 1;
  return count;
}

function whyNot(message: Message | undefined, key: string, isVisible: boolean): number | undefined {
  if (message === undefined || !isVisible) return 710601;
  if (message.secretKey !== key) return 710603;
  return READABLE.has(message.msgtype) ? undefined : 710602;
}
