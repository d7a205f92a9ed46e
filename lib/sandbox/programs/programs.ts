import { randomBytes } from 'node:crypto';
import { sandboxError } from '../../errors';

/** Which log records the platform collects: 1 ERR; 2 ERR and INFO; 3 all (P100106). */
export type LogLevel = 1 | 2 | 3;

const DEFAULT_LOG_LEVEL: LogLevel = 2;

/** The two sides that must open debug mode: the application with `open_debug_mode`, the program with `SpecOpenDebugMode`. */
export type DebugModeSide = 'application' | 'program';

/** The part of a program's state that a reset keeps. */
interface ProgramPlace {
  address: URL | undefined;
  /** Destination of requests in debug mode. */
  debugServer: URL | undefined;
  readonly debugToken: string;
}

/** The platform's state of a program. */
interface ProgramState extends ProgramPlace {
  logLevel: LogLevel;
  readonly debugModeOpenedBy: Set<DebugModeSide>;
}

/** The programs that the platform can call, by program_id, and the settings that the application has made for them. */
export class Programs {
  readonly #states = new Map<string, ProgramState>();
  /** program_id of the program that receives events; `undefined` when the application has set none. */
  receiver: string | undefined;

  /**
   * @param ownId - program_id of the default program.
   * @param debugToken - debug token of that program; random by default.
   */
  constructor(
    readonly ownId: string,
    debugToken?: string,
  ) {
    this.#states.set(ownId, newState(newPlace(debugToken)));
    this.receiver = ownId;
  }

  /** Adds a program, or changes its address. */
  set(programId: string, address: URL): void {
    const state = this.#states.get(programId) ?? newState(newPlace());
    state.address = address;
    this.#states.set(programId, state);
  }

  /** Whether the platform knows the program. It always knows the default program, even before that has an address. */
  has(programId: string): boolean {
    return this.#states.has(programId);
  }

  /** @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM` */
  check(programId: string): void {
    this.#state(programId);
  }

  /** program_ids, the own one first. */
  get ids(): readonly string[] {
    return [...this.#states.keys()];
  }

  /** Address of a program, if it is known. */
  get(programId = this.ownId): URL | undefined {
    return this.#states.get(programId)?.address;
  }

  /**
   * The destination of a request to a program: in debug mode its debug server, otherwise its address.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM`, `ERR_SANDBOX_NO_PROGRAM`
   */
  destination(programId = this.ownId): URL {
    const { address, debugServer } = this.#state(programId);
    const destination = (this.isInDebugMode(programId) ? debugServer : undefined) ?? address;
    if (destination !== undefined) return destination;
    throw sandboxError('ERR_SANDBOX_NO_PROGRAM');
  }

  /** Destination of requests to a program in debug mode; `undefined`: its address. */
  debugServer(programId: string): URL | undefined {
    return this.#states.get(programId)?.debugServer;
  }

  /** @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM` */
  setDebugServer(programId: string, debugServer: URL | undefined): void {
    this.#state(programId).debugServer = debugServer;
  }

  /** @throws SandboxError `ERR_SANDBOX_UNKNOWN_PROGRAM` */
  debugToken(programId: string): string {
    return this.#state(programId).debugToken;
  }

  /** program_id of the program whose debug token this is. */
  ofDebugToken(token: string): string | undefined {
    return this.ids.find((id) => this.#states.get(id)?.debugToken === token);
  }

  #state(programId: string): ProgramState {
    const state = this.#states.get(programId);
    if (state === undefined) throw sandboxError('ERR_SANDBOX_UNKNOWN_PROGRAM', [programId]);
    return state;
  }

  logLevel(programId: string): LogLevel {
    return this.#states.get(programId)?.logLevel ?? DEFAULT_LOG_LEVEL;
  }

  setLogLevel(programId: string, logLevel: LogLevel): void {
    const state = this.#states.get(programId);
    if (state !== undefined) state.logLevel = logLevel;
  }

  /** Whether both sides have opened debug mode, as the debug guide requires. */
  isInDebugMode(programId: string): boolean {
    return this.#states.get(programId)?.debugModeOpenedBy.size === 2;
  }

  hasOpenedDebugMode(programId: string, side: DebugModeSide): boolean {
    return this.#states.get(programId)?.debugModeOpenedBy.has(side) ?? false;
  }

  openDebugMode(programId: string, side: DebugModeSide): void {
    this.#states.get(programId)?.debugModeOpenedBy.add(side);
  }

  closeDebugMode(programId: string): void {
    this.#states.get(programId)?.debugModeOpenedBy.clear();
  }

  /** Discards the settings that the application has made. Addresses and debug tokens stay. */
  reset(): void {
    this.receiver = this.ownId;
    for (const [programId, state] of this.#states) this.#states.set(programId, newState(state));
  }
}

function newPlace(debugToken = `debug-${randomBytes(16).toString('hex')}`): ProgramPlace {
  return { address: undefined, debugServer: undefined, debugToken };
}

function newState({ address, debugServer, debugToken }: ProgramPlace): ProgramState {
  return {
    address,
    debugServer,
    debugToken,
    logLevel: DEFAULT_LOG_LEVEL,
    debugModeOpenedBy: new Set(),
  };
}
