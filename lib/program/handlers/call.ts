import type { ZoneEvent } from '../../interfaces/types';
import type { UnknownZoneEvent } from '../../zone/events';
import type { ZoneClient } from '../../zone/zone-client';
import type { ProgramLog } from '../observe/log';

/** The second argument of a handler: who calls, and what the handler may do on behalf of the caller. */
export interface Call {
  /** Eight hexadecimal digits, made by this package: begins each record of {@link log}. A job keeps it across restarts. */
  readonly requestId: string;
  /** The corp that granted the application. */
  readonly corpId: string;
  /** The application, a uint32; 0 when the program is called for a model task only. */
  readonly agentId: number;
  /** The ability that is called; empty for events. */
  readonly abilityId: string;
  /** The notify_id that the application named in `sync_call_program`, or an empty string; always empty with an SDK without `GetNotifyId`. */
  readonly notifyId: string;
  /** Whether the result is reported later, by `program_async_job_call_back`. */
  readonly isAsync: boolean;
  /** 1: a call of an application. 2: an event of the platform. */
  readonly callType: number;
  /** Opaque; empty unless the call is asynchronous. */
  readonly jobInfo: string;
  /** The request's data as received, before parsing. */
  readonly data: string;
  /**
   * Which run of the handler this is, from 1. Greater than 1 for an asynchronous job whose earlier run was interrupted when its
   * process ended; the side effects of that run may have happened.
   */
  readonly attempt: number;
  /** Calls the zone on behalf of the calling application; job_info included. */
  readonly zone: ZoneClient;
  /** The zone's log, with the request's id in each record. */
  readonly log: ProgramLog;
  /**
   * Aborted when the handler's result is no longer needed: the handler timed out (`ERR_SPEC_TIMEOUT`), or the connection was closed
   * or `closeTimeout` has passed (`ERR_SPEC_STOPPED`). Pass it to long operations: `call.zone.invoke(…, { signal })`.
   */
  readonly signal: AbortSignal;
  /**
   * Notifies the application: stores the value under a new notify_id and calls `spec_notify_app`. The application fetches the value
   * with the ability of {@link ZoneProgram.relayEvents}.
   *
   * @param value - a string, or an object that is sent as JSON
   * @param scene - `notify_scene`, 0 to 255
   * @returns the notify_id; rejected with `ERR_SPEC_NO_RELAY`, and as {@link ZoneClient.invoke}
   */
  notifyApp(value: HandlerResult, scene?: number): Promise<string>;
}

/** The result of a handler: an object is sent as JSON, a string as it is. */
export type HandlerResult = object | string;

/** Serves an ability. An exception is logged and the application gets no details of it, except of an {@link AbilityError}. */
export type AbilityHandler<Request> = (
  request: Request,
  call: Call,
) => HandlerResult | Promise<HandlerResult>;

/** The result of an event handler; `undefined` is sent as `{"errcode":0,"errmsg":"ok"}`. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing has this type.
export type EventHandlerResult = HandlerResult | undefined | void;

/** Handles the events of a type. */
export type EventHandler<Event> = (
  event: Event,
  call: Call,
) => EventHandlerResult | Promise<EventHandlerResult>;

/** A documented event type, or any other string. */
export type ZoneEventType = ZoneEvent['event_type'] | (string & {});

/** The event of a type. */
export type ZoneEventOf<Type extends string> = Type extends ZoneEvent['event_type']
  ? Extract<ZoneEvent, { event_type: Type }>
  : UnknownZoneEvent;
