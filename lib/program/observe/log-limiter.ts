/** Records of one kind that are written in an interval; further ones are only counted. */
const BURST = 5;

const INTERVAL_MS = 60_000;

/**
 * Limits how often a kind of failure is logged. Otherwise an attacker or an outage could use up the zone's quota of log records.
 */
export class LogLimiter {
  readonly #write: (text: string) => void;
  #written = 0;
  #suppressed = 0;
  #last = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param write - writes one record; never throws */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Writes the text, or counts it. */
  record(text: string): void {
    this.#timer ??= setTimeout(() => this.#endInterval(), INTERVAL_MS).unref();
    if (this.#written < BURST) {
      this.#written += 1;
      this.#write(text);
    } else {
      this.#suppressed += 1;
      this.#last = text;
    }
  }

  /** Writes how many records were suppressed. */
  flush(): void {
    if (this.#suppressed > 0) this.#write(`${this.#suppressed} more; the last: ${this.#last}`);
    this.#suppressed = 0;
  }

  #endInterval(): void {
    this.flush();
    this.#written = 0;
    this.#timer = undefined;
  }
}
