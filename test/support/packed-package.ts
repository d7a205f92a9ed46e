import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from './child';
import { packFolders, type Registry, runTimePackages, startRegistry } from './registry';
import { newTempDir } from './temp-dir';

export const platformDir = `linux-${process.arch}`;
export const addonName = 'wework_spec_sandbox.node';
export const libraryName = 'libWeWorkSpecSandbox.so';

/** The package as it is published, in a registry that also has everything it needs at run time, and installed from there. */
export interface PackedPackage {
  readonly tarball: string;
  /** The paths in the tarball, sorted. */
  readonly files: string[];
  readonly registry: Registry;
  /** A folder in which the package is installed, with npm. */
  readonly project: string;
  /** The installed package. */
  readonly installed: string;
  /** Variables for npm: the registry, and a cache that has what was installed. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command to its end in {@link project}. @returns its output */
  output(command: string, args: readonly string[], cwd?: string): Promise<string>;
}

/**
 * Packs the checkout, starts a registry, and installs the package in `folder`. The caller closes the registry.
 *
 * @param others - gives the tarballs of other packages for the registry, which it may create in the given folder
 */
async function packAndInstall(
  folder: string,
  others: (packs: string) => Promise<string[]>,
): Promise<PackedPackage> {
  const project = join(folder, 'project');
  const packs = join(folder, 'packs');
  mkdirSync(project);
  mkdirSync(packs);
  const copy = copyCheckout(join(folder, 'checkout'));
  const folders = runTimePackages().map((name) => join(root, name));
  const tarballs = await packFolders([copy, ...folders], packs);
  const [tarball = ''] = tarballs;
  const registry = await startRegistry([...tarballs, ...(await others(packs))]);
  const env = {
    npm_config_cache: join(folder, 'cache'),
    npm_config_registry: registry.url,
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    // npm's default, which the settings of a machine may change.
    npm_config_omit_lockfile_registry_resolved: 'false',
  };
  const output = async (command: string, args: readonly string[], cwd = project) => {
    const ended = await runProgram(command, args, { cwd, env });
    if (ended.code !== 0)
      throw new Error(`${command} ${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  };
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  await output('npm', ['install', '--ignore-scripts', tarball]);
  const files = (await output('tar', ['-tzf', tarball]))
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
    .sort();
  const installed = join(project, 'node_modules', 'wework-spec-sdk');
  return { tarball, files, registry, project, installed, env, output };
}

/** {@link packAndInstall} for the tests of a file, which use the result from then on. */
export function packedPackage(others: (packs: string) => Promise<string[]> = async () => []): {
  readonly current: PackedPackage;
} {
  const folder = newTempDir();
  let packed: PackedPackage | undefined;
  beforeAll(async () => {
    packed = await packAndInstall(folder, others);
  });
  afterAll(async () => {
    await packed?.registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get current() {
      if (packed === undefined) throw new Error('the package is not packed yet');
      return packed;
    },
  };
}

/** The checkout without what git ignores, but with what the package needs of it. */
export function copyCheckout(copy: string): string {
  mkdirSync(copy);
  const left = new Set(['.git', 'node_modules', 'out', 'build', 'prebuilds']);
  for (const entry of readdirSync(root)) {
    if (!left.has(entry)) cpSync(join(root, entry), join(copy, entry), { recursive: true });
  }
  const prebuilds = join(copy, 'prebuilds', platformDir);
  const made = join(root, 'prebuilds', platformDir);
  if (existsSync(made)) {
    cpSync(made, prebuilds, { recursive: true });
  } else {
    // `npm run prebuildify` was not run: what it makes is the same build.
    mkdirSync(prebuilds, { recursive: true });
    for (const file of [addonName, libraryName]) {
      copyFileSync(join(root, 'out', 'sandbox', 'Release', file), join(prebuilds, file));
    }
  }
  return copy;
}
