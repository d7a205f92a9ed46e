/** An error as this package throws it. */
export interface Coded extends Error {
  readonly code?: string;
}

/** The error that `run` throws; fails the test if it returns. */
export function thrownBy(run: () => unknown): Coded {
  try {
    run();
  } catch (error) {
    return error as Coded;
  }
  throw new Error('nothing was thrown');
}

/** The error with which the promise rejects; fails the test if it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Coded> {
  try {
    await promise;
  } catch (error) {
    return error as Coded;
  }
  throw new Error('the promise was fulfilled');
}
