import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defectOf, readElf } from '../../binding/elf';
import { realFile } from '../../binding/linker';
import { chooseSdk } from '../../binding/load';
import { defectError, loadedLibrary } from '../../binding/load-failure';
import { candidates, libraryFile, packageVersion, type SdkName } from '../../binding/locate';
import { type BuildRecord, cxxAbiOf, readRecord, sha256 } from '../../binding/record';
import { type Check, fail, ok, warn } from './check';

/** The addon and library that a program would load. */
export interface NativeBuild {
  readonly sdk: SdkName;
  readonly addon: string | undefined;
  readonly library: string | undefined;
  readonly record: BuildRecord | undefined;
  readonly checks: readonly Check[];
}

const buildCommand = 'npx wework-spec build --sdk-dir <folder or archive of the SDK>';

/** Finds the build that a program would load, and checks whether addon and library match. */
export function nativeBuild(env: NodeJS.ProcessEnv): NativeBuild {
  const checks: Check[] = [];
  const sdk = choice(env, checks);
  const tried = candidates(sdk, env);
  const addon = tried.find((file) => existsSync(file));
  if (addon === undefined) {
    checks.push(
      fail(
        'addon',
        `none for the ${sdk} SDK; looked for ${tried.join(', ')}`,
        sdk === 'vendor'
          ? `${buildCommand}; to work offline without it: WEWORK_SPEC_SDK=sandbox`
          : 'reinstall the package; on processors other than x64, build it: node node_modules/wework-spec-sdk/scripts/build-addon.mjs',
      ),
    );
    return { sdk, addon, library: undefined, record: undefined, checks };
  }
  const why = env.WEWORK_SPEC_ADDON ? 'set by WEWORK_SPEC_ADDON' : 'first one found';
  const record = sdk === 'vendor' ? readRecord(addon) : undefined;
  const fault = defectOf(addon);
  if (fault !== undefined) {
    checks.push(fail('addon', defectError(addon, fault).message, buildCommand));
  } else if (record !== undefined && record.package !== packageVersion()) {
    checks.push(
      fail(
        'addon',
        `${addon} was built by version ${record.package} of this package`,
        buildCommand,
      ),
    );
  } else {
    checks.push(ok('addon', `${addon} (${why})`));
  }
  const library = libraryChecks(sdk, addon, record, env, checks);
  return { sdk, addon, library, record, checks };
}

function choice(env: NodeJS.ProcessEnv, checks: Check[]): SdkName {
  try {
    const sdk = chooseSdk(env);
    const why = env.WEWORK_SPEC_SDK ? `WEWORK_SPEC_SDK=${sdk}` : 'WEWORK_SPEC_SDK is not set';
    const also = sdk === 'sandbox' ? '; for offline work only' : '';
    checks.push(ok('SDK', `${sdk} (${why}${also})`));
    return sdk;
  } catch (error) {
    checks.push(
      fail(
        'SDK',
        (error as Error).message,
        'set WEWORK_SPEC_SDK to vendor or sandbox, or unset it',
      ),
    );
    return 'vendor';
  }
}

function libraryChecks(
  sdk: SdkName,
  addon: string,
  record: BuildRecord | undefined,
  env: NodeJS.ProcessEnv,
  checks: Check[],
): string | undefined {
  const name = record?.library.file ?? libraryFile[sdk];
  const beside = join(dirname(addon), name);
  const library = existsSync(beside) && defectOf(beside) ? beside : loadedLibrary(sdk, addon, env);
  if (library === undefined) {
    checks.push(
      fail(
        'SDK library',
        `${name} is neither next to the addon nor in the loader's search path`,
        'npx wework-spec link --sdk-dir <folder of the SDK>, or rebuild',
      ),
    );
    return undefined;
  }
  const real = realFile(library);
  const shown = real === library ? library : `${library} -> ${real}`;
  const fault = defectOf(library);
  if (fault !== undefined) {
    const words = defectError(library, fault).message;
    checks.push(fail('SDK library', words, 'replace the file and rebuild'));
    return library;
  }
  checks.push(
    realFile(beside) === real
      ? ok('SDK library', `${shown}, for ${process.arch}`)
      : warn(
          'SDK library',
          `${shown}, instead of the one next to the addon`,
          'unset LD_LIBRARY_PATH, or remove the other library from its folders',
        ),
  );
  if (sdk === 'sandbox') return library;

  const [wants, has] = [readElf(addon), readElf(library)];
  const [built, found] = [
    record?.cxxAbi ?? (wants && cxxAbiOf(wants, false)),
    has && cxxAbiOf(has, true),
  ];
  const said = (abi: string | undefined) =>
    abi === undefined
      ? 'one that its symbol names do not show'
      : abi === 'cxx11'
        ? 'the new one'
        : 'the old one';
  checks.push(
    built !== undefined && found !== undefined && built !== found
      ? fail('C++ ABI', `the library uses ${said(found)}, the addon ${said(built)}`, buildCommand)
      : ok('C++ ABI', `${said(found)}, in library and addon`),
  );
  if (has?.symbols().some(({ name }) => name === 'wework_spec_sandbox_marker')) {
    checks.push(
      fail(
        'library content',
        `${real} is the sandbox library, not the vendor's`,
        "put the vendor's libWeWorkSpecSDK.so there, or set WEWORK_SPEC_SDK=sandbox",
      ),
    );
  } else if (record === undefined) {
    checks.push(
      warn(
        'library content',
        'the addon has no record of the library it was built with',
        buildCommand,
      ),
    );
  } else if (sha256(library) === record.library.sha256) {
    checks.push(ok('library content', 'unchanged since the addon was built (SHA-256)'));
  } else {
    checks.push(
      fail(
        'library content',
        `${real} is not the library that the addon was built with`,
        buildCommand,
      ),
    );
  }
  return library;
}
