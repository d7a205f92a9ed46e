/** An error as this package throws it. */
export interface Coded extends Error {
  readonly code?: string;
}

/** What `run` throws; fails the test when it returns. */
export function thrownBy(run: () => unknown): Coded {
  try {
    run();
  } catch (error) {
    return error as Coded;
  }
  throw new Error('nothing was thrown');
}

/** What the promise is rejected with; fails the test when it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Coded> {
  try {
    await promise;
  } catch (error) {
    return error as Coded;
  }
  throw new Error('the promise was fulfilled');
}
