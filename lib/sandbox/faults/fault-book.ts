import { Random } from '../../common/random';
import type { FaultDirection, FaultRule, FaultRuleOf } from './fault';
import { checkFaultRule, faultDirections } from './fault';

/** A fault that was put into a sandbox. */
export interface Fault {
  readonly rule: FaultRule;
  /** How often it has happened. */
  readonly hits: number;
  /** Ends it. Doing so twice does nothing more. */
  remove(): void;
}

/** The faults of a sandbox. Of several that fit, the one added first happens. */
export class FaultBook {
  readonly #entries = new Set<Entry>();

  /** @throws SandboxError `ERR_SANDBOX_FAULT`. */
  add(rule: FaultRule): Fault {
    const entry = new Entry(checkFaultRule(rule), () => this.#entries.delete(entry));
    this.#entries.add(entry);
    return entry;
  }

  /** Those that are still there. */
  get faults(): readonly Fault[] {
    return [...this.#entries];
  }

  /**
   * The fault that happens now, if one does; it counts as happened.
   *
   * @param subject - what the direction's filter is compared with: an interface, an ability, an event's type.
   */
  take<Direction extends FaultDirection>(
    direction: Direction,
    subject: string,
  ): FaultRuleOf<Direction> | undefined {
    // Nearly always there is none, and this stands in the way of every request.
    if (this.#entries.size === 0) return undefined;
    for (const entry of this.#entries) {
      if (entry.happens(direction, subject)) return entry.rule as FaultRuleOf<Direction>;
    }
    return undefined;
  }

  /** Ends all of them. */
  clear(): void {
    this.#entries.clear();
  }
}

class Entry implements Fault {
  readonly #random: Random;
  #seen = 0;
  #hits = 0;

  constructor(
    readonly rule: FaultRule & { readonly direction: FaultDirection },
    readonly remove: () => void,
  ) {
    this.#random = new Random(rule.seed ?? 1);
  }

  get hits(): number {
    return this.#hits;
  }

  happens(direction: FaultDirection, subject: string): boolean {
    const { rule } = this;
    if (rule.direction !== direction) return false;
    const { filter } = faultDirections[direction];
    const wanted = Object.entries(rule).find(([name]) => name === filter)?.[1];
    if (wanted !== undefined && wanted !== subject) return false;
    const { times = Number.POSITIVE_INFINITY, skip = 0, probability = 1 } = rule;
    if (this.#hits >= times) return false;
    this.#seen += 1;
    if (this.#seen <= skip || this.#random.next() >= probability) return false;
    this.#hits += 1;
    return true;
  }
}
