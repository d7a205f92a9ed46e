import type { EmbeddedStore, StoreChange } from '../store/embedded-store';

/**
 * Storage for events: any Keyv (https://keyv.org) of any version, for example `new Keyv({ store: new KeyvRedis('redis://…') })`.
 */
export interface EventStore {
  get(key: string): Promise<unknown>;
  /** @param ttl - milliseconds */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
}

const key = {
  event: (id: string) => `event!${id}`,
  /** Sorts by expiry time. */
  expiry: (expires: number, id: string) => `expiry!${String(expires).padStart(16, '0')}!${id}`,
};

const SWEEP_EVERY_MS = 60_000;

/** A Keyv that stores in the program's folder. */
export function embeddedEventStore(store: EmbeddedStore): EventStore {
  // Loaded lazily, because most programs relay no events.
  const { Keyv } = require('keyv') as typeof import('keyv');
  const keyv = new Keyv({ store: new EmbeddedKeyvStore(store), useKeyPrefix: false });
  // By default Keyv hides errors, but the application must not be notified of an event that could not be stored.
  keyv.throwOnErrors = true;
  return keyv;
}

/** A Keyv storage adapter. It also deletes expired entries that are never read again, which Keyv does not. */
class EmbeddedKeyvStore {
  readonly opts = {};
  readonly #store: EmbeddedStore;
  #swept = 0;

  constructor(store: EmbeddedStore) {
    this.#store = store;
  }

  get<Value>(id: string): Promise<Value | undefined> {
    return this.#store.read(
      (database) => database.get(key.event(id)) as Promise<Value | undefined>,
    );
  }

  async set(id: string, value: unknown, ttl?: number): Promise<void> {
    const now = Date.now();
    await this.#sweep(now);
    const changes: StoreChange[] = [{ type: 'put', key: key.event(id), value }];
    if (ttl !== undefined) {
      changes.push({ type: 'put', key: key.expiry(now + ttl, id), value: id });
    }
    await this.#store.write(changes, { durable: true });
  }

  async delete(id: string): Promise<boolean> {
    await this.#store.write([{ type: 'del', key: key.event(id) }]);
    return true;
  }

  async clear(): Promise<void> {
    const keys = await this.#store.read(async (database) => [
      ...(await database.keys({ gt: 'event!', lt: 'event~' }).all()),
      ...(await database.keys({ gt: 'expiry!', lt: 'expiry~' }).all()),
    ]);
    await this.#store.write(keys.map((one) => ({ type: 'del', key: one })));
  }

  async #sweep(now: number): Promise<void> {
    if (now - this.#swept < SWEEP_EVERY_MS) return;
    this.#swept = now;
    const expired = { gt: 'expiry!', lt: key.expiry(now, '') };
    const entries = await this.#store.read((database) => database.iterator(expired).all());
    if (entries.length === 0) return;
    await this.#store.write(
      entries.flatMap(([expiryKey, id]) => [
        { type: 'del', key: expiryKey },
        { type: 'del', key: key.event(String(id)) },
      ]),
    );
  }
}
