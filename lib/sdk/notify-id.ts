import { randomBytes } from 'node:crypto';
import { binding } from './binding';

/**
 * Generates a notify_id for `spec_notify_app`, so that data can be stored under it before the application is notified.
 *
 * SDKs before the release of 2024-09-20 have no such function (`GetSdkInfo().hasNotifyId` is false). With them this function
 * returns 32 random hexadecimal digits: the platform accepts any id of up to 64 characters.
 *
 * @returns at most 64 characters
 * @throws SpecError `ERR_SPEC_SDK_EXCEPTION`
 * @see https://developer.work.weixin.qq.com/document/path/99849
 */
export function GenerateNotifyId(): string {
  const { native, hasNotifyId } = binding();
  return hasNotifyId ? native.GenerateNotifyId() : randomBytes(16).toString('hex');
}
