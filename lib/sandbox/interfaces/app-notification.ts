/** What became of a callback of the application: an HTTP status, or none when it could not be reached. */
export interface AppDelivery {
  readonly status?: number;
}

/** What the application gets as `program_notify` (P99843). */
export interface AppNotification {
  readonly notifyId: string;
  /** 0 to 255; absent when the program gave none or one outside the range. */
  readonly notifyScene?: number;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** How the application has answered; absent when the sandbox has no `appCallback`. Never rejects. */
  readonly delivered?: Promise<AppDelivery>;
}
