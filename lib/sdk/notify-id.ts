import { randomBytes } from 'node:crypto';
import { binding } from './binding';

/**
 * Makes an id for `spec_notify_app`, so that the event can be stored under it before the application is notified.
 *
 * SDKs before the release of 2024-09-20 have no such function. With them the id is one of ours, 32 random hexadecimal digits:
 * the platform takes any id that the caller sets, up to 64 characters. `GetSdkInfo().hasNotifyId` tells which it is.
 *
 * @throws SpecError `ERR_SPEC_SDK_EXCEPTION`
 * @see https://developer.work.weixin.qq.com/document/path/99849
 */
export function GenerateNotifyId(): string {
  const { native } = binding();
  return native.GetSdkInfo().hasNotifyId
    ? native.GenerateNotifyId()
    : randomBytes(16).toString('hex');
}
