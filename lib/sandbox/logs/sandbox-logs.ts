import type { LogLevel, Programs } from '../programs/programs';
import type { LogCollector } from './log-collector';
import type { LogRecord } from './log-record';
import type { LogQuery } from './log-ring';

/** The collected logs of the programs. */
export class SandboxLogs {
  readonly #collector: LogCollector;
  readonly #programs: Programs;

  /** @internal */
  constructor(collector: LogCollector, programs: Programs) {
    this.#collector = collector;
    this.#programs = programs;
  }

  /**
   * Searches the logs, up to what the programs have written just now.
   *
   * @returns the newest 1000, or `limit`, of the matching records, oldest first.
   */
  search(query: LogQuery = {}): Promise<LogRecord[]> {
    return this.#collector.search(query);
  }

  /** How many log records of a program were dropped because it wrote more than the limit of an hour. */
  dropped(programId: string = this.#programs.ownId): number {
    return this.#collector.dropped(programId);
  }

  /** Sets which records are collected from now on, as `set_log_level` does (P100106): 1 ERR, 2 and INFO, 3 and DBG. */
  async setLevel(level: LogLevel, programId: string = this.#programs.ownId): Promise<void> {
    // What was written until now belongs to the former level.
    await this.#collector.collect();
    this.#programs.setLogLevel(programId, level);
  }
}
