import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { makeError } from '../errors';

/** Names of `process.arch` by the machine number of the ELF header. */
const machines: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

const magic = Buffer.from('7f454c46', 'hex');
const headerSize = 64;
/** Of a program header. The loader accepts no other size. */
const programHeaderSize = 56;
/** The smallest size of an entry in the tables of symbol versions. */
const versionEntrySize = 16;
/** More than all program headers take. */
const longestRead = 4 * 2 ** 20;
const segment = { loadable: 1, dynamic: 2, interpreter: 3 } as const;
const tag = {
  needed: 1,
  strings: 5,
  symbols: 6,
  soname: 14,
  rpath: 15,
  runpath: 29,
  versions: 0x6ffffff0,
  defined: 0x6ffffffc,
  definedCount: 0x6ffffffd,
  required: 0x6ffffffe,
  requiredCount: 0x6fffffff,
  hash: 4,
  gnuHash: 0x6ffffef5,
} as const;

/** A symbol of the dynamic table. */
export interface ElfSymbol {
  readonly name: string;
  /** True if this file defines the symbol, false if another file must. */
  readonly defined: boolean;
  /** A weak symbol may remain undefined. */
  readonly weak: boolean;
  /** For an undefined symbol: the version that it was linked against, if any. */
  readonly version?: string | undefined;
}

/** What the dynamic loader reads from a shared library or executable. */
export interface Elf {
  /** A name of `process.arch`, or `ELF machine <number>`. */
  readonly arch: string;
  /** Names of the libraries that it needs (DT_NEEDED). */
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** Folders of DT_RPATH, with `$ORIGIN` unexpanded. */
  readonly rpath: readonly string[];
  /** Folders of DT_RUNPATH, with `$ORIGIN` unexpanded. */
  readonly runpath: readonly string[];
  /** The dynamic linker of an executable (PT_INTERP). */
  readonly interpreter: string | undefined;
  /** Required symbol versions by library, for example `GLIBC_2.34` of `libc.so.6`. */
  readonly requiredVersions: ReadonlyMap<string, readonly string[]>;
  /** Symbol versions that it defines. */
  readonly definedVersions: readonly string[];
  /**
   * Parsed at first use, because there can be tens of thousands.
   *
   * @throws SpecError `ERR_SPEC_FILE_DAMAGED`
   */
  symbols(): readonly ElfSymbol[];
}

/** Why a file is not a usable shared library for this machine. */
export type FileDefect =
  | { readonly kind: 'not-a-file' | 'not-elf' | 'cut-off' | 'damaged' | 'empty' }
  /** Git and archivers on Windows replace a symbolic link by a file that contains the path of its target. */
  | { readonly kind: 'link-as-text'; readonly target: string }
  | { readonly kind: 'architecture'; readonly arch: string };

/**
 * Detects defects that crash the loader or yield a misleading message. Reads only the headers.
 *
 * The worst is a truncated library: the loader maps segments beyond the end of the file without a check, and the process
 * dies of SIGBUS at the first access.
 *
 * @param file - the file must exist
 */
