import { randomBytes } from 'node:crypto';
import type { ZoneHandler } from './interface';

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
 * https://developer.work.weixin.qq.com/document/path/99849). A `notify_scene` outside 0 to 255 is
 * ignored, as the page says.
 *
 * @param deliver - gets every accepted notification.
 */
export function specNotifyApp(
  deliver: (notification: AppNotification) => void,
): ZoneHandler<'spec_notify_app'> {
  return ({ notify_id: given, notify_scene: scene }, { now }) => {
    const notifyId = given ?? `notify-${randomBytes(16).toString('hex')}`;
    const isScene = scene !== undefined && scene >= 0 && scene <= MAX_SCENE;
    deliver({ notifyId, time: now, ...(isScene ? { notifyScene: scene } : {}) });
    return { notify_id: notifyId };
  };
}
