/**
 * Time limits of the same length, with one timer for all of them: nearly every request is served in time, and a timer of its own would
 * be created only to be removed.
 */
export class Deadlines {
  readonly #length: number;
  /** In the order in which they are due, because all have the same length. */
  readonly #running = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;

  /** @param milliseconds - the length of each */
  constructor(milliseconds: number) {
    this.#length = milliseconds;
  }

  /** Begins a time limit. The process stays alive until it has ended. */
  start(onLate: () => void): Deadline {
    const deadline = new Deadline(this, onLate);
    this.restart(deadline);
    if (this.#timer === undefined) this.#arm(this.#length);
    else if (this.#running.size === 1) this.#timer.ref();
    return deadline;
  }

  /** As {@link Deadline.refresh}, also for one that has ended. */
  restart(deadline: Deadline): void {
    this.#running.delete(deadline);
    deadline.due = performance.now() + this.#length;
    this.#running.add(deadline);
  }

  has(deadline: Deadline): boolean {
    return this.#running.has(deadline);
  }

  /** As {@link Deadline.clear}. */
  end(deadline: Deadline): void {
    if (this.#running.delete(deadline) && this.#running.size === 0) this.#timer?.unref();
  }

  #arm(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#fire(), milliseconds);
  }

  #fire(): void {
    this.#timer = undefined;
    const now = performance.now();
    const late: Deadline[] = [];
    for (const deadline of this.#running) {
      if (deadline.due > now) {
        this.#arm(Math.ceil(deadline.due - now));
        break;
      }
      late.push(deadline);
    }
    for (const deadline of late) this.#running.delete(deadline);
    for (const deadline of late) deadline.onLate();
  }
}

/** A time limit that has begun. */
export class Deadline {
  readonly #all: Deadlines;
  readonly onLate: () => void;
  /** As `performance.now()`. */
  due = 0;

  constructor(all: Deadlines, onLate: () => void) {
    this.#all = all;
    this.onLate = onLate;
  }

  /** Begins the time anew, if it has not ended. */
  refresh(): void {
    if (this.#all.has(this)) this.#all.restart(this);
  }

  /** Ends the time limit. */
  clear(): void {
    this.#all.end(this);
  }
}
