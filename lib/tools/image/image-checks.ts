import { existsSync, statSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { defectOf, readElf } from '../../binding/elf';
import { isOpenSsl, missingVersions, resolveImages } from '../../binding/linker';
import { libraryFile } from '../../binding/locate';
import { parseRecord, recordFile, sha256 } from '../../binding/record';
import { type Check, fail, ok, warn } from '../diagnosis/check';
import { filesOfFolder, filesOfTar, type ImageFiles, UnreadableImage } from './image-files';
import { checkStart, type Start } from './start-command';
import { checkContent } from './unwanted-files';
import { checkUser } from './user';

/** The architecture of the zone's servers that is known. */
const arch = 'x64';

const packagePath = '/node_modules/wework-spec-sdk/package.json';

/** SQLite, which stores jobs and events. */
const database = `@libsql/linux-${arch}-gnu`;

/**
 * Checks an exported root file system: the start command, its user and data folder, Node.js, the package with its addon for the vendor's
 * SDK, every library that these need, and files that must not be in an image. Runs nothing of it.
 *
 * @param target - a folder, or the tar file of `docker export`
 * @param start - the start command
 * @throws UnreadableImage
 */
export async function checkImage(target: string, start: string | undefined): Promise<Check[]> {
  if (!existsSync(target)) throw new UnreadableImage(`${target} does not exist`);
  const image = statSync(target).isDirectory() ? filesOfFolder(target) : await filesOfTar(target);
  try {
    if (image.find('/manifest.json') !== undefined && image.find('/etc') === undefined) {
      const fix = 'docker create <image>, then docker export <container> > image.tar';
      return [fail('format', 'this is the archive of docker save; the zone does not take it', fix)];
    }
    const started = checkStart(image, start);
    const addons = addonsOf(image);
    return [
      ...started.checks,
      checkNode(image, started.node),
      ...addons.checks,
      ...checkSdkChoice(started),
      ...checkLibraries(image, [started.node, ...addons.files]),
      ...checkOtherAddons(image, started.node, addons.files),
      // The user follows from the start command, so that one is to be corrected first.
      ...(started.checks.every(({ status }) => status === 'ok')
        ? checkUser(image, started, [started.node, ...addons.files])
        : []),
      ...checkContent(image),
    ];
  } finally {
    image.close();
  }
}

function checkNode(image: ImageFiles, node: string | undefined): Check {
  const name = 'Node.js';
  const file = node === undefined ? undefined : image.locate(node);
  if (node === undefined || file === undefined) {
    return fail(name, 'not found', "name it in --start, or use Node.js's Docker images");
  }
  const defect = defectOf(file, arch);
  if (defect?.kind === 'architecture') {
    return fail(name, `${node} is for ${defect.arch}`, `build the image for ${arch}`);
  }
  if (defect !== undefined) {
    return fail(name, `${node} is damaged (${defect.kind})`, 'build the image again');
  }
  const isMusl = readElf(file)?.needed.some((library) => library.includes('musl'));
  if (isMusl) return fail(name, `${node} uses musl`, 'use an image with glibc, not Alpine');
  return ok(name, node);
}

interface Addons {
  readonly checks: readonly Check[];
  /** Addons and libraries of the SDK. */
  readonly files: readonly string[];
}

/** The installations of this package, and what each would load. */
function addonsOf(image: ImageFiles): Addons {
  const checks: Check[] = [];
  const files: string[] = [];
  const installed = [...image.paths].filter((path) => path.endsWith(packagePath));
  if (installed.length === 0) {
    checks.push(fail('package', 'wework-spec-sdk is not installed', 'npm ci --omit=dev'));
  }
  for (const path of installed) {
    const folder = dirname(path);
    checks.push(ok('package', folder));
    const addon = [`out/vendor/Release`, `prebuilds/linux-${arch}`]
      .map((place) => posix.join(folder, place, 'wework_spec_vendor.node'))
      .find((candidate) => image.locate(candidate) !== undefined);
    if (addon === undefined) {
      const fix = 'RUN npx wework-spec build --sdk-dir <SDK> --copy-library';
      checks.push(fail('addon', `none for the vendor's SDK in ${folder}`, fix));
      continue;
    }
    checks.push(ok('addon', addon));
    files.push(addon);
    checks.push(checkLibrary(image, addon, files), ...checkDatabase(image, folder, files));
  }
  return { checks, files };
}

function checkLibrary(image: ImageFiles, addon: string, files: string[]): Check {
  const name = 'SDK library';
  const recorded = image.locate(recordFile(addon));
  const record = recorded === undefined ? undefined : parseRecord(recorded);
  const path = posix.join(dirname(addon), record?.library.file ?? libraryFile.vendor);
  const file = image.locate(path);
  if (file === undefined) {
    const fix = 'build with --copy-library, or copy the library to where the link leads';
    return fail(name, `${path} is not in the image`, fix);
  }
  files.push(path);
  if (record !== undefined && record.library.sha256 !== sha256(file)) {
    return fail(name, `${path} is not the one that the addon was built for`, 'build again');
  }
  return ok(name, path);
}

/** Found as Node.js does: in the package's own node_modules, or in those of the folders above. */
function checkDatabase(image: ImageFiles, folder: string, files: string[]): Check[] {
  for (let parent = folder; ; parent = dirname(parent)) {
    const file = posix.join(parent, 'node_modules', database, 'index.node');
    const found = image.locate(file);
    if (found !== undefined) {
      files.push(file);
      const defect = defectOf(found, arch);
      const what = defect?.kind === 'architecture' ? `is for ${defect.arch}` : 'is damaged';
      return defect === undefined ? [] : [unusableDatabase(`${file} ${what}`)];
    }
    if (parent === '/') break;
  }
  return [unusableDatabase(`${database} is not installed`)];
}

function unusableDatabase(what: string): Check {
  const finding = `${what}, so neither jobs nor events can be stored`;
  return fail('database', finding, `run npm ci in the image, on linux-${arch} with glibc`);
}

function checkSdkChoice({ text }: Start): Check[] {
  const isSandbox = /WEWORK_SPEC_SDK=["']?sandbox/.test(text);
  const finding = 'the start script selects the sandbox, which accepts requests of anybody';
  return isSandbox ? [fail('WEWORK_SPEC_SDK', finding, 'remove WEWORK_SPEC_SDK=sandbox')] : [];
}

/** Every library that the files need must be in the image, in a version that suffices. */
function checkLibraries(image: ImageFiles, files: readonly (string | undefined)[]): Check[] {
  const present = files.filter((path) => path !== undefined && image.locate(path) !== undefined);
  if (present.length === 0) return [];
  // Node.js loads the addon into its own process, so they share their libraries.
  const loaded = resolveImages(present as string[], {}, image.locate);
  const lacking = loaded.filter(({ path }) => path === undefined);
  const checks = lacking.map(({ name, neededBy }) =>
    fail(`needs ${name}`, `not in the image; required by ${neededBy}`, installs(name)),
  );
  for (const { neededBy, version, path, newest } of missingVersions(loaded)) {
    const finding = `${neededBy} requires it, ${path} provides ${newest ?? 'none'}`;
    checks.push(fail(version, finding, 'build and run on the same release of the system'));
  }
  if (checks.length > 0) return checks;
  return [ok('needed libraries', `${loaded.length - present.length} found in the image`)];
}

/** Addons of other packages: a program may never load them, so that these are no failures. */
function checkOtherAddons(
  image: ImageFiles,
  node: string | undefined,
  known: readonly string[],
): Check[] {
  if (node === undefined || image.locate(node) === undefined) return [];
  const others = [...image.paths].filter(
    (path) => /\/node_modules\/.*\.node$/.test(path) && !known.includes(path) && runsHere(path),
  );
  return others.flatMap((path) =>
    resolveImages([node, path], {}, image.locate)
      .filter((library) => library.path === undefined && library.neededBy !== node)
      .map(({ name, neededBy }) =>
        warn(`needs ${name}`, `not in the image; required by ${neededBy}`, installs(name)),
      ),
  );

  /** Packages bring addons for every system. */
  function runsHere(path: string): boolean {
    const file = image.locate(path);
    if (file === undefined || defectOf(file, arch) !== undefined) return false;
    return readElf(file)?.needed.some((library) => library === 'libc.so.6') ?? false;
  }
}

function installs(name: string): string {
  if (isOpenSsl(name)) return 'apt-get install libssl3, or the package of your system';
  return `install the package with ${name}`;
}
