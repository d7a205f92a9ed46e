import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

/** What the channels `wework-spec-sdk:invoke` carry: one call of `SpecSdk.Invoke`. No request and no content. */
export interface InvokeTrace {
  readonly apiName: string;
  /** What the SDK returned; undefined before it has, and when the call was rejected. */
  ret: number | undefined;
}

/** The channels `tracing:wework-spec-sdk:invoke:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const invokeChannel = tracingChannel<unknown, object>('wework-spec-sdk:invoke');

/** Adds to what subscribers see. One that has frozen the message must not fail what is traced. */
export function amend<T extends object>(trace: T, fields: Partial<T> & object): void {
  try {
    Object.assign(trace, fields);
  } catch {
    // It then goes without.
  }
}

/**
 * Runs asynchronous work between the events of a tracing channel. Without a subscriber it costs nothing but this call.
 *
 * Node's `tracePromise` would put the result, which is content, into what the subscribers get.
 */
export async function traced<T>(
  channel: TracingChannel<unknown, object>,
  trace: object,
  work: () => Promise<T>,
): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error } = channel;
  const isWatched =
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers;
  if (!isWatched) return work();
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
