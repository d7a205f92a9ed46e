import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { realFile, resolveImages, unresolvedSymbols } from '../../binding/linker';
import { machineError } from '../../binding/load-failure';
import { packageRoot, packageVersion } from '../../binding/locate';
import { type BuildRecord, type CxxAbi, recordFile, sha256 } from '../../binding/record';
import { makeError } from '../../errors';
import { buildAddon } from './addon-build';
import { type Compiler, findCompiler } from './compiler';
import { type LoadResult, tryLoad } from './load-check';
import { companions, findSdk, type LibraryFacts, libraryFacts, type SdkFiles } from './sdk-files';
import { askHeader, conformanceError, type Surface } from './surface';

/** How the vendor's library is placed next to the addon. */
export type Placing = 'link' | 'copy' | 'none';

export interface BuildOptions {
  /** Folder or archive of the SDK. */
  readonly sdk: string;
  readonly placing: Placing;
  /** Output folder. */
  readonly outDir: string;
  /** Cache of object files for the next build; default: none. */
  readonly objectDir?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Receives the progress of the build. */
  readonly report: BuildReport;
}

export interface BuildReport {
  files(files: SdkFiles, library: LibraryFacts): void;
  surface(compiler: Compiler, surface: Surface): void;
  /** Optional functions that the header declares and the library does not define. */
  dropped(names: readonly string[]): void;
  compiling(count: number): void;
  placed(placing: Placing, files: readonly string[]): void;
  built(addon: string): void;
}

/** File name of the addon for the vendor's SDK. */
export const addonName = 'wework_spec_vendor.node';

/** Folder in which the loader searches for an addon that was built on this machine. */
export const defaultOutDir = join(packageRoot, 'out', 'vendor', 'Release');

/** Folder in which the loader searches for an addon that was installed with the package. */
export function prebuildDir(): string {
  return join(packageRoot, 'prebuilds', `${process.platform}-${process.arch}`);
}

// Symbols of optional functions, by the definition that makes the adapter use them.
const optional: Readonly<Record<string, RegExp>> = {
  GenerateNotifyId: /^WEWORK_SPEC_GENERATE_NOTIFY_ID=/,
  SpecOpenDebugMode: /^WEWORK_SPEC_OPEN_DEBUG_MODE=/,
  GetNotifyId: /^WEWORK_SPEC_HAS_GET_NOTIFY_ID=/,
};

/** Result of a build, and whether the addon loads on this machine. */
export interface Built {
  readonly addon: string;
  readonly loaded: LoadResult;
}

/**
 * Builds the addon for the vendor's SDK and loads it in a child process. The vendor's files are not modified.
 *
 * @throws SpecError the errors of {@link findSdk} and of an unsupported machine, `ERR_SPEC_COMPILER_MISSING`,
 * `ERR_SPEC_HEADER_DIFFERS`, `ERR_SPEC_BUILD_FAILED`
 */
