import { makeError } from '../../errors';

/** State of the shutdown, shared by all parts that then refuse new work or abandon running work. */
export class Shutdown {
  readonly #stop = new AbortController();
  #hasBegun = false;
  #timer: NodeJS.Timeout | undefined;

  /** Whether new work must be refused. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Aborted with `ERR_SPEC_STOPPED` when the time for running work is over. */
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

  /** Call when all work has finished. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
