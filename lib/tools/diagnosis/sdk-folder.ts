import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { realFile } from '../../binding/linker';
import { isSpecError } from '../../errors';
import { findCompiler } from '../vendor-build/compiler';
import { mentions } from '../vendor-build/header-text';
import { findSdk } from '../vendor-build/sdk-files';
import {
  askHeader,
  type Declaration,
  documentedDeclarations,
  type Finding,
  placeInAdapter,
} from '../vendor-build/surface';
import { type Check, fail, ok, warn } from './check';
import { libraryChecks } from './libraries';
import type { NativeBuild } from './native-build';

/** Checks the SDK's folder, and whether its header declares what the guides document. */
export async function sdkFolderChecks(
  named: string | undefined,
  { sdk, addon, library, record }: NativeBuild,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Check[]> {
  const place = named || env.WEWORK_SPEC_SDK_DIR || folderOf(library);
  if (sdk === 'sandbox' && !named && !env.WEWORK_SPEC_SDK_DIR) {
    return [ok('SDK folder', 'not needed by the sandbox')];
  }
  if (!place) {
    return [
      record === undefined
        ? warn(
            'SDK folder',
            'not specified, so the header was not checked',
            'npx wework-spec doctor --sdk-dir <folder>, or WEWORK_SPEC_SDK_DIR',
          )
        : ok(
            'SDK folder',
            `not on this machine; missing when the addon was built: ${record.missing.join(', ') || 'nothing'}`,
          ),
    ];
  }
  const workDir = mkdtempSync(join(realpathSync(tmpdir()), 'wework-spec-doctor-'));
  try {
    const { header, library: found, archive } = await findSdk(resolve(cwd, place), workDir);
    const where = archive ?? `${header}, ${found}`;
    return [
      ok('SDK folder', where),
      ...(await headerChecks(header, env)),
      // Reports missing dependencies of the library even before the first build.
      ...(addon === undefined ? libraryChecks({ library: found }, env) : []),
    ];
  } catch (error) {
    if (!isSpecError(error)) throw error;
    return [
      fail('SDK folder', error.message, 'pass the folder or archive with both files in --sdk-dir'),
    ];
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** The folder that the library next to the addon is linked to, if it also contains the header. */
function folderOf(library: string | undefined): string | undefined {
  if (library === undefined) return undefined;
  const real = dirname(realFile(library));
  for (const folder of [real, dirname(real)]) {
    if ([folder, join(folder, 'include')].some((dir) => existsSync(join(dir, 'cpp_sdk.h')))) {
      return folder;
    }
  }
  return undefined;
}

async function headerChecks(header: string, env: NodeJS.ProcessEnv): Promise<Check[]> {
  let findings: readonly Finding[];
  let how: string;
  try {
    const compiler = await findCompiler(env);
    ({ findings } = await askHeader(compiler, header));
    how = 'compiles as documented';
  } catch (error) {
    if (!isSpecError(error)) throw error;
    if (error.code !== 'ERR_SPEC_COMPILER_MISSING') {
      return [fail('header', error.message, 'install a newer version of this package')];
    }
    const text = readFileSync(header, 'utf8');
    findings = documentedDeclarations().map((declaration) => ({
      declaration,
      found: namesOf(declaration).some((name) => mentions(text, name).length > 0),
    }));
    how = 'the name occurs; not compiled, because no compiler was found';
  }
  const text = readFileSync(header, 'utf8');
  return findings.map(({ declaration, found, complaint }) => {
    const name = `header: ${declaration.name}`;
    if (found) return ok(name, how);
    const there = namesOf(declaration).flatMap((spelling) => mentions(text, spelling, 1));
    const words = [
      `documented: ${declaration.documented}`,
      there.length === 0 ? 'not found' : `found: ${there.join(' / ')}`,
      ...(complaint === undefined ? [] : [complaint]),
    ].join('; ');
    return declaration.required
      ? fail(
          name,
          `${words}; required by ${placeInAdapter(namesOf(declaration)[0] as string)}`,
          'install a newer version of this package, or report this line as a bug',
        )
      : warn(name, words, 'get the newest SDK if the program uses it');
  });
}

/** Possible spellings of a declaration's name in a header. */
function namesOf({ name }: Declaration): string[] {
  const member = name.replace(/^.*::|\(.*$/g, '');
  const spellings: Record<string, string[]> = {
    SpecSdk: ['SpecSdk', 'SpecSDK'],
    IsOk: ['IsOk', 'IsOK'],
  };
  return spellings[member] ?? [member];
}
