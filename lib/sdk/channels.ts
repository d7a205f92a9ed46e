import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import type { Awaitable } from '../common/awaitable';

/** The message on the channels `wework-spec-sdk:invoke`: one call of `SpecSdk.Invoke`, without request and response. */
export interface InvokeTrace {
  /** The interface that was called. */
  readonly apiName: string;
  /** The return value of the SDK; undefined until it has returned, and if the call was rejected. */
  ret: number | undefined;
}

/** The channels `tracing:wework-spec-sdk:invoke:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const invokeChannel = tracingChannel<object, object>('wework-spec-sdk:invoke');

/** Adds fields to the message that subscribers see. A subscriber that has frozen it must not make the traced work fail. */
export function amend<T extends object>(trace: T, fields: Partial<T> & object): void {
  try {
    Object.assign(trace, fields);
  } catch {
    // Frozen: the fields are not added.
  }
}

/**
 * Runs work between the events of a tracing channel; without subscribers it only runs the work, and returns what the work returns.
 *
 * `tracePromise` of Node.js is not used, because it would publish the result, which may hold conversation content.
 */
export function traced<T>(
  channel: TracingChannel<object, object>,
  trace: object,
  work: () => Awaitable<T>,
): Awaitable<T> {
  const { start, end, asyncStart, asyncEnd, error } = channel;
  const isWatched =
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers;
  return isWatched ? published(channel, trace, work) : work();
}

async function published<T>(
  { start, end, asyncStart, asyncEnd, error }: TracingChannel<object, object>,
  trace: object,
  work: () => Awaitable<T>,
): Promise<T> {
  const promise = start.runStores(trace, () => {
    try {
      return work();
    } finally {
      end.publish(trace);
    }
  });
  try {
    return await promise;
  } catch (reason) {
    amend(trace, { error: reason });
    error.publish(trace);
    throw reason;
  } finally {
    asyncStart.publish(trace);
    asyncEnd.publish(trace);
  }
}
