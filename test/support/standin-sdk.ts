import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, root, runProgram } from './child';

const sources = join(root, 'test', 'standin-sdk');

/** Cache of object files of the glue, which nearly all builds share. Their names are hashes of everything that they are built from. */
export const objectDir = join(root, 'out', 'standin', 'glue');

export interface StandinOptions {
  /** Macros of test/standin-sdk/cpp_sdk.h. */
  switches?: readonly string[];
  compilerArgs?: readonly string[];
  /** Sub-folders of the SDK folder. */
  headerDir?: string;
  libraryDir?: string;
}

/** Creates an SDK folder with the stand-in's header and library. */
export async function makeStandinSdk(dir: string, options: StandinOptions = {}): Promise<void> {
  const headerDir = join(dir, options.headerDir ?? '.');
  const libraryDir = join(dir, options.libraryDir ?? '.');
  for (const made of [headerDir, libraryDir]) mkdirSync(made, { recursive: true });
  const switches = (options.switches ?? []).map((name) => `#define ${name}\n`).join('');
  const header = join(headerDir, 'cpp_sdk.h');
  writeFileSync(header, switches + readFileSync(join(sources, 'cpp_sdk.h'), 'utf8'));
  const compiled = await runProgram('g++', [
    '-std=c++17',
    '-O1',
    '-fPIC',
    '-shared',
    '-Wall',
    '-Wextra',
    '-Werror',
    // Before the source's own folder, whose header has no macros set.
    '-include',
    header,
    join(sources, 'standin_sdk.cc'),
    '-o',
    join(libraryDir, 'libWeWorkSpecSDK.so'),
    ...(options.compilerArgs ?? []),
  ]);
  expect(compiled).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
}

/** SHA-256, permissions and time of every file below a folder. */
export function fingerprint(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((file) => !file.isDirectory())
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((file) => {
        const { mode, mtimeMs, ino } = statSync(file);
        const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
        return [file, `${hash} ${mode} ${mtimeMs} ${ino}`];
      }),
  );
}

/** Runs `wework-spec` of the checkout. */
export function weworkSpec(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = root,
): Promise<Ended> {
  const main = join(root, 'dist', 'tools', 'cli', 'main.js');
  return runProgram(process.execPath, [main, ...args], { cwd, env });
}

/** Builds the addon for the vendor SDK into a folder, with the cached object files. */
export function buildVendorAddon(
  outDir: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return weworkSpec(['build', '--out', outDir, '--object-dir', objectDir, ...args], env);
}

/** Builds into an empty folder with an unusable SDK, and returns the error message. */
export async function refusedBuild(
  outDir: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ exit: number | null; code: string; message: string; stderr: string }> {
  const { code: exit, signal, stderr } = await buildVendorAddon(outDir, args, env);
  expect(signal).toBeNull();
  expect(existsSync(join(outDir, 'wework_spec_vendor.node'))).toBe(false);
  const [, code = '', message = ''] = /^wework-spec: (ERR_SPEC_\w+): (.*)$/s.exec(stderr) ?? [];
  return { exit, code, message, stderr };
}
