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

/** The programs that the simulated platform calls: the sandbox's own one, and others of the app. */
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

  /** Address of the own program, or `undefined` as long as none is set. */
  get address(): URL | undefined {
    return this.#options.programs.get();
  }

  /** Takes an `http:` address; throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`. */
  set address(address: string | URL) {
    this.add(this.ownId, address);
  }

  /**
   * Adds another program of the app, or moves one to another address. Its environment is `env(programId)`.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
   */
  add(programId: string, address: string | URL): void {
    const { programs, urlOf } = this.#options;
    programs.set(stringOption('programId', programId), urlOf('address', address));
  }

  /**
   * The environment that a program needs to talk to this sandbox: `WEWORK_SPEC_SDK=sandbox`, the shared key, its version, the
   * platform's address, the time window, and where the log is collected (section 9 of docs/sandbox-protocol.md). Time-out and
   * output of the program are up to whoever starts it.
   *
   * It holds the key: do not log it.
   */
  env(programId: string = this.ownId): Record<string, string> {
    return this.#options.envOf(programId);
  }

  /**
   * The token with which `SpecOpenDebugMode` and `open_debug_mode` open a program's debug mode; valid for three days of the
   * sandbox's clock.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`
   */
  debugToken(programId: string = this.ownId): string {
    return this.#options.programs.debugToken(programId);
  }

  /**
   * Where calls and events of the own program go in debug mode, in place of its address (接收事件服务器 of the debug guide,
   * https://developer.work.weixin.qq.com/document/path/100086). `undefined`: to its address.
   */
  get debugServer(): URL | undefined {
    return this.#options.programs.debugServer(this.ownId);
  }

  /** Takes an `http:` address; throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`. */
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

  /** Whether application and program have both opened debug mode, with `open_debug_mode` and `SpecOpenDebugMode`. */
  isInDebugMode(programId: string = this.ownId): boolean {
    return this.#options.programs.isInDebugMode(programId);
  }

  /**
   * program_id of the program that receives events, as the application sets it with `set_receive_callback` (P99850,
   * https://developer.work.weixin.qq.com/document/path/99850). A sandbox starts as if that had been called for the own program; on
   * the platform no program receives events before. `undefined`: none does.
   */
  get eventReceiver(): string | undefined {
    return this.#options.programs.receiver;
  }

  /** Takes the program_id of a program that the sandbox knows; throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`. */
  set eventReceiver(programId: string | undefined) {
    const { programs } = this.#options;
    if (programId !== undefined) programs.check(programId);
    programs.receiver = programId;
  }

  /** The last 1000 events that the platform has sent or had no receiver for, oldest first; a live view. */
  get events(): readonly SentEvent[] {
    return this.#options.events.sent;
  }

  /**
   * Sets the input and output of an ability. Calls, responses and reports that do not fit get 710647, 790013 or 790014, as on the
   * platform; see `AbilityProtocol` for what a template is.
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
