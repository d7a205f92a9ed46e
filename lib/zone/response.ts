import { makeError } from '../errors';
import type { FilteredContent } from '../interfaces/types';

/**
 * Parses a response. The message of JSON.parse is dropped, because it quotes the input.
 *
 * @throws SpecError `ERR_SPEC_BAD_RESPONSE`
 */
export function readResponse(
  interfaceName: string,
  response: string,
): Readonly<Record<string, unknown>> {
  let fields: unknown;
  try {
    fields = JSON.parse(response);
  } catch {
    const length = `${response.length} characters`;
    throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, `is not JSON (${length})`);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, 'is not a JSON object');
  }
  return fields as Readonly<Record<string, unknown>>;
}

/** Whether a response announces more. `has_more` is 0 or 1 in most interfaces, a boolean in others, and missing in some. */
export function hasMore(response: { readonly has_more?: unknown }): boolean {
  return response.has_more === 1 || response.has_more === true;
}

/**
 * The same for pagination, where an unknown value that counted as 0 would end a pull early without an error.
 *
 * @throws SpecError `ERR_SPEC_BAD_RESPONSE`
 */
export function checkedHasMore(
  interfaceName: string,
  response: { readonly has_more?: unknown },
): boolean {
  const { has_more: more = null } = response;
  if (more === null || more === 0 || more === false || hasMore(response)) return hasMore(response);
  throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, 'has a has_more that is neither 0 nor 1');
}

/**
 * The documents that a general-model task has left out. The vendor's page calls the field `filtered_content_list` in its
 * table and `filtered_doc_list` in its example; this function reads both.
 */
export function filteredContent(response: {
  readonly filtered_content_list?: readonly FilteredContent[];
  readonly filtered_doc_list?: readonly FilteredContent[];
}): readonly FilteredContent[] {
  return response.filtered_content_list ?? response.filtered_doc_list ?? [];
}
