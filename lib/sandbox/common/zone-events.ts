import type { ZoneEvent } from '../../interfaces/types';

/** The type of an event; docs/interfaces.md#events lists all. */
export type ZoneEventType = ZoneEvent['event_type'];

type ContentOf<Event> = Event extends ZoneEvent
  ? Event[Exclude<keyof Event, 'event_type' | 'timestamp'>]
  : never;

/** The content of an event without its type and time: the object in the table of docs/interfaces.md#events. */
export type ZoneEventContent<Type extends ZoneEventType> = ContentOf<
  Extract<ZoneEvent, { readonly event_type: Type }>
>;
