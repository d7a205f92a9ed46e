import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { makeError } from '../../errors';

/** A LevelDB database; one process at a time can use its folder. */
type EmbeddedDatabase = ClassicLevel<string, unknown>;

/** The read-only part of the database. */
export type StoreReader = Pick<EmbeddedDatabase, 'get' | 'getMany' | 'iterator' | 'keys'>;

/** One change; the value is stored as JSON. */
export type StoreChange =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

export interface WriteOptions {
  /** Whether the changes must survive a power failure, not only a crash of the process. */
  readonly durable?: boolean;
  /** Whether the keys are new, so that the remains of a failed write can be deleted. */
  readonly isNew?: boolean;
}

type EncodedChange =
  | { type: 'put'; key: string; value: string; valueEncoding: 'utf8' }
  | { type: 'del'; key: string };

interface Write {
  readonly changes: EncodedChange[];
  readonly size: number;
  readonly options: WriteOptions;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Key of the record that identifies the last store to open the database. */
const OPENED_BY = 'opened-by';

/** Pending writes are grouped up to this many characters, so that they share one sync. */
const GROUP_SIZE = 1024 * 1024;

/** Milliseconds between recovery attempts: each one opens the database twice. */
const REST_MS = 1000;

/**
 * The program's folder, opened on first use.
 *
 * LevelDB cannot be trusted after a failed write: its log may end in half a record, and whatever is written after that is
 * acknowledged but lost when the process ends; after a failed table write it refuses all further writes. So writes are serialised,
 * and after a failed one the database is reopened and a record is read back from the disk before anything else is written.
 */
export class EmbeddedStore {
  readonly folder: string;
  /** Called after reopening, when another process has used the folder in between. */
  onTakenOver: () => void = () => {};
  #database: EmbeddedDatabase | undefined;
  /** The reason why nothing can be written. An open database can still be read. */
  #failure: unknown;
  /** Time as {@link performance.now}. */
  #restUntil = 0;
  #opening: Promise<void> | undefined;
  /** Identifies this store, and with the number of openings each of them, see {@link OPENED_BY}. */
  readonly #id = randomUUID();
  #openings = 0;
  readonly #reads = new Set<Promise<unknown>>();
  readonly #pending: Write[] = [];
  #writing: Promise<void> | undefined;
  /** Keys of failed writes, to be deleted before anything else is written. */
  readonly #residue = new Set<string>();
  #isClosed = false;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The reason why nothing can be written until the database is reopened; undefined without a failure. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Opens the database, or reopens it after a failed write, without the pause between attempts.
   *
   * @throws SpecError `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`
   */
  async recover(): Promise<void> {
    this.#restUntil = 0;
    if (this.#database === undefined || this.#failure !== undefined) await this.#open();
  }

  /**
   * Reads from the database, which stays open until the work is done. The work must not use the store itself: that would
   * deadlock when the database is reopened.
   *
   * @throws SpecError `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`
   */
  async read<Value>(work: (database: StoreReader) => Promise<Value>): Promise<Value> {
    // An abandoned handler may still call this, and reopening would lock out the next process.
    if (this.#isClosed) throw this.#stopped();
    while (this.#database === undefined || this.#opening !== undefined) await this.#open();
    const reading = work(this.#database);
    this.#reads.add(reading);
    try {
      return await reading;
    } catch (error) {
      throw storeError(this.folder, error);
    } finally {
      this.#reads.delete(reading);
    }
  }

  /**
   * Applies the changes atomically.
   *
   * @throws SpecError `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`
   */
  async write(changes: readonly StoreChange[], options: WriteOptions = {}): Promise<void> {
    if (this.#isClosed) throw this.#stopped();
    const encoded = changes.map(
      (change): EncodedChange =>
        change.type === 'del'
          ? { type: 'del', key: change.key }
          : {
              type: 'put',
              key: change.key,
              value: JSON.stringify(change.value),
              valueEncoding: 'utf8',
            },
    );
    let size = 0;
    for (const change of encoded) size += change.type === 'put' ? change.value.length : 0;
    await new Promise<void>((resolve, reject) => {
      this.#pending.push({ changes: encoded, size, options, resolve, reject });
      this.#writing ??= this.#writePending();
    });
  }

  /** Waits for pending reads and writes, then closes the database. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#opening?.catch(() => undefined);
    await Promise.allSettled(this.#reads);
    await this.#database?.close();
    this.#database = undefined;
  }

  /** Never rejects. */
  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#writeGroup(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = undefined;
  }

  #nextGroup(): Write[] {
    let size = 0;
    let count = 0;
    for (const write of this.#pending) {
      size += write.size;
      if (count > 0 && size > GROUP_SIZE) break;
      count += 1;
    }
    return this.#pending.splice(0, count);
  }

  async #writeGroup(group: readonly Write[]): Promise<void> {
    while (
      this.#database === undefined ||
      this.#failure !== undefined ||
      this.#opening !== undefined
    ) {
      await this.#open();
    }
    try {
      const sync = group.some(({ options }) => options.durable === true);
      await this.#database.batch<string, string>(
        group.flatMap(({ changes }) => changes),
        { sync },
      );
    } catch (error) {
      for (const { changes, options } of group) {
        if (options.isNew) for (const { key } of changes) this.#residue.add(key);
      }
      throw this.#failed(error);
    }
  }

  #open(): Promise<void> {
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNow(): Promise<void> {
    if (this.#isClosed) throw this.#stopped();
    if (this.#failure !== undefined && performance.now() < this.#restUntil) throw this.#failure;
    try {
      // Later reads wait until this has finished.
      await Promise.allSettled(this.#reads);
      await this.#database?.close();
      this.#database = undefined;
      const isAgain = this.#openings > 0;
      this.#database = isAgain ? await this.#openAgain() : await this.#openFirst();
    } catch (error) {
      // No pause after the first opening failed, because the previous process may still hold the lock for a moment.
      throw this.#failure === undefined ? storeError(this.folder, error) : this.#failed(error);
    }
  }

  async #openFirst(): Promise<EmbeddedDatabase> {
    const database = await openDatabase(this.folder);
    this.#openings += 1;
    try {
      await database.put(OPENED_BY, this.#signature);
    } catch (error) {
      // Reading still works, and the disk may have space later.
      this.#failed(error);
    }
    return database;
  }

  async #openAgain(): Promise<EmbeddedDatabase> {
    let database = await openDatabase(this.folder);
    try {
      const isOurs = String(await database.get(OPENED_BY)).startsWith(this.#id);
      this.#openings += 1;
      // Another process may have stored these keys since then.
      const deleted = isOurs ? [...this.#residue] : [];
      await database.batch(
        [
          { type: 'put', key: OPENED_BY, value: this.#signature },
          ...deleted.map((key) => ({ type: 'del' as const, key })),
        ],
        { sync: true },
      );
      // Only reopening proves that the record is on the disk and not just in LevelDB's memory.
      await database.close();
      database = await openDatabase(this.folder);
      if ((await database.get(OPENED_BY)) !== this.#signature) {
        throw new Error('a written record cannot be read back');
      }
      this.#residue.clear();
      this.#failure = undefined;
      if (!isOurs) this.onTakenOver();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  get #signature(): string {
    return `${this.#id} ${this.#openings}`;
  }

  #failed(error: unknown): unknown {
    this.#failure = storeError(this.folder, error);
    this.#restUntil = performance.now() + REST_MS;
    return this.#failure;
  }

  #stopped(): Error {
    return makeError('ERR_SPEC_STORE', this.folder, 'the program is closed');
  }
}

async function openDatabase(folder: string): Promise<EmbeddedDatabase> {
  // Owner only: requests are stored in plain text.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Loaded lazily, because not every program stores data.
  const { ClassicLevel } = require('classic-level') as typeof import('classic-level');
  const database = new ClassicLevel<string, unknown>(join(folder, 'db'), {
    valueEncoding: 'json',
  });
  await database.open();
  return database;
}

/** Whether the error means that the store is currently unusable. */
export function isStoreError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return code === 'ERR_SPEC_STORE' || code === 'ERR_SPEC_STORE_LOCKED';
}

/** Wraps an error of the database or file system; errors of this package are returned unchanged. */
function storeError(folder: string, error: unknown): unknown {
  if (isStoreError(error)) return error;
  const cause = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (code === 'LEVEL_LOCKED') return makeError('ERR_SPEC_STORE_LOCKED', folder, '');
  return makeError('ERR_SPEC_STORE', folder, String(message ?? cause));
}
