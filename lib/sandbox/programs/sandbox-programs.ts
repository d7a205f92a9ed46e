import { stringOption } from '../../common/options';
import type { AbilityProtocol, AbilityProtocols } from './ability-protocols';
import type { ProgramEvents, SentEvent } from './program-events';
import type { Programs } from './programs';

export interface SandboxProgramsOptions {
  readonly programs: Programs;
  readonly protocols: AbilityProtocols;
  readonly events: ProgramEvents;
  /** Checks an address. */
  readonly urlOf: (name: string, address: string | URL) => URL;
  readonly envOf: (programId: string) => Record<string, string>;
}

/** The programs that the simulated platform calls: the sandbox's own program, and others of the application. */
export class SandboxPrograms {
  readonly #options: SandboxProgramsOptions;

  /** @internal */
  constructor(options: SandboxProgramsOptions) {
    this.#options = options;
  }

  /** program_id of the sandbox's own program. */
  get ownId(): string {
    return this.#options.programs.ownId;
  }

  /**
   * Address of the sandbox's own program; `undefined` until one is set. Set an `http:` address; another value throws TypeError
   * `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`.
   */
  get address(): URL | undefined {
    return this.#options.programs.get();
  }

  set address(address: string | URL) {
    this.add(this.ownId, address);
  }

  /**
   * Adds another program of the application, or changes the address of one. Its environment is `env(programId)`.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
   */
  add(programId: string, address: string | URL): void {
    const { programs, urlOf } = this.#options;
    programs.set(stringOption('programId', programId), urlOf('address', address));
  }

  /**
   * The environment variables that a program needs for this sandbox: `WEWORK_SPEC_SDK=sandbox`, the shared key, its version, the
   * platform's address, the time window, and the file in which the log is collected (section 9 of docs/sandbox-protocol.md); and
   * `WEWORK_SPEC_DATA_DIR`, a folder for the jobs and events of this program alone, which `stop` deletes. Set the time-out and the
   * log's output yourself if you need others than the defaults.
   *
   * They contain the key: do not log them.
   */
  env(programId: string = this.ownId): Record<string, string> {
    return this.#options.envOf(programId);
  }

  /**
   * The debug token with which `SpecOpenDebugMode` and `open_debug_mode` open a program's debug mode. It is valid for three days by
   * the sandbox's clock.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`
   */
  debugToken(programId: string = this.ownId): string {
    return this.#options.programs.debugToken(programId);
  }

  /**
   * Destination of calls and events for the sandbox's own program in debug mode (接收事件服务器 in the debug guide,
   * https://developer.work.weixin.qq.com/document/path/100086). `undefined`: the program's address. Set an
   * `http:` address; another value throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`.
   */
  get debugServer(): URL | undefined {
    return this.#options.programs.debugServer(this.ownId);
  }

  set debugServer(address: string | URL | undefined) {
    this.setDebugServer(this.ownId, address);
  }

  /**
   * Sets the debug server of any program.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
   */
  setDebugServer(programId: string, address: string | URL | undefined): void {
    const { programs, urlOf } = this.#options;
    const url = address === undefined ? undefined : urlOf('address', address);
    programs.setDebugServer(programId, url);
  }

  /** Whether both the application and the program have opened debug mode, with `open_debug_mode` and `SpecOpenDebugMode`. */
  isInDebugMode(programId: string = this.ownId): boolean {
    return this.#options.programs.isInDebugMode(programId);
  }

  /**
   * program_id of the program that receives events, as the application sets it with `set_receive_callback` (P99850,
   * https://developer.work.weixin.qq.com/document/path/99850); `undefined` if none does. On the platform, no program receives events
   * before that call. A sandbox starts as if the application had made it for the sandbox's own program. Setting a program_id that the
   * sandbox does not know throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`.
   */
  get eventReceiver(): string | undefined {
    return this.#options.programs.receiver;
  }

  set eventReceiver(programId: string | undefined) {
    const { programs } = this.#options;
    if (programId !== undefined) programs.check(programId);
    programs.receiver = programId;
  }

  /** The last 1000 events that the platform sent or had no receiver for, oldest first; a live view. */
  get events(): readonly SentEvent[] {
    return this.#options.events.sent;
  }

  /**
   * Sets the protocol of an ability. Calls, responses and reports that do not match get 710647, 790013 or 790014, as on the
   * platform. `AbilityProtocol` describes the templates.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   *
   * @example
   * ```ts
   * sandbox.programs.defineAbility('chat_analysis', { input: { days: 1 }, output: { errcode: 0, senders: {} } });
   * ```
   */
  defineAbility(abilityId: string, protocol: AbilityProtocol): this {
    this.#options.protocols.set(abilityId, protocol);
    return this;
  }
}
