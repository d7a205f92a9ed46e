/** An HTTP response. */
export interface ProgramResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A response without the SDK's headers: the SDK never saw the request. */
export function plainResponse(
  status: number,
  headers: Record<string, string> = {},
): ProgramResponse {
  return { status, headers, body: Buffer.alloc(0) };
}
