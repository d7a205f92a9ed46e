import { sandboxError } from '../../errors';
import { checkFields, zoneEvents } from '../../interfaces';
import { BoundedList } from '../common/bounded-list';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { EventFaultRule } from '../faults/fault';
import type { RequestFields } from '../wire/program-message';
import type { CallResult } from './call-result';

const KEPT_EVENTS = 1000;
const LONGEST_HOLD_MS = 2000;

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
  /** Calls a program, with a fault on the way there. */
  readonly call: (
    fields: RequestFields,
    options: { readonly programId: string; readonly fault: EventFaultRule | undefined },
  ) => Promise<CallResult>;
  /** The fault that happens now to an event of the type, if one does. */
  readonly fault: (eventType: string) => EventFaultRule | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** program_id of the program that receives events (`set_receive_callback`), if one does. */
  readonly receiver: () => string | undefined;
  /** Learns of each event, as soon as it is sent. */
  readonly observe?: (event: SentEvent) => void;
}

/**
 * Events, call_type 2: they go to the one program that the application has set as its receiver (P99850,
 * https://developer.work.weixin.qq.com/document/path/99850); without one nobody gets them. Each is sent once: whether the
 * platform repeats one that failed is not documented.
 */
export class ProgramEvents {
  readonly #options: ProgramEventsOptions;
  /** Lets go the events that a fault holds back. */
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
   * Sends an event. Never rejects by itself: what became of it is `result`.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_EVENT`, `ERR_SANDBOX_EVENT` when the content is not as documented
   */
  emit<Type extends ZoneEventType>(eventType: Type, content: ZoneEventContent<Type>): SentEvent {
    const time = this.#options.clock();
    const data = eventText(eventType, content, Math.floor(time / 1000));
    const programId = this.#options.receiver();
    const result = programId === undefined ? undefined : this.#send(eventType, data, programId);
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
    this.#options.observe?.(event);
    return event;
  }

  /** Forgets what was sent, and sends what is held back. */
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

  /** Until another event was sent. A time limit, since whoever awaits this event may be the one to send the other. */
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
