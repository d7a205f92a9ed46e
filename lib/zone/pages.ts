import { makeError } from '../errors';
import type { ZoneInterfaceName, ZoneInterfaces } from '../interfaces/types';
import type { InvokeOptions } from './options';
import { hasMore } from './response';
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
  let cursor = (request as { readonly cursor?: string }).cursor;
  for (;;) {
    const response = await zone.invoke<object, ZoneInterfaces[Name]['response']>(
      name,
      { ...request, cursor },
      options,
    );
    yield response;
    if (!hasMore(response as { has_more?: unknown })) return;
    const { next_cursor: next } = response as { readonly next_cursor: string };
    checkProgress(name, cursor, next);
    cursor = next;
  }
}

/**
 * Prevents an endless loop: a response that announces more must have a new cursor.
 *
 * @throws SpecError `ERR_SPEC_BAD_RESPONSE`
 */
export function checkProgress(
  name: string,
  cursor: string | undefined,
  next: string | undefined,
): asserts next is string {
  if (typeof next !== 'string' || next === '' || next === cursor) {
    throw makeError(
      'ERR_SPEC_BAD_RESPONSE',
      name,
      'announces more, but its next_cursor is missing or unchanged',
    );
  }
}
