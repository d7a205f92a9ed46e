import type { CallbackSdk, NativeResponse } from '../binding/native';
import { isSpecError, makeError } from '../errors';
import { binding } from './binding';
import { flattenHeaders, type HeadersInput } from './headers';
import { collectInTurns } from './in-turns';

/** A signed and encrypted response (回包). Send both parts unchanged. */
export interface SpecResponse {
  /** Header names and values; all must be sent. */
  headers: Record<string, string>;
  /** The encrypted body; empty for a request with `IsOk() === false`. */
  body: Buffer;
}

/** In place of a body, for a request that is verified later. */
const later = new Uint8Array();

/** Whether a value is a `SpecCallbackSDK`. Internal to this folder. */
let isCallback: (value: unknown) => value is SpecCallbackSDK;

/** The notify_id of the request; empty also if the SDK has no `GetNotifyId`. For lib/program; index.ts does not export it. */
let notifyIdOf: (callback: SpecCallbackSDK) => string;

/** The native request, until its response is built. Internal to this folder. */
let nativeOf: (callback: SpecCallbackSDK) => CallbackSdk | undefined;

/**
 * A request of the platform to the program (callback). The constructor verifies and decrypts it;
 * {@link SpecCallbackSDK.BuildResponseHeaderBody} builds the response. Has the methods of the vendor's C++ class of the
 * same name.
 *
 * The getters throw SpecError `ERR_SPEC_CALLBACK_NOT_OK` if {@link SpecCallbackSDK.IsOk} is false.
 *
 * @see guide, "企微后台调用专区 / C++版本": https://developer.work.weixin.qq.com/document/path/99948
 */
