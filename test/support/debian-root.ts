import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root, runProgram } from './child';
import { newTempDir } from './temp-dir';

/** Root file systems of Debian, made by debootstrap: what Docker's images of Node.js contain, as far as Dockerfiles here need it. */

const release = 'bookworm';

/** Cache between runs. Archives, because Jest would look for packages in folders of out/. */
const kept = join(root, 'out', 'debian');

/** Packages beyond debootstrap's smallest set. */
const packages = {
  'node:22-bookworm-slim': [],
  'node:22-bookworm': ['ca-certificates', 'g++'],
} as const;

export type BaseImage = keyof typeof packages;

/** Why no root file system can be made here; undefined if one can. */
export function lackOfDebian(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a root file system';
  const isInstalled = `${process.env.PATH}${delimiter}/usr/sbin`
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'debootstrap')));
  if (!isInstalled) return 'the Debian package debootstrap is not installed';
  const { status } = spawnSync('unshare', ['--mount', 'true']);
  return status === 0 ? undefined : 'this container may not mount /proc';
}

/** Unpacks a base image into an empty folder, with this Node.js in place of its own. The first call makes it, which takes a minute. */
export async function unpackBase(image: BaseImage, folder: string): Promise<void> {
  const archive = join(kept, `${image.replace(':', '-')}-${process.version}.tar`);
  if (!existsSync(archive)) await makeBase(image, archive);
  await run('tar', ['-xf', archive, '-C', folder]);
  copyNetworkSettings(folder);
}

async function makeBase(image: BaseImage, archive: string): Promise<void> {
  const folder = newTempDir();
  try {
    const mirror = await mirrorOfHost();
    const more = packages[image];
    await run('debootstrap', [
      '--variant=minbase',
      ...(more.length > 0 ? [`--include=${more.join(',')}`] : []),
      release,
      folder,
      ...mirror,
    ]);
    copyNode(folder);
    // Temporary folders are private.
    chmodSync(folder, 0o755);
    await run('chroot', [folder, 'useradd', '--uid', '1000', '--create-home', 'node']);
    for (const unused of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man']) {
      rmSync(join(folder, unused), { recursive: true, force: true });
    }
    mkdirSync(dirname(archive), { recursive: true });
    // Renamed when it is complete: a run may be interrupted.
    const partial = `${archive}.${process.pid}`;
    await run('tar', ['-cf', partial, '-C', folder, '.']);
    renameSync(partial, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Node.js and npm where Docker's images have them. */
function copyNode(folder: string): void {
  const local = join(folder, 'usr', 'local');
  const npm = dirname(dirname(realpathSync(commandOfHost('npm'))));
  mkdirSync(join(local, 'lib', 'node_modules'), { recursive: true });
  copyFileSync(process.execPath, join(local, 'bin', 'node'));
  cpSync(npm, join(local, 'lib', 'node_modules', 'npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    const script = `#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/${name}-cli.js "$@"\n`;
    writeFileSync(join(local, 'bin', name), script, { mode: 0o755 });
  }
}

function commandOfHost(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

/** The mirror from which this machine gets the same release; none if it has another one: then debootstrap's own. */
async function mirrorOfHost(): Promise<string[]> {
  const format = ['indextargets', '--format', '$(RELEASE) $(REPO_URI)'];
  const { stdout } = await runProgram('apt-get', format);
  const line = stdout.split('\n').find((text) => text.startsWith(`${release} `));
  return line === undefined ? [] : [line.slice(release.length + 1)];
}

/** Lets apt-get in the root reach what this machine's reaches. */
function copyNetworkSettings(folder: string): void {
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) {
    if (existsSync(file)) writeFileSync(join(folder, file), readFileSync(file));
  }
}

/** A command's output; an error if it fails. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/** Mounts /proc, without which Node.js does not know its own path. The mount ends with the process. */
const withProc = 'mount -t proc proc "$0/proc" && exec env -i "$@"';

/** The command that runs another one in a root file system, with these variables only. It keeps its process id. */
export function inRoot(
  folder: string,
  command: readonly string[],
  { env = {}, user = 'root' }: { env?: Readonly<Record<string, string>>; user?: string } = {},
): [command: string, args: string[]] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const chroot = ['/usr/sbin/chroot', `--userspec=${user}`, folder];
  return [
    'unshare',
    ['--mount', 'sh', '-c', withProc, folder, ...variables, ...chroot, ...command],
  ];
}
