import { createHmac } from 'node:crypto';

const MAC_DIGITS = 32;

/** Messages of a corp by their index: from `start` up to, but without, `end`. */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The ids in `page_id_list`. An id says itself which messages it stands for, so that nothing has to
 * be kept and it never stands for others; its signature keeps programs from making ids of their own.
 */
export class PageIds {
  readonly #key: () => string;

  /** @param key - asked each time: it is part of the state, which may be replaced. */
  constructor(key: () => string) {
    this.#key = key;
  }

  /** The page id of these messages, good for this corpid alone. */
  make(corpId: string, { start, end }: MessageRange): string {
    const mac = createHmac('sha256', this.#key()).update(`${start}-${end} ${corpId}`).digest('hex');
    return `page-${start}-${end}-${mac.slice(0, MAC_DIGITS)}`;
  }

  /** What a page id stands for; `undefined` unless it was made here for this corpid. */
  read(corpId: string, pageId: string): MessageRange | undefined {
    const [, start, end] = /^page-(\d{1,10})-(\d{1,10})-/.exec(pageId) ?? [];
    const range = { start: Number(start), end: Number(end) };
    return this.make(corpId, range) === pageId ? range : undefined;
  }
}
