import type { CallNumber, Settle } from './native';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * The promises of the calls that are under way.
 *
 * They are kept here and not in the addon, so that nothing native refers to JavaScript objects while a call is under
 * way: a Worker or the process may then end at any moment.
 */
export class Calls {
  readonly #pending = new Map<CallNumber, Pending>();

  readonly settle: Settle = (call, error, result) => {
    const pending = this.#pending.get(call);
    this.#pending.delete(call);
    if (error) pending?.reject(error);
    else pending?.resolve(result);
  };

  /** Runs `begin`, which starts a call; what it throws rejects the promise. */
  start(begin: () => CallNumber): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(begin(), { resolve, reject });
    });
  }
}
