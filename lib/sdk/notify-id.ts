import { binding } from './binding';

/**
 * Makes an id for `spec_notify_app`, so that the event can be stored under it before the application is notified.
 *
 * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` with an SDK older than the release of 2024-09-20
 * @see https://developer.work.weixin.qq.com/document/path/99849
 */
export function GenerateNotifyId(): string {
  return binding().native.GenerateNotifyId();
}
