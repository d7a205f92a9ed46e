import { MALFORMED_REQUEST, PlatformError } from '../../common/platform-error';

/** Index of the first entry sent at or after this time (Unix seconds). The entries must be in ascending order. */
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

/** Cursors that contain the index of the next item. */
export class IndexCursor {
  /** @param name - prefix of the cursors, so that cursors of other interfaces are rejected. */
  constructor(private readonly name: string) {}

  /** The cursor for an index. */
  at(index: number): string {
    return `${this.name}-${index}`;
  }

  /**
   * The index of a cursor.
   *
   * @throws PlatformError `errcode` the cursor is malformed or points beyond `end`.
   */
  read(cursor: string, end: number, errcode = MALFORMED_REQUEST): number {
    const [name, digits = ''] = [
      cursor.slice(0, this.name.length + 1),
      cursor.slice(this.name.length + 1),
    ];
    const index = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
    if (name === `${this.name}-` && index <= end) return index;
    throw new PlatformError(errcode, 'unknown cursor');
  }

  /** One page of a list; `next` is empty on the last one. */
  page<T>(
    list: readonly T[],
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): { readonly items: readonly T[]; readonly hasMore: boolean; readonly next: string } {
    // Some definitions accept an empty cursor, which means the beginning.
    const start = cursor === undefined || cursor === '' ? 0 : this.read(cursor, list.length);
    const end = Math.min(start + limit, list.length);
    const hasMore = end < list.length;
    return { items: list.slice(start, end), hasMore, next: hasMore ? this.at(end) : '' };
  }
}
