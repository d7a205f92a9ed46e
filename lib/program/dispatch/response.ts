/** An HTTP response. */
export interface ProgramResponse {
  /** HTTP status. The platform accepts only 200; any other value gives the application errcode 710676. */
  readonly status: number;
  /** Headers to send unchanged; those from the SDK contain the signature. */
  readonly headers: Record<string, string>;
  /** The encrypted body, as built by `BuildResponseHeaderBody`; empty if the request was not passed to the SDK. */
  readonly body: Buffer;
}

/** A response without the SDK's headers, for a request that was not passed to the SDK. */
export function plainResponse(
  status: number,
  headers: Record<string, string> = {},
): ProgramResponse {
  return { status, headers, body: Buffer.alloc(0) };
}
