import type { AppNotification } from '../interfaces/app-notification';

/** The application on whose behalf the sandbox calls. */
export interface SandboxApplication {
  /** corpid of the requests. */
  readonly corpId: string;
  /** agentid of the requests. */
  readonly agentId: number;
  /** The secret that `gettoken` asks for. */
  readonly corpSecret: string;
  /**
   * An access token: valid for two hours of the sandbox's clock, and the same one as long as it is valid. Over HTTP, `gettoken`
   * gives it (P91039, https://developer.work.weixin.qq.com/document/path/91039).
   */
  readonly accessToken: string;
  /** What programs have told the application with `spec_notify_app`, oldest first; the last 1000. */
  readonly notifications: readonly AppNotification[];
}

/** Where a sandbox listens. */
export interface SandboxUrls {
  /** What programs invoke, `https://host:port`: `WEWORK_SPEC_SANDBOX_PLATFORM`. */
  readonly platform: string;
  /**
   * Base URL of the server interfaces, `http://host:port`: for an application in place of `https://qyapi.weixin.qq.com`
   * (docs/server-interfaces.md).
   */
  readonly server: string;
}
