/** What a return value of `Invoke` means. */
export interface InvokeCodeMeaning {
  /** A short name of our own. */
  readonly name: string;
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
}

// The page gives these for the interface as such and was refined for the Java SDK in 2025; an older Java source has
// other meanings, and whether the C++ library returns the same is not documented.
const table: Readonly<Record<number, InvokeCodeMeaning>> = {
  [-10001]: {
    name: 'INTERNAL',
    meaning: 'an internal error of the SDK, not of the network',
    action: "Look into the SDK's log.",
  },
  [-10002]: {
    name: 'NETWORK',
    meaning: 'the network failed: connecting, reading or writing timed out',
    action: 'Try again; if it stays, check that the program runs in the zone or in debug mode.',
  },
  [-10003]: {
    name: 'HTTP_STATUS',
    meaning: 'the platform answered with a bad HTTP status',
    action: "Try again later; the SDK's log may name the status.",
  },
  [-10004]: {
    name: 'SIGNATURE',
    meaning: "the signature of the platform's answer does not match",
    action: 'Check that the program talks to the platform itself, with nothing in between.',
  },
  [-10005]: {
    name: 'DECRYPTION',
    meaning: "the platform's answer could not be decrypted",
    action: 'Check that the program talks to the platform itself, with nothing in between.',
  },
  [-10006]: {
    name: 'UNKNOWN_INTERFACE',
    meaning: 'the SDK or the platform does not know the interface',
    action: 'Check the name; an old SDK may lack new interfaces.',
  },
  [-10008]: {
    name: 'KEY_VERSION',
    meaning: 'the key versions of platform and program differ',
    action: 'In debug mode the access_token may have expired: open debug mode again.',
  },
  [-10009]: {
    name: 'BAD_JSON',
    meaning: 'the request or the answer is not JSON',
    action: "Look into the SDK's log.",
  },
};

/** All return values whose meaning is known; 0 is success. */
export const knownInvokeCodes: readonly number[] = Object.keys(table)
  .map(Number)
  .sort((a, b) => b - a);

/**
 * What a return value of `Invoke` means, or `undefined` for one that the page does not list.
 *
 * @see https://developer.work.weixin.qq.com/document/path/100052
 */
export function invokeCodeMeaning(ret: number): InvokeCodeMeaning | undefined {
  return Object.hasOwn(table, ret) ? table[ret] : undefined;
}
