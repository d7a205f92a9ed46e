import type { Check } from './check';
import { databaseCheck } from './database';
import { libraryChecks, loadChecks } from './libraries';
import { machineChecks } from './machine';
import { nativeBuild } from './native-build';
import { sdkFolderChecks } from './sdk-folder';
import { surroundingChecks } from './surroundings';

/**
 * Checks everything that loading the SDK depends on, without loading anything in this process. Then loads the SDK, and the database
 * of jobs, in child processes.
 *
 * @param sdkDir - folder or archive of the SDK; default: `WEWORK_SPEC_SDK_DIR`, or the folder that the addon is linked to
 */
export async function diagnose(
  sdkDir: string | undefined,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Check[]> {
  const build = nativeBuild(env);
  return [
    ...machineChecks(),
    ...build.checks,
    ...(await sdkFolderChecks(sdkDir, build, env, cwd)),
    ...libraryChecks(build, env),
    ...(await loadChecks(build, env)),
    await databaseCheck(env),
    ...(await surroundingChecks(build, env)),
  ];
}
