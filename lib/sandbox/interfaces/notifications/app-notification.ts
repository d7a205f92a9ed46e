/** The result of a callback of the application: its HTTP status, absent when the application could not be reached. */
export interface AppDelivery {
  /** HTTP status of the application's response; absent when there was none. */
  readonly status?: number;
}

/** A notification that the application receives as `program_notify` (P99843). */
export interface AppNotification {
  /** With this id the application fetches the data by `sync_call_program`, within 10 minutes. */
  readonly notifyId: string;
  /** 0 to 255; absent when the program sent none or one outside the range. */
  readonly notifyScene?: number;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** How the application responded; absent when the sandbox has no `appCallback`. Never rejects. */
  readonly delivered?: Promise<AppDelivery>;
}
