import { abortable, whenAborted, withDeadline } from '../../common/abort';

/**
 * Runs a handler until its time is over or one of the signals is aborted; its own signal is then aborted with the same reason,
 * with which the promise is rejected at once.
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
