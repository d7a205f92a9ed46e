import type { EmbeddedStore } from '../store/embedded-store';

/**
 * Storage for events: any Keyv (https://keyv.org) of any version, for example `new Keyv({ store: new KeyvRedis('redis://…') })`.
 */
export interface EventStore {
  /**
   * Reads a value.
   *
   * @returns undefined if there is none or its time has passed
   */
  get(key: string): Promise<unknown>;
  /**
   * Stores a value, or replaces the one with the same key.
   *
   * @param ttl - milliseconds until the value may be forgotten; without it, the store decides
   */
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
}

/** Milliseconds for which an event without a time of its own is kept. */
const LONGEST_TTL_MS = 366 * 24 * 3_600_000;

/** Stores events in the program's folder. */
export function embeddedEventStore(store: EmbeddedStore): EventStore {
  return {
    async get(id) {
      const content = await store.call('getEvent', id);
      return content === undefined ? undefined : JSON.parse(content);
    },
    set: (id, value, ttl = LONGEST_TTL_MS) =>
      store.call('setEvent', id, JSON.stringify(value), ttl),
  };
}
