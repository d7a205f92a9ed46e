import { MALFORMED_REQUEST, PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import type { ZoneHandler } from '../common/handler';
import { recordsOf } from './message-records';
import type { PageIds } from './page-ids';
import { visible } from './sync-msg';

/**
 * `get_msg_list_by_page_id`: the messages of a page from `page_id_list` of `sync_msg` (P99824,
 * https://developer.work.weixin.qq.com/document/path/99824). A page id always returns the same messages.
 *
 * | errcode | when |
 * |---|---|
 * | 40058 | `sync_msg` returned no such `page_id` to this corp; the page documents no errcode for that |
 * | 45033 | the corp already has ten concurrent calls |
 */
export function getMsgListByPageId(
  corp: Corp,
  pageIds: PageIds,
): ZoneHandler<'get_msg_list_by_page_id'> {
  return async ({ page_id: pageId }, { corpId }) => {
    const page = pageIds.read(corpId, pageId);
    if (page === undefined) throw new PlatformError(MALFORMED_REQUEST, 'unknown page_id');
    return { msg_list: await recordsOf(corp, visible(corp, page)) };
  };
}
