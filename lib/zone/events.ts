import { makeError } from '../errors';
import { checkFields, struct, type ZoneEventDefinition, zoneEvents } from '../interfaces';
import type { ZoneEvent } from '../interfaces/types';

/**
 * A text that is none of the known types. There is no such enum at run time: to the compiler the members of a text enum are
 * different from every other text, so that a comparison with a known type rules the unknown event out.
 */
export declare enum UnknownEventType {
  /** Stands for all of them. */
  other = 'a type that this version does not know',
}

/** An event of a type that this version does not know, as it came. */
export interface UnknownZoneEvent {
  /** A text; none of the known types. */
  event_type: UnknownEventType;
  /** Unix seconds, in all events that are known. */
  timestamp?: number;
  [field: string]: unknown;
}

const definitions: ReadonlyMap<string, ZoneEventDefinition> = new Map(
  zoneEvents.map((definition) => [definition.eventType, definition]),
);

/**
 * The event that a request of call type 2 carries, told apart by `event_type`. Fields beyond those documented stay
 * where they are; types that this version does not know are handed on untouched.
 *
 * @param data - `callback.GetData()`, or what was parsed from it
 * @throws SpecError `ERR_SPEC_BAD_EVENT` when it is no event, or lacks a documented field of its type
 * @see docs/interfaces.md#events
 *
 * @example
 * ```ts
 * const event = parseEvent(callback.GetData());
 * if (event.event_type === 'conversation_new_message') {
 *   const { token } = event.conversation_new_message;
 * }
 * ```
 */
export function parseEvent(data: string | object): ZoneEvent | UnknownZoneEvent {
  const event = typeof data === 'string' ? parsed(data) : data;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw makeError('ERR_SPEC_BAD_EVENT', 'it', 'is not a JSON object');
  }
  const { event_type: type, timestamp } = event as Record<string, unknown>;
  if (typeof type !== 'string' || type === '') {
    throw makeError('ERR_SPEC_BAD_EVENT', 'event_type', 'is missing or not a string');
  }
  const definition = definitions.get(type);
  if (definition === undefined) return event as UnknownZoneEvent;
  if (typeof timestamp !== 'number') {
    throw makeError('ERR_SPEC_BAD_EVENT', `timestamp of ${type}`, 'is missing or not a number');
  }
  const content = (event as Record<string, unknown>)[definition.object];
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw makeError('ERR_SPEC_BAD_EVENT', `${definition.object} of ${type}`, 'is not an object');
  }
  const complaint = checkFields(struct(definition.fields), content as Record<string, unknown>, {
    lenient: true,
  });
  if (complaint !== undefined) {
    const where = `${definition.object}.${complaint.path} of ${type}`;
    throw makeError('ERR_SPEC_BAD_EVENT', where, complaint.text);
  }
  return event as ZoneEvent;
}

/** JSON.parse quotes from a text that it does not understand, so its words stay out of the error. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw makeError('ERR_SPEC_BAD_EVENT', 'it', 'is not JSON');
  }
}
