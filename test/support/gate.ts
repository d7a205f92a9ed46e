/** Blocks callers until it is opened, and reports when enough of them have arrived. */
export class Gate {
  readonly #opened: Promise<void>;
  #open: () => void = () => {};
  #waiting = 0;
  readonly #watchers = new Set<() => void>();

  constructor() {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Number of callers so far. */
  get arrived(): number {
    return this.#waiting;
  }

  pass(): Promise<void> {
    this.#waiting += 1;
    for (const watcher of this.#watchers) watcher();
    return this.#opened;
  }

  open(): void {
    this.#open();
  }

  /** Fulfilled when `count` callers have arrived. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#waiting < count) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
    });
  }
}