export function defectOf(file: string, arch: string = process.arch): FileDefect | undefined {
  const { size, isFile } = statOf(file);
  if (!isFile) return { kind: 'not-a-file' };
  const descriptor = openSync(file, 'r');
  try {
    const header = read(descriptor, 0, 4096);
    if (size === 0) return { kind: 'empty' };
    if (!header.subarray(0, magic.length).equals(magic)) {
      const target = textOfLink(header, size);
      return target === undefined ? { kind: 'not-elf' } : { kind: 'link-as-text', target };
    }
    if (header.length < 20) return { kind: 'cut-off' };
    const found = archOf(header);
    if (found !== arch) return { kind: 'architecture', arch: found };
    if (header.length < headerSize) return { kind: 'cut-off' };
    const { start, entrySize, count } = programHeaders(header);
    if (entrySize !== programHeaderSize) return { kind: 'damaged' };
    if (start + entrySize * count > size) return { kind: 'cut-off' };
    const table = read(descriptor, start, entrySize * count);
    for (let entry = 0; entry < table.length; entry += entrySize) {
      if (table.readUInt32LE(entry) !== segment.loadable) continue;
      const offset = Number(table.readBigUInt64LE(entry + 8));
      const length = Number(table.readBigUInt64LE(entry + 32));
      if (offset + length > size) return { kind: 'cut-off' };
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a 64-bit little-endian ELF file.
 *
 * @returns undefined if the file is something else or damaged; see {@link defectOf}
 */
export function readElf(file: string): Elf | undefined {
  try {
    return parse(file, readFileSync(file));
  } catch (error) {
    // RangeError: an offset of a damaged file points beyond its end.
    if (error instanceof RangeError || (error as { code?: string }).code !== undefined) {
      return undefined;
    }
    throw error;
  }
}

/** The dynamic linker of an executable (PT_INTERP), from its headers only. That of musl has `ld-musl` in its name. */
export function interpreterOf(file: string): string | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const header = read(descriptor, 0, headerSize);
    if (header.length < headerSize || !header.subarray(0, magic.length).equals(magic)) return;
    if (header[4] !== 2 || header[5] !== 1) return;
    const { start, entrySize, count } = programHeaders(header);
    if (entrySize !== programHeaderSize) return;
    const table = read(descriptor, start, entrySize * count);
    for (let entry = 0; entry + entrySize <= table.length; entry += entrySize) {
      if (table.readUInt32LE(entry) !== segment.interpreter) continue;
      const offset = Number(table.readBigUInt64LE(entry + 8));
      const length = Number(table.readBigUInt64LE(entry + 32));
      return read(descriptor, offset, length).toString('latin1').replace(/\0.*$/s, '');
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function parse(file: string, bytes: Buffer): Elf | undefined {
  if (bytes.length < headerSize || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  if (bytes[4] !== 2 || bytes[5] !== 1) return undefined;
  const { start, entrySize, count } = programHeaders(bytes);
  const segments = Array.from({ length: count }, (_, index) => {
    const entry = start + index * entrySize;
    return {
      type: bytes.readUInt32LE(entry),
      offset: Number(bytes.readBigUInt64LE(entry + 8)),
      address: Number(bytes.readBigUInt64LE(entry + 16)),
      length: Number(bytes.readBigUInt64LE(entry + 32)),
    };
  });
  /** Converts an address to an offset in the file. */
  const place = (address: number): number => {
    const holder = segments.find(
      (part) =>
        part.type === segment.loadable &&
        address >= part.address &&
        address < part.address + part.length,
    );
    if (holder === undefined) throw new RangeError(`no segment holds ${address}`);
    return address - holder.address + holder.offset;
  };

  const dynamic: { tag: number; value: number }[] = [];
  const table = segments.find(({ type }) => type === segment.dynamic);
  for (let at = table?.offset ?? 0; table && at < table.offset + table.length; at += 16) {
    const entry = Number(bytes.readBigUInt64LE(at));
    if (entry === 0) break;
    dynamic.push({ tag: entry, value: Number(bytes.readBigUInt64LE(at + 8)) });
  }
  const value = (wanted: number) => dynamic.find((entry) => entry.tag === wanted)?.value;
  const stringTable = value(tag.strings);
  const strings = stringTable === undefined ? 0 : place(stringTable);
  // Names can share their ends, but a file whose names add up to many times its size was built to exhaust memory.
  let unreadNames = 4 * bytes.length;
  const text = (offset: number): string => {
    const from = strings + offset;
    const end = bytes.indexOf(0, from);
    unreadNames -= end - from;
    if (end === -1 || unreadNames < 0) throw new RangeError('a name has no end');
    return bytes.toString('latin1', from, end);
  };
  const texts = (wanted: number) =>
    dynamic.filter((entry) => entry.tag === wanted).map((entry) => text(entry.value));
  const folders = (wanted: number) => texts(wanted).flatMap((list) => list.split(':'));

  const required = requiredVersions(bytes, text, {
    at: value(tag.required),
    count: value(tag.requiredCount) ?? 0,
    place,
  });
  const interpreter = segments.find(({ type }) => type === segment.interpreter);
  let symbols: ElfSymbol[] | undefined;
  return {
    arch: archOf(bytes),
    needed: texts(tag.needed),
    soname: texts(tag.soname)[0],
    rpath: folders(tag.rpath),
    runpath: folders(tag.runpath),
    interpreter:
      interpreter &&
      bytes
        .toString('latin1', interpreter.offset, interpreter.offset + interpreter.length)
        .replace(/\0.*$/s, ''),
    requiredVersions: required.byLibrary,
    definedVersions: definedVersions(bytes, text, {
      at: value(tag.defined),
      count: value(tag.definedCount) ?? 0,
      place,
    }),
    symbols() {
      try {
        symbols ??= readSymbols();
      } catch (error) {
        // Not instanceof: under test runners, errors of Buffer come from another realm.
        if ((error as Error).name !== 'RangeError') throw error;
        throw makeError('ERR_SPEC_FILE_DAMAGED', file, 'its symbol table');
      }
      return symbols;
    },
  };

  function readSymbols(): ElfSymbol[] {
    const at = value(tag.symbols);
    if (at === undefined) return [];
    const first = place(at);
    const versionTable = value(tag.versions);
    const versions = versionTable === undefined ? undefined : place(versionTable);
    const found: ElfSymbol[] = [];
    const count = symbolCount(bytes, value, place);
    // Index 0 is reserved (STN_UNDEF).
    for (let index = 1; index < count; ++index) {
      const entry = first + index * 24;
      const binding = bytes.readUInt8(entry + 4) >> 4;
      const local = 0;
      if (binding === local) continue;
      const version =
        versions === undefined
          ? undefined
          : required.byIndex.get(bytes.readUInt16LE(versions + index * 2) & 0x7fff);
      found.push({
        name: text(bytes.readUInt32LE(entry)),
        defined: bytes.readUInt16LE(entry + 6) !== 0,
        weak: binding === 2,
        version,
      });
    }
    return found;
  }
}

/** Counts entries and throws when they are more than the file can hold: a damaged file may claim 2 ** 64 of them. */
function entryCounter(bytes: Buffer): () => void {
  let left = bytes.length / versionEntrySize;
  return () => {
    left -= 1;
    if (left < 0) throw new RangeError('more entries than the file can hold');
  };
}

interface VersionTable {
  at: number | undefined;
  count: number;
  place: (address: number) => number;
}

function requiredVersions(
  bytes: Buffer,
  text: (offset: number) => string,
  { at, count, place }: VersionTable,
): { byLibrary: Map<string, string[]>; byIndex: Map<number, string> } {
  const byLibrary = new Map<string, string[]>();
  const byIndex = new Map<number, string>();
  if (at === undefined) return { byLibrary, byIndex };
  const countEntry = entryCounter(bytes);
  for (let entry = place(at), left = count; left > 0; --left) {
    countEntry();
    const library = text(bytes.readUInt32LE(entry + 4));
    const wanted: string[] = [];
    let version = entry + bytes.readUInt32LE(entry + 8);
    for (let versions = bytes.readUInt16LE(entry + 2); versions > 0; --versions) {
      countEntry();
      const name = text(bytes.readUInt32LE(version + 8));
      wanted.push(name);
      byIndex.set(bytes.readUInt16LE(version + 6) & 0x7fff, name);
      version += bytes.readUInt32LE(version + 12);
    }
    byLibrary.set(library, wanted);
    entry += bytes.readUInt32LE(entry + 12);
  }
  return { byLibrary, byIndex };
}

function definedVersions(
  bytes: Buffer,
  text: (offset: number) => string,
  { at, count, place }: VersionTable,
): string[] {
  const names: string[] = [];
  if (at === undefined) return names;
  const countEntry = entryCounter(bytes);
  for (let entry = place(at), left = count; left > 0; --left) {
    countEntry();
    names.push(text(bytes.readUInt32LE(entry + bytes.readUInt32LE(entry + 12))));
    entry += bytes.readUInt32LE(entry + 16);
  }
  return names;
}

/** The dynamic symbol table has no length of its own; it follows from the hash tables. */
function symbolCount(
  bytes: Buffer,
  value: (wanted: number) => number | undefined,
  place: (address: number) => number,
): number {
  const hash = value(tag.hash);
  if (hash !== undefined) return bytes.readUInt32LE(place(hash) + 4);
  const gnuHash = value(tag.gnuHash);
  if (gnuHash === undefined) return 0;
  const at = place(gnuHash);
  const buckets = bytes.readUInt32LE(at);
  const firstHashed = bytes.readUInt32LE(at + 4);
  const bucketTable = at + 16 + bytes.readUInt32LE(at + 8) * 8;
  let last = 0;
  for (let bucket = 0; bucket < buckets; ++bucket) {
    last = Math.max(last, bytes.readUInt32LE(bucketTable + bucket * 4));
  }
  if (last === 0) return firstHashed;
  const chains = bucketTable + buckets * 4;
  // The last entry of a chain has its lowest bit set.
  while ((bytes.readUInt32LE(chains + (last - firstHashed) * 4) & 1) === 0) ++last;
  return last + 1;
}

function programHeaders(header: Buffer) {
  return {
    start: Number(header.readBigUInt64LE(32)),
    entrySize: header.readUInt16LE(54),
    count: header.readUInt16LE(56),
  };
}

function archOf(header: Buffer): string {
  const machine = header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
  const name = machines[machine] ?? `ELF machine ${machine}`;
  // process.arch has no name for the x32 ABI.
  if (name === 'x64' && header[4] === 1) return 'x32';
  return name;
}

function textOfLink(start: Buffer, size: number): string | undefined {
  if (size > 1024 || start.length < size) return undefined;
  const text = start.toString('utf8').trimEnd();
  return /^[\w./+-]+\.so[\w.-]*$/.test(text) ? text : undefined;
}

function statOf(file: string): { size: number; isFile: boolean } {
  const stat = statSync(file);
  return { size: stat.size, isFile: stat.isFile() };
}

function read(descriptor: number, position: number, length: number): Buffer {
  // A damaged file may claim any position and length.
  if (!Number.isSafeInteger(position)) return Buffer.alloc(0);
  const buffer = Buffer.alloc(Math.min(length, longestRead));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
}
