import { makeError } from '../../errors';

/** The state of a program's shutdown, shared by all parts that refuse new work or abandon running work because of it. */
export class Shutdown {
  readonly #stop = new AbortController();
  #hasBegun = false;
  #timer: NodeJS.Timeout | undefined;

  /** Whether new work must be refused. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Aborted with `ERR_SPEC_STOPPED` when the time for running work has passed. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** @param timeout - milliseconds for running work */
  begin(timeout: number): void {
    this.#hasBegun = true;
    this.#timer = setTimeout(
      () => this.#stop.abort(makeError('ERR_SPEC_STOPPED', 'The program', '')),
      timeout,
    );
  }

  /** All work has finished. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
