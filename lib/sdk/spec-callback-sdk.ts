import type { CallbackSdk } from '../binding/native';
import { isSpecError } from '../errors';
import { binding } from './binding';
import { flattenHeaders, type HeadersInput } from './headers';

/** A signed and encrypted answer, ready for the HTTP response. */
export interface SpecResponse {
  headers: Record<string, string>;
  body: Buffer;
}

/** Whether a value is one of ours. For this layer only; index.ts does not export it. */
let isCallback: (value: unknown) => value is SpecCallbackSDK;

/** The request's notify_id; an empty string also where the SDK is too old for it. For the layers above; not exported by index.ts. */
let notifyIdOf: (callback: SpecCallbackSDK) => string;

/** The native request, as long as it is not answered. For this layer only. */
let nativeOf: (callback: SpecCallbackSDK) => CallbackSdk | undefined;

/**
 * A request from the platform to the program: verified and decrypted by the constructor, answered by
 * {@link BuildResponseHeaderBody}. One to one with the vendor's C++ class of this name.
 *
 * The getters throw `ERR_SPEC_CALLBACK_NOT_OK` unless {@link IsOk}.
 *
 * @see the guide, "企微后台调用专区 / C++版本": https://developer.work.weixin.qq.com/document/path/99948
 */
export class SpecCallbackSDK {
  static {
    isCallback = (value): value is SpecCallbackSDK =>
      typeof value === 'object' && value !== null && #native in value;
    nativeOf = (callback) => (callback.#answered ? undefined : callback.#native);
    notifyIdOf = (callback) => {
      callback.#notifyId ??= callback.#readNotifyId();
      return typeof callback.#notifyId === 'string' ? callback.#notifyId : '';
    };
  }

  readonly #native: CallbackSdk;
  #answered = false;

  // What the getters have given out: each is converted once, and stays readable after the answer is built.
  #corpId: string | undefined;
  #agentId: number | undefined;
  #callType: number | undefined;
  #data: string | undefined;
  #isAsync: boolean | undefined;
  #jobInfo: string | undefined;
  #abilityId: string | undefined;
  #notifyId: string | Error | undefined;

  /**
   * @param method - the HTTP method, `GET` or `POST`; the SDK refuses others
   * @param headers - all headers of the request as they came; those that begin with `ww-` carry the signature
   * @param body - the body byte for byte as it came. A string is taken as UTF-8.
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; a request that does not pass
   * verification throws nothing, it gives `IsOk() === false`
   */
  constructor(method: string, headers: HeadersInput, body: string | Uint8Array) {
    this.#native = new (binding().native.CallbackSdk)(method, flattenHeaders(headers), body);
  }

  /** Whether signature and decryption are in order. */
  IsOk(): boolean {
    return this.#native.IsOk();
  }

  /** The corp that granted the application. */
  GetCorpId(): string {
    this.#corpId ??= this.#native.GetCorpId();
    return this.#corpId;
  }

  /** The application, a uint32; 0 is possible when only a model task runs. */
  GetAgentId(): number {
    this.#agentId ??= this.#native.GetAgentId();
    return this.#agentId;
  }

  /** 1: an application calls the program. 2: an event of the platform. */
  GetCallType(): number {
    this.#callType ??= this.#native.GetCallType();
    return this.#callType;
  }

  /** JSON text: the application's `request_data`, or the event. */
  GetData(): string {
    this.#data ??= this.#native.GetData();
    return this.#data;
  }

  /** Whether the call is asynchronous; says something only for call type 1. */
  GetIsAsync(): boolean {
    this.#isAsync ??= this.#native.GetIsAsync();
    return this.#isAsync;
  }

  /** Opaque; names the asynchronous task in `program_async_job_call_back`. Only for asynchronous calls. */
  GetJobInfo(): string {
    this.#jobInfo ??= this.#native.GetJobInfo();
    return this.#jobInfo;
  }

  /** The ability that the application calls. */
  GetAbilityId(): string {
    this.#abilityId ??= this.#native.GetAbilityId();
    return this.#abilityId;
  }

  /**
   * The `notify_id` that the application named in `sync_call_program`, or an empty string.
   *
   * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` with an SDK that is too old for it
   */
  GetNotifyId(): string {
    this.#notifyId ??= this.#readNotifyId();
    if (typeof this.#notifyId !== 'string') throw this.#notifyId;
    return this.#notifyId;
  }

  /** What an old SDK does not have must not keep a request from being answered. */
  #readNotifyId(): string | Error {
    try {
      return this.#native.GetNotifyId();
    } catch (error) {
      if (isSpecError(error) && error.code === 'ERR_SPEC_UNSUPPORTED_BY_SDK') return error;
      throw error;
    }
  }

  /**
   * Encrypts and signs the answer. Works for a request that is not ok, too: its headers then tell the platform, the
   * body is empty, and `response` is not used (the guide hands over an empty string).
   *
   * The native memory of the request is given back here. The getters go on working; a second answer cannot be built.
   *
   * @param response - what the application gets; a string is sent as UTF-8
   * @throws SpecError `ERR_SPEC_ALREADY_ANSWERED`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  BuildResponseHeaderBody(response: string | Uint8Array): SpecResponse {
    if (!this.#answered && this.IsOk()) {
      // The native request goes with the answer.
      this.GetCorpId();
      this.GetAgentId();
      this.GetCallType();
      this.GetData();
      this.GetIsAsync();
      this.GetJobInfo();
      this.GetAbilityId();
      this.#notifyId ??= this.#readNotifyId();
    }
    const [flat, body] = this.#native.BuildResponseHeaderBody(response);
    this.#answered = true;
    const headers: [string, string][] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      headers.push([flat[i] as string, flat[i + 1] as string]);
    }
    return { headers: Object.fromEntries(headers), body };
  }
}

export { isCallback, nativeOf, notifyIdOf };
