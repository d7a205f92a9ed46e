import type { ResultFault } from './result-fault';

/** Caller and time of a call. */
export interface InvokeCall {
  /** The name that the program called. */
  readonly interfaceName: string;
  /** corpid of the program's `SpecSdk`. */
  readonly corpId: string;
  /** agentid of the program's `SpecSdk`. */
  readonly agentId: number;
  /** ability_id of the program's `SpecSdk`; empty when it has none. */
  readonly abilityId: string;
  /** job_info of the program's `SpecSdk`; empty when it has none. */
  readonly jobInfo: string;
  /** The platform's time in milliseconds since 1970: `sandbox.clock`. */
  readonly now: number;
  /** Aborted when the program hangs up or the sandbox stops. */
  readonly signal: AbortSignal;
  /**
   * Fulfilled when the exchange is over: the response was sent, including the delay of an injected fault, or `signal` was aborted.
   * Limits on concurrent calls count a call until then.
   */
  readonly over: Promise<void>;
}

/** The platform's response to one call of an interface. */
export interface Dispatched {
  /** `ret` of the result (section 7 of the protocol). */
  readonly ret: number;
  /** The response text; empty unless `ret` is 0. */
  readonly response: string;
  /** Fault to inject into the exchange. */
  readonly fault?: ResultFault;
  /** The handler's exception, unless it is an errcode of the platform. */
  readonly error?: unknown;
}
