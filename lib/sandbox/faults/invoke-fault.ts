import { flipFirstBit } from './seal';
import { encodeResult } from '../protocol/messages';
import type { SandboxKey, SealedMessage, SealOptions } from '../protocol/sandbox-key';

/** A call of the program, seen from the platform, after it was verified and decrypted. */
export interface InvokeExchange {
  /** `/spec/invoke`, or `/spec/debug-mode` for `SpecOpenDebugMode`. */
  readonly path: string;
  /** Name of the interface; empty for the debug mode. */
  readonly interfaceName: string;
  /** corpid of the program's `SpecSdk`; empty for the debug mode. */
  readonly corpId: string;
  /** agentid of the program's `SpecSdk`; 0 for the debug mode. */
  readonly agentId: number;
  /** ability_id of the program's `SpecSdk`. */
  readonly abilityId: string;
  /** job_info of the program's `SpecSdk`. */
  readonly jobInfo: string;
  /** The request text; empty for the debug mode, whose tokens are not kept. */
  readonly request: string;
  /** UTF-8 bytes of `request`. */
  readonly requestBytes: number;
  /** The return value that the program gets, unless a fault changes it. */
  readonly ret: number;
  /** The response text, unless a fault changes it. */
  readonly response: string;
  /** UTF-8 bytes of `response`. */
  readonly responseBytes: number;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** What an interface handler or an intercept hook threw. */
  readonly error?: unknown;
}

/**
 * How the platform shall misbehave in one exchange. What is absent stays as it should be, and
 * faults that do not exclude each other can be combined.
 */
export interface InvokeFault {
  /** Milliseconds to wait first. */
  readonly delay?: number;
  /** Cut the connection: before the first byte, or in the middle of the body. */
  readonly destroy?: 'before' | 'middle';
  /** Answer with this HTTP status and an empty body. */
  readonly status?: number;
  /** Name another content type than `text/plain`. */
  readonly contentType?: string;
  /** Send this text in place of the sealed result. */
  readonly text?: string;
  /** Answer this return value. */
  readonly ret?: number;
  /** Answer this response text, JSON or not. */
  readonly response?: string;
  /** Name this key version, rightly signed. */
  readonly keyVersion?: number;
  /** Carry this timestamp (Unix seconds), rightly signed. */
  readonly timestamp?: number;
  /** Claim to answer the invoke with this nonce, rightly signed. */
  readonly answers?: string;
  /**
   * `signature`: it is wrong. `body`: rightly signed, but it does not open. `fields`: it opens, but
   * the fields are cut short.
   */
  readonly corrupt?: 'signature' | 'body' | 'fields';
}

/** Decides whether and how one exchange fails; nothing returned means that it goes well. */
export type InterceptHook = (
  exchange: InvokeExchange,
) => InvokeFault | undefined | Promise<InvokeFault | undefined>;

/** Seals a result, with the mistakes that the fault asks for. */
export function sealResult(
  key: SandboxKey,
  result: { readonly ret: number; readonly response: string },
  options: SealOptions,
  fault: InvokeFault = {},
): SealedMessage {
  const faulty: SealOptions = {
    ...options,
    ...(fault.keyVersion === undefined ? {} : { keyVersion: fault.keyVersion }),
    ...(fault.timestamp === undefined ? {} : { timestamp: fault.timestamp }),
    ...(fault.answers === undefined ? {} : { answers: fault.answers }),
  };
  const plaintext = encodeResult(fault.ret ?? result.ret, fault.response ?? result.response);
  switch (fault.corrupt) {
    case 'fields':
      return key.seal('result', plaintext.subarray(0, -1), faulty);
    case 'signature': {
      const sealed = key.seal('result', plaintext, faulty);
      return { ...sealed, signature: flipFirstBit(sealed.signature) };
    }
    case 'body': {
      const sealed = key.seal('result', plaintext, faulty);
      return key.signBody('result', flipFirstBit(sealed.body), { ...faulty, nonce: sealed.nonce });
    }
    default:
      return key.seal('result', plaintext, faulty);
  }
}
