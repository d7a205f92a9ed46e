import type { ResultFault } from './result-fault';

/** Who calls, and when. */
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
   * Fulfilled when the exchange is over: answered, after whatever an injected fault
   * has waited for, or given up as `signal` says. What the interface counts as under way ends here.
   */
  readonly over: Promise<void>;
}

/** What the platform answers to one call of an interface. */
export interface Dispatched {
  /** `ret` of the result (section 7 of the protocol). */
  readonly ret: number;
  /** The response text; empty unless `ret` is 0. */
  readonly response: string;
  /** What a fault makes of the exchange. */
  readonly fault?: ResultFault;
  /** What the handler threw, unless it was an errcode of the platform. */
  readonly error?: unknown;
}
