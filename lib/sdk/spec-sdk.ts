import type { InvokeResult, SpecSdk as NativeSpecSdk } from '../binding/native';
import { binding } from './binding';
import { amend, type InvokeTrace, invokeChannel, traced } from './channels';
import { isCallback, nativeOf, type SpecCallbackSDK } from './spec-callback-sdk';

/** The response to a call of an interface. */
export interface SpecInvokeResponse {
  /**
   * 0: the exchange with the platform succeeded; check `errcode` in the response next. Any other value: the network or the
   * protocol failed. The vendor documents -10001 to -10009 for its Java SDK
   * (https://developer.work.weixin.qq.com/document/path/100052), but not whether the C++ library returns the same values.
   */
  ret: number;
  /** The response of the platform as JSON; empty if there is none. */
  response: string;
}

/**
 * Calls interfaces of the platform on behalf of an application. Has the methods of the vendor's C++ class of the same name.
 * The vendor's Java SDK spells it `SpecSDK`, which this package exports as an alias of `SpecSdk`.
 *
 * @see guide, "专区请求企微后台 / C++版本": https://developer.work.weixin.qq.com/document/path/99948
 */
export class SpecSdk {
  readonly #native: NativeSpecSdk;

  /**
   * Calls on behalf of the application with this agentid.
   *
   * @param corpId - the corp that granted the application
   * @param agentId - the application, a uint32; 0 only to report the result of a task whose request had agentid 0
   * @param abilityId - the ability that the program serves with this call
   * @param jobInfo - the job_info of the request; only `program_async_job_call_back` needs it
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  constructor(corpId: string, agentId: number, abilityId?: string, jobInfo?: string);
  /**
   * Calls on behalf of the application that sent a request, with its ability_id and job_info. Also works after the response
   * to that request was built.
   *
   * @param callback - a request with `IsOk() === true`
   * @throws SpecError `ERR_SPEC_CALLBACK_NOT_OK`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
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
   * Calls an interface of the platform on a thread of this package's pool, without blocking the calling thread. Several
   * calls can run at once on one object. A call cannot be cancelled: its thread is occupied until the SDK returns.
   *
   * @param apiName - the name of the interface, for example `sync_msg`
   * @param request - the request as JSON
   * @returns `ret` and the response; failures of the exchange are in `ret`. Rejected with `ERR_SPEC_QUEUE_FULL`,
   * `ERR_SPEC_NO_THREAD`, `ERR_SPEC_SDK_EXCEPTION`, `ERR_SPEC_TEXT_TOO_LONG`, `ERR_SPEC_UNSUPPORTED_BY_SDK` (the SDK does
   * not accept the job_info), `ERR_SPEC_INVALID_ARG_TYPE` or `ERR_SPEC_INVALID_ARG_VALUE`
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
   * Like {@link SpecSdk.Invoke}, but blocks the calling thread until the platform has responded: the process serves no other
   * request meanwhile, and a Worker cannot be terminated before. For scripts only.
   *
   * @throws SpecError `ERR_SPEC_SDK_EXCEPTION`, `ERR_SPEC_TEXT_TOO_LONG`, `ERR_SPEC_UNSUPPORTED_BY_SDK`; TypeError
   * `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
   */
  InvokeSync(apiName: string, request: string): SpecInvokeResponse {
    return toResponse(this.#native.InvokeSync(apiName, request));
  }
}

function toResponse([ret, response]: InvokeResult): SpecInvokeResponse {
  return { ret, response };
}
