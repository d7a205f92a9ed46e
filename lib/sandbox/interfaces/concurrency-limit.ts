import { PlatformError } from '../common/platform-error';
import type { InvokeCall } from '../wire/invoke-call';

/** Lets no more than so many calls of a corp be under way at once. */
export class ConcurrencyLimit {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /**
   * Counts the call until its exchange is over. A refused one does not count.
   *
   * @throws PlatformError 45033 when there are too many already.
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
