import { PlatformError } from '../common/platform-error';
import type { Masking } from '../state/records';
import type { ZoneState } from '../state/state';
import type { ZoneHandler } from './interface';

/** What holds for a member of whom nothing was set. */
export const NOTHING_HIDDEN: Masking = {
  hide_mobile: false,
  hide_idcard: false,
  hide_bankno: false,
};

/**
 * `set_hide_sensitiveinfo_config` (P100055, https://developer.work.weixin.qq.com/document/path/100055): what the request leaves
 * out is false, as the page says. 710608: there is no such member in scope; the page names no errcode for that.
 */
export function setHideSensitiveinfoConfig(
  state: ZoneState,
): ZoneHandler<'set_hide_sensitiveinfo_config'> {
  return ({ userid, config }) => {
    if (!state.corp.isInScope(userid)) throw new PlatformError(710608);
    state.masking.set(userid, { ...NOTHING_HIDDEN, ...config } as Masking);
    return {};
  };
}

/** `get_hide_sensitiveinfo_config`; errcodes as for `set_hide_sensitiveinfo_config`. */
export function getHideSensitiveinfoConfig(
  state: ZoneState,
): ZoneHandler<'get_hide_sensitiveinfo_config'> {
  return ({ userid }) => {
    if (!state.corp.isInScope(userid)) throw new PlatformError(710608);
    return { config: state.masking.get(userid) ?? NOTHING_HIDDEN };
  };
}
