import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which SDK the addon was compiled against. */
export type SdkName = 'vendor' | 'sandbox';

/** The SDK libraries, which lie, or are linked, beside the addons. */
export const libraryFile: Readonly<Record<SdkName, string>> = {
  vendor: 'libWeWorkSpecSDK.so',
  sandbox: 'libWeWorkSpecSandbox.so',
};

/** The folder of this package; the same distance from `lib/` and from `dist/`. */
export const packageRoot = join(__dirname, '..', '..');

/** The addon files that would do, best first. */
export function candidates(sdk: SdkName, env: NodeJS.ProcessEnv): string[] {
  if (env.WEWORK_SPEC_ADDON) return [env.WEWORK_SPEC_ADDON];
  const file = `wework_spec_${sdk}.node`;
  return [
    join(packageRoot, 'out', sdk, 'Release', file),
    join(packageRoot, 'out', sdk, 'Debug', file),
    join(packageRoot, 'prebuilds', `${process.platform}-${process.arch}`, file),
  ];
}

/** The first of them that is there. */
export function firstExisting(files: readonly string[]): string | undefined {
  return files.find((file) => existsSync(file));
}

/** The version of this package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}
