import type { MessageKey, RefusedMessage } from '../../interfaces/types';
import { errmsgOf, PlatformError } from '../common/platform-error';
import type { Message } from '../corp/content';
import type { FailedMessage } from '../state/records';
import type { ZoneState } from '../state/state';

/** Text, voice and audio archive: what models can read. */
const READABLE: ReadonlySet<number> = new Set([1, 6, 21]);

/** The messages of a task. */
export interface TaskMessages {
  /** Those that could be opened, in the order of the request. */
  readonly messages: readonly Message[];
  /** `fail_list` of the answer that creates the task: of messages that come twice the first counts. */
  readonly refused: readonly RefusedMessage[];
  /** `fail_list` of the result. */
  readonly failed: readonly FailedMessage[];
}

/**
 * Opens the messages of a task with the keys that the request gives.
 *
 * | errcode in `fail_list` | when |
 * |---|---|
 * | 710613 | the msgid stands in the request before (in the answer that creates the task) |
 * | 710601 | there is no such message, or the program may not see it |
 * | 710602 | it is neither text nor voice nor audio archive |
 * | 710603 | the secret_key is not that of the message |
 *
 * @throws PlatformError 790041 none of them could be opened.
 */
export function openMessages({ corp }: ZoneState, keys: readonly MessageKey[]): TaskMessages {
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

/** @throws PlatformError 790040 the texts are too long together. */
export function checkLength({ limits }: ZoneState, texts: readonly string[]): void {
  if (charactersOf(texts) > limits.modelCharacters) throw new PlatformError(790040);
}

/** The first messages, as many as a model reads. */
export function clipped({ limits }: ZoneState, messages: readonly Message[]): readonly Message[] {
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
