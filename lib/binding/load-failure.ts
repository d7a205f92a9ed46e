import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FailureCode, makeError } from '../errors';
import { defectOf, type FileDefect, interpreterOf, readElf } from './elf';
import { isOpenSsl, newestVersion, realFile, resolveImages } from './linker';
import { libraryFile, type SdkName } from './locate';
import { cxxAbiOf, readRecord, sha256 } from './record';

/** The path of the SDK library next to an addon. The loader may find it elsewhere: {@link loadedLibrary}. */
function libraryBeside(sdk: SdkName, addon: string): string {
  const name = (sdk === 'vendor' && readRecord(addon)?.library.file) || libraryFile[sdk];
  return join(dirname(addon), name);
}

/** The error for a platform that the addon does not support. */
export function machineError(): Error | undefined {
  if (process.platform !== 'linux') {
    return makeError('ERR_SPEC_UNSUPPORTED_PLATFORM', `${process.platform}-${process.arch}`, '');
  }
  // A program under the permission model need not be able to read node itself.
  const interpreter = mayRead(process.execPath) ? interpreterOf(process.execPath) : undefined;
  return interpreter?.includes('ld-musl')
    ? makeError('ERR_SPEC_MUSL', process.execPath, interpreter)
    : undefined;
}

/** Whether the permission model of Node.js, if it is active, lets this process read a file. */
export function mayRead(file: string): boolean {
  return process.permission?.has('fs.read', file) ?? true;
}

/** The error for a file that the permission model of Node.js hides. @param folder - what must be readable */
export function readPermissionError(file: string, folder: string): Error {
  const option = `--allow-fs-read=${join(folder, '*')}`;
  return makeError(
    'ERR_SPEC_PERMISSION',
    file,
    `its permission model denies reading it. Start Node.js with ${option} and with --allow-addons.`,
  );
}

/** The error for options of Node.js that forbid addons. */
function addonPermissionError(addon: string): Error {
  const what =
    process.permission === undefined
      ? 'addons are disabled. Start Node.js without --no-addons; the option can be in NODE_OPTIONS or in execArgv of a Worker.'
      : 'its permission model forbids addons. Start Node.js with --allow-addons.';
  return makeError('ERR_SPEC_PERMISSION', addon, what);
}

/**
 * The error for a defect of the addon, or of the SDK library next to it, that would crash the loader or yield a misleading
 * message, and for one that may not be read.
 */
export function fileError(sdk: SdkName, addon: string): Error | undefined {
  for (const file of [addon, libraryBeside(sdk, addon)]) {
    if (!mayRead(file)) return readPermissionError(file, dirname(file));
    const defect = existsSync(file) ? defectOf(file) : undefined;
    if (defect) return defectError(file, defect);
  }
  return undefined;
}

/** The error for a file that is not a usable shared library for this machine. */
export function defectError(file: string, defect: FileDefect): Error {
  switch (defect.kind) {
    case 'architecture':
      return makeError(
        'ERR_SPEC_WRONG_ARCH',
        file,
        `${defect.arch}, and this Node.js runs on ${process.arch}`,
      );
    case 'cut-off':
    case 'empty':
      return makeError('ERR_SPEC_FILE_TRUNCATED', file, `${statSync(file).size}`);
    case 'damaged':
      return makeError('ERR_SPEC_FILE_DAMAGED', file, 'its header');
    case 'link-as-text':
      return makeError('ERR_SPEC_LINK_AS_TEXT', file, defect.target);
    case 'not-a-file':
    case 'not-elf':
      return makeError('ERR_SPEC_NOT_A_LIBRARY', file, '');
  }
}

