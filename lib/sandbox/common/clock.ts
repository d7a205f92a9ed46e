import { numberOption, timeOption } from '../../common/options';
import { MAX_TIME_MS, MAX_TIMER_MS } from '../../common/timers';

interface ClockTimer {
  readonly time: number;
  readonly action: () => void;
}

/**
 * The platform's time: the archive's window, tasks, learning, exports and expiries depend on it.
 *
 * It follows real time (or the option `clock`) until a test sets it. The timestamps of requests and responses do not follow it,
 * because a program compares them with its own clock.
 */
export class SandboxClock {
  readonly #source: () => number;
  #startOffset = 0;
  #offset = 0;
  #stoppedAt: number | undefined;
  #timers: ClockTimer[] = [];
  #nextCheck: NodeJS.Timeout | undefined;

  /** @param source - returns the time to follow, in milliseconds since 1970 */
  constructor(source: () => number) {
    this.#source = source;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#stoppedAt ?? this.#source() + this.#offset;
  }

  /** Whether the clock stands still, after {@link set}. */
  get isStopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  /**
   * Sets the clock and stops it; {@link resume} starts it again. Everything that is due then happens before this returns.
   *
   * @param time - milliseconds since 1970
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  set(time: number): void {
    this.#stoppedAt = timeOption('time', time);
    this.#runDueTimers();
  }

  /**
   * Moves the clock forward, whether it runs or is stopped. Everything that is due then happens before this returns.
   *
   * @param ms - milliseconds; negative: back
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  advance(ms: number): void {
    numberOption('ms', ms, -this.now(), MAX_TIME_MS - this.now());
    if (this.#stoppedAt === undefined) this.#offset += ms;
    else this.#stoppedAt += ms;
    this.#runDueTimers();
  }

  /** Starts a stopped clock again, from the time that it shows. */
  resume(): void {
    if (this.#stoppedAt === undefined) return;
    this.#offset = this.#stoppedAt - this.#source();
    this.#stoppedAt = undefined;
    this.#runDueTimers();
  }

  /** Runs from this time, also after each {@link reset}, and removes all timers: for a saved state. */
  startFrom(time: number): void {
    this.#startOffset = timeOption('time', time) - this.#source();
    this.reset();
  }

  /** Follows its source again as at the start, and removes all timers. */
  reset(): void {
    this.#offset = this.#startOffset;
    this.#stoppedAt = undefined;
    this.clear();
  }

  /** Runs an action as soon as the clock reaches this time; before this returns, if it already has. */
  at(time: number, action: () => void): void {
    this.#timers.push({ time, action });
    this.#timers.sort((a, b) => a.time - b.time);
    this.#runDueTimers();
  }

  /** Removes all timers. */
  clear(): void {
    this.#timers = [];
    clearTimeout(this.#nextCheck);
    this.#nextCheck = undefined;
  }

  #runDueTimers(): void {
    const now = this.now();
    // An action may add a timer that is already due, so the list is read again each time.
    for (;;) {
      const [next] = this.#timers;
      if (next === undefined || next.time > now) break;
      this.#timers.shift();
      next.action();
    }
    clearTimeout(this.#nextCheck);
    this.#nextCheck = undefined;
    const [next] = this.#timers;
    if (next === undefined || this.#stoppedAt !== undefined) return;
    // The source may run slower than real time, so this only triggers the next check.
    const wait = Math.min(Math.max(next.time - now, 1), MAX_TIMER_MS);
    this.#nextCheck = setTimeout(() => this.#runDueTimers(), wait);
    this.#nextCheck.unref();
  }
}
