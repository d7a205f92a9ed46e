import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Elf } from './elf';

/** libstdc++'s two ways of making a std::string, which do not fit together. */
export type CxxAbi = 'cxx11' | 'old';

/**
 * What `wework-spec build` writes beside the addon for the vendor's SDK. With it a library that was swapped since is
 * noticed, and the doctor knows what the header had where the header is gone.
 */
export interface BuildRecord {
  /** The version of this package that built the addon. */
  readonly package: string;
  readonly arch: string;
  readonly cxxAbi: CxxAbi;
  readonly library: {
    /** Its name beside the addon: the soname, or the file's own name. */
    readonly file: string;
    readonly sha256: string;
  };
  readonly header: { readonly sha256: string };
  /** The documented declarations that the header has not. */
  readonly missing: readonly string[];
  readonly compiler: string;
}

/** The record's file for an addon's. */
export function recordFile(addon: string): string {
  return join(dirname(addon), 'wework_spec_vendor.json');
}

/** Undefined when the addon was built without one, or it cannot be read. */
export function readRecord(addon: string): BuildRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(addon), 'utf8')) as BuildRecord;
    return typeof record?.library?.sha256 === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The SHA-256 of a file, in hex. */
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
 * The C++ ABI of the SDK's functions, from the names that a library defines or an addon wants: std::string is `Ss` in old ones and
 * `std::__cxx11::basic_string` in new ones. Only names of the SDK count, since a library may have parts of both.
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

/** A mangled name without the identifiers in it, which stand there behind their lengths. */
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

/** Whether a mangled name is one that the guides document. */
export function isSdkName(name: string): boolean {
  return sdkName.test(name);
}
