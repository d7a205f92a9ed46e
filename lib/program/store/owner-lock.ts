import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from './sqlite';

const FOLDER = 'owners';

/**
 * Shows other programs that the owner of claimed jobs is alive: a file that is locked by SQLite as long as the process lives. The
 * system releases the lock with the process, however it ends; a process that is only paused keeps it. So no clock decides who owns
 * a job.
 *
 * Owned by the store's thread.
 */
export class OwnerLock {
  /** Stored with each job that the owner has claimed. */
  readonly owner: string;
  readonly #path: string;
  readonly #connection: Connection;

  /** @throws an error of SQLite or of the file system */
  constructor(folder: string) {
    this.owner = randomBytes(8).toString('hex');
    mkdirSync(join(folder, FOLDER), { recursive: true, mode: 0o700 });
    this.#path = pathOf(folder, this.owner);
    this.#connection = lockOf(this.#path);
  }

  release(): void {
    this.#connection.close();
    unlinkIfExists(this.#path);
  }

  /** Whether the file is still there: without it, other programs would regard the owner as dead. */
  get isVisible(): boolean {
    return existsSync(this.#path);
  }
}

/**
 * Calls `takeOver` for an owner whose process has ended, while its file is locked, so that only one program does it.
 */
export function ifDead(folder: string, owner: string, takeOver: () => void): void {
  const path = pathOf(folder, owner);
  if (!existsSync(path)) {
    takeOver();
    return;
  }
  let lock: Connection;
  try {
    lock = lockOf(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return;
    throw error;
  }
  try {
    takeOver();
    unlinkIfExists(path);
  } finally {
    lock.close();
  }
}

/** Names of the owners that have a file. */
export function ownersIn(folder: string): string[] {
  const path = join(folder, FOLDER);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.lock'))
    .map((name) => name.slice(0, -'.lock'.length));
}

function pathOf(folder: string, owner: string): string {
  return join(folder, FOLDER, `${owner}.lock`);
}

/** @throws `SQLITE_BUSY` when another program holds the lock */
function lockOf(path: string): Connection {
  const connection = new Connection(path, 0);
  try {
    // Without a journal nothing is written, so that the lock needs no space on the disk.
    connection.execute('PRAGMA journal_mode = MEMORY');
    connection.execute('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function unlinkIfExists(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
}
