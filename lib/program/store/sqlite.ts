import { pathToFileURL } from 'node:url';
import { StoreError } from './store-error';

/** A value that SQLite can store. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** The functions of libsql's addon that the store needs. Their first parameter is passed as `this`. */
interface Addon {
  databaseOpen(
    path: string,
    authToken: string,
    cipher: string,
    encryptionKey: string,
    timeout: number,
    remoteEncryptionKey: string,
  ): object;
  databaseInTransaction(database: object): boolean;
  databaseExecSync(this: object, sql: string): void;
  databasePrepareSync(this: object, sql: string): object;
  databaseClose(this: object): void;
  statementRun(this: object, values: readonly SqlValue[]): { readonly changes: number };
  statementGet(this: object, values: readonly SqlValue[]): unknown;
  statementRowsSync(this: object, values: readonly SqlValue[]): object;
  rowsNext(this: object, rows: unknown[]): void;
}

/**
 * Columns of text in a SELECT. libsql ends the process when it reads text that is not UTF-8, as on a damaged disk, so they are read as
 * bytes.
 */
export function text(...columns: string[]): string {
  return columns.map((column) => `CAST(${column} AS BLOB) AS ${column}`).join(', ');
}

/** Rows that are fetched at a time. */
const BATCH = 100;

let loaded: Addon | undefined;

/**
 * Loads the addon of libsql into this thread, for every {@link Connection} of it.
 *
 * @throws StoreError `ADDON`
 */
export function loadAddon(file: string): void {
  if (loaded !== undefined) return;
  const module = { exports: {} as Addon };
  try {
    process.dlopen(module, file);
  } catch (error) {
    throw new StoreError('ADDON', (error as Error).message);
  }
  loaded = module.exports;
}

function addon(): Addon {
  if (loaded === undefined) throw new Error('loadAddon() was not called');
  return loaded;
}

/**
 * A connection to a SQLite database. Every call blocks.
 *
 * Errors have the code of SQLite, such as `SQLITE_FULL`.
 */
export class Connection {
  readonly #addon = addon();
  readonly #database: object;

  /** @param timeout - milliseconds to wait for the lock of another connection */
  constructor(path: string, timeout: number) {
    this.#database = this.#addon.databaseOpen(locationOf(path), '', 'aes256cbc', '', timeout, '');
  }

  get inTransaction(): boolean {
    return this.#addon.databaseInTransaction(this.#database);
  }

  /** Runs statements without parameters. */
  execute(sql: string): void {
    this.#addon.databaseExecSync.call(this.#database, sql);
  }

  prepare(sql: string): Statement {
    return new Statement(this.#addon, this.#addon.databasePrepareSync.call(this.#database, sql));
  }

  close(): void {
    this.#addon.databaseClose.call(this.#database);
  }
}

/**
 * Names SQLite's own layer for files. libsql's default layer, which adds encryption, ignores the error of a read that fails: SQLite
 * then works with zeros, or does not notice that another process has changed the file, and damages the database.
 */
function locationOf(path: string): string {
  return path === ':memory:' ? path : `${pathToFileURL(path).href}?vfs=unix`;
}

/** A prepared statement. */
export class Statement {
  readonly #addon: Addon;
  readonly #statement: object;

  constructor(loadedAddon: Addon, statement: object) {
    this.#addon = loadedAddon;
    this.#statement = statement;
  }

  /** @returns the number of changed rows */
  run(values: readonly SqlValue[]): number {
    return this.#addon.statementRun.call(this.#statement, values).changes;
  }

  /** @returns the first row */
  get(values: readonly SqlValue[]): unknown {
    return decoded(this.#addon.statementGet.call(this.#statement, values));
  }

  all(values: readonly SqlValue[]): unknown[] {
    const rows = this.#addon.statementRowsSync.call(this.#statement, values);
    const all: unknown[] = [];
    for (;;) {
      const batch: unknown[] = new Array(BATCH).fill(undefined);
      this.#addon.rowsNext.call(rows, batch);
      for (const row of batch) {
        if (!row) return all;
        all.push(decoded(row));
      }
    }
  }
}

/** Bytes are text that was read by {@link text}; invalid UTF-8 is replaced, so that the checksum does not match. */
function decoded(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array || value instanceof ArrayBuffer
        ? Buffer.from(value as ArrayBuffer).toString('utf8')
        : value,
    ]),
  );
}