/** Turns an exception of `process.dlopen` into an error with cause and action; returns other values unchanged. */
export function loadError(
  sdk: SdkName,
  addon: string,
  error: unknown,
  env: NodeJS.ProcessEnv,
): unknown {
  // Not instanceof: in test runners the error of the loader can come from another realm.
  const { message: words, code, subject } = error as { [name: string]: string | undefined };
  // Thrown by the addon itself, which has no function for the text before attach() is called.
  if (code?.startsWith('ERR_SPEC_')) {
    return makeError(code as FailureCode, subject ?? '', addon);
  }
  if (words === undefined) return error;
  if (code === 'ERR_DLOPEN_DISABLED') return addonPermissionError(addon);

  const missing = /(\S+): cannot open shared object file/.exec(words)?.[1];
  if (missing !== undefined && isOpenSsl(missing)) {
    return makeError('ERR_SPEC_OPENSSL_MISSING', missing, words);
  }
  if (missing !== undefined && /^libWeWorkSpec/.test(missing)) {
    return makeError('ERR_SPEC_LIBRARY_MISSING', missing, `${words}. The addon is ${addon}.`);
  }
  if (missing !== undefined && missing !== addon) {
    return makeError('ERR_SPEC_DEPENDENCY_MISSING', missing, words);
  }

  const version = /(\S+): version `(\w+?)_([\d.]+)' not found/.exec(words);
  if (version !== null) {
    const [, library = '', family = '', number] = version;
    const newest = newestVersion(readElf(library)?.definedVersions ?? [], family) ?? 'none';
    const needed = `${family}_${number}`;
    const code =
      family === 'GLIBC'
        ? 'ERR_SPEC_GLIBC_TOO_OLD'
        : /^(?:GLIBCXX|CXXABI)$/.test(family)
          ? 'ERR_SPEC_LIBSTDCXX_TOO_OLD'
          : 'ERR_SPEC_DEPENDENCY_TOO_OLD';
    return makeError(code, library, `needed ${needed}, found ${newest}. The loader says: ${words}`);
  }

  const symbol = /undefined symbol: ([^\s,]+)/.exec(words)?.[1];
  if (symbol !== undefined) {
    const wanted = readElf(addon);
    const library = loadedLibrary(sdk, addon, env);
    const offered = library === undefined ? undefined : readElf(library);
    const [wants, has] = [wanted && cxxAbiOf(wanted, false), offered && cxxAbiOf(offered, true)];
    if (wants !== undefined && has !== undefined && wants !== has) {
      const abis = `${library} has the ${has} one, and the addon was built for the ${wants} one`;
      return makeError(
        'ERR_SPEC_WRONG_CXX_ABI',
        `${library}`,
        `${abis}. The loader says: ${words}`,
      );
    }
    const used = mappedLibrary(sdk);
    const other =
      used === undefined || used === library
        ? ''
        : ` The library in use is ${used}, which another copy of this package has loaded.`;
    return makeError('ERR_SPEC_UNDEFINED_SYMBOL', symbol, words + other);
  }
  return makeError('ERR_SPEC_LOAD_FAILED', sdk, `${addon}: ${words}`);
}

/**
 * The error for an SDK library other than the one that the addon was built with. Its classes can differ in layout under the
 * same names, which would show only as a crash.
 *
 * @param library - the loaded file
 */
export function changedError(addon: string, library: string): Error | undefined {
  const record = readRecord(addon);
  if (record === undefined) return undefined;
  if (!mayRead(library)) return readPermissionError(library, dirname(library));
  if (sha256(library) === record.library.sha256) return undefined;
  return makeError('ERR_SPEC_LIBRARY_CHANGED', realFile(library), addon);
}

/**
 * The warning for an addon that uses the SDK library of another copy of this package: the loader loads a library of one name
 * only once. Undefined if it uses its own one, or one that LD_LIBRARY_PATH provides.
 *
 * @param used - the loaded file
 */
export function sharedLibraryWarning(
  sdk: SdkName,
  addon: string,
  used: string,
  env: NodeJS.ProcessEnv,
): Error | undefined {
  const own = libraryBeside(sdk, addon);
  if (!existsSync(own) || realFile(own) === realFile(used)) return undefined;
  const found = loadedLibrary(sdk, addon, env);
  if (found !== undefined && realFile(found) === realFile(used)) return undefined;
  return makeError('ERR_SPEC_SHARED_LIBRARY', used, own);
}

/** The path of the SDK library that this process has loaded. */
function mappedLibrary(sdk: SdkName): string | undefined {
  try {
    const files = readFileSync('/proc/self/maps', 'utf8').matchAll(/ (\/.*)$/gm);
    return [...files]
      .map(([, file = '']) => file)
      .find((file) => basename(file) === libraryFile[sdk]);
  } catch {
    // Without /proc the error has less to say.
    return undefined;
  }
}

/** The path of the SDK library that the loader finds for an addon. */
export function loadedLibrary(
  sdk: SdkName,
  addon: string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const name = (sdk === 'vendor' && readRecord(addon)?.library.file) || libraryFile[sdk];
  return resolveImages([process.execPath, addon], env).find((image) => image.name === name)?.path;
}
