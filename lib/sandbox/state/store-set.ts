import { types } from 'node:util';
import type { Store } from './store';

/** A snapshot of every store, by the store's name. */
export type Snapshots = ReadonlyMap<string, object>;

/** All stores of the platform, which are saved, loaded and reset together. */
export class StoreSet {
  readonly #stores: ReadonlyMap<string, Store>;
  /** What {@link reset} restores. */
  #start: Snapshots;

  /** @param stores - by the name under which a saved state holds them; restored in this order. */
  constructor(stores: Readonly<Record<string, Store>>) {
    this.#stores = new Map(Object.entries(stores));
    this.#start = this.#snapshots();
  }

  /** The data of all stores as JSON data. */
  save(): unknown {
    return JSON.parse(JSON.stringify(Object.fromEntries(this.#snapshots()), encodeCollections));
  }

  /** Checks and decodes what {@link save} returned: `undefined` unless every store with all its fields is there. Changes nothing. */
  read(saved: unknown): Snapshots | undefined {
    const decoded: unknown = JSON.parse(JSON.stringify(saved ?? null), decodeCollections);
    const data = (decoded ?? {}) as Readonly<Record<string, object>>;
    const isComplete = [...this.#start].every(([name, start]) => hasSameFields(data[name], start));
    if (!isComplete) return undefined;
    return new Map([...this.#stores.keys()].map((name) => [name, data[name] as object]));
  }

  /** Replaces the data of all stores; {@link reset} restores it from now on. */
  load(snapshots: Snapshots): void {
    this.#start = snapshots;
    this.reset();
  }

  /** Restores the data that the stores had at the start or at the last {@link load}. */
  reset(): void {
    for (const [name, store] of this.#stores) store.restore(this.#start.get(name) as object);
  }

  #snapshots(): Snapshots {
    return new Map([...this.#stores].map(([name, store]) => [name, store.snapshot()]));
  }
}

function hasSameFields(data: object | undefined, expected: object): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const fields = data as Readonly<Record<string, unknown>>;
  return Object.entries(expected).every(([name, value]) => kindOf(fields[name]) === kindOf(value));
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function encodeCollections(_name: string, value: unknown): unknown {
  // instanceof fails under Jest: structuredClone makes Maps and Sets of Node's own realm.
  if (types.isMap(value)) return { $map: [...value] };
  if (types.isSet(value)) return { $set: [...value] };
  return value;
}

function decodeCollections(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [key, ...others] = Object.keys(value);
  if (others.length > 0) return value;
  const { $map: map, $set: set } = value as { $map?: [unknown, unknown][]; $set?: unknown[] };
  if (key === '$map' && Array.isArray(map)) return new Map(map);
  if (key === '$set' && Array.isArray(set)) return new Set(set);
  return value;
}
