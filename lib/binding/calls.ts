import type { CallNumber, Settle } from './native';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * The promises of running calls.
 *
 * They are kept in JavaScript and not in the addon, so that native code holds no reference to JavaScript objects during a
 * call: a Worker or the process can end at any moment.
 */
export class Calls {
  readonly #pending = new Map<CallNumber, Pending>();

  /** The addon calls this once for each call that has ended. */
  readonly settle: Settle = (call, error, result) => {
    const pending = this.#pending.get(call);
    this.#pending.delete(call);
    if (error) pending?.reject(error);
    else pending?.resolve(result);
  };

  /** Runs `begin`, which starts a call. An exception of `begin` rejects the promise. */
  start(begin: () => CallNumber): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(begin(), { resolve, reject });
    });
  }
}
