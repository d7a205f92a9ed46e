import { durable, type EmbeddedDatabase, type EmbeddedStore } from './store';

/**
 * Where stored events are kept: any Keyv (https://keyv.org), of any version, so that memory, a file, Redis or PostgreSQL are one line:
 * `new Keyv({ store: new KeyvRedis('redis://…') })`.
 */
export interface EventStore {
  get(key: string): Promise<unknown>;
  /** @param ttl - milliseconds */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
}

const key = {
  event: (id: string) => `event!${id}`,
  /** Sorted by the time at which they expire. */
  expiry: (expires: number, id: string) => `expiry!${String(expires).padStart(16, '0')}!${id}`,
};

const SWEEP_EVERY_MS = 60_000;

/** A Keyv over the program's own folder. */
export function embeddedEventStore(store: EmbeddedStore): EventStore {
  // Loaded here, so that programs that relay nothing never load it.
  const { Keyv } = require('keyv') as typeof import('keyv');
  const keyv = new Keyv({ store: new EmbeddedKeyvStore(store), useKeyPrefix: false });
  // Keyv would hide what goes wrong, and an event that could not be stored must not be announced.
  keyv.throwOnErrors = true;
  return keyv;
}

/** What Keyv needs of a store. Keyv itself deletes an expired entry only when somebody asks for it. */
class EmbeddedKeyvStore {
  readonly opts = {};
  readonly #store: EmbeddedStore;
  #swept = 0;

  constructor(store: EmbeddedStore) {
    this.#store = store;
  }

  async get<Value>(id: string): Promise<Value | undefined> {
    const database = await this.#store.open();
    return (await database.get(key.event(id))) as Value | undefined;
  }

  async set(id: string, value: unknown, ttl?: number): Promise<void> {
    const database = await this.#store.open();
    const now = Date.now();
    await this.#sweep(database, now);
    const expiry =
      ttl === undefined
        ? []
        : [{ type: 'put' as const, key: key.expiry(now + ttl, id), value: id }];
    await database.batch([{ type: 'put', key: key.event(id), value }, ...expiry], durable);
  }

  async delete(id: string): Promise<boolean> {
    const database = await this.#store.open();
    await database.del(key.event(id));
    return true;
  }

  async clear(): Promise<void> {
    const database = await this.#store.open();
    await database.clear({ gt: 'event!', lt: 'event~' });
    await database.clear({ gt: 'expiry!', lt: 'expiry~' });
  }

  async #sweep(database: EmbeddedDatabase, now: number): Promise<void> {
    if (now - this.#swept < SWEEP_EVERY_MS) return;
    this.#swept = now;
    const expired = { gt: 'expiry!', lt: key.expiry(now, '') };
    for await (const [expiryKey, id] of database.iterator(expired)) {
      await database.batch([
        { type: 'del', key: expiryKey },
        { type: 'del', key: key.event(String(id)) },
      ]);
    }
  }
}
