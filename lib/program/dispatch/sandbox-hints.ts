import { ABILITIES_HEADER, REQUEST_ID_HEADER } from '../../common/sandbox-hints';
import { isSandbox } from '../../sdk/binding';

const MOST_ABILITIES = 100;

/**
 * Adds headers for the sandbox to those of a response: how a developer finds the log of the request, and which abilities there are. In
 * the zone, it adds none.
 *
 * @param abilitiesOf - returns the abilities for a call that has no handler; not called in the zone
 */
export function addSandboxHints(
  headers: Record<string, string>,
  requestId: string,
  abilitiesOf: () => readonly string[] | undefined,
): void {
  if (!isSandbox()) return;
  headers[REQUEST_ID_HEADER] = requestId;
  const abilities = abilitiesOf();
  if (abilities === undefined) return;
  const list = JSON.stringify(abilities.slice(0, MOST_ABILITIES));
  headers[ABILITIES_HEADER] = encodeURIComponent(list);
}
