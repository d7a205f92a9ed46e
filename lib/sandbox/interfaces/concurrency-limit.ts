import { PlatformError } from '../common/platform-error';
import type { InvokeCall } from '../wire/invoke-call';

/** Limits the concurrent calls of each corp. */
export class ConcurrencyLimit {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /**
   * Counts the call until its exchange is over. Rejected calls are not counted.
   *
   * @throws PlatformError 45033 the corp already has as many concurrent calls as the limit allows.
   */
  enter({ corpId, over }: InvokeCall): void {
    const count = this.#underWay.get(corpId) ?? 0;
    if (count >= this.limit) throw new PlatformError(45033);
    this.#underWay.set(corpId, count + 1);
    void over.then(() => this.#leave(corpId));
  }

  #leave(corpId: string): void {
    const count = this.#underWay.get(corpId) ?? 0;
    if (count > 1) this.#underWay.set(corpId, count - 1);
    else this.#underWay.delete(corpId);
  }
}
