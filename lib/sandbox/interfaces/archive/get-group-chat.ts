import { PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import type { ZoneHandler } from '../common/handler';

/**
 * `get_group_chat`: details of an internal group (P99825,
 * https://developer.work.weixin.qq.com/document/path/99825).
 *
 * | errcode | when |
 * |---|---|
 * | 301052 | the archive has expired: `corp.isArchiveExpired` |
 * | 710606 | there is no such group, it is external, or none of its members is in scope |
 */
export function getGroupChat(corp: Corp): ZoneHandler<'get_group_chat'> {
  return ({ chatid }) => {
    if (corp.isArchiveExpired) throw new PlatformError(301052);
    const group = corp.group(chatid);
    if (group === undefined || !group.internal || !corp.isGroupInScope(group)) {
      throw new PlatformError(710606);
    }
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
