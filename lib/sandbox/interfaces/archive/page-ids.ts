import { createHmac } from 'node:crypto';

const MAC_DIGITS = 32;

/** A range of message indexes, `end` not included. */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The ids in `page_id_list`. An id contains its range, so the sandbox stores nothing and an id always means the same
 * messages. The signature prevents programs from forging ids.
 */
export class PageIds {
  readonly #key: () => string;

  /** @param key - called for each id, because `load` can replace the key. */
  constructor(key: () => string) {
    this.#key = key;
  }

  /** The page id of a range, valid only for this corpid. */
  make(corpId: string, { start, end }: MessageRange): string {
    const mac = createHmac('sha256', this.#key()).update(`${start}-${end} ${corpId}`).digest('hex');
    return `page-${start}-${end}-${mac.slice(0, MAC_DIGITS)}`;
  }

  /** The range of a page id; `undefined` unless it was made for this corpid. */
  read(corpId: string, pageId: string): MessageRange | undefined {
    const [, start, end] = /^page-(\d{1,10})-(\d{1,10})-/.exec(pageId) ?? [];
    const range = { start: Number(start), end: Number(end) };
    return this.make(corpId, range) === pageId ? range : undefined;
  }
}