export async function buildVendorAddon(options: BuildOptions): Promise<Built> {
  const impossible = machineError();
  if (impossible) throw impossible;
  const workDir = mkdtempSync(join(realpathSync(tmpdir()), 'wework-spec-build-'));
  try {
    return await build(options, workDir);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

async function build(
  { sdk, placing, outDir, objectDir, env, report }: BuildOptions,
  workDir: string,
): Promise<Built> {
  const files = await findSdk(sdk, workDir);
  const facts = libraryFacts(files.library);
  report.files(files, facts);

  const compiler = await findCompiler(env);
  const surface = await askHeader(compiler, files.header);
  report.surface(compiler, surface);
  const nonconforming = conformanceError(files.header, surface.findings);
  if (nonconforming) throw nonconforming;

  mkdirSync(outDir, { recursive: true });
  const addon = join(outDir, addonName);
  // An earlier build remains usable until the new one is checked. The staging folder is separate, so that it contains no library.
  const staged = join(workDir, addonName);
  const cxxAbi: CxxAbi = facts.cxxAbi ?? 'cxx11';
  const bundled = companions(files.library);
  const make = (definitions: readonly string[]) =>
    buildAddon(
      compiler,
      {
        ...files,
        libraryName: facts.name,
        companions: bundled,
        cxxAbi,
        standard: surface.standard,
        definitions,
      },
      objectDir ?? join(workDir, 'objects'),
      staged,
      (count) => report.compiling(count),
    );

  await make(surface.definitions);
  const lacking = symbolsThatLibraryLacks(staged, files.library);
  const dropped = Object.keys(optional).filter((name) =>
    lacking.some((symbol) => symbol.includes(name)),
  );
  const fatal = lacking.filter((symbol) => !dropped.some((name) => symbol.includes(name)));
  if (fatal.length > 0) {
    const symbols = fatal.map((symbol) => `  ${symbol}`).join('\n');
    throw makeError(
      'ERR_SPEC_HEADER_DIFFERS',
      files.header,
      `${symbols}\nThe header declares them, but ${files.library} does not define them: header and library have different versions.`,
    );
  }
  if (dropped.length > 0) {
    report.dropped(dropped);
    const kept = surface.definitions.filter(
      (definition) => !dropped.some((name) => optional[name]?.test(definition)),
    );
    await make(kept);
  }

  // The unpacked files are deleted after the build.
  const how = files.archive !== undefined && placing === 'link' ? 'copy' : placing;
  report.placed(how, placeLibraries(files.library, facts.name, bundled, outDir, how));
  const record: BuildRecord = {
    package: packageVersion(),
    arch: process.arch,
    cxxAbi,
    library: { file: facts.name, sha256: facts.sha256 },
    header: { sha256: sha256(files.header) },
    missing: [
      ...surface.findings.filter(({ found }) => !found).map(({ declaration }) => declaration.name),
      ...dropped,
    ],
    compiler: compiler.version,
  };
  writeFileSync(recordFile(addon), `${JSON.stringify(record, undefined, 2)}\n`);
  const partial = `${addon}.${process.pid}`;
  copyFileSync(staged, partial);
  renameSync(partial, addon);
  report.built(addon);
  return { addon, loaded: await tryLoad('vendor', findable(), addon) };

  function findable(): NodeJS.ProcessEnv {
    if (placing !== 'none') return env;
    // A prebuild has no library next to it, so the check gets a temporary one.
    const beside = join(workDir, 'beside');
    mkdirSync(beside);
    placeLibraries(files.library, facts.name, bundled, beside, 'link');
    return { ...env, LD_LIBRARY_PATH: [beside, env.LD_LIBRARY_PATH].filter(Boolean).join(':') };
  }
}

/**
 * Places the vendor's library next to an addon: as a link, or as a copy for images that do not contain the SDK's folder. An
 * existing file is replaced; an existing link is never followed.
 *
 * @param name - file name that the addon requires
 * @param bundled - libraries that the vendor's library requires from its own folder; they keep their names
 * @returns the files that were created
 */
export function placeLibraries(
  library: string,
  name: string,
  bundled: readonly string[],
  outDir: string,
  placing: Placing,
): string[] {
  if (placing === 'none') {
    // A team's package must not contain the vendor's file by accident. But the output folder may be the SDK's own.
    const file = join(outDir, name);
    if (!isOriginal(file, library)) rmSync(file, { force: true });
    return [];
  }
  const sources = new Map([[name, library]]);
  for (const file of bundled) sources.set(basename(file), file);
  const placed: string[] = [];
  for (const [beside, source] of sources) {
    const file = join(outDir, beside);
    if (isOriginal(file, source)) continue;
    const partial = `${file}.${process.pid}`;
    rmSync(partial, { force: true });
    if (placing === 'copy') copyFileSync(source, partial);
    else symlinkSync(source, partial);
    renameSync(partial, file);
    placed.push(file);
  }
  return placed;
}

/** Whether a file next to the addon is the vendor's original, because the output folder is the SDK's folder. */
function isOriginal(file: string, source: string): boolean {
  return (
    existsSync(file) && !lstatSync(file).isSymbolicLink() && realFile(file) === realFile(source)
  );
}

/** Symbols of the SDK that the addon requires and no loaded library would define. */
function symbolsThatLibraryLacks(addon: string, library: string): string[] {
  const images = resolveImages([process.execPath, library, addon], {});
  const image = images.find(({ path }) => path === addon);
  if (image === undefined) return [];
  const lacking = unresolvedSymbols(image, images);
  // Symbols of the standard library are missing if it was not found; the loader reports that.
  return lacking.filter((symbol) => !/^_Z(?:T[ISV])?N?K?St|^(?:napi|node_api)_/.test(symbol));
}
