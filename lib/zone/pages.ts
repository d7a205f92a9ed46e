import { createHash } from 'node:crypto';
import { objectOption } from '../common/options';
import { makeError } from '../errors';
import type { ZoneInterfaceName, ZoneInterfaces } from '../interfaces/types';
import type { InvokeOptions } from './options';
import { checkedHasMore } from './response';
import type { ZoneCaller } from './zone-caller';

/** The interfaces with pagination: their response has a `next_cursor`. */
export type PagedInterfaceName = {
  [Name in ZoneInterfaceName]: ZoneInterfaces[Name]['response'] extends { next_cursor: string }
    ? Name
    : never;
}[ZoneInterfaceName];

/** Implements ZoneClient.pages. */
export async function* pages<Name extends PagedInterfaceName>(
  zone: ZoneCaller,
  name: Name,
  request: ZoneInterfaces[Name]['request'],
  options: InvokeOptions,
): AsyncGenerator<ZoneInterfaces[Name]['response'], void, undefined> {
  objectOption('request', request);
  const { cursor } = request as { readonly cursor?: string };
  const position = new Position(name, cursor);
  for (let next = cursor; ; ) {
    const response = await zone.invoke<object, ZoneInterfaces[Name]['response']>(
      name,
      { ...request, cursor: next },
      options,
    );
    const more = checkedHasMore(name, response as { has_more?: unknown });
    yield response;
    if (!more) return;
    next = position.advance(response as { next_cursor?: unknown });
  }
}

/** Follows the cursors of a pull: detects a cycle, and keeps the last cursor to continue from. */
export class Position {
  readonly #name: string;
  // Digests, because nothing but documentation limits the length of a cursor.
  readonly #seen = new Set<string>();
  #cursor: string;

  /** @param name - of the interface, for errors. @param cursor - where the pull starts */
  constructor(name: string, cursor: string | undefined) {
    this.#name = name;
    this.#cursor = typeof cursor === 'string' ? cursor : '';
    this.#isNew(this.#cursor);
  }

  /**
   * The cursor with which to continue after a response that announces more.
   *
   * @throws SpecError `ERR_SPEC_BAD_RESPONSE` it is missing, or the pull was there before
   */
  advance({ next_cursor: next }: { readonly next_cursor?: unknown }): string {
    if (typeof next === 'string' && next !== '' && this.#isNew(next)) {
      this.#cursor = next;
      return next;
    }
    throw makeError(
      'ERR_SPEC_BAD_RESPONSE',
      this.#name,
      'announces more, but its next_cursor is missing or repeats an earlier one',
    );
  }

  /**
   * The cursor to store after the last response: its own, or else the last one before; empty if there was none.
   *
   * @throws SpecError `ERR_SPEC_BAD_RESPONSE` it is not a string
   */
  end({ next_cursor: next }: { readonly next_cursor?: unknown }): string {
    if (typeof (next ?? '') !== 'string') {
      throw makeError(
        'ERR_SPEC_BAD_RESPONSE',
        this.#name,
        'has a next_cursor that is not a string',
      );
    }
    return (next as string | null | undefined) || this.#cursor;
  }

  #isNew(cursor: string): boolean {
    const digest = createHash('sha256').update(cursor).digest('base64');
    if (this.#seen.has(digest)) return false;
    this.#seen.add(digest);
    return true;
  }
}
