import { randomBytes } from 'node:crypto';
import { PlatformError } from '../platform-error';
import { isShortText } from './arguments';
import type { InterfaceHandler } from './interface';

const MAX_NOTIFY_ID_BYTES = 64;
const MAX_SCENE = 255;

/** What the application would get as `program_notify` (P99843). */
export interface AppNotification {
  readonly notifyId: string;
  /** 0 to 255; absent when the program gave none or one outside the range. */
  readonly notifyScene?: number;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
}

/**
 * `spec_notify_app`: the program notifies its application (P99849,
 * https://developer.work.weixin.qq.com/document/path/99849).
 *
 * | errcode | when |
 * |---|---|
 * | 710646 | `notify_id` is given, but is no text of 1 to 64 bytes |
 *
 * A `notify_scene` outside 0 to 255 is ignored, as the page says.
 *
 * @param deliver - gets every accepted notification.
 */
export function specNotifyApp(deliver: (notification: AppNotification) => void): InterfaceHandler {
  return (request, { now }) => {
    const { notify_id: given, notify_scene: scene } = request;
    if (given !== undefined && !isShortText(given, MAX_NOTIFY_ID_BYTES)) {
      throw new PlatformError(710646);
    }
    const notifyId = given ?? `notify-${randomBytes(16).toString('hex')}`;
    deliver({ notifyId, time: now, ...(isScene(scene) ? { notifyScene: scene } : {}) });
    return { errcode: 0, errmsg: 'ok', notify_id: notifyId };
  };
}

function isScene(scene: unknown): scene is number {
  return typeof scene === 'number' && Number.isInteger(scene) && scene >= 0 && scene <= MAX_SCENE;
}
