/** Counts requests by ability or event, and outcome. */
export class RequestCounters {
  readonly #byName = new Map<string, Map<string, number>>();

  /** @param name - a registered name, `(other)` or `(unverified)`; never a name that a caller chose, to limit the number of names */
  count(name: string, outcome: string): void {
    let outcomes = this.#byName.get(name);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#byName.set(name, outcomes);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  /** Counts a request that was not dispatched to a handler. */
  countUnverified(
    outcome: 'unverified' | 'method' | 'too-large' | 'cut-off' | 'timed-out' | 'overloaded',
  ): void {
    this.count('(unverified)', outcome);
  }

  snapshot(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#byName].map(([name, outcomes]) => [name, Object.fromEntries(outcomes)]),
    );
  }
}
