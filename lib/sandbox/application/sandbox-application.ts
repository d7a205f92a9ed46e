import type { AppNotification } from '../interfaces/notifications/app-notification';

/** The application on whose behalf the sandbox calls. */
export interface SandboxApplication {
  /** corpid of the requests. */
  readonly corpId: string;
  /** agentid of the requests. */
  readonly agentId: number;
  /** The secret that `gettoken` requires. */
  readonly corpSecret: string;
  /**
   * An access token, valid for two hours of the sandbox's clock; a new one only when it has expired. Over HTTP, `gettoken`
   * returns it (P91039, https://developer.work.weixin.qq.com/document/path/91039).
   */
  readonly accessToken: string;
  /** Notifications that programs sent to the application with `spec_notify_app`, oldest first; the last 1000. */
  readonly notifications: readonly AppNotification[];
}

/** Where a sandbox listens. */
export interface SandboxUrls {
  /** The platform that programs invoke, `https://host:port`: `WEWORK_SPEC_SANDBOX_PLATFORM`. */
  readonly platform: string;
  /**
   * Base URL of the server interfaces, `http://host:port`. An application uses it instead of `https://qyapi.weixin.qq.com`
   * (docs/server-interfaces.md).
   */
  readonly server: string;
}
