import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './child';

/** Where scripts/setup installs test/package/tools. */
export const toolsDir = join(root, 'out', 'package-tools');

/** A file of a package of test/package/tools. */
export function tool(...path: string[]): string {
  const file = join(toolsDir, 'node_modules', ...path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run scripts/setup --for-tests`);
  return file;
}

/** Runs work for every item, some at a time. The results are promises from the beginning. */
export function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result>[] {
  const free: Promise<unknown>[] = Array.from({ length: limit }, () => Promise.resolve());
  const results: Promise<Result>[] = [];
  items.forEach((item, index) => {
    const slot = index % limit;
    const result = (free[slot] as Promise<unknown>).then(() => work(item));
    // Its test reports a failure.
    free[slot] = result.catch(() => undefined);
    results.push(result);
  });
  return results;
}
