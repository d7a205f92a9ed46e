import { isSpecError } from '../../errors';
import { checkAddon, type StoreFiles, storeFiles } from '../../program/store/store-files';
import { tryAddon } from '../vendor-build/load-check';
import { type Check, fail, ok, warn } from './check';

const name = 'database';

/** Loads the database of jobs and events in a child process. A program with its queue in Redis does not need it. */
export async function databaseCheck(env: NodeJS.ProcessEnv): Promise<Check> {
  let files: StoreFiles;
  try {
    files = storeFiles(env);
  } catch (error) {
    if (!isSpecError(error)) throw error;
    const finding = `neither jobs nor events can be stored: ${error.message}`;
    return warn(
      name,
      finding,
      'install with optional dependencies, unless jobs and events are in Redis',
    );
  }
  const { addon } = files;
  const problem = defectIn(addon) ?? (await problemOfLoading(addon, env));
  if (problem === undefined) return ok(name, `${addon}, in a child process`);
  const finding = `neither jobs nor events can be stored: ${problem}`;
  return fail(
    name,
    finding,
    'install the package again on this system: see docs/errors.md, section ERR_SPEC_STORE_INSTALLATION',
  );
}

function defectIn(addon: string): string | undefined {
  try {
    checkAddon(addon);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function problemOfLoading(
  addon: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const loaded = await tryAddon(addon, env);
  return loaded.ok ? undefined : loaded.message;
}
