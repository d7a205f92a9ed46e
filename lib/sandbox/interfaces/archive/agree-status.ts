import { PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import type { ZoneHandler } from '../common/handler';

/**
 * `get_agree_status_single`: whether customers agreed to the archiving of their single chats (P99826,
 * https://developer.work.weixin.qq.com/document/path/99826).
 *
 * | errcode | when |
 * |---|---|
 * | 710608 | a `userid` is unknown or out of scope |
 * | 710609 | the employee does not follow the customer |
 */
export function getAgreeStatusSingle(corp: Corp): ZoneHandler<'get_agree_status_single'> {
  return ({ item }) => ({
    agreeinfo: item.map(({ userid, external_userid }) => {
      if (!corp.isInScope(userid)) throw new PlatformError(710608);
      const followers = corp.customer(external_userid)?.followers ?? [];
      if (!followers.some((follower) => follower.userid === userid))
        throw new PlatformError(710609);
      const { status, changeTime } = corp.consent({ userid, externalUserid: external_userid });
      return { userid, external_userid, agree_status: status, status_change_time: changeTime };
    }),
  });
}

/**
 * `get_agree_status_room`: whether the customers in a group agreed to its archiving (P99826,
 * https://developer.work.weixin.qq.com/document/path/99826).
 *
 * | errcode | when |
 * |---|---|
 * | 710624 | there is no such group |
 * | 710614 | none of its members is in scope |
 */
export function getAgreeStatusRoom(corp: Corp): ZoneHandler<'get_agree_status_room'> {
  return ({ chatid }) => {
    const group = corp.group(chatid);
    if (group === undefined) throw new PlatformError(710624);
    if (!corp.isGroupInScope(group)) throw new PlatformError(710614);
    const agreeinfo = group.members
      .filter(({ type }) => type === 2)
      .map(({ id }) => {
        const { status, changeTime } = corp.consent({ chatid, externalUserid: id });
        return { external_userid: id, agree_status: status, status_change_time: changeTime };
      });
    return { agreeinfo };
  };
}
