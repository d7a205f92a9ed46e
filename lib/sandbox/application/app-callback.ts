import type { CallbackSecrets } from './callback-envelope';

/**
 * An application's callback address with the secrets of its page (P90968,
 * https://developer.work.weixin.qq.com/document/path/90968).
 */
export interface AppCallback {
  /** `http:` or `https:`. */
  readonly url: string | URL;
  /** Token: what the signature is made with. */
  readonly token: string;
  /** EncodingAESKey: 43 letters and digits. */
  readonly encodingAESKey: string;
  /** ReceiveId in the message: corpid (default), suiteid or empty, according to the kind of the app. */
  readonly receiveId?: string;
}

/** The same, checked. */
export interface CheckedAppCallback {
  readonly url: URL;
  readonly secrets: CallbackSecrets | undefined;
}