export class SpecCallbackSDK {
  static {
    isCallback = (value): value is SpecCallbackSDK =>
      typeof value === 'object' && value !== null && #native in value;
    nativeOf = (callback) => (callback.#isResponseBuilt ? undefined : callback.#native);
    notifyIdOf = (callback) => {
      callback.#notifyId ??= callback.#readNotifyId();
      return typeof callback.#notifyId === 'string' ? callback.#notifyId : '';
    };
  }

  readonly #native: CallbackSdk;
  #isResponseBuilt = false;

  // Each value is converted once, and stays readable after the response is built.
  #corpId: string | undefined;
  #agentId: number | undefined;
  #callType: number | undefined;
  #data: string | undefined;
  #isAsync: boolean | undefined;
  #jobInfo: string | undefined;
  #abilityId: string | undefined;
  #notifyId: string | Error | undefined;

  /**
   * Verifies and decrypts a request on a thread, for large bodies: the constructor blocks the calling thread for several
   * milliseconds per MiB. The body is copied before, in turns of the event loop; do not change it until the promise is
   * settled.
   *
   * The threads are not those of `Invoke`: there is one fewer than processors, so that calls that wait for the platform do not
   * delay a request. Small bodies are cheaper with the constructor. A verification cannot be cancelled.
   *
   * @param method - as for the constructor
   * @param headers - as for the constructor
   * @param body - as for the constructor, or the chunks in which the body was received
   * @returns the request, also if it fails verification: check {@link SpecCallbackSDK.IsOk}. Rejected with the errors of the
   * constructor, `ERR_SPEC_QUEUE_FULL` (more requests wait for a thread than `queueLimit` of {@link configureThreadPool}
   * allows), `ERR_SPEC_NO_THREAD` or `ERR_SPEC_SDK_EXCEPTION`
   *
   * @example
   * ```ts
   * const callback = await SpecCallbackSDK.verify(request.method, request.headers, chunks);
   * const { headers, body } = await callback.BuildResponseHeaderBodyAsync(callback.IsOk() ? result : '');
   * ```
   */
  static async verify(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array | readonly Uint8Array[],
  ): Promise<SpecCallbackSDK> {
    const callback = new SpecCallbackSDK(method, headers, later);
    const native = callback.#native;
    const collected = await collectInTurns('body', body);
    await binding().calls.start(() => native.StartVerification(collected));
    return callback;
  }

  /**
   * Verifies and decrypts a request on the calling thread. A request that fails verification does not throw: check
   * {@link SpecCallbackSDK.IsOk}.
   *
   * @param method - the HTTP method, `GET` or `POST`; with any other, `IsOk()` is false
   * @param headers - all headers of the request, unmodified; those that start with `ww-` carry the signature
   * @param body - the unmodified bytes of the body; a string is encoded as UTF-8
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; the errors of loading the addon:
   * docs/errors.md
   */
  constructor(method: string, headers: HeadersInput, body: string | Uint8Array) {
    const { CallbackSdk } = binding().native;
    const flat = flattenHeaders(headers);
    this.#native =
      body === later ? new CallbackSdk(method, flat) : new CallbackSdk(method, flat, body);
  }

  /** Whether the request is verified: the signature is valid and the body was decrypted. */
  IsOk(): boolean {
    return this.#native.IsOk();
  }

  /** The corpid of the corp that granted the application. */
  GetCorpId(): string {
    this.#corpId ??= this.#native.GetCorpId();
    return this.#corpId;
  }

  /** The agentid of the application, a uint32; 0 if the program is called for a model task only. */
  GetAgentId(): number {
    this.#agentId ??= this.#native.GetAgentId();
    return this.#agentId;
  }

  /** The call type. 1: an application called. 2: an event. */
  GetCallType(): number {
    this.#callType ??= this.#native.GetCallType();
    return this.#callType;
  }

  /** The data as JSON: `request_data` of the application, or the event (see {@link parseEvent}). */
  GetData(): string {
    this.#data ??= this.#native.GetData();
    return this.#data;
  }

  /** Whether the result is reported later; only meaningful for call type 1. */
  GetIsAsync(): boolean {
    this.#isAsync ??= this.#native.GetIsAsync();
    return this.#isAsync;
  }

  /**
   * The job_info that identifies the task in `program_async_job_call_back`: an opaque string, empty unless the call is
   * asynchronous.
   */
  GetJobInfo(): string {
    this.#jobInfo ??= this.#native.GetJobInfo();
    return this.#jobInfo;
  }

  /** The ability_id of the ability that the application calls; empty for events. */
  GetAbilityId(): string {
    this.#abilityId ??= this.#native.GetAbilityId();
    return this.#abilityId;
  }

  /**
   * The `notify_id` that the application passed to `sync_call_program`, or an empty string.
   *
   * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` if the SDK has no such function
   */
  GetNotifyId(): string {
    this.#notifyId ??= this.#readNotifyId();
    if (typeof this.#notifyId !== 'string') throw this.#notifyId;
    return this.#notifyId;
  }

  /** Returns the error of an SDK without this function, so that building the response does not fail. */
  #readNotifyId(): string | Error {
    try {
      return this.#native.GetNotifyId();
    } catch (error) {
      if (isSpecError(error) && error.code === 'ERR_SPEC_UNSUPPORTED_BY_SDK') return error;
      throw error;
    }
  }

  /**
   * Encrypts and signs the response. Can be called once. For a request with `IsOk() === false` it builds a response with an
   * empty body, whose headers report the failure to the platform; `response` is ignored (the guide passes an empty string).
   *
   * Frees the native memory of the request; the getters keep working.
   *
   * @param response - the data for the application; a string is encoded as UTF-8
   * @throws SpecError `ERR_SPEC_ALREADY_RESPONDED` on a second call; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  BuildResponseHeaderBody(response: string | Uint8Array): SpecResponse {
    if (this.#isResponseBuilt) throw makeError('ERR_SPEC_ALREADY_RESPONDED', 'the request');
    this.#readAll();
    const built = this.#native.BuildResponseHeaderBody(response);
    this.#isResponseBuilt = true;
    return specResponse(built);
  }

  /**
   * Like {@link SpecCallbackSDK.BuildResponseHeaderBody}, but encrypts and signs on a thread, for large responses; see
   * {@link SpecCallbackSDK.verify}. The getters work meanwhile.
   *
   * @param response - the data for the application, also in chunks; a string is encoded as UTF-8. Bytes must not change until the promise is
   * settled
   * @returns rejected with `ERR_SPEC_ALREADY_RESPONDED`, also while a response is being built; `ERR_SPEC_INVALID_ARG_TYPE`;
   * `ERR_SPEC_QUEUE_FULL` and `ERR_SPEC_NO_THREAD`, after which the response can still be built; `ERR_SPEC_SDK_EXCEPTION`
   */
  async BuildResponseHeaderBodyAsync(
    response: string | Uint8Array | readonly Uint8Array[],
  ): Promise<SpecResponse> {
    if (this.#isResponseBuilt) throw makeError('ERR_SPEC_ALREADY_RESPONDED', 'the request');
    this.#readAll();
    this.#isResponseBuilt = true;
    let hasStarted = false;
    try {
      const collected = await collectInTurns('response', response);
      const built = await binding().calls.start(() => {
        const call = this.#native.StartResponse(collected);
        hasStarted = true;
        return call;
      });
      return specResponse(built as NativeResponse);
    } catch (error) {
      this.#isResponseBuilt = hasStarted;
      throw error;
    }
  }

  /** Building the response frees the native request, so everything is read before. */
  #readAll(): void {
    if (!this.IsOk()) return;
    this.GetCorpId();
    this.GetAgentId();
    this.GetCallType();
    this.GetData();
    this.GetIsAsync();
    this.GetJobInfo();
    this.GetAbilityId();
    this.#notifyId ??= this.#readNotifyId();
  }
}

function specResponse([flat, body]: NativeResponse): SpecResponse {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    headers.push([flat[i] as string, flat[i + 1] as string]);
  }
  return { headers: Object.fromEntries(headers), body };
}

export { isCallback, nativeOf, notifyIdOf };
