import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { durableFile, durableFolder, syncFolder } from './durable-file';
import { SCHEMA, SCHEMA_VERSION } from './schema';
import { Connection, type SqlValue, type Statement, text } from './sqlite';
import { StoreError } from './store-error';

/** Milliseconds to wait for the lock of another process, whose transactions are short. */
const LOCK_TIMEOUT_MS = 10_000;

/** Name of the database in the program's folder. */
const DATABASE_FILE = 'store.db';

/** Holds the database's identity, so that its loss is noticed. */
const IDENTITY_FILE = 'store.id';

/** Whether a database was created in the folder, also if it is missing now. */
export function hasDatabase(folder: string): boolean {
  return [DATABASE_FILE, IDENTITY_FILE].some((name) => existsSync(join(folder, name)));
}

/** Which file is open. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * The SQLite database in a program's folder. Several processes can use it at the same time.
 *
 * Used on the store's thread only, because every call blocks.
 *
 * The rollback journal is used, and not the write-ahead log: SQLite silently drops the end of a damaged write-ahead log, whereas
 * with a journal everything acknowledged is in the database itself, where damage is detected.
 */
export class Database {
  readonly folder: string;
  /** The open file. */
  readonly file: FileIdentity;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();

  /**
   * Opens the database. The first time, it is created if it does not exist, and checked for damage.
   *
   * @param reopened - the file that was open before, which must still be there
   * @throws StoreError; an error of SQLite or of the file system
   */
  constructor(folder: string, reopened?: FileIdentity) {
    this.folder = folder;
    const path = join(folder, DATABASE_FILE);
    if (reopened === undefined) createFile(folder, path);
    this.file = identityOf(path, reopened);
    this.#connection = new Connection(path, LOCK_TIMEOUT_MS);
    try {
      this.#configure();
      this.#prepareSchema();
      this.#compareIdentity();
      if (reopened === undefined) this.#findDamage();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#connection.inTransaction;
  }

  /** Runs statements without parameters. */
  execute(sql: string): void {
    this.#connection.execute(sql);
  }

  /** @returns the number of changed rows */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#statement(sql).run(values);
  }

  /** Makes a change in the current transaction, or in a new one, so that its commit is synced, and all earlier commits with it. */
  forceCommit(): void {
    // SQLite does not write an unchanged row, but it always writes this number.
    this.execute(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  }

  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#statement(sql).get(values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  /**
   * Checks that the path still leads to the open file: SQLite continues to write to a file that was deleted or replaced.
   *
   * @throws StoreError `REPLACED`
   */
  checkFile(): void {
    identityOf(join(this.folder, DATABASE_FILE), this.file);
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #configure(): void {
    this.execute('PRAGMA journal_mode = TRUNCATE');
    // Also syncs the folder, so that a commit survives a power failure.
    this.execute('PRAGMA synchronous = EXTRA');
    // Conversations must not remain in the file after their job is finished.
    this.execute('PRAGMA secure_delete = ON');
    this.execute('PRAGMA foreign_keys = ON');
  }

  #prepareSchema(): void {
    if (this.#version() === SCHEMA_VERSION) return;
    this.execute('PRAGMA auto_vacuum = INCREMENTAL');
    this.execute('BEGIN IMMEDIATE');
    try {
      // Another process may have created the schema in the meantime.
      const version = this.#version();
      if (version === 0) {
        this.execute(SCHEMA);
        this.run('INSERT INTO identity (id) VALUES (?)', randomUUID());
      } else if (version !== SCHEMA_VERSION) {
        throw new StoreError(
          'NEWER',
          `${DATABASE_FILE} has version ${version}, this package writes ${SCHEMA_VERSION}`,
        );
      }
      this.execute('COMMIT');
    } catch (error) {
      if (this.inTransaction) this.execute('ROLLBACK');
      throw error;
    }
  }

  #version(): number {
    return this.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  }

  /** The identity is stored in a second file: a database that was replaced or emptied has another one. */
  #compareIdentity(): void {
    const { id } = this.get<{ id: string }>(`SELECT ${text('id')} FROM identity`) ?? {};
    if (id === undefined) throw new StoreError('DAMAGED', `${DATABASE_FILE} has no identity`);
    const path = join(this.folder, IDENTITY_FILE);
    const known = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
    if (known === id) return;
    if (known !== '') {
      throw new StoreError(
        'DAMAGED',
        `${DATABASE_FILE} is not the database that ${IDENTITY_FILE} names: it was replaced or emptied`,
      );
    }
    // A power failure must not leave this file without the database, whose first commit may not be synced yet.
    this.forceCommit();
    // No other process writes the file at the same time.
    this.execute('BEGIN IMMEDIATE');
    try {
      durableFile(path, `${id}\n`);
    } finally {
      this.execute('ROLLBACK');
    }
  }

  #findDamage(): void {
    if (schemaOf(this.#connection) !== expectedSchema()) {
      throw new StoreError('DAMAGED', `${DATABASE_FILE} has a damaged schema`);
    }
    for (const table of ['jobs', 'requests', 'reports']) {
      const rows = this.all<{ integrity_check: string }>(`PRAGMA integrity_check(${table})`);
      const [first] = rows.map(({ integrity_check: words }) => words);
      if (first !== 'ok') {
        throw new StoreError('DAMAGED', `${DATABASE_FILE}: ${first ?? 'the check gave no result'}`);
      }
    }
    const counted = this.get<{ jobs: number; stored: number }>(
      'SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT jobs FROM totals) AS stored',
    );
    if (counted !== undefined && counted.jobs !== counted.stored) {
      throw new StoreError(
        'DAMAGED',
        `${DATABASE_FILE} holds ${counted.jobs} jobs, and ${counted.stored} were stored`,
      );
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The definitions of all tables, indexes and triggers, as the database has stored them. */
function schemaOf(connection: Connection): string {
  const sql = `SELECT ${text('name', 'sql')} FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sqlite_schema.name`;
  return JSON.stringify(connection.prepare(sql).all([]));
}

function expectedSchema(): string {
  const connection = new Connection(':memory:', 0);
  try {
    connection.execute(SCHEMA);
    return schemaOf(connection);
  } finally {
    connection.close();
  }
}

function createFile(folder: string, path: string): void {
  // Owner only: requests are stored in plain text.
  durableFolder(folder);
  if (!existsSync(path) && existsSync(join(folder, IDENTITY_FILE))) {
    throw new StoreError('DAMAGED', `${DATABASE_FILE} is missing`);
  }
  try {
    // Never opens a file that exists: closing it would release the locks of this process's other connections.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
  // SQLite syncs the folder, too, but goes on when that fails.
  syncFolder(folder);
}

/** @throws StoreError `REPLACED` when the path leads to another file than before, or to none */
function identityOf(path: string, before?: FileIdentity): FileIdentity {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (
    found !== undefined &&
    (before === undefined || (found.ino === before.ino && found.dev === before.dev))
  ) {
    return { dev: found.dev, ino: found.ino };
  }
  throw new StoreError(
    'REPLACED',
    `${DATABASE_FILE} was ${found === undefined ? 'removed' : 'replaced'} while the program was using it; restart the program`,
  );
}
