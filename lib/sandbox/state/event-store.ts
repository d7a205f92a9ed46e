import type { SandboxClock } from '../common/clock';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import { DataStore } from './store';

/** Sends an event to the program that receives events; without a receiver it is only recorded. */
export type EventSender = <Type extends ZoneEventType>(
  type: Type,
  content: ZoneEventContent<Type>,
) => void;

/** An event that the platform sends later. */
export interface ScheduledEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** `event_type` of the event. */
  readonly eventType: ZoneEventType;
  /** The fields of its data object, for example `{ token }`. */
  readonly content: object;
}

/** The events that the platform sends later. They are data so that a saved state keeps them. */
export class EventStore extends DataStore<{ readonly scheduled: ScheduledEvent[] }> {
  readonly #clock: SandboxClock;
  readonly #send: EventSender;

  constructor(clock: SandboxClock, send: EventSender) {
    super({ scheduled: [] });
    this.#clock = clock;
    this.#send = send;
  }

  /** Sends an event now. */
  emit<Type extends ZoneEventType>(type: Type, content: ZoneEventContent<Type>): void {
    this.#send(type, content);
  }

  /**
   * Sends an event when the clock reaches a time.
   *
   * @param time - milliseconds since 1970.
   */
  emitAt<Type extends ZoneEventType>(
    time: number,
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): void {
    const event: ScheduledEvent = { time, eventType, content };
    this.data.scheduled.push(event);
    this.#schedule(event);
  }

  /** Replaces the scheduled events. Sends those that are due at once; clear the clock first. */
  override restore(data: { readonly scheduled: ScheduledEvent[] }): void {
    super.restore(data);
    for (const event of [...this.data.scheduled]) this.#schedule(event);
  }

  #schedule(event: ScheduledEvent): void {
    this.#clock.at(event.time, () => {
      const { scheduled } = this.data;
      scheduled.splice(scheduled.indexOf(event), 1);
      this.#send(event.eventType, event.content as never);
    });
  }
}
