import type { SandboxLimits } from '../../common/limits';
import { MALFORMED_REQUEST, PlatformError } from '../../common/platform-error';
import type { ArchiveStore, TokenUse } from './archive-store';

/** How far back pulling reaches (P99824, P99830). */
export const KEPT_SECONDS = 5 * 86_400;

/** The parts of the state that {@link checkPull} uses. */
export interface PullParts {
  readonly archive: ArchiveStore;
  readonly limits: SandboxLimits;
}

/**
 * Checks the token of a pull, or counts a pull without one.
 *
 * The pages document neither the errcode for an invalid token nor the number of pulls allowed without one: 40058 is the
 * sandbox's choice, and there is no limit unless `pullsWithoutTokenPerMinute` is set.
 *
 * @throws PlatformError 40058 the token has expired, or `strictTokens` is set and it was never issued for this interface;
 * 45009 too many pulls without token.
 */
export function checkPull(
  { archive, limits }: PullParts,
  token: string | undefined,
  use: TokenUse,
): void {
  if (token === undefined) {
    if (archive.countPull() > limits.pullsWithoutTokenPerMinute) {
      throw new PlatformError(45009, 'pulls without token');
    }
    return;
  }
  const verdict = archive.checkToken(token, use);
  if (verdict === 'expired') throw new PlatformError(MALFORMED_REQUEST, 'the token has expired');
  if (verdict === 'unknown' && limits.strictTokens) {
    throw new PlatformError(MALFORMED_REQUEST, 'the token was not issued for this');
  }
}
