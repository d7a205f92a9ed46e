import type { CallbackSdk, NativeResponse } from '../binding/native';
import { makeError } from '../errors';
import { bindingForRequest, bindingInUse } from './binding';
import { type HeaderList, type HeadersInput, invalidHeader, listHeaders } from './headers';
import { collectInTurns } from './in-turns';
import { NativeRequest, responseOf, type SpecResponse } from './response-parts';

export type { SpecResponse };

/** What a verified request contains. */
interface Fields {
  readonly corpId: string;
  readonly agentId: number;
  readonly callType: number;
  readonly isAsync: boolean;
  readonly jobInfo: string;
  readonly abilityId: string;
  /** Undefined if the SDK has no GetNotifyId. */
  readonly notifyId: string | undefined;
  /** Undefined until it is asked for. */
  data: string | undefined;
}

/** In place of a body, for a request that is verified later. */
const later = new Uint8Array();

/** Native requests that have done their work. The next request takes one, because creating and collecting them costs time. */
const idle: NativeRequest[] = [];
const MAX_IDLE = 64;

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
      typeof value === 'object' && value !== null && #request in value;
    nativeOf = (callback) => callback.#request?.native;
    notifyIdOf = (callback) => callback.#readable().notifyId ?? '';
  }

  /** Undefined once the response is built, or is being built. */
  #request: NativeRequest | undefined;
  /** Undefined if the request failed verification. */
  #fields: Fields | undefined;

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
   * @param body - as for the constructor
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
    const { native, calls } = bindingForRequest();
    const list = listHeaders(headers);
    const collected = await collectInTurns('body', body);
    const request = new native.CallbackSdk();
    await calls.start(() =>
      explained(list, () => request.StartVerification(method, list.text, list.count, collected)),
    );
    const callback = new SpecCallbackSDK(method, [], later);
    callback.#request = new NativeRequest(request);
    callback.#fields = fieldsOf(request.ReadFields(), native.numbers);
    return callback;
  }

  /**
   * Verifies and decrypts a request on the calling thread. A request that fails verification does not throw: check
   * {@link SpecCallbackSDK.IsOk}.
   *
   * @param method - the HTTP method, `GET` or `POST`; with any other, `IsOk()` is false
   * @param headers - all headers of the request, unmodified; those that start with `ww-` carry the signature
   * @param body - the unmodified bytes of the body, also as the chunks in which it was received: joining them with `Buffer.concat`
   * before would only add a copy. A string is encoded as UTF-8
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; the errors of loading the addon:
   * docs/errors.md
   */
  constructor(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array | readonly Uint8Array[],
  ) {
    if (body === later) return;
    const { native } = bindingForRequest();
    const list = listHeaders(headers);
    const request = idle.pop() ?? new NativeRequest(new native.CallbackSdk());
    this.#request = request;
    this.#fields = explained(list, () =>
      fieldsOf(request.native.Verify(method, list.text, list.count, body), native.numbers),
    );
  }

  /** Whether the request is verified: the signature is valid and the body was decrypted. */
  IsOk(): boolean {
    return this.#fields !== undefined;
  }

  /** The corpid of the corp that granted the application. */
  GetCorpId(): string {
    return this.#readable().corpId;
  }

  /** The agentid of the application, a uint32; 0 if the program is called for a model task only. */
  GetAgentId(): number {
    return this.#readable().agentId;
  }

  /** The call type. 1: an application called. 2: an event. */
  GetCallType(): number {
    return this.#readable().callType;
  }

  /** The data as JSON: `request_data` of the application, or the event (see {@link parseEvent}). */
  GetData(): string {
    const fields = this.#readable();
    fields.data ??= this.#unanswered().native.GetData();
    return fields.data;
  }

  /** Whether the result is reported later; only meaningful for call type 1. */
  GetIsAsync(): boolean {
    return this.#readable().isAsync;
  }

  /**
   * The job_info that identifies the task in `program_async_job_call_back`: an opaque string, empty unless the call is
   * asynchronous.
   */
  GetJobInfo(): string {
    return this.#readable().jobInfo;
  }

  /** The ability_id of the ability that the application calls; empty for events. */
  GetAbilityId(): string {
    return this.#readable().abilityId;
  }

  /**
   * The `notify_id` that the application passed to `sync_call_program`, or an empty string.
   *
   * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` if the SDK has no such function
   */
  GetNotifyId(): string {
    const { notifyId } = this.#readable();
    if (notifyId === undefined) throw makeError('ERR_SPEC_UNSUPPORTED_BY_SDK', 'GetNotifyId');
    return notifyId;
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
    const request = this.#unanswered();
    if (this.IsOk()) this.GetData();
    const built = request.respond(response, bindingInUse().native.numbers);
    this.#request = undefined;
    if (idle.length < MAX_IDLE) idle.push(request);
    return built;
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
    const request = this.#unanswered();
    if (this.IsOk()) this.GetData();
    this.#request = undefined;
    let hasStarted = false;
    try {
      const collected = await collectInTurns('response', response);
      const built = await bindingInUse().calls.start(() => {
        const call = request.native.StartResponse(collected);
        hasStarted = true;
        return call;
      });
      return responseOf(built as NativeResponse);
    } catch (error) {
      if (!hasStarted) this.#request = request;
      throw error;
    }
  }

  #readable(): Fields {
    if (this.#fields === undefined) throw makeError('ERR_SPEC_CALLBACK_NOT_OK', 'the request');
    return this.#fields;
  }

  #unanswered(): NativeRequest {
    if (this.#request === undefined) throw makeError('ERR_SPEC_ALREADY_RESPONDED', 'the request');
    return this.#request;
  }
}

/** Names the header that is invalid: the addon gets all of them as one text. */
function explained<T>(list: HeaderList, verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    throw invalidHeader(list) ?? error;
  }
}

/** @param numbers - as {@link CallbackSdk.ReadFields} sets them */
function fieldsOf(text: string | undefined, numbers: Uint32Array): Fields | undefined {
  if (text === undefined) return undefined;
  const corpIdEnd = numbers[3] as number;
  const abilityIdEnd = corpIdEnd + (numbers[4] as number);
  const jobInfoEnd = abilityIdEnd + (numbers[5] as number);
  return {
    corpId: text.slice(0, corpIdEnd),
    agentId: numbers[0] as number,
    callType: numbers[1] as number,
    isAsync: numbers[2] === 1,
    abilityId: text.slice(corpIdEnd, abilityIdEnd),
    jobInfo: text.slice(abilityIdEnd, jobInfoEnd),
    notifyId: numbers[6] === 1 ? text.slice(jobInfoEnd) : undefined,
    data: undefined,
  };
}

export { isCallback, nativeOf, notifyIdOf };
