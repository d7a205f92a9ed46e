import { SandboxError } from './errors';

/** The programs that the platform can call, by program_id. */
export class Programs {
  readonly #addresses = new Map<string, URL>();
  /** program_id of the one that receives events; `undefined` when the application has set none. */
  receiver: string | undefined;

  /** @param ownId - program_id of the program that is meant when nothing else is said. */
  constructor(readonly ownId: string) {
    this.receiver = ownId;
  }

  /** Adds a program, or moves it to another address. */
  set(programId: string, address: URL): void {
    this.#addresses.set(programId, address);
  }

  /** Whether the platform knows the program: its own always, even before it has an address. */
  has(programId: string): boolean {
    return programId === this.ownId || this.#addresses.has(programId);
  }

  /** program_ids, the own one first. */
  get ids(): readonly string[] {
    return [...new Set([this.ownId, ...this.#addresses.keys()])];
  }

  /** Where a program listens, if that is known. */
  get(programId = this.ownId): URL | undefined {
    return this.#addresses.get(programId);
  }

  /** @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`. */
  address(programId = this.ownId): URL {
    const address = this.#addresses.get(programId);
    if (address !== undefined) return address;
    throw new SandboxError(
      'ERR_SANDBOX_NO_PROGRAM',
      programId === this.ownId
        ? "The sandbox does not know the program's address. Pass `program` to ZoneSandbox.start(), or set sandbox.program."
        : `The sandbox knows no program ${JSON.stringify(programId)}. Add it with sandbox.addProgram(programId, address).`,
    );
  }
}
