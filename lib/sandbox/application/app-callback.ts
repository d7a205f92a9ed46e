import type { CallbackSecrets } from './callback-envelope';

/**
 * An application's callback URL with the secrets configured for it (P90968,
 * https://developer.work.weixin.qq.com/document/path/90968).
 */
export interface AppCallback {
  /** `http:` or `https:`. */
  readonly url: string | URL;
  /** Token, which signs the callback. */
  readonly token: string;
  /** EncodingAESKey: 43 letters and digits. */
  readonly encodingAESKey: string;
  /** ReceiveId in the message: corpid (default), suiteid or empty, depending on the type of the app. */
  readonly receiveId?: string;
}

/** An {@link AppCallback} that has been checked. */
export interface CheckedAppCallback {
  readonly url: URL;
  readonly secrets: CallbackSecrets | undefined;
}
