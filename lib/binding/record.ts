import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Elf } from './elf';

/** The two incompatible layouts of std::string in libstdc++. */
export type CxxAbi = 'cxx11' | 'old';

/**
 * The file that `wework-spec build` writes next to the addon of the vendor build. By it, the loader detects a library that
 * was replaced later, and `wework-spec doctor` knows what the header declared when the header is no longer there.
 */
export interface BuildRecord {
  /** The version of this package that built the addon. */
  readonly package: string;
  readonly arch: string;
  readonly cxxAbi: CxxAbi;
  readonly library: {
    /** Its file name next to the addon: the soname, or the name of the file. */
    readonly file: string;
    readonly sha256: string;
  };
  readonly header: { readonly sha256: string };
  /** Documented declarations that the header lacks. */
  readonly missing: readonly string[];
  readonly compiler: string;
}

/** The path of the build record for an addon. */
export function recordFile(addon: string): string {
  return join(dirname(addon), 'wework_spec_vendor.json');
}

/** Reads the build record of an addon; undefined if it is missing or damaged. */
export function readRecord(addon: string): BuildRecord | undefined {
  return parseRecord(recordFile(addon));
}

/** Reads a file with a build record; undefined if it is missing or damaged. */
export function parseRecord(file: string): BuildRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as BuildRecord;
    return typeof record?.library?.sha256 === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The SHA-256 of a file in hexadecimal digits. */
export function sha256(file: string): string {
  const hash = createHash('sha256');
  const part = Buffer.alloc(1 << 20);
  const descriptor = openSync(file, 'r');
  try {
    for (let length = -1; length !== 0; ) {
      length = readSync(descriptor, part);
      hash.update(part.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

/**
 * Determines the C++ ABI of the SDK's functions from their mangled names: std::string is `Ss` in the old ABI and
 * `std::__cxx11::basic_string` in the new one. Other names are ignored, because a library can contain both.
 *
 * @param defined - true: look at the symbols that the file defines; false: at those that it requires
 */
export function cxxAbiOf(elf: Elf, defined: boolean): CxxAbi | undefined {
  let abi: CxxAbi | undefined;
  for (const symbol of elf.symbols()) {
    if (symbol.defined !== defined || !isSdkName(symbol.name)) continue;
    if (/__cxx11|B5cxx11/.test(symbol.name)) return 'cxx11';
    if (withoutNames(symbol.name).includes('Ss')) abi = 'old';
  }
  return abi;
}

/** Removes the identifiers, which are preceded by their lengths, from a mangled name. */
function withoutNames(mangled: string): string {
  let rest = '';
  for (let at = 0; at < mangled.length; ) {
    const length = /^\d+/.exec(mangled.slice(at, at + 4))?.[0];
    if (length !== undefined && mangled[at - 1] !== 'S') {
      at += length.length + Number(length);
    } else {
      rest += mangled[at];
      at += 1;
    }
  }
  return rest;
}

const sdkName = /^_Z.*(?:SpecCallbackSDK|SpecSdk|SpecSDK|SpecOpenDebugMode|GenerateNotifyId)/;

/** Whether a mangled name belongs to a function or class that the vendor's guides document. */
export function isSdkName(name: string): boolean {
  return sdkName.test(name);
}
