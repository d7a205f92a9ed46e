import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../binding/locate';
import type { CxxAbi } from '../../binding/record';
import { makeError } from '../../errors';
import type { Compiler } from './compiler';
import { errorLines } from './surface';

/** Sources and compiler options of the addon: native/addon.json, which CMakeLists.txt also reads. */
interface AddonDescription {
  readonly standard: number;
  readonly sources: readonly string[];
  readonly adapter: string;
  readonly definitions: readonly string[];
  readonly compileOptions: readonly string[];
  readonly releaseOptions: readonly string[];
  readonly linkOptions: readonly string[];
  readonly releaseLinkOptions: readonly string[];
  /** By `process.arch`. */
  readonly processorOptions: Readonly<Record<string, readonly string[]>>;
  readonly versionScript: string;
}

/** The SDK that the addon is compiled for. */
export interface Target {
  readonly header: string;
  readonly library: string;
  /** The library name that the addon requires. */
  readonly libraryName: string;
  /** Libraries that it requires from its own folder; also placed next to the addon. */
  readonly companions: readonly string[];
  readonly cxxAbi: CxxAbi;
  readonly standard: string;
  /** Only for the adapter. */
  readonly definitions: readonly string[];
}

/**
 * Compiles and links an addon, without CMake or make. All objects except the adapter are the same for every SDK of one C++ ABI, so
 * they are cached by the hash of their inputs.
 *
 * @param objectDir - cache of object files
 * @param addon - the file to make; replaced at once when it is complete
 * @param compiling - gets the number of files to compile
 * @throws SpecError `ERR_SPEC_BUILD_FAILED`
 */
export async function buildAddon(
  compiler: Compiler,
  target: Target,
  objectDir: string,
  addon: string,
  compiling: (count: number) => void,
): Promise<void> {
  const description: AddonDescription = JSON.parse(
    readFileSync(join(packageRoot, 'native', 'addon.json'), 'utf8'),
  );
  mkdirSync(objectDir, { recursive: true });
  const common = [
    ...description.definitions.map((definition) => `-D${definition}`),
    `-D_GLIBCXX_USE_CXX11_ABI=${target.cxxAbi === 'cxx11' ? 1 : 0}`,
    ...description.compileOptions,
    ...(description.processorOptions[process.arch] ?? []),
    ...description.releaseOptions,
    `-ffile-prefix-map=${packageRoot}/=`,
    `-I${join(packageRoot, 'native')}`,
    ...['-isystem', join(packageFolder('node-api-headers'), 'include')],
    ...['-isystem', packageFolder('node-addon-api')],
  ];
  const sources = treeHash(join(packageRoot, 'native'));
  const headers = ['node-api-headers', 'node-addon-api'].map((name) =>
    treeHash(packageFolder(name), '.h'),
  );
  const jobs = description.sources.map((source) => {
    const isAdapter = source === description.adapter;
    const args = [
      isAdapter ? `-std=${target.standard}` : `-std=c++${description.standard}`,
      ...common,
      ...(isAdapter
        ? [
            ...['-isystem', dirname(target.header)],
            `-ffile-prefix-map=${dirname(target.header)}/=`,
            ...target.definitions.map((definition) => `-D${definition}`),
            `-DWEWORK_SPEC_SDK_LIBRARY_FILE="${target.libraryName}"`,
          ]
        : []),
    ];
    // Keeps the package's path out of the objects.
    const portable = args.map((arg) => arg.replaceAll(packageRoot, ''));
    const key = [compiler.version, sources, ...headers, source, ...portable];
    // The header may include others in its folder.
    if (isAdapter) key.push(treeHash(dirname(target.header), '.h'));
    const hash = createHash('sha256').update(key.join('\n')).digest('hex').slice(0, 16);
    return { source, args, object: join(objectDir, `${basename(source, '.cc')}-${hash}.o`) };
  });

  const missing = jobs.filter(({ object }) => !existsSync(object));
  compiling(missing.length);
  await inParallel(missing, async ({ source, args, object }) => {
    const partial = `${object}.${process.pid}`;
    const run = await compiler.run([...args, '-c', join(packageRoot, source), '-o', partial]);
    if (!run.ok) {
      throw makeError('ERR_SPEC_BUILD_FAILED', `Compiling ${source}`, errorLines(run.stderr));
    }
    // Another build may write the same object at the same time.
    renameSync(partial, object);
  });

  mkdirSync(dirname(addon), { recursive: true });
  const partial = `${addon}.${process.pid}`;
  const libraries = [target.library, ...target.companions];
  const { ok, stderr } = await compiler.run([
    '-shared',
    ...['-o', partial],
    ...jobs.map(({ object }) => object),
    ...description.linkOptions,
    ...description.releaseLinkOptions,
    '-Wl,--enable-new-dtags',
    // The library is placed next to the addon.
    '-Wl,-rpath,$ORIGIN',
    // Not -Wl, because a name may contain commas.
    ...['-Xlinker', `--version-script=${join(packageRoot, description.versionScript)}`],
    // The dependencies of the library are not checked here.
    '-Wl,--allow-shlib-undefined',
    // With -l: instead of the path, because a library without soname would otherwise be required by its absolute path.
    ...libraries.map((library) => `-L${dirname(library)}`),
    '-Wl,--no-as-needed',
    ...libraries.map((library) => `-l:${basename(library)}`),
    '-Wl,--as-needed',
    '-ldl',
  ]);
  if (!ok) throw makeError('ERR_SPEC_BUILD_FAILED', 'Linking the addon', errorLines(stderr));
  renameSync(partial, addon);
}

/** Folder of a dependency. */
function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`, { paths: [packageRoot] }));
}

function treeHash(folder: string, suffix = ''): string {
  const hash = createHash('sha256');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest('hex');
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
