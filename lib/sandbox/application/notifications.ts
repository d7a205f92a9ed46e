import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BoundedList } from '../common/bounded-list';
import { PlatformError } from '../common/platform-error';
import type { AppDelivery, AppNotification } from '../interfaces/notifications/app-notification';
import type { CheckedAppCallback } from './app-callback';
import { sealCallback } from './callback-envelope';

const KEPT_NOTIFICATIONS = 1000;
const VALID_MS = 10 * 60_000;
const CALLBACK_TIMEOUT_MS = 5000;

export interface NotificationsOptions {
  readonly corpId: string;
  readonly agentId: number;
  /** The application's callback, if it has one. */
  readonly appCallback: CheckedAppCallback | undefined;
  /** Real time in milliseconds since 1970: applications check the timestamps of callbacks. */
  readonly clock: () => number;
  /** Called with each notification. */
  readonly observe?: (notification: AppNotification) => void;
}

/** Notifications that programs sent to the application with `spec_notify_app`. */
export class Notifications {
  readonly #options: NotificationsOptions;
  readonly #list = new BoundedList<AppNotification>(KEPT_NOTIFICATIONS);

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /** The last 1000, oldest first; a live view. */
  get entries(): readonly AppNotification[] {
    return this.#list.entries;
  }

  /** Records a notification, and sends it to the application's callback. */
  push(notification: AppNotification): void {
    const { appCallback, observe } = this.#options;
    const entry =
      appCallback === undefined
        ? notification
        : { ...notification, delivered: this.#deliver(appCallback, notification) };
    this.#list.push(entry);
    observe?.(entry);
  }

  #deliver(
    { url, secrets }: CheckedAppCallback,
    notification: AppNotification,
  ): Promise<AppDelivery> {
    const { corpId, agentId, clock } = this.#options;
    const message = xmlOf(messageMembers(corpId, notification));
    if (secrets === undefined) return post(url, message);
    const { query, encrypted } = sealCallback(secrets, message, Math.floor(clock() / 1000));
    const address = new URL(url);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    const envelope: Member[] = [
      ['ToUserName', cdata(corpId)],
      ['AgentID', cdata(String(agentId))],
      ['Encrypt', cdata(encrypted)],
    ];
    return post(address, xmlOf(envelope));
  }

  /**
   * Checks that a call may use this notify_id.
   *
   * @param now - milliseconds since 1970.
   * @throws PlatformError 710646 no program has sent it within the last ten minutes.
   */
  check(notifyId: string, now: number): void {
    const known = this.entries.findLast((entry) => entry.notifyId === notifyId);
    if (known === undefined || now - known.time > VALID_MS) throw new PlatformError(710646);
  }

  /** Removes all notifications. */
  clear(): void {
    this.#list.clear();
  }
}

type Member = [name: string, value: string | number];

/** `program_notify` (P99843, https://developer.work.weixin.qq.com/document/path/99843). */
function messageMembers(
  corpId: string,
  { notifyId, notifyScene, time }: AppNotification,
): Member[] {
  return [
    ['ToUserName', cdata(corpId)],
    ['FromUserName', cdata('sys')],
    ['CreateTime', Math.floor(time / 1000)],
    ['MsgType', cdata('event')],
    ['Event', cdata('program_notify')],
    ['NotifyId', cdata(notifyId)],
    ...(notifyScene === undefined ? [] : [['NotifyScene', notifyScene] satisfies Member]),
  ];
}

function xmlOf(members: readonly Member[]): string {
  return `<xml>${members.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</xml>`;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function post(url: URL, xml: string): Promise<AppDelivery> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          'content-length': Buffer.byteLength(xml),
        },
        timeout: CALLBACK_TIMEOUT_MS,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === undefined ? {} : { status: response.statusCode });
      },
    );
    request.once('timeout', () => request.destroy());
    request.on('error', () => resolve({}));
    request.end(xml);
  });
}
