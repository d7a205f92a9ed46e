/** The meaning of a return value of `Invoke`. */
export interface InvokeCodeMeaning {
  /** This package's name for it. */
  readonly name: string;
  /** A clause, to be used in a sentence. */
  readonly meaning: string;
  /** What to do about it, as a sentence. */
  readonly action: string;
}

// The page was refined for the Java SDK in 2025; an older Java source has other meanings. Whether the C++ library returns
// the same values is not documented.
const table: Readonly<Record<number, InvokeCodeMeaning>> = {
  [-10001]: {
    name: 'INTERNAL',
    meaning: 'an internal error of the SDK, not of the network',
    action: "Check the SDK's log.",
  },
  [-10002]: {
    name: 'NETWORK',
    meaning: 'the network failed: connecting, reading or writing timed out',
    action:
      'Retry; if the error persists, check that the program runs in the zone or in debug mode.',
  },
  [-10003]: {
    name: 'HTTP_STATUS',
    meaning: 'the platform responded with a bad HTTP status',
    action: "Retry later; the SDK's log may contain the status.",
  },
  [-10004]: {
    name: 'SIGNATURE',
    meaning: "the signature of the platform's response is invalid",
    action: 'Check that no proxy between program and platform changes the data.',
  },
  [-10005]: {
    name: 'DECRYPTION',
    meaning: "the platform's response could not be decrypted",
    action: 'Check that no proxy between program and platform changes the data.',
  },
  [-10006]: {
    name: 'UNKNOWN_INTERFACE',
    meaning: 'the SDK or the platform does not know the interface',
    action: 'Check the name; an old SDK may lack new interfaces.',
  },
  [-10008]: {
    name: 'KEY_VERSION',
    meaning: 'the key versions of platform and program differ',
    action: 'In debug mode, the access_token may have expired: open debug mode again.',
  },
  [-10009]: {
    name: 'BAD_JSON',
    meaning: 'the request or the response is not JSON',
    action: "Check the SDK's log.",
  },
};

/** All return values that the page lists, except 0 (success), in descending order. */
export const knownInvokeCodes: readonly number[] = Object.keys(table)
  .map(Number)
  .sort((a, b) => b - a);

/**
 * Looks up a return value of `Invoke`; `undefined` if the page does not list it.
 *
 * @see https://developer.work.weixin.qq.com/document/path/100052
 */
export function invokeCodeMeaning(ret: number): InvokeCodeMeaning | undefined {
  return Object.hasOwn(table, ret) ? table[ret] : undefined;
}
