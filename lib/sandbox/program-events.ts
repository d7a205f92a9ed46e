import { checkFields, zoneEvents } from '../interfaces';
import type { ZoneEvent } from '../zone/interfaces';
import { BoundedList } from './bounded-list';
import type { CallResult } from './call-result';
import { SandboxError } from './errors';
import type { ProgramCaller } from './program-jobs';

const KEPT_EVENTS = 1000;

/** The type of an event; docs/interfaces.md#events lists all. */
export type ZoneEventType = ZoneEvent['event_type'];

/** What an event of a type tells, without its type and time: the object named in the table of docs/interfaces.md#events. */
export type ZoneEventContent<Type extends ZoneEventType> = ContentOf<
  Extract<ZoneEvent, { readonly event_type: Type }>
>;

type ContentOf<Event> = Event extends ZoneEvent
  ? Event[Exclude<keyof Event, 'event_type' | 'timestamp'>]
  : never;

/** An event that the platform has sent, or had to keep for itself. */
export interface SentEvent {
  readonly eventType: ZoneEventType;
  /** The whole text that the program gets as data. */
  readonly data: string;
  /** program_id of the receiver; absent when the application has set none. */
  readonly programId?: string;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** What became of it; absent without a receiver. */
  readonly result?: Promise<CallResult>;
}

export interface ProgramEventsOptions {
  readonly call: ProgramCaller;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** program_id of the program that receives events (`set_receive_callback`), if one does. */
  readonly receiver: () => string | undefined;
}

/**
 * Events, call_type 2: they go to the one program that the application has set as its receiver (P99850,
 * https://developer.work.weixin.qq.com/document/path/99850); without one nobody gets them. Each is sent once: whether the
 * platform repeats one that failed is not documented.
 */
export class ProgramEvents {
  readonly #options: ProgramEventsOptions;
  readonly #sent = new BoundedList<SentEvent>(KEPT_EVENTS);

  constructor(options: ProgramEventsOptions) {
    this.#options = options;
  }

  /** The last 1000 events, oldest first; a live view. */
  get sent(): readonly SentEvent[] {
    return this.#sent.entries;
  }

  /**
   * Sends an event. Never rejects by itself: what became of it is `result`.
   *
   * @throws SandboxError `ERR_SANDBOX_EVENT` when there is no such event or its object does not fit.
   */
  emit<Type extends ZoneEventType>(eventType: Type, content: ZoneEventContent<Type>): SentEvent {
    const time = this.#options.clock();
    const data = eventText(eventType, content, Math.floor(time / 1000));
    const programId = this.#options.receiver();
    const result =
      programId === undefined
        ? undefined
        : this.#options.call({ callType: 2, data }, { programId });
    // Most events come from the platform's own doing, where nobody waits for them.
    result?.catch(() => {});
    const event: SentEvent = {
      eventType,
      data,
      time,
      ...(programId === undefined ? {} : { programId }),
      ...(result && { result }),
    };
    this.#sent.push(event);
    return event;
  }

  /** Forgets what was sent. */
  clear(): void {
    this.#sent.clear();
  }
}

function eventText(eventType: string, content: object, timestamp: number): string {
  const definition = zoneEvents.find((event) => event.eventType === eventType);
  if (definition === undefined) {
    throw new SandboxError(
      'ERR_SANDBOX_EVENT',
      `The platform has no event ${JSON.stringify(eventType)}. It has ${zoneEvents.map((event) => event.eventType).join(', ')}.`,
    );
  }
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const complaint = isObject
    ? checkFields({ kind: 'struct', fields: definition.fields }, { ...content })
    : { path: '', text: 'must be an object' };
  if (complaint !== undefined) {
    const { path, text } = complaint;
    throw new SandboxError(
      'ERR_SANDBOX_EVENT',
      `The object ${definition.object} of ${eventType} does not fit: ${path === '' ? 'it' : path} ${text}. docs/interfaces.md lists its fields.`,
    );
  }
  return JSON.stringify({ event_type: eventType, timestamp, [definition.object]: content });
}
