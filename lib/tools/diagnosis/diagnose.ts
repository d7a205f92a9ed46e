import type { Check } from './check';
import { libraryChecks, loadChecks } from './libraries';
import { machineChecks } from './machine';
import { nativeBuild } from './native-build';
import { sdkFolderChecks } from './sdk-folder';
import { surroundingChecks } from './surroundings';

/**
 * Looks at everything on which a load of the SDK depends, without loading anything in this process, and then loads it in
 * another one.
 *
 * @param sdkDir - the SDK's folder or archive, when it is not where the environment or the addon say
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
    ...(await surroundingChecks(build, env)),
  ];
}
