import type { Database } from './database';
import { checksumOf } from './job-table';
import { text } from './sqlite';

const CLEAN_UP_ROWS = 1000;

/** The operations on events. Each runs in a transaction of the caller, on the store's thread. */
export class EventTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param expiresAt - milliseconds since 1970 */
  set(id: string, content: string, expiresAt: number, now: number): void {
    const db = this.#database;
    db.run(
      `DELETE FROM events WHERE id IN (SELECT id FROM events WHERE expires_at <= ? LIMIT ${CLEAN_UP_ROWS})`,
      now,
    );
    db.run(
      'INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?)',
      id,
      expiresAt,
      content,
      checksumOf(id, content),
    );
  }

  /** @returns undefined if nothing is stored under the id or it has expired @throws when the record is damaged */
  get(id: string, now: number): string | undefined {
    const found = this.#database.get<{ content: string; checksum: string }>(
      `SELECT ${text('content', 'checksum')} FROM events WHERE id = ? AND expires_at > ?`,
      id,
      now,
    );
    if (found === undefined) return undefined;
    if (found.checksum !== checksumOf(id, found.content)) {
      throw new Error('the record of an event is damaged');
    }
    return found.content;
  }
}
