import { MAX_KEY_VERSION } from './protocol/constants';
import type { SandboxKey, SealedMessage, SealOptions } from './protocol/sandbox-key';

/** Faults of a sealed message. */
export interface SealFaults {
  /** The signature is wrong. */
  readonly badSignature?: true;
  /** Correctly signed, but the body cannot be decrypted. */
  readonly badCiphertext?: true;
  /** The message names another key version. */
  readonly wrongKeyVersion?: true;
  /** The message is an old one. */
  readonly replay?: true;
  /** Seconds by which the timestamp differs from the current time; negative for the past. */
  readonly clockSkew?: number;
}

/** Flips the first bit of base64-encoded bytes. */
export function flipFirstBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 0x80, 0);
  return bytes.toString('base64');
}

/** A valid key version that differs from the given one. */
export function anotherKeyVersion(version: number): number {
  return version === MAX_KEY_VERSION ? version - 1 : version + 1;
}

/** Seals a message with the given faults, except `replay`, which the caller handles. */
export function sealFaulty(
  key: SandboxKey,
  direction: 'request' | 'response',
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
