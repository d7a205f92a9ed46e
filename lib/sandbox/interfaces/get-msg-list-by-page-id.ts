import { MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { ZoneState } from '../state/state';
import type { ZoneHandler } from './interface';
import { recordsOf } from './message-records';
import type { PageIds } from './page-ids';
import { visible } from './sync-msg';

/**
 * `get_msg_list_by_page_id`: the messages of a page that `sync_msg` has listed (P99824,
 * https://developer.work.weixin.qq.com/document/path/99824). A page id gives the same messages
 * whenever it is used.
 *
 * | errcode | when |
 * |---|---|
 * | 40058 | `page_id` is none that `sync_msg` gave to this corp; the page names no errcode for that |
 * | 45033 | ten calls of the corp are under way already |
 */
export function getMsgListByPageId(
  state: ZoneState,
  pageIds: PageIds,
): ZoneHandler<'get_msg_list_by_page_id'> {
  return async ({ page_id: pageId }, { corpId }) => {
    const page = pageIds.read(corpId, pageId);
    if (page === undefined) throw new PlatformError(MALFORMED_REQUEST, 'unknown page_id');
    return { msg_list: await recordsOf(state.corp, visible(state, page)) };
  };
}
