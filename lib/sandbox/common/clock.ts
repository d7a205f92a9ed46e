import { numberOption, timeOption } from '../../common/options';
import { MAX_TIME_MS, MAX_TIMER_MS } from '../../common/timers';

interface Appointment {
  readonly time: number;
  readonly action: () => void;
}

/**
 * The platform's time: what the archive's window, tasks, learning, exports and expiries go by.
 *
 * It runs with real time (or with the option `clock`) until a test sets it. The timestamps of what travels between
 * platform and program do not follow: a program checks them against its own clock.
 */
export class SandboxClock {
  readonly #source: () => number;
  #startOffset = 0;
  #offset = 0;
  #stoppedAt: number | undefined;
  #appointments: Appointment[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param source - the time to follow, in milliseconds since 1970. */
  constructor(source: () => number) {
    this.#source = source;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#stoppedAt ?? this.#source() + this.#offset;
  }

  /**
   * Sets the clock and stops it there; {@link resume} lets it run again. What became due happens before this returns.
   *
   * @param time - milliseconds since 1970.
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  set(time: number): void {
    this.#stoppedAt = timeOption('time', time);
    this.#keepAppointments();
  }

  /**
   * Moves the clock on, whether it runs or stands. What became due happens before this returns.
   *
   * @param ms - milliseconds; negative ones move it back.
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  advance(ms: number): void {
    numberOption('ms', ms, -this.now(), MAX_TIME_MS - this.now());
    if (this.#stoppedAt === undefined) this.#offset += ms;
    else this.#stoppedAt += ms;
    this.#keepAppointments();
  }

  /** Lets a clock that was set run on from where it stands. */
  resume(): void {
    if (this.#stoppedAt === undefined) return;
    this.#offset = this.#stoppedAt - this.#source();
    this.#stoppedAt = undefined;
    this.#keepAppointments();
  }

  /** Runs from this time on, and does so again after each {@link reset}: for a saved state. What it was to do is forgotten. */
  startFrom(time: number): void {
    this.#startOffset = timeOption('time', time) - this.#source();
    this.reset();
  }

  /** As at start: it runs with the time that it follows, and what it was to do is forgotten. */
  reset(): void {
    this.#offset = this.#startOffset;
    this.#stoppedAt = undefined;
    this.clear();
  }

  /** Does something as soon as the clock shows this time, if it does not already: then before this returns. */
  at(time: number, action: () => void): void {
    this.#appointments.push({ time, action });
    this.#appointments.sort((a, b) => a.time - b.time);
    this.#keepAppointments();
  }

  /** Forgets what was to be done. */
  clear(): void {
    this.#appointments = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #keepAppointments(): void {
    const now = this.now();
    // What an action arranges may be due, too: the list is looked into again each time.
    for (;;) {
      const [next] = this.#appointments;
      if (next === undefined || next.time > now) break;
      this.#appointments.shift();
      next.action();
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [next] = this.#appointments;
    if (next === undefined || this.#stoppedAt !== undefined) return;
    // The source need not run as fast as the timer, so the timer only says when to look again.
    const wait = Math.min(Math.max(next.time - now, 1), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#keepAppointments(), wait);
    this.#timer.unref();
  }
}
