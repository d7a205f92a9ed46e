/** One part of the platform's state. A `StoreSet` saves, loads and resets all parts together. */
export interface Store<Data extends object = object> {
  /** A copy of the data, made of plain objects, arrays, Maps and Sets. It always has the same fields, each with the same type. */
  snapshot(): Data;
  /** Replaces the data with a copy of a snapshot. */
  restore(data: Data): void;
}

/** A store whose changeable state is one plain object. What a subclass keeps outside `data` is neither saved nor reset. */
export abstract class DataStore<Data extends object> implements Store<Data> {
  /** What {@link snapshot} copies and {@link restore} replaces. */
  protected data: Data;

  constructor(data: Data) {
    this.data = data;
  }

  /** A copy of the data. */
  snapshot(): Data {
    return structuredClone(this.data);
  }

  /** Replaces the data with a copy of a snapshot. */
  restore(data: Data): void {
    this.data = structuredClone(data);
  }
}

/** Sets an entry, and deletes the oldest one when the map has more than `limit` entries. */
export function setBounded<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
