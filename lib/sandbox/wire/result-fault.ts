import { encodeResult } from './protocol/messages';
import type { SandboxKey, SealedMessage, SealOptions } from './protocol/sandbox-key';
import { flipFirstBit } from './seal';

/** How the result of one exchange deviates from a good one; what is absent stays as it should be. */
export interface ResultFault {
  /** Milliseconds to wait first. */
  readonly delay?: number;
  /** The connection is closed before a byte. */
  readonly drop?: true;
  /** The connection is cut in the middle. */
  readonly cut?: true;
  /** An HTTP status, and nothing in the body. */
  readonly status?: number;
  /** A content type other than `text/plain`. */
  readonly contentType?: string;
  /** The HTTP body, in place of the sealed result. */
  readonly body?: string;
  /** `Invoke` returns this. */
  readonly ret?: number;
  /** The response text, JSON or not. */
  readonly response?: string;
  /** The result names this key version, correctly signed. */
  readonly keyVersion?: number;
  /** The result carries this timestamp (Unix seconds), correctly signed. */
  readonly timestamp?: number;
  /** The result claims to answer the invoke with this nonce, correctly signed. */
  readonly answers?: string;
  /** The signature is wrong. */
  readonly badSignature?: true;
  /** Correctly signed, but the body does not decrypt. */
  readonly badCiphertext?: true;
  /** The body decrypts, but the fields are truncated. */
  readonly badFields?: true;
}

/** Seals a result with the mistakes that the fault asks for. */
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
    ...(fault.answers === undefined ? {} : { answers: fault.answers }),
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
