import { ABILITIES_HEADER, REQUEST_ID_HEADER } from '../../common/sandbox-hints';
import { isSandbox } from '../../sdk/binding';

const MOST_ABILITIES = 100;

/**
 * Headers for the sandbox: how a developer finds the log of the request, and which abilities there are. None in the zone.
 *
 * @param abilities - of a call that has no handler
 */
export function sandboxHints(
  requestId: string,
  abilities: readonly string[] | undefined,
): Record<string, string> {
  if (!isSandbox()) return {};
  const list = abilities && JSON.stringify(abilities.slice(0, MOST_ABILITIES));
  return {
    [REQUEST_ID_HEADER]: requestId,
    ...(list === undefined ? {} : { [ABILITIES_HEADER]: encodeURIComponent(list) }),
  };
}
