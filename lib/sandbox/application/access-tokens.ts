import { randomBytes } from 'node:crypto';
import { PlatformError } from '../common/platform-error';

const VALID_SECONDS = 7200;
const KEPT_TOKENS = 100;

/** An access token and its remaining lifetime in seconds. */
export interface AccessToken {
  readonly token: string;
  readonly expiresIn: number;
}

/** The access tokens of the application: valid for two hours of the sandbox's clock (P91039). */
export class AccessTokens {
  /** Expiry times by token, in milliseconds since 1970. */
  readonly #expiry = new Map<string, number>();
  #current = '';

  /** The current token, a new one if it has expired. @param now - milliseconds since 1970. */
  get(now: number): AccessToken {
    const expiry = this.#expiry.get(this.#current);
    if (expiry !== undefined && now < expiry) {
      return { token: this.#current, expiresIn: Math.ceil((expiry - now) / 1000) };
    }
    this.#current = randomBytes(48).toString('base64url');
    this.#expiry.set(this.#current, now + VALID_SECONDS * 1000);
    if (this.#expiry.size > KEPT_TOKENS) {
      const [oldest] = this.#expiry.keys();
      if (oldest !== undefined) this.#expiry.delete(oldest);
    }
    return { token: this.#current, expiresIn: VALID_SECONDS };
  }

  /**
   * Checks the token of a request.
   *
   * @throws PlatformError 41001 it is missing; 40014 it is unknown; 42001 it has expired.
   */
  check(token: string | null, now: number): void {
    if (token === null || token === '') throw new PlatformError(41001);
    const expiry = this.#expiry.get(token);
    if (expiry === undefined) throw new PlatformError(40014);
    if (now >= expiry) throw new PlatformError(42001);
  }
}
