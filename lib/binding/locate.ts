import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The SDK that an addon was compiled against. */
export type SdkName = 'vendor' | 'sandbox';

/** File names of the SDK libraries, or of links to them, next to the addons. */
export const libraryFile: Readonly<Record<SdkName, string>> = {
  vendor: 'libWeWorkSpecSDK.so',
  sandbox: 'libWeWorkSpecSandbox.so',
};

/** The root folder of this package, whether this file runs from `lib/` or `dist/`. */
export const packageRoot = join(__dirname, '..', '..');

let bundled: boolean | undefined;

/** Whether this code is part of a bundle, where nothing of the package but its code exists. */
export function isBundled(): boolean {
  bundled ??= !isPackage();
  return bundled;
}

function isPackage(): boolean {
  try {
    const manifest = readFileSync(join(packageRoot, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { name?: unknown }).name === 'wework-spec-sdk';
  } catch {
    return false;
  }
}

/** Paths to try for the addon, in order of preference; only `WEWORK_SPEC_ADDON` if it is set, and in a bundle. */
export function candidates(sdk: SdkName, env: NodeJS.ProcessEnv): string[] {
  if (env.WEWORK_SPEC_ADDON) return [env.WEWORK_SPEC_ADDON];
  if (isBundled()) return [];
  const file = `wework_spec_${sdk}.node`;
  return [
    join(packageRoot, 'out', sdk, 'Release', file),
    join(packageRoot, 'out', sdk, 'Debug', file),
    join(packageRoot, 'prebuilds', `${process.platform}-${process.arch}`, file),
  ];
}

/**
 * Identifies what {@link loadBinding} depends on, as far as it can change in a running process. Of a file: whether it exists, and
 * its last change.
 */
export function loadInputs(env: NodeJS.ProcessEnv): string {
  const { WEWORK_SPEC_SDK, WEWORK_SPEC_ADDON, WEWORK_SPEC_THREADS, WEWORK_SPEC_QUEUE_LIMIT } = env;
  const files = (['vendor', 'sandbox'] as const).flatMap((sdk) =>
    candidates(sdk, env).flatMap((addon) => [addon, join(dirname(addon), libraryFile[sdk])]),
  );
  return JSON.stringify([
    [WEWORK_SPEC_SDK, WEWORK_SPEC_ADDON, WEWORK_SPEC_THREADS, WEWORK_SPEC_QUEUE_LIMIT],
    files.map(changeOf),
  ]);
}

function changeOf(file: string): string | undefined {
  try {
    const { dev, ino, size, ctimeMs } = statSync(file);
    return [dev, ino, size, ctimeMs].join();
  } catch {
    // Missing, or hidden by the permission model.
    return undefined;
  }
}

/** The first of the files that exists. */
export function firstExisting(files: readonly string[]): string | undefined {
  return files.find((file) => existsSync(file));
}

/** The version of this package. */
export function packageVersion(): string {
  // A bundler puts the file into the bundle.
  return (require('../../package.json') as { version: string }).version;
}
