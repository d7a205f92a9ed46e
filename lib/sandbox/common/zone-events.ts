import type { ZoneEvent } from '../../interfaces/types';

/** The type of an event; docs/interfaces.md#events lists all. */
export type ZoneEventType = ZoneEvent['event_type'];

/** The content of an event without its type and time: the object in the table of docs/interfaces.md#events. */
export type ZoneEventContent<Type extends ZoneEventType> =
  Extract<ZoneEvent, { readonly event_type: Type }> extends infer Event
    ? Event extends ZoneEvent
      ? Event[Exclude<keyof Event, 'event_type' | 'timestamp'>]
      : never
    : never;
