import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defectOf, type Elf, readElf } from '../../binding/elf';
import { realFile } from '../../binding/linker';
import { defectError } from '../../binding/load-failure';
import { type CxxAbi, cxxAbiOf, isSdkName, sha256 } from '../../binding/record';
import { makeError } from '../../errors';
import { unpack } from './archive';

/** The two files of the vendor's SDK. */
export interface SdkFiles {
  readonly header: string;
  readonly library: string;
  /** The archive that both were unpacked from, into a temporary folder. */
  readonly archive?: string;
}

/** Properties of the library file. */
export interface LibraryFacts {
  readonly elf: Elf;
  readonly cxxAbi: CxxAbi | undefined;
  readonly sha256: string;
  /** The name that the loader searches for: the soname, or else the file name. */
  readonly name: string;
}

const headerName = 'cpp_sdk.h';
const libraryPattern = /^libWeWorkSpecSDK\.so(?:\.[\d.]+)?$/;
const archivePattern = /^cpp_sdk.*\.(?:tar\.gz|tgz|tar)$/i;

/**
 * Finds header and library in the usual layouts: both in one folder, in `include/` and `lib/` or deeper, in an archive, or in a
 * folder that contains the archive.
 *
 * @param place - folder or archive
 * @param workDir - archives are unpacked into it
 * @throws SpecError `ERR_SPEC_SDK_DIR`, or for an invalid library: `ERR_SPEC_WRONG_ARCH`,
 * `ERR_SPEC_FILE_TRUNCATED`, `ERR_SPEC_LINK_AS_TEXT`, `ERR_SPEC_NOT_A_LIBRARY`
 */
export async function findSdk(place: string, workDir: string): Promise<SdkFiles> {
  if (!existsSync(place)) throw makeError('ERR_SPEC_SDK_DIR', place, 'no such file or folder');
  if (statSync(place).isFile()) return { ...(await findUnpacked(place, workDir)), archive: place };

  const files = list(place);
  const headers = files.filter((file) => basename(file) === headerName);
  const libraries = files.filter((file) => libraryPattern.test(basename(file)));
  if (headers.length === 0 && libraries.length === 0) {
    const archives = files.filter((file) => archivePattern.test(basename(file)));
    if (archives.length > 1) {
      const names = archives.join(', ');
      throw makeError(
        'ERR_SPEC_SDK_DIR',
        place,
        `it contains several archives (${names}); pass one of them`,
      );
    }
    const [archive] = archives;
    if (archive !== undefined) return { ...(await findUnpacked(archive, workDir)), archive };
  }
  return choose(place, headers, libraries);
}

async function findUnpacked(archive: string, workDir: string): Promise<SdkFiles> {
  const into = join(workDir, 'sdk');
  mkdirSync(into, { recursive: true });
  try {
    await unpack(archive, into);
  } catch (error) {
    const words = (error as Error).message;
    throw makeError('ERR_SPEC_SDK_DIR', archive, `it cannot be unpacked (${words})`);
  }
  const files = list(into);
  return choose(
    archive,
    files.filter((file) => basename(file) === headerName),
    files.filter((file) => libraryPattern.test(basename(file))),
  );
}

function choose(place: string, headers: string[], libraries: string[]): SdkFiles {
  if (headers.length === 0) {
    throw makeError('ERR_SPEC_SDK_DIR', place, `it does not contain ${headerName}`);
  }
  if (libraries.length === 0) {
    throw makeError('ERR_SPEC_SDK_DIR', place, 'it does not contain libWeWorkSpecSDK.so');
  }
  const [header, ...otherHeaders] = different(headers);
  if (otherHeaders.length > 0) {
    throw makeError(
      'ERR_SPEC_SDK_DIR',
      place,
      `it contains different headers: ${headers.join(', ')}`,
    );
  }
  const sound = libraries.filter((file) => defectOf(file) === undefined);
  if (sound.length === 0) {
    const [first] = libraries as [string];
    const fault = defectOf(first);
    if (fault !== undefined) throw defectError(first, fault);
  }
  const [library, ...others] = different(sound);
  if (others.length > 0) {
    const names = sound.join(', ');
    throw makeError('ERR_SPEC_SDK_DIR', place, `it contains different libraries: ${names}`);
  }
  const files = { header: header as string, library: library as string };
  refuseSandbox(files);
  return files;
}

/** Removes files with equal content; prefers plain names to versioned ones. */
function different(files: readonly string[]): string[] {
  const sorted = [...files].sort((a, b) => basename(a).length - basename(b).length);
  const seen = new Set<string>();
  return sorted.filter((file) => {
    const content = sha256(file);
    return !seen.has(content) && seen.add(content);
  });
}

function refuseSandbox({ header, library }: SdkFiles): void {
  if (readFileSync(header, 'utf8').includes('WEWORK_SPEC_SANDBOX_SDK')) {
    const complaint = `its ${headerName} is the sandbox's header; the build requires the vendor's`;
    throw makeError('ERR_SPEC_SDK_DIR', dirname(header), complaint);
  }
  const symbols = readElf(library)?.symbols() ?? [];
  if (symbols.some(({ name }) => name === 'wework_spec_sandbox_marker')) {
    throw makeError('ERR_SPEC_SANDBOX_LIBRARY', library, '');
  }
  const offered = symbols.filter(({ defined }) => defined);
  if (
    !offered.some(({ name }) => isSdkName(name)) &&
    offered.some(({ name }) => name.startsWith('Java_com_tencent'))
  ) {
    const complaint = `${library} belongs to the Java SDK, which has a library of the same name; the C++ SDK is required`;
    throw makeError('ERR_SPEC_SDK_DIR', dirname(library), complaint);
  }
}

/**
 * Reads the properties of the library.
 *
 * @throws SpecError `ERR_SPEC_NOT_A_LIBRARY`
 */
export function libraryFacts(library: string): LibraryFacts {
  const elf = readElf(library);
  if (elf === undefined) throw makeError('ERR_SPEC_NOT_A_LIBRARY', library, '');
  return {
    elf,
    cxxAbi: cxxAbiOf(elf, true),
    sha256: sha256(library),
    name: elf.soname ?? basename(library),
  };
}

/**
 * Libraries in the SDK's folder that the SDK library requires, such as a bundled libcrypto.so.3. They must be next to the addon,
 * too, where the loader searches.
 */
export function companions(library: string): string[] {
  const folder = dirname(realFile(library));
  const found = new Set<string>();
  const queue = [...(readElf(library)?.needed ?? [])];
  for (const name of queue) {
    const file = join(folder, name);
    if (found.has(file) || !existsSync(file) || defectOf(file) !== undefined) continue;
    found.add(file);
    queue.push(...(readElf(file)?.needed ?? []));
  }
  return [...found];
}

/** The files in a folder and its subfolders, breadth first. */
function list(folder: string): string[] {
  const deepest = 4;
  const files: string[] = [];
  let level = [folder];
  for (let depth = 0; depth <= deepest && level.length > 0; ++depth) {
    const next: string[] = [];
    for (const dir of level) {
      for (const entry of readdirSync(dir, { withFileTypes: true })) {
        const path = join(dir, entry.name);
        if (entry.isDirectory()) {
          if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) next.push(path);
        } else if (existsSync(path)) {
          files.push(path);
        }
      }
    }
    level = next;
  }
  return files;
}
