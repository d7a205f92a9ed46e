import { encodeResult } from './protocol/messages';
import type { SandboxKey, SealedMessage, SealOptions } from './protocol/sandbox-key';
import { flipFirstBit } from './seal';

/** How the response to one invoke deviates from a correct one. Absent members change nothing. */
export interface ResultFault {
  /** Milliseconds to wait before the response. */
  readonly delay?: number;
  /** The connection is closed before the first byte. */
  readonly drop?: true;
  /** The connection is closed in the middle of the body. */
  readonly cut?: true;
  /** HTTP status; the body is empty. */
  readonly status?: number;
  /** Content type instead of `text/plain`. */
  readonly contentType?: string;
  /** HTTP body instead of the sealed result. */
  readonly body?: string;
  /** `Invoke` returns this. */
  readonly ret?: number;
  /** The response text, which need not be JSON. */
  readonly response?: string;
  /** The result names this key version, correctly signed. */
  readonly keyVersion?: number;
  /** The result carries this timestamp (Unix seconds), correctly signed. */
  readonly timestamp?: number;
  /** The result refers to an invoke with this nonce, correctly signed. */
  readonly requestNonce?: string;
  /** The signature is wrong. */
  readonly badSignature?: true;
  /** Correctly signed, but the body does not decrypt. */
  readonly badCiphertext?: true;
  /** The body decrypts, but the fields are truncated. */
  readonly badFields?: true;
}

/** Seals a result with the given fault. */
export function sealResult(
  key: SandboxKey,
  result: { readonly ret: number; readonly response: string },
  options: SealOptions,
  fault: ResultFault = {},
): SealedMessage {
  const faulty: SealOptions = {
    ...options,
    ...(fault.keyVersion === undefined ? {} : { keyVersion: fault.keyVersion }),
    ...(fault.timestamp === undefined ? {} : { timestamp: fault.timestamp }),
    ...(fault.requestNonce === undefined ? {} : { requestNonce: fault.requestNonce }),
  };
  const plaintext = encodeResult(fault.ret ?? result.ret, fault.response ?? result.response);
  const sealed = key.seal(
    'result',
    fault.badFields ? plaintext.subarray(0, -1) : plaintext,
    faulty,
  );
  if (fault.badSignature) return { ...sealed, signature: flipFirstBit(sealed.signature) };
  if (fault.badCiphertext) {
    return key.signBody('result', flipFirstBit(sealed.body), { ...faulty, nonce: sealed.nonce });
  }
  return sealed;
}
