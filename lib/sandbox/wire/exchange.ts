/** An interface call of a program, as the platform sees it: verified and decrypted. */
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
  /** The request text; empty for the debug mode, whose tokens are not stored. */
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
  /** Milliseconds in which the interface was executed. */
  readonly elapsed: number;
  /** The exception of an interface handler or of a fault's function. */
  readonly error?: unknown;
}
