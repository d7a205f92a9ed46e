import type { Corp } from '../corp/corp';
import { PlatformError } from '../platform-error';
import type { ZoneHandler } from './interface';

/**
 * `get_group_chat`: details of an internal group (P99825,
 * https://developer.work.weixin.qq.com/document/path/99825).
 *
 * | errcode | when |
 * |---|---|
 * | 710606 | there is no such group, or it has external contacts: only internal groups are served |
 */
export function getGroupChat(corp: Corp): ZoneHandler<'get_group_chat'> {
  return ({ chatid }) => {
    const group = corp.group(chatid);
    if (group === undefined || !group.internal) throw new PlatformError(710606);
    return {
      creator: group.creator,
      room_create_time: group.createTime,
      members: group.members.map(({ id, type, joinTime }) => ({
        memberid: id,
        jointime: joinTime,
        type,
      })),
    };
  };
}
