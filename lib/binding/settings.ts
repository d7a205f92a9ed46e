import type { NativeBinding } from './native';

/** The variables that the sandbox SDK uses (docs/sandbox-protocol.md, section 9); first the three that matter to a request. */
const NAMES = [
  'WEWORK_SPEC_SANDBOX_KEY',
  'WEWORK_SPEC_SANDBOX_KEY_VER',
  'WEWORK_SPEC_SANDBOX_WINDOW',
  'WEWORK_SPEC_SANDBOX_PLATFORM',
  'WEWORK_SPEC_SANDBOX_TIMEOUT',
  'WEWORK_SPEC_SANDBOX_LOG_FILE',
  'WEWORK_SPEC_SANDBOX_LOG_LEVEL',
  'WEWORK_SPEC_SANDBOX_LOG_COLLECT',
] as const;

/**
 * Hands the variables of the sandbox over to its SDK.
 *
 * The SDK must not read them with `getenv`: that crashes while another thread writes `process.env`, and it sees neither the environment
 * of a Worker nor the copy that a test runner gives to its tests. So they are read here, where `process.env` is that of the caller.
 */
export class SandboxSettings {
  readonly #native: NativeBinding;
  #handedOver: readonly (string | undefined)[] | undefined;
  #utcOffset = 0;

  constructor(native: NativeBinding) {
    this.#native = native;
  }

  /**
   * Before a request is verified: hands all over if one that matters to a request has changed. Reading a variable takes 0.3 µs, so the
   * others are left to the next {@link handOver}.
   */
  handOverForRequest(env: NodeJS.ProcessEnv): void {
    const before = this.#handedOver;
    if (
      before === undefined ||
      env.WEWORK_SPEC_SANDBOX_KEY !== before[0] ||
      env.WEWORK_SPEC_SANDBOX_KEY_VER !== before[1] ||
      env.WEWORK_SPEC_SANDBOX_WINDOW !== before[2]
    ) {
      this.handOver(env);
    }
  }

  /** Before any other call of the SDK, because variables may change at any time. */
  handOver(env: NodeJS.ProcessEnv): void {
    const utcOffset = -60 * new Date().getTimezoneOffset();
    const values = NAMES.map((name) => env[name]);
    const before = this.#handedOver;
    if (
      before !== undefined &&
      utcOffset === this.#utcOffset &&
      values.every((value, index) => value === before[index])
    ) {
      return;
    }
    const variables = NAMES.flatMap((name, index) => {
      const value = values[index];
      return value === undefined ? [] : [name, String(value).toWellFormed()];
    });
    this.#native.useSettings(variables, utcOffset);
    this.#handedOver = values;
    this.#utcOffset = utcOffset;
  }
}
