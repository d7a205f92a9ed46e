import type { Corp, Message } from '../corp/corp';
import { PlatformError } from '../platform-error';
import { isShortText, optionalInteger } from './arguments';
import type { InterfaceHandler, JsonObject } from './interface';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1000;
const MAX_TEXT_BYTES = 128;
const KEPT_SECONDS = 5 * 86_400;
const MAX_UNIX_SECONDS = 2 ** 32 - 1;

/**
 * `sync_msg`: pulls conversation records (P99824,
 * https://developer.work.weixin.qq.com/document/path/99824).
 *
 * | errcode | when |
 * |---|---|
 * | 710611 | `cursor` is empty, longer than 128 bytes, or none of ours |
 * | 40058 | `token` is empty or longer than 128 bytes; `limit`, `mode` or `begin_time` is out of range; `mode` asks for page ids |
 *
 * The page names 710611 only. That empty texts are refused is what clients report; with which code
 * the platform refuses them is not known, and 40058 is the sandbox's own choice. Every other token
 * is taken for a valid one.
 *
 * Page ids (`mode` 1, and `mode` 2 when one page does not suffice) need `get_msg_list_by_page_id`
 * to be of any use; as long as the sandbox does not have it they are refused, not invented.
 */
export function syncMsg(corp: Corp): InterfaceHandler {
  return async (request, { now }) => {
    const limit = optionalInteger(request, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT;
    const mode = optionalInteger(request, 'mode', 0, 2) ?? 0;
    if (request.token !== undefined && !isShortText(request.token, MAX_TEXT_BYTES)) {
      throw new PlatformError(40058, 'token must be a text of 1 to 128 bytes');
    }
    const start = startOf(corp.messages, request, Math.floor(now / 1000));
    const end = Math.min(start + limit, corp.messages.length);
    const hasMore = end < corp.messages.length;
    if (mode === 1 || (mode === 2 && hasMore)) {
      throw new PlatformError(40058, 'the sandbox has no page ids yet; use mode 0');
    }
    const page = corp.messages.slice(start, end);
    return {
      errcode: 0,
      errmsg: 'ok',
      has_more: hasMore ? 1 : 0,
      next_cursor: cursorAt(end),
      msg_list: await Promise.all(page.map((message) => toRecord(corp, message))),
    };
  };
}

/** Index of the first message to answer. A cursor wins: `begin_time` is for those who lost theirs. */
function startOf(messages: readonly Message[], request: JsonObject, nowSeconds: number): number {
  const beginTime = optionalInteger(request, 'begin_time', 0, MAX_UNIX_SECONDS) ?? 0;
  const oldest = firstSince(messages, nowSeconds - KEPT_SECONDS);
  if (request.cursor === undefined) return Math.max(oldest, firstSince(messages, beginTime));
  const index = indexOf(request.cursor, messages.length);
  if (index === undefined) throw new PlatformError(710611);
  return Math.max(oldest, index);
}

function firstSince(messages: readonly Message[], seconds: number): number {
  const index = messages.findIndex(({ sendTime }) => sendTime >= seconds);
  return index === -1 ? messages.length : index;
}

function cursorAt(index: number): string {
  return `cursor-${index}`;
}

function indexOf(cursor: unknown, count: number): number | undefined {
  if (!isShortText(cursor, MAX_TEXT_BYTES)) return undefined;
  const index = Number(/^cursor-(0|[1-9]\d*)$/.exec(cursor)?.[1] ?? Number.NaN);
  return index <= count ? index : undefined;
}

async function toRecord(corp: Corp, message: Message): Promise<object> {
  return {
    msgid: message.msgid,
    sender: message.sender,
    receiver_list: message.receivers,
    ...(message.chatid === undefined ? {} : { chatid: message.chatid }),
    send_time: message.sendTime,
    msgtype: message.msgtype,
    service_encrypt_info: await corp.encryptInfo(message),
    ...(message.callDuration === undefined
      ? {}
      : { extra_info: { call_duration: message.callDuration } }),
  };
}
