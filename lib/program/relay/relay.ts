import type { EventEmitter } from 'node:events';
import { errorForLog } from '../../common/error-for-log';
import { integerOption, stringOption, wrongType } from '../../common/options';
import { MAX_TIMER_MS } from '../../common/timers';
import { makeError } from '../../errors';
import { GenerateNotifyId } from '../../sdk/notify-id';
import { SpecInvokeError, ZoneApiError } from '../../zone/errors';
import type { RetryDecision } from '../../zone/options';
import type { AbilityHandler, Call } from '../handlers/call';
import type { EventRelay } from '../handlers/event-relay';
import { AbilityError } from '../handlers/failure';
import type { EventStore } from './event-store';

/** How events reach the application. */
export interface RelayOptions {
  /** The ability that returns stored events; default `get_callback_data`, as in the official samples. */
  readonly ability?: string;
  /** Milliseconds for which an event is kept; default 20 minutes, as in the official samples. A notify_id is valid for 10. */
  readonly ttl?: number;
  /** Event types to relay; default: all without a handler of their own. The data of an event is relayed as received, and not checked. */
  readonly events?: readonly string[];
  /** `notify_scene` of the notifications, 0 to 255; default: none. */
  readonly scene?: number;
  /** A Keyv, whose `throwOnErrors` is set; default: the program's folder. */
  readonly store?: EventStore;
}

/** Stored under a notify_id. */
interface Stored {
  readonly corpId: string;
  readonly text: string;
}

/** errcode -1 and network failures are retried. A repeated notification with the same notify_id is harmless, a lost one is not. */
const retry = {
  retries: 5,
  delay: 200,
  shouldRetry: ({ error }: RetryDecision) =>
    error instanceof SpecInvokeError || (error instanceof ZoneApiError && error.retry !== 'no'),
};

/** Stores events for the application and notifies it. */
export class Relay implements EventRelay {
  readonly ability: string;
  readonly #ttl: number;
  readonly #events: ReadonlySet<string> | undefined;
  readonly #scene: number | undefined;
  readonly #store: EventStore;

  constructor(options: RelayOptions, defaultStore: () => EventStore) {
    const { ability = 'get_callback_data', ttl = 20 * 60_000, events, scene, store } = options;
    if (events !== undefined && !Array.isArray(events))
      throw wrongType('options.events', 'an instance of Array', events);
    for (const [index, event] of (events ?? []).entries())
      stringOption(`options.events[${index}]`, event);
    if (store !== undefined && typeof store?.set !== 'function')
      throw wrongType('options.store', 'an instance of Keyv', store);
    this.ability = stringOption('options.ability', ability);
    this.#ttl = integerOption('options.ttl', ttl, 1, MAX_TIMER_MS);
    this.#events = events === undefined ? undefined : new Set(events);
    this.#scene = scene === undefined ? undefined : integerOption('options.scene', scene, 0, 255);
    this.#store = rejecting(store ?? defaultStore());
  }

  takes(eventType: string | undefined): boolean {
    return this.#events === undefined || (eventType !== undefined && this.#events.has(eventType));
  }

  /** Stores the text before the notification, because the application may fetch it immediately. */
  async notify(call: Call, text: string, scene: number | undefined = this.#scene): Promise<string> {
    const notifyId = GenerateNotifyId();
    const stored: Stored = { corpId: call.corpId, text };
    const isStored = await failing(this.#store, () => this.#store.set(notifyId, stored, this.#ttl));
    // Keyv returns false for some failures that it does not throw.
    if (isStored === false) {
      throw makeError('ERR_SPEC_STORE', 'the event store', 'it rejected the event');
    }
    const request = {
      notify_id: notifyId,
      ...(scene === undefined ? {} : { notify_scene: scene }),
    };
    await call.zone.invoke('spec_notify_app', request, { retry, signal: call.signal });
    return notifyId;
  }

  /** Handler of the ability: takes the notify_id of the call, or the field `notify_id` of the request. */
  readonly handOut: AbilityHandler<unknown> = async (request, call) => {
    const asked = (request as { notify_id?: unknown } | null)?.notify_id;
    const notifyId = call.notifyId !== '' ? call.notifyId : asked;
    if (typeof notifyId !== 'string' || notifyId === '') {
      throw new AbilityError(710646, 'the call contains no notify_id');
    }
    const stored = (await failing(this.#store, () => this.#store.get(notifyId))) as
      | Stored
      | undefined;
    // Another corp must not get the event, even if it guesses the id.
    if (stored?.corpId !== call.corpId) {
      throw new AbilityError(710646, 'no event is stored for this notify_id, or it has expired');
    }
    return stored.text;
  };
}

/**
 * Runs an operation of a store. Fails with `ERR_SPEC_STORE` if the store rejects, or reports an error meanwhile: some versions of
 * Keyv emit an event in place of rejecting, as if nothing were stored. An error of another operation at the same time fails this
 * one, too, which does no harm: the caller repeats it.
 */
async function failing<Value>(store: EventStore, operation: () => Promise<Value>): Promise<Value> {
  const emitter = store as Partial<Pick<EventEmitter, 'on' | 'off'>>;
  const errors: unknown[] = [];
  const note = (error: unknown): void => {
    errors.push(error);
  };
  emitter.on?.('error', note);
  try {
    const value = await operation();
    if (errors.length > 0) throw errors[0];
    return value;
  } catch (error) {
    throw makeError('ERR_SPEC_STORE', 'the store of events', errorForLog(error));
  } finally {
    emitter.off?.('error', note);
  }
}

/** Newer versions of Keyv neither reject nor emit an event when a value cannot be read, unless this is set. */
function rejecting(store: EventStore): EventStore {
  if ('throwOnErrors' in store) store.throwOnErrors = true;
  return store;
}
