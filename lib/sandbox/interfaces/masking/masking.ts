import { PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import type { ZoneHandler } from '../common/handler';
import type { MaskingStore } from './masking-store';

/** The parts of the state that these interfaces use. */
export interface MaskingParts {
  readonly corp: Corp;
  readonly masking: MaskingStore;
}

/**
 * `set_hide_sensitiveinfo_config` (P100055, https://developer.work.weixin.qq.com/document/path/100055): fields that
 * the request omits are false, as documented. 710608: the member is unknown or out of scope; the page documents no errcode for that.
 */
export function setHideSensitiveinfoConfig({
  corp,
  masking,
}: MaskingParts): ZoneHandler<'set_hide_sensitiveinfo_config'> {
  return ({ userid, config }) => {
    if (!corp.isInScope(userid)) throw new PlatformError(710608);
    masking.set(userid, config);
    return {};
  };
}

/** `get_hide_sensitiveinfo_config`; errcodes as for `set_hide_sensitiveinfo_config`. */
export function getHideSensitiveinfoConfig({
  corp,
  masking,
}: MaskingParts): ZoneHandler<'get_hide_sensitiveinfo_config'> {
  return ({ userid }) => {
    if (!corp.isInScope(userid)) throw new PlatformError(710608);
    return { config: masking.get(userid) };
  };
}
