import { MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { TokenUse } from '../state/records';
import type { ZoneState } from '../state/state';

/** How far back pulling reaches (P99824, P99830). */
export const KEPT_SECONDS = 5 * 86_400;

/**
 * Checks the token of a pull, or counts a pull without one.
 *
 * No page says what the platform answers for a bad token, nor how many pulls without token it allows: 40058 is the
 * sandbox's choice, and the second limit is off unless it is set.
 *
 * @throws PlatformError 40058 the token has expired, or, where tokens are strict, was never issued; 45009 too many pulls
 * without token.
 */
export function checkPull(state: ZoneState, token: string | undefined, use: TokenUse): void {
  if (token === undefined) {
    if (state.countPull() > state.limits.pullsWithoutTokenPerMinute) {
      throw new PlatformError(45009, 'pulls without token');
    }
    return;
  }
  const verdict = state.checkToken(token, use);
  if (verdict === 'expired') throw new PlatformError(MALFORMED_REQUEST, 'the token has expired');
  if (verdict === 'unknown' && state.limits.strictTokens) {
    throw new PlatformError(MALFORMED_REQUEST, 'the token was not issued for this');
  }
}

/** Index of the first entry that was not sent before this time; they are in ascending order. */
export function firstSince(
  entries: readonly { readonly sendTime: number }[],
  seconds: number,
): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.sendTime ?? Number.POSITIVE_INFINITY) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cursors that are the index of what comes next. */
export class IndexCursor {
  /** @param name - what a cursor begins with, so that one of another interface is not taken. */
  constructor(private readonly name: string) {}

  at(index: number): string {
    return `${this.name}-${index}`;
  }

  /** The index; throws PlatformError when the cursor is none, or lies beyond the end. */
  read(cursor: string, end: number, errcode = MALFORMED_REQUEST): number {
    const [name, digits = ''] = [
      cursor.slice(0, this.name.length + 1),
      cursor.slice(this.name.length + 1),
    ];
    const index = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
    if (name === `${this.name}-` && index <= end) return index;
    throw new PlatformError(errcode, 'the cursor is none that was given out');
  }

  /** One page of a list that is given in order. */
  page<T>(
    list: readonly T[],
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): { readonly items: readonly T[]; readonly hasMore: boolean; readonly next: string } {
    // An empty text is let through by some definitions, and means the beginning.
    const start = cursor === undefined || cursor === '' ? 0 : this.read(cursor, list.length);
    const end = Math.min(start + limit, list.length);
    const hasMore = end < list.length;
    return { items: list.slice(start, end), hasMore, next: hasMore ? this.at(end) : '' };
  }
}
