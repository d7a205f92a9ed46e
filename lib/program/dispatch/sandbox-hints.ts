import { ABILITIES_HEADER, REQUEST_ID_HEADER } from '../../common/sandbox-hints';
import { isSandbox } from '../../sdk/binding';

const MOST_ABILITIES = 100;

/**
 * Adds headers for the sandbox to a response: how a developer finds the log of the request, and which abilities there are. In the zone,
 * it returns the headers as they are.
 *
 * @param abilitiesOf - returns the abilities for a call that has no handler; not called in the zone
 */
export function withSandboxHints(
  headers: Record<string, string>,
  requestId: string,
  abilitiesOf: () => readonly string[] | undefined,
): Record<string, string> {
  if (!isSandbox()) return headers;
  const abilities = abilitiesOf();
  const list = abilities && JSON.stringify(abilities.slice(0, MOST_ABILITIES));
  return {
    ...headers,
    [REQUEST_ID_HEADER]: requestId,
    ...(list === undefined ? {} : { [ABILITIES_HEADER]: encodeURIComponent(list) }),
  };
}
