/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** What a handler learns beside the request. */
export interface InvokeContext {
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
  /** The platform's time in milliseconds since 1970. */
  readonly now: number;
  /** Aborted when the program hangs up or the sandbox stops. */
  readonly signal: AbortSignal;
}

/**
 * One interface of the platform.
 *
 * An object is answered as JSON; a string is sent as it is, JSON or not. What it throws becomes
 * `errcode` -1, the platform's "system busy" (P90313).
 */
export type InterfaceHandler = (
  request: JsonObject,
  context: InvokeContext,
) => object | string | Promise<object | string>;

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
