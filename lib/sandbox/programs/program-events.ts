import { sandboxError } from '../../errors';
import { checkFields, zoneEvents } from '../../interfaces';
import { BoundedList } from '../common/bounded-list';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { EventFaultRule } from '../faults/fault';
import type { RequestFields } from '../wire/program-message';
import type { CallResult } from './call-result';

const KEPT_EVENTS = 1000;
const LONGEST_HOLD_MS = 2000;

/** An event that the platform sent, or could not send because no program receives events. */
export interface SentEvent {
  /** `event_type` of the event. */
  readonly eventType: ZoneEventType;
  /** The data that the program gets, as JSON. */
  readonly data: string;
  /** program_id of the receiver; absent when the application has set none. */
  readonly programId?: string;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** The result of the call; absent without a receiver. */
  readonly result?: Promise<CallResult>;
}

export interface ProgramEventsOptions {
  /** Calls a program, with a fault in the request. */
  readonly call: (
    fields: RequestFields,
    options: { readonly programId: string; readonly fault: EventFaultRule | undefined },
  ) => Promise<CallResult>;
  /** The fault to inject into an event of this type, if any. */
  readonly fault: (eventType: string) => EventFaultRule | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** program_id of the program that receives events (`set_receive_callback`), if any. */
  readonly receiver: () => string | undefined;
  /** Called with each event as soon as it is sent. */
  readonly observe?: (event: SentEvent) => void;
}

/**
 * Sends events (call_type 2) to the one program that the application has set as receiver (P99850,
 * https://developer.work.weixin.qq.com/document/path/99850). Without a receiver, no program gets them. Each event is sent once:
 * whether the platform repeats a failed one is not documented.
 */
export class ProgramEvents {
  readonly #options: ProgramEventsOptions;
  /** Functions that send the events that a fault delays. */
  readonly #held = new Set<() => void>();
  readonly #sent = new BoundedList<SentEvent>(KEPT_EVENTS);

  constructor(options: ProgramEventsOptions) {
    this.#options = options;
  }

  /** The last 1000 events, oldest first; a live view. */
  get sent(): readonly SentEvent[] {
    return this.#sent.entries;
  }

  /**
   * Sends an event. A failure of the call is in `result`.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_EVENT`, `ERR_SANDBOX_EVENT` when the content is not as documented
   */
  emit<Type extends ZoneEventType>(eventType: Type, content: ZoneEventContent<Type>): SentEvent {
    const time = this.#options.clock();
    const data = eventText(eventType, content, Math.floor(time / 1000));
    const programId = this.#options.receiver();
    const result = programId === undefined ? undefined : this.#send(eventType, data, programId);
    // The platform sends most events by itself, and nothing awaits their result.
    result?.catch(() => {});
    const event: SentEvent = {
      eventType,
      data,
      time,
      ...(programId === undefined ? {} : { programId }),
      ...(result && { result }),
    };
    this.#sent.push(event);
    this.#options.observe?.(event);
    return event;
  }

  /** Discards the list of sent events, and sends the delayed ones. */
  clear(): void {
    this.#release();
    this.#sent.clear();
  }

  async #send(eventType: string, data: string, programId: string): Promise<CallResult> {
    const fault = this.#options.fault(eventType);
    const send = () => this.#options.call({ callType: 2, data }, { programId, fault });
    if (fault?.reorder) {
      await this.#hold();
      return send();
    }
    const result = await send();
    for (let more = fault?.duplicate ?? 0; more > 0; more -= 1) await send();
    this.#release();
    return result;
  }

  /** Waits until another event was sent. Has a time limit, because the caller may await this event before it sends the other. */
  #hold(): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, LONGEST_HOLD_MS);
      this.#held.add(release);
    });
  }

  #release(): void {
    for (const release of [...this.#held]) release();
  }
}

function eventText(eventType: string, content: object, timestamp: number): string {
  const definition = zoneEvents.find((event) => event.eventType === eventType);
  if (definition === undefined) {
    const known = zoneEvents.map((event) => event.eventType);
    throw sandboxError('ERR_SANDBOX_UNKNOWN_EVENT', [eventType, known]);
  }
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const complaint = isObject
    ? checkFields({ kind: 'struct', fields: definition.fields }, { ...content })
    : { path: '', text: 'must be an object' };
  if (complaint !== undefined) {
    const { path, text } = complaint;
    const field = path === '' ? definition.object : `${definition.object}.${path}`;
    throw sandboxError('ERR_SANDBOX_EVENT', [eventType, field, text]);
  }
  return JSON.stringify({ event_type: eventType, timestamp, [definition.object]: content });
}

/** The type of an event that {@link ProgramEvents} sends. @param data - the data that the program gets */
export function eventTypeOf(data: unknown): string {
  return (JSON.parse(String(data)) as { event_type: string }).event_type;
}
