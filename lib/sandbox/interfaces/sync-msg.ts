import type { SyncMsgRequest } from '../../zone/interfaces';
import type { Corp, Message } from '../corp/corp';
import { PlatformError } from '../platform-error';
import type { ZoneHandler } from './interface';
import { recordsOf } from './message-records';
import type { MessageRange, PageIds } from './page-ids';

const DEFAULT_LIMIT = 200;
const MAX_PAGE_IDS = 10;
const KEPT_SECONDS = 5 * 86_400;

const MODE = { messages: 0, pageIds: 1, adaptive: 2 } as const;

/**
 * `sync_msg`: pulls conversation records (P99824,
 * https://developer.work.weixin.qq.com/document/path/99824).
 *
 * | `mode` | answers |
 * |---|---|
 * | 0 | `msg_list`: up to `limit` messages |
 * | 1 | `page_id_list`: up to ten ids for `get_msg_list_by_page_id`, each of up to `limit` messages |
 * | 2 | `msg_list` when it holds all that is left, else `page_id_list` |
 *
 * `next_cursor` lies behind all that was answered. When nothing is left, the list is empty: in mode 2
 * it is `msg_list`.
 *
 * | errcode | when |
 * |---|---|
 * | 710611 | `cursor` is none of ours |
 *
 * Every token is taken for a valid one.
 */
export function syncMsg(corp: Corp, pageIds: PageIds): ZoneHandler<'sync_msg'> {
  return async (request, { corpId, now }) => {
    const { limit = DEFAULT_LIMIT, mode = MODE.messages } = request;
    const { messages } = corp;
    const start = startOf(messages, request, Math.floor(now / 1000));
    const listsPages =
      mode === MODE.pageIds || (mode === MODE.adaptive && messages.length - start > limit);
    const end = Math.min(start + limit * (listsPages ? MAX_PAGE_IDS : 1), messages.length);
    const list = listsPages
      ? { page_id_list: pagesOf({ start, end }, limit).map((page) => pageIds.make(corpId, page)) }
      : { msg_list: await recordsOf(corp, messages.slice(start, end)) };
    return {
      has_more: end < messages.length ? 1 : 0,
      next_cursor: cursorAt(end),
      ...list,
    };
  };
}

/** Index of the first message to answer. A cursor wins: `begin_time` is for those who lost theirs. */
function startOf(
  messages: readonly Message[],
  request: SyncMsgRequest,
  nowSeconds: number,
): number {
  const { cursor, begin_time: beginTime = 0 } = request;
  const oldest = firstSince(messages, nowSeconds - KEPT_SECONDS);
  if (cursor === undefined) return Math.max(oldest, firstSince(messages, beginTime));
  const index = indexOf(cursor, messages.length);
  if (index === undefined) throw new PlatformError(710611);
  return Math.max(oldest, index);
}

/** Index of the first message that was not sent before this time. */
function firstSince(messages: readonly Message[], seconds: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.sendTime ?? Number.POSITIVE_INFINITY) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pagesOf({ start, end }: MessageRange, limit: number): MessageRange[] {
  return Array.from({ length: Math.ceil((end - start) / limit) }, (_, index) => {
    const first = start + index * limit;
    return { start: first, end: Math.min(first + limit, end) };
  });
}

function cursorAt(index: number): string {
  return `cursor-${index}`;
}

function indexOf(cursor: string, count: number): number | undefined {
  const index = Number(/^cursor-(0|[1-9]\d*)$/.exec(cursor)?.[1] ?? Number.NaN);
  return index <= count ? index : undefined;
}
