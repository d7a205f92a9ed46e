import { MAX_KEY_VERSION } from './protocol/constants';
import type { SandboxKey, SealedMessage, SealOptions } from './protocol/sandbox-key';

/** What may go wrong with a sealed message. */
export interface SealFaults {
  /** The signature is wrong. */
  readonly badSignature?: true;
  /** Rightly signed, but the body does not open. */
  readonly badCiphertext?: true;
  /** It names another key version. */
  readonly wrongKeyVersion?: true;
  /** It is an old message. */
  readonly replay?: true;
  /** Its time is so many seconds from now, before or behind. */
  readonly clockSkew?: number;
}

/** Changes the first bit of base64 bytes. */
export function flipFirstBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 0x80, 0);
  return bytes.toString('base64');
}

/** A version that is not this one. */
export function anotherKeyVersion(version: number): number {
  return version === MAX_KEY_VERSION ? version - 1 : version + 1;
}

/** Seals a message with the mistake that a fault asks for; `replay` is the caller's affair. */
export function sealFaulty(
  key: SandboxKey,
  direction: 'request' | 'answer',
  plaintext: string | Uint8Array,
  options: SealOptions,
  fault: SealFaults,
): SealedMessage {
  const faulty: SealOptions = {
    ...options,
    ...(fault.wrongKeyVersion ? { keyVersion: anotherKeyVersion(key.version) } : {}),
    ...(fault.clockSkew === undefined
      ? {}
      : { timestamp: Math.max(0, options.timestamp + fault.clockSkew) }),
  };
  const sealed = key.seal(direction, plaintext, faulty);
  if (fault.badSignature) return { ...sealed, signature: flipFirstBit(sealed.signature) };
  if (fault.badCiphertext) {
    return key.signBody(direction, flipFirstBit(sealed.body), { ...faulty, nonce: sealed.nonce });
  }
  return sealed;
}
