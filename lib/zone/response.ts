import { makeError } from '../errors';
import type { FilteredContent } from '../interfaces/types';

/**
 * The platform's answer as an object; throws `ERR_SPEC_BAD_RESPONSE`. JSON.parse quotes from a text that it does not
 * understand, so its words stay out of the error.
 */
export function readResponse(
  interfaceName: string,
  response: string,
): Readonly<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse(response);
  } catch {
    const length = `${response.length} characters`;
    throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, `is not JSON (${length})`);
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw makeError('ERR_SPEC_BAD_RESPONSE', interfaceName, 'is not a JSON object');
  }
  return answer as Readonly<Record<string, unknown>>;
}

/**
 * Whether a response says that there is more: the platform writes 0 and 1 in most interfaces, booleans in others, and
 * leaves the field out in some.
 */
export function hasMore(response: { readonly has_more?: unknown }): boolean {
  return response.has_more === 1 || response.has_more === true;
}

/** What a general-model task left out, under the name of the page's table or of its example. */
export function filteredContent(response: {
  readonly filtered_content_list?: readonly FilteredContent[];
  readonly filtered_doc_list?: readonly FilteredContent[];
}): readonly FilteredContent[] {
  return response.filtered_content_list ?? response.filtered_doc_list ?? [];
}
