import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { defectOf, type Elf, readElf } from './elf';

/** A file that the dynamic loader would map. */
export interface Image {
  /** The name in DT_NEEDED, or the path of an opened file. */
  readonly name: string;
  /** Undefined when it was not found. */
  readonly path: string | undefined;
  /** The first file that needs it. */
  readonly neededBy: string;
  readonly elf: Elf | undefined;
}

/** Finds the file with the content of a path; undefined if there is none. For the paths of an image that is not mounted. */
export type Locate = (path: string) => string | undefined;

const onThisMachine: Locate = (path) => (existsSync(path) ? path : undefined);

/** A symbol version that a file requires and the library found does not provide. */
export interface MissingVersion {
  readonly neededBy: string;
  readonly version: string;
  readonly library: string;
  readonly path: string;
  /** The newest version of the same family that the library provides, for example `GLIBC_2.36`. */
  readonly newest: string | undefined;
}

/**
 * Determines which libraries the loader of glibc would map for files opened one after another in one process. Loads none of
 * them, so it also works if loading fails. Supports DT_RPATH, DT_RUNPATH, LD_LIBRARY_PATH, the cache and the default folders;
 * not LD_PRELOAD, LD_AUDIT and hardware-specific subfolders.
 */
export function resolveImages(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  locate: Locate = onThisMachine,
): Image[] {
  const environment = (env.LD_LIBRARY_PATH ?? '').split(/[:;]/).filter(Boolean);
  const images = new Map<string, Image>();
  const cache = readCache(locate('/etc/ld.so.cache'));
  for (const file of files) {
    const group: Image[] = [];
    add({ name: file, path: file, neededBy: '' });
    // Breadth-first, like the loader.
    for (const image of group) {
      for (const name of image.elf?.needed ?? []) {
        if (images.has(name)) continue;
        const path = find(name, image, group);
        add({ name, path, neededBy: image.path ?? image.name });
      }
    }

    function add(image: Omit<Image, 'elf'>): void {
      const file = image.path === undefined ? undefined : locate(image.path);
      const known: Image = { ...image, elf: file === undefined ? undefined : readElf(file) };
      images.set(image.name, known);
      const soname = known.elf?.soname;
      if (soname !== undefined && !images.has(soname)) images.set(soname, known);
      group.push(known);
    }
  }
  return [...new Set(images.values())];

  function find(name: string, by: Image, group: readonly Image[]): string | undefined {
    if (name.includes('/')) return isUsable(name) ? name : undefined;
    const own = (folders: readonly string[] | undefined, of: Image) =>
      (folders ?? []).map((folder) => expand(folder, of.path as string));
    // DT_RPATH is ignored if the file has a DT_RUNPATH; unlike DT_RUNPATH it also applies to indirect dependencies.
    const rpath = [by, group[0] as Image].flatMap((image) =>
      image.elf?.runpath.length === 0 ? own(image.elf.rpath, image) : [],
    );
    const folders = [...rpath, ...environment, ...own(by.elf?.runpath, by)];
    const candidates = [
      ...folders.filter(isAbsolute).map((folder) => join(folder, name)),
      ...(cache.get(name) ?? []),
      ...defaultFolders().map((folder) => join(folder, name)),
    ];
    return candidates.find(isUsable);
  }

  /** The loader silently skips files of another architecture. */
  function isUsable(path: string): boolean {
    const file = locate(path);
    return file !== undefined && defectOf(file)?.kind !== 'architecture';
  }
}

/** The required symbol versions that the libraries found do not provide; loading fails for each of them. */
export function missingVersions(images: readonly Image[]): MissingVersion[] {
  const missing: MissingVersion[] = [];
  for (const { name, path, elf } of images) {
    for (const [library, versions] of elf?.requiredVersions ?? []) {
      const provider = images.find(
        (image) => image.name === library || image.elf?.soname === library,
      );
      const offered = provider?.elf?.definedVersions;
      // The loader only warns about a library that was built without symbol versions.
      if (provider?.path === undefined || offered === undefined || offered.length === 0) continue;
      for (const version of versions.filter((wanted) => !offered.includes(wanted))) {
        missing.push({
          neededBy: path ?? name,
          version,
          library,
          path: provider.path,
          newest: newestVersion(offered, version.replace(/_[\d.]*$/, '')),
        });
      }
    }
  }
  return missing;
}

/** The newest version of a family such as `GLIBC` among names such as `GLIBC_2.36`. */
export function newestVersion(versions: Iterable<string>, family: string): string | undefined {
  const own = [...versions].filter((version) => new RegExp(`^${family}_\\d[\\d.]*$`).test(version));
  return own.sort(compareVersions).at(-1);
}

/** The undefined symbols of a file that no other file defines. */
export function unresolvedSymbols(file: Image, images: readonly Image[]): string[] {
  const wanted = new Set(
    (file.elf?.symbols() ?? [])
      .filter(({ defined, weak }) => !defined && !weak)
      .map(({ name }) => name),
  );
  for (const { elf } of images) {
    if (wanted.size === 0) break;
    for (const { name, defined } of elf?.symbols() ?? []) if (defined) wanted.delete(name);
  }
  return [...wanted];
}

/** Compares names that end in a dotted version number. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); ++i) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function expand(folder: string, path: string): string {
  return folder.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, dirname(path));
}

function defaultFolders(): string[] {
  const triplets: Record<string, string> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
  };
  const triplet = triplets[process.arch];
  const roots = triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`];
  return [...roots, '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
}

/** The cache of ldconfig: paths by name, in its order. Empty if there is no cache, as with musl. */
function readCache(file: string | undefined): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  if (file === undefined) return paths;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return paths;
  }
  const start = bytes.indexOf('glibc-ld.so.cache1.1');
  if (start < 0) return paths;
  const text = (offset: number) =>
    bytes.toString('latin1', start + offset, bytes.indexOf(0, start + offset));
  const count = bytes.readUInt32LE(start + 20);
  const [headerSize, entrySize] = [48, 24];
  for (let index = 0; index < count; ++index) {
    const entry = start + headerSize + index * entrySize;
    if (entry + entrySize > bytes.length) break;
    const name = text(bytes.readUInt32LE(entry + 4));
    const known = paths.get(name) ?? [];
    paths.set(name, [...known, text(bytes.readUInt32LE(entry + 8))]);
  }
  return paths;
}

/** Whether a file name is that of an OpenSSL library. */
export function isOpenSsl(name: string): boolean {
  return /^lib(?:ssl|crypto)\.so/.test(basename(name));
}

/** Resolves symbolic links; returns the name unchanged if the file does not exist. */
export function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
