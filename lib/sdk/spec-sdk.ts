import type { InvokeResult, SpecSdk as NativeSpecSdk } from '../binding/native';
import { binding } from './binding';
import { amend, type InvokeTrace, invokeChannel, traced } from './channels';
import { isCallback, nativeOf, type SpecCallbackSDK } from './spec-callback-sdk';

/** What an invocation gives. */
export interface SpecInvokeResponse {
  /**
   * 0: the exchange with the platform succeeded; look at `errcode` in the response next. Otherwise the network or the
   * protocol failed: the vendor's page for its Java SDK lists -10001 to -10009
   * (https://developer.work.weixin.qq.com/document/path/100052); whether the C++ library returns the same is not documented.
   */
  ret: number;
  /** JSON text of the platform; empty when there is none. */
  response: string;
}

/**
 * Calls the platform in the name of an application. One to one with the vendor's C++ class of this name.
 *
 * @see the guide, "专区请求企微后台 / C++版本": https://developer.work.weixin.qq.com/document/path/99948
 */
export class SpecSdk {
  readonly #native: NativeSpecSdk;

  /**
   * @param corpId - the corp that granted the application
   * @param agentId - the application, a uint32; 0 only to report the result of a task that came without one
   * @param abilityId - the ability that the program serves with this call
   * @param jobInfo - from the request; only `program_async_job_call_back` needs it
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  constructor(corpId: string, agentId: number, abilityId?: string, jobInfo?: string);
  /**
   * In the name of the application that a request came from. After that request is answered, its ids and job info are
   * used, which is the same to the platform.
   *
   * @param callback - a request with `IsOk()`
   * @throws SpecError `ERR_SPEC_CALLBACK_NOT_OK`; TypeError `ERR_SPEC_INVALID_ARG_TYPE` for anything else
   */
  constructor(callback: SpecCallbackSDK);
  constructor(
    corpIdOrCallback: string | SpecCallbackSDK,
    agentId?: number,
    abilityId?: string,
    jobInfo?: string,
  ) {
    const { SpecSdk: Native } = binding().native;
    if (isCallback(corpIdOrCallback)) {
      const callback = corpIdOrCallback;
      const request = nativeOf(callback);
      this.#native = request
        ? new Native(request)
        : new Native(
            callback.GetCorpId(),
            callback.GetAgentId(),
            callback.GetAbilityId(),
            callback.GetJobInfo(),
          );
      return;
    }
    this.#native = new Native(corpIdOrCallback, agentId as number, abilityId, jobInfo);
  }

  /**
   * Calls an interface of the platform on a thread of this package's own pool; the main thread does not wait. Several calls
   * may be under way on one object. A call cannot be taken back: its thread is free again when the SDK returns.
   *
   * @param apiName - the interface, for example `sync_msg`
   * @param request - JSON text
   * @returns a promise that is rejected with `ERR_SPEC_QUEUE_FULL`, `ERR_SPEC_NO_THREAD`, `ERR_SPEC_SDK_EXCEPTION`,
   * `ERR_SPEC_TEXT_TOO_LONG`, or for bad arguments with `ERR_SPEC_INVALID_ARG_TYPE` or `ERR_SPEC_INVALID_ARG_VALUE`;
   * everything else that fails is in `ret`
   */
  async Invoke(apiName: string, request: string): Promise<SpecInvokeResponse> {
    const { calls } = binding();
    const trace: InvokeTrace = { apiName, ret: undefined };
    return traced(invokeChannel, trace, async () => {
      const result = await calls.start(() => this.#native.Invoke(apiName, request));
      const response = toResponse(result as InvokeResult);
      amend(trace, { ret: response.ret });
      return response;
    });
  }

  /**
   * The same, but blocks the thread until the platform has answered: no other request is served meanwhile, and a Worker
   * that is inside ends only then, even when the process exits. For scripts.
   */
  InvokeSync(apiName: string, request: string): SpecInvokeResponse {
    return toResponse(this.#native.InvokeSync(apiName, request));
  }
}

function toResponse([ret, response]: InvokeResult): SpecInvokeResponse {
  return { ret, response };
}
