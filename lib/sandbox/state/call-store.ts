import type { SandboxClock } from '../common/clock';
import { DataStore } from './store';

/** How often each corp has called the interfaces that have a limit per day. */
export class CallStore extends DataStore<{ readonly counts: Map<string, number> }> {
  readonly #clock: SandboxClock;

  constructor(clock: SandboxClock) {
    super({ counts: new Map() });
    this.#clock = clock;
  }

  /** Counts a call of an interface, and returns the number of calls of the corp on this day. */
  count(interfaceName: string, corpId: string): number {
    // The platform's day is that of China, UTC+8.
    const day = Math.floor((this.#clock.now() / 3_600_000 + 8) / 24);
    const key = JSON.stringify([interfaceName, corpId, day]);
    const count = (this.data.counts.get(key) ?? 0) + 1;
    this.data.counts.set(key, count);
    return count;
  }
}
