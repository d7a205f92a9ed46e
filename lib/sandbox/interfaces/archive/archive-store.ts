import { createHash, randomBytes } from 'node:crypto';
import type { SandboxClock } from '../../common/clock';
import { DataStore } from '../../state/store';

const TOKEN_MS = 10 * 60_000;
// Enough to count the pulls without token of a minute.
const KEPT_PULLS = 10_000;

/** The interface that a token of an event is valid for. */
export type TokenUse = 'sync_msg' | 'get_hit_msg_list';

/** Saved data of {@link ArchiveStore}. */
export interface ArchiveData {
  /** Tokens of events with the interface that they are valid for, and their end in milliseconds since 1970. */
  readonly tokens: Map<string, { readonly use: TokenUse; readonly expiresAt: number }>;
  /** Times of the pulls without token. */
  pulls: number[];
  /** Signs page ids and derives the secrets of new messages. */
  readonly key: string;
}

/** What pulling from the archive depends on: tokens of events, pulls without token, the key of page ids. */
export class ArchiveStore extends DataStore<ArchiveData> {
  readonly #clock: SandboxClock;

  constructor(clock: SandboxClock) {
    super({ tokens: new Map(), pulls: [], key: randomBytes(32).toString('hex') });
    this.#clock = clock;
  }

  /** Issues a token, as an event carries it. It is valid for 10 minutes. */
  issueToken(use: TokenUse): string {
    const token = `token-${randomBytes(16).toString('hex')}`;
    const now = this.#clock.now();
    for (const [old, { expiresAt }] of this.data.tokens) {
      // Expired tokens are kept for a while: their errcode differs from that of unknown ones.
      if (expiresAt + TOKEN_MS >= now) break;
      this.data.tokens.delete(old);
    }
    this.data.tokens.set(token, { use, expiresAt: now + TOKEN_MS });
    return token;
  }

  /** Whether a token is valid for this interface, has expired, or was never issued for it. */
  checkToken(token: string, use: TokenUse): 'valid' | 'expired' | 'unknown' {
    const issued = this.data.tokens.get(token);
    if (issued === undefined || issued.use !== use) return 'unknown';
    return issued.expiresAt >= this.#clock.now() ? 'valid' : 'expired';
  }

  /** Counts a pull without token, and returns the number of such pulls in the last minute. */
  countPull(): number {
    const now = this.#clock.now();
    const pulls = this.data.pulls.filter((time) => time > now - 60_000).slice(-KEPT_PULLS);
    pulls.push(now);
    this.data.pulls = pulls;
    return pulls.length;
  }

  /** The key that signs page ids. */
  get pageIdKey(): string {
    return this.data.key;
  }

  /** The random part of the key of a new message. */
  secretOf(msgid: string): string {
    return createHash('sha256').update(`${this.data.key} ${msgid}`).digest('hex').slice(0, 32);
  }
}
