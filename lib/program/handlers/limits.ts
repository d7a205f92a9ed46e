import { abortable, whenAborted, withDeadline } from '../../common/abort';

/**
 * Runs a handler until it times out or one of the signals is aborted. Then the handler's signal is aborted and the promise is rejected
 * immediately, with the same reason.
 *
 * @param name - of the ability or event, for the error
 * @param timeout - milliseconds
 */
export async function withinLimits<T>(
  name: string,
  timeout: number,
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const unsubscribes = signals.map((outer) => whenAborted(outer, () => limit.abort(outer?.reason)));
  try {
    return await withDeadline(name, limit.signal, timeout, (timed = limit.signal) =>
      abortable(work(timed), timed),
    );
  } finally {
    for (const unsubscribe of unsubscribes) unsubscribe();
  }
}
