import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxError } from '../../errors';

/**
 * The private folder of a sandbox: the logs of its programs, and a data folder for each. Programs of different sandboxes share no jobs
 * and no locks, so that test files can run in parallel and no job of one run is reported to the next.
 */
export class ProgramFolders {
  readonly #dir = newFolder();
  readonly #dataDirs = new Map<string, string>();
  /** Where the logs are collected. */
  readonly logDir = join(this.#dir, 'logs');
  #keepsData = false;

  constructor() {
    mkdirSync(this.logDir);
  }

  /** Where a program stores its jobs and events (`WEWORK_SPEC_DATA_DIR`); the program creates it. */
  dataDirOf(programId: string): string {
    const known = this.#dataDirs.get(programId);
    const dataDir = known ?? join(this.#dir, `data-${this.#dataDirs.size + 1}`);
    this.#dataDirs.set(programId, dataDir);
    return dataDir;
  }

  /** Keeps the data folders until this process ends, because a program in this process outlives the sandbox. */
  keepData(): void {
    this.#keepsData = true;
  }

  /** Deletes the folder; the data folders later if {@link keepData} was called. */
  remove(): void {
    const isKept = this.#keepsData && [...this.#dataDirs.values()].some((dir) => existsSync(dir));
    remove(isKept ? this.logDir : this.#dir);
    if (isKept) process.once('exit', () => remove(this.#dir));
  }
}

function remove(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}

/** @throws SandboxError `ERR_SANDBOX_RUNTIME_DIR` */
function newFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'wework-spec-sandbox-'));
  } catch (cause) {
    throw sandboxError('ERR_SANDBOX_RUNTIME_DIR', [(cause as Error).message], cause);
  }
}
