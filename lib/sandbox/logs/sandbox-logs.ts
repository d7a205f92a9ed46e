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
   * Searches the logs, including the records that the programs have written just now.
   *
   * @returns the newest 1000 (or `limit`) matching records, oldest first.
   */
  search(query: LogQuery = {}): Promise<LogRecord[]> {
    return this.#collector.search(query);
  }

  /** The number of a program's log records that were dropped because it wrote more than 1 GB in an hour. */
  dropped(programId: string = this.#programs.ownId): number {
    return this.#collector.dropped(programId);
  }

  /** Sets which records are collected from now on, as `set_log_level` does (P100106): 1 ERR; 2 ERR and INFO; 3 all. */
  async setLevel(level: LogLevel, programId: string = this.#programs.ownId): Promise<void> {
    // Records that were written before still fall under the former level.
    await this.#collector.collect();
    this.#programs.setLogLevel(programId, level);
  }
}
