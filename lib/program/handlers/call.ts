import type { ZoneEvent } from '../../interfaces/types';
import type { UnknownZoneEvent } from '../../zone/events';
import type { ZoneClient } from '../../zone/zone-client';
import type { ProgramLog } from '../observe/log';

/** What a handler learns beside the request. */
export interface Call {
  /** Of our own making, eight hexadecimal digits: begins each record of {@link log}. A job keeps it over restarts. */
  readonly requestId: string;
  /** The corp that granted the application. */
  readonly corpId: string;
  /** The application, a uint32; 0 is possible when only a model task runs. */
  readonly agentId: number;
  /** The ability that is called; empty for events. */
  readonly abilityId: string;
  /** The notify_id that the application named in `sync_call_program`, or an empty string; always empty with an SDK without `GetNotifyId`. */
  readonly notifyId: string;
  /** Whether the result is reported later, by `program_async_job_call_back`. */
  readonly isAsync: boolean;
  /** 1: an application calls. 2: an event of the platform. */
  readonly callType: number;
  /** Opaque; of asynchronous calls only. */
  readonly jobInfo: string;
  /** The request as it came, before it was parsed. */
  readonly data: string;
  /**
   * Which run of the handler this is, from 1. More than 1: an asynchronous job whose earlier run was cut short with its
   * process; what that run did outside may have been done.
   */
  readonly attempt: number;
  /** Calls the zone in the name of the application that called; job_info included. */
  readonly zone: ZoneClient;
  /** The zone's log, with the request's id in each record. */
  readonly log: ProgramLog;
  /**
   * Aborted when the handler's result is no longer wanted: time-out (`ERR_SPEC_TIMEOUT`), the connection was closed, or the
   * program's time to stop is over (`ERR_SPEC_STOPPED`). Hand it to what takes long: `call.zone.invoke(…, { signal })`.
   */
  readonly signal: AbortSignal;
  /**
   * Tells the application that something is there for it: makes a notify_id, stores the value under it, and calls
   * `spec_notify_app`. The application fetches it with the ability of {@link ZoneProgram.relayEvents}.
   *
   * @param value - a text, or an object that becomes JSON
   * @param scene - `notify_scene`, 0 to 255
   * @returns the notify_id; rejected with `ERR_SPEC_NO_RELAY`, and as {@link ZoneClient.invoke}
   */
  notifyApp(value: HandlerResult, scene?: number): Promise<string>;
}

/** An object becomes JSON; a text is sent as it is. */
export type HandlerResult = object | string;

/** Serves an ability. What it throws is logged, and answered without details: see {@link AbilityError}. */
export type AbilityHandler<Request> = (
  request: Request,
  call: Call,
) => HandlerResult | Promise<HandlerResult>;

/** What an event's handler may return: without an answer of its own `{"errcode":0,"errmsg":"ok"}` is sent. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing has this type.
export type EventHandlerResult = HandlerResult | undefined | void;

/** Serves events. */
export type EventHandler<Event> = (
  event: Event,
  call: Call,
) => EventHandlerResult | Promise<EventHandlerResult>;

/** An event type that is known, or any other. */
export type ZoneEventType = ZoneEvent['event_type'] | (string & {});

/** The event of a type. */
export type ZoneEventOf<Type extends string> = Type extends ZoneEvent['event_type']
  ? Extract<ZoneEvent, { event_type: Type }>
  : UnknownZoneEvent;
