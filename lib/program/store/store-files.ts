import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defectOf } from '../../binding/elf';
import { firstLine } from '../../common/text';
import { makeError } from '../../errors';

/** The files that the store loads, besides its own code. */
export interface StoreFiles {
  /** The script of the store's thread. */
  readonly thread: string;
  /** The addon of libsql. */
  readonly addon: string;
}

/**
 * Finds the files of the store: in the installed packages, or in a bundle beside it and where `WEWORK_SPEC_STORE_ADDON` says.
 *
 * libsql, an edition of SQLite, consists of an addon for each platform and a JavaScript package that loads it. Only the addon for the
 * zone's platform is used, because the JavaScript package would add nothing but code that looks for it. Its functions are those of the
 * version that package.json pins.
 *
 * @throws SpecError `ERR_SPEC_STORE_INSTALLATION`
 */
export function storeFiles(env: NodeJS.ProcessEnv = process.env): StoreFiles {
  const script = join(__dirname, 'store-thread.js');
  // Bundlers may name it otherwise.
  const thread = [script, script.replace(/js$/, 'cjs'), script.replace(/js$/, 'mjs')].find(
    existsSync,
  );
  if (thread === undefined) throw missing('store-thread.js', `${script} does not exist`);
  const given = env.WEWORK_SPEC_STORE_ADDON;
  if (given) {
    if (!existsSync(given)) throw missing('WEWORK_SPEC_STORE_ADDON', `${given} does not exist`);
    return { thread, addon: given };
  }
  const name = `@libsql/${process.platform}-${process.arch}-gnu`;
  try {
    // Resolved here, because yarn's PnP is not active on the thread. Not require(), which bundlers would replace.
    return { thread, addon: createRequire(thread).resolve(name) };
  } catch (cause) {
    throw missing(name, firstLine((cause as Error).message), cause);
  }
}

/**
 * Checks that the addon is a complete file for this machine: a truncated one would end the process when it is loaded.
 *
 * @throws SpecError `ERR_SPEC_STORE_INSTALLATION`
 */
export function checkAddon(file: string): void {
  const defect = defectOf(file);
  if (defect === undefined) return;
  const what =
    defect.kind === 'architecture' ? `is for ${defect.arch}` : `is damaged (${defect.kind})`;
  throw missing(ADDON, `${file} ${what}`);
}

/** How errors call the addon. */
export const ADDON = 'the addon of libsql';

/** The error for a file of the store that cannot be loaded. */
export function missing(part: string, words: string, cause?: unknown): Error {
  const error = makeError('ERR_SPEC_STORE_INSTALLATION', part, words);
  return cause === undefined ? error : Object.assign(error, { cause });
}
