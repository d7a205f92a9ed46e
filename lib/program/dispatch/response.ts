/** An HTTP response. */
export interface ProgramResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A response without the SDK's headers, for a request that was not passed to the SDK. */
export function plainResponse(
  status: number,
  headers: Record<string, string> = {},
): ProgramResponse {
  return { status, headers, body: Buffer.alloc(0) };
}
