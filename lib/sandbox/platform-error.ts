/**
 * The platform's errcodes that the sandbox answers with, and their texts.
 *
 * Numbers and meanings, but for 40058: P90313, https://developer.work.weixin.qq.com/document/path/90313. The texts
 * are ours; nobody should match on an errmsg.
 */
const ERRMSG = {
  [-1]: 'system busy',
  0: 'ok',
  // The zone's pages name no code for a malformed request: the sandbox's own choice.
  40058: 'invalid parameter',
  710606: 'group out of scope',
  710611: 'invalid cursor',
  710646: 'invalid notify_id',
  710674: 'connecting to the zone failed',
  710675: 'reading from or writing to the zone timed out',
  710676: "the HTTP status of the program's answer is not 200",
  710677: 'decrypting or verifying between platform and program failed',
} as const;

/** An errcode that the sandbox knows a text for. */
export type PlatformErrcode = keyof typeof ERRMSG;

/** The text of an errcode. */
export function errmsgOf(errcode: PlatformErrcode): string {
  return ERRMSG[errcode];
}

/** Thrown by an interface handler to answer with an errcode of the platform. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  /** @param detail - appended to the errcode's text. */
  constructor(
    readonly errcode: PlatformErrcode,
    detail?: string,
  ) {
    super(detail === undefined ? errmsgOf(errcode) : `${errmsgOf(errcode)}: ${detail}`);
  }
}
