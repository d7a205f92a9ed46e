import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { makeError } from '../sdk/errors';

/** The embedded database of a program: LevelDB, in a folder that one process may use at a time. */
export type EmbeddedDatabase = ClassicLevel<string, unknown>;

/** Writes that must outlive a power failure, and not only the process. */
export const durable = { sync: true } as const;

/** The program's folder, opened when something is stored in it for the first time. */
export class EmbeddedStore {
  readonly folder: string;
  #database: Promise<EmbeddedDatabase> | undefined;
  #isClosed = false;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws SpecError `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE` */
  async open(): Promise<EmbeddedDatabase> {
    // A handler that was given up may still come here, and would keep the next process out.
    if (this.#isClosed) throw makeError('ERR_SPEC_STORE', this.folder, 'the program has stopped');
    this.#database ??= openDatabase(this.folder).catch((error: unknown) => {
      // The reason may go away: another process that ends, a full disk.
      this.#database = undefined;
      throw error;
    });
    return this.#database;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const database = await this.#database?.catch(() => undefined);
    await database?.close();
  }
}

async function openDatabase(folder: string): Promise<EmbeddedDatabase> {
  try {
    // Only its owner: requests lie there as they came.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Loaded here, so that programs that store nothing never load it.
    const { ClassicLevel } = require('classic-level') as typeof import('classic-level');
    const database = new ClassicLevel<string, unknown>(join(folder, 'db'), {
      valueEncoding: 'json',
    });
    await database.open();
    return database;
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause ?? error;
    const { code, message } = cause as { code?: unknown; message?: unknown };
    if (code === 'LEVEL_LOCKED') throw makeError('ERR_SPEC_STORE_LOCKED', folder, '');
    throw makeError('ERR_SPEC_STORE', folder, String(message ?? cause));
  }
}
