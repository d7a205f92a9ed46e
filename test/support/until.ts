import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the result is true. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(10);
}
