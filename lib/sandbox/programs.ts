import { SandboxError } from './errors';

/** Which log records the platform collects: 1 ERR, 2 and INFO, 3 and DBG (P100106). */
export type LogLevel = 1 | 2 | 3;

const DEFAULT_LOG_LEVEL: LogLevel = 2;

/** What the platform knows of a program. */
interface ProgramState {
  address: URL | undefined;
  logLevel: LogLevel;
  isInDebugMode: boolean;
}

/** The programs that the platform can call, by program_id, and what the application has set of them. */
export class Programs {
  readonly #states = new Map<string, ProgramState>();
  /** program_id of the one that receives events; `undefined` when the application has set none. */
  receiver: string | undefined;

  /** @param ownId - program_id of the program that is meant when nothing else is said. */
  constructor(readonly ownId: string) {
    this.#states.set(ownId, newState());
    this.receiver = ownId;
  }

  /** Adds a program, or moves it to another address. */
  set(programId: string, address: URL): void {
    const state = this.#states.get(programId) ?? newState();
    state.address = address;
    this.#states.set(programId, state);
  }

  /** Whether the platform knows the program: its own always, even before it has an address. */
  has(programId: string): boolean {
    return this.#states.has(programId);
  }

  /** program_ids, the own one first. */
  get ids(): readonly string[] {
    return [...this.#states.keys()];
  }

  /** Where a program listens, if that is known. */
  get(programId = this.ownId): URL | undefined {
    return this.#states.get(programId)?.address;
  }

  /** @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`. */
  address(programId = this.ownId): URL {
    const address = this.get(programId);
    if (address !== undefined) return address;
    throw new SandboxError(
      'ERR_SANDBOX_NO_PROGRAM',
      programId === this.ownId
        ? "The sandbox does not know the program's address. Pass `program` to ZoneSandbox.start(), or set sandbox.program."
        : `The sandbox knows no program ${JSON.stringify(programId)}. Add it with sandbox.addProgram(programId, address).`,
    );
  }

  logLevel(programId: string): LogLevel {
    return this.#states.get(programId)?.logLevel ?? DEFAULT_LOG_LEVEL;
  }

  setLogLevel(programId: string, logLevel: LogLevel): void {
    const state = this.#states.get(programId);
    if (state !== undefined) state.logLevel = logLevel;
  }

  isInDebugMode(programId: string): boolean {
    return this.#states.get(programId)?.isInDebugMode ?? false;
  }

  setDebugMode(programId: string, isInDebugMode: boolean): void {
    const state = this.#states.get(programId);
    if (state !== undefined) state.isInDebugMode = isInDebugMode;
  }

  /** Puts back what the application has set; the programs stay where they are. */
  reset(): void {
    this.receiver = this.ownId;
    for (const state of this.#states.values()) {
      Object.assign(state, newState(), { address: state.address });
    }
  }
}

function newState(): ProgramState {
  return { address: undefined, logLevel: DEFAULT_LOG_LEVEL, isInDebugMode: false };
}
