import { makeError } from '../errors';
import { checkFields, struct, type ZoneEventDefinition, zoneEvents } from '../interfaces';
import type { ZoneEvent } from '../interfaces/types';

/**
 * An event type that this version does not know. Exists for the compiler only, not at run time: a member of a string enum
 * differs from every string literal, so that comparing `event_type` with a known type excludes {@link UnknownZoneEvent}.
 */
export declare enum UnknownEventType {
  /** Represents every unknown type; the value is never used. */
  other = 'a type that this version does not know',
}

/** An event of a type that this version does not know, as received. */
export interface UnknownZoneEvent {
  /** A string that is not one of the known types. */
  event_type: UnknownEventType;
  /** Unix time in seconds; every known event has it. */
  timestamp?: number;
  /** The data of the event, as received. */
  [field: string]: unknown;
}

const definitions: ReadonlyMap<string, ZoneEventDefinition> = new Map(
  zoneEvents.map((definition) => [definition.eventType, definition]),
);

/**
 * Parses the event in a request of call type 2. The result is a union that `event_type` discriminates. Undocumented fields
 * are kept; an event of an unknown type is returned unchanged.
 *
 * @param data - `callback.GetData()`, or the object parsed from it
 * @returns the event
 * @throws SpecError `ERR_SPEC_BAD_EVENT` if the data is not an event, or a documented field of its type is missing or has
 * another type
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
    throw makeError(
      'ERR_SPEC_BAD_EVENT',
      `${definition.object} of ${type}`,
      'is missing or not an object',
    );
  }
  const violation = checkFields(struct(definition.fields), content as Record<string, unknown>, {
    lenient: true,
  });
  if (violation !== undefined) {
    const where = `${definition.object}.${violation.path} of ${type}`;
    throw makeError('ERR_SPEC_BAD_EVENT', where, violation.text);
  }
  return event as ZoneEvent;
}

/** Drops the message of JSON.parse, because it quotes the input. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw makeError('ERR_SPEC_BAD_EVENT', 'it', 'is not JSON');
  }
}
