import type { SyncMsgRequest } from '../../../interfaces/types';
import type { Message } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import type { ZoneHandler } from '../common/handler';
import { firstSince, IndexCursor } from '../common/index-cursor';
import { recordsOf } from './message-records';
import type { MessageRange, PageIds } from './page-ids';
import { checkPull, KEPT_SECONDS, type PullParts } from './pull';

const DEFAULT_LIMIT = 200;
const MAX_PAGE_IDS = 10;

const MODE = { messages: 0, pageIds: 1, adaptive: 2 } as const;

const cursors = new IndexCursor('cursor');

/** The parts of the state that these interfaces use. */
export interface ArchiveParts extends PullParts {
  readonly corp: Corp;
}

/**
 * `sync_msg`: pulls conversation records (P99824,
 * https://developer.work.weixin.qq.com/document/path/99824).
 *
 * | `mode` | response |
 * |---|---|
 * | 0 | `msg_list`: up to `limit` messages |
 * | 1 | `page_id_list`: up to ten ids for `get_msg_list_by_page_id`, each of up to `limit` messages |
 * | 2 | `msg_list` if all remaining messages fit in it, else `page_id_list` |
 *
 * `next_cursor` points behind the returned messages. When no messages remain, the list is empty; in mode 2 that is
 * `msg_list`. Messages without a sender or receiver in scope are skipped.
 *
 * | errcode | when |
 * |---|---|
 * | 710611 | `cursor` was not returned by `sync_msg` |
 * | 40058, 45009 | see {@link checkPull} |
 */
export function syncMsg(parts: ArchiveParts, pageIds: PageIds): ZoneHandler<'sync_msg'> {
  const { corp } = parts;
  return async (request, { corpId, now }) => {
    checkPull(parts, request.token, 'sync_msg');
    const { limit = DEFAULT_LIMIT, mode = MODE.messages } = request;
    const { messages } = corp;
    const start = startOf(messages, request, Math.floor(now / 1000));
    const pages = pagesOf(corp, start, limit, mode === MODE.messages ? 1 : MAX_PAGE_IDS);
    const end = pages.at(-1)?.end ?? messages.length;
    const isWhole = pages.length <= 1 && end === messages.length;
    const listsPages = mode === MODE.pageIds || (mode === MODE.adaptive && !isWhole);
    const list = listsPages
      ? { page_id_list: pages.map((page) => pageIds.make(corpId, page)) }
      : {
          msg_list: await recordsOf(
            corp,
            pages.flatMap((page) => visible(corp, page)),
          ),
        };
    return { has_more: end < messages.length ? 1 : 0, next_cursor: cursors.at(end), ...list };
  };
}

/** The messages of a range that the program may see. */
export function visible(corp: Corp, { start, end }: MessageRange): readonly Message[] {
  const messages = corp.messages.slice(start, end);
  return corp.isAllInScope ? messages : messages.filter((message) => corp.isVisible(message));
}

/** Index of the first message to return. `begin_time` is ignored if there is a cursor. */
function startOf(
  messages: readonly Message[],
  { cursor, begin_time: beginTime = 0 }: SyncMsgRequest,
  nowSeconds: number,
): number {
  const oldest = firstSince(messages, nowSeconds - KEPT_SECONDS);
  if (cursor === undefined) return Math.max(oldest, firstSince(messages, beginTime));
  return Math.max(oldest, cursors.read(cursor, messages.length, 710611));
}

/** Ranges with up to `limit` visible messages each. The last one also includes the hidden messages that follow it. */
function pagesOf(corp: Corp, from: number, limit: number, count: number): MessageRange[] {
  const { messages } = corp;
  const pages: MessageRange[] = [];
  let start = from;
  while (pages.length < count && start < messages.length) {
    const end = corp.isAllInScope
      ? Math.min(start + limit, messages.length)
      : endOfVisible(corp, start, limit);
    if (visible(corp, { start, end }).length > 0) pages.push({ start, end });
    else if (end === messages.length) break;
    start = end;
  }
  return pages;
}

function endOfVisible(corp: Corp, start: number, limit: number): number {
  const { messages } = corp;
  let seen = 0;
  let end = start;
  for (; end < messages.length; end += 1) {
    if (!corp.isVisible(messages[end] as Message)) continue;
    if (seen === limit) return end;
    seen += 1;
  }
  return end;
}
