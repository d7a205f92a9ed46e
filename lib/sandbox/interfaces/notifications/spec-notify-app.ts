import { randomBytes } from 'node:crypto';
import type { ZoneHandler } from '../common/handler';
import type { AppNotification } from './app-notification';

const MAX_SCENE = 255;

/**
 * `spec_notify_app`: the program notifies its application (P99849,
 * https://developer.work.weixin.qq.com/document/path/99849). A `notify_scene` outside 0 to 255 is
 * ignored, as the page says.
 *
 * @param deliver - called with every accepted notification.
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
