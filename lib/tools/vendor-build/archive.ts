import { createReadStream, readdirSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Maximum size of an unpacked archive in bytes, including headers and padding. The SDK has some tens of MiB. */
const maxUnpackedBytes = 512 * 2 ** 20;

/** Maximum number of files, folders and links in an archive. */
const maxEntries = 10_000;

/** The subset of tar that is used. The types of tar require a newer Node.js than this package supports. */
interface Tar {
  readonly UnpackSync: new (
    options: Readonly<Record<string, unknown>> & { onReadEntry(entry: Entry): void },
  ) => {
    once(event: 'eof', listener: () => void): unknown;
    write(chunk: Buffer): boolean;
    end(): unknown;
  };
}

interface Entry {
  readonly path: string;
  readonly linkpath?: string;
  readonly type: string;
  readonly size: number;
  mode?: number;
  /** `size` is undefined if it is negative or not a number in the archive. */
  readonly header: { readonly size?: number };
}

/**
 * Unpacks a `.tar.gz`, or a plain `.tar`, into an empty folder. Nothing is written outside it, and no link in it leads outside.
 * Holds only a few chunks in memory, independent of the sizes that the archive states.
 *
 * @throws Error when the archive is damaged, leads out of the folder, or unpacks to more than 512 MiB or 10,000 entries;
 * entries that were already unpacked remain in the folder
 */
export async function unpack(archive: string, into: string): Promise<void> {
  try {
    await unpackEntries(archive, into);
  } catch (error) {
    throw inPlainWords(error);
  }
  refuseLinksOutside(into);
}

async function unpackEntries(archive: string, into: string): Promise<void> {
  // Loaded lazily: builds from a folder do not need it.
  const { UnpackSync } = require('tar') as Tar;
  const checkLimits = entryLimits();
  const tar = new UnpackSync({
    cwd: into,
    // Otherwise tar skips or changes invalid entries with a warning.
    strict: true,
    preserveOwner: false,
    noMtime: true,
    zstd: false,
    onReadEntry(entry) {
      checkLimits(entry);
      // The build must be able to read and delete every file. Bits such as setuid are dropped.
      entry.mode = entry.type === 'Directory' ? 0o700 : ((entry.mode ?? 0) & 0o777) | 0o600;
    },
  });
  let isOver = false;
  tar.once('eof', () => {
    isOver = true;
  });
  let bytes = 0;
  for await (const chunk of await contentOf(archive)) {
    // tar would decompress it again, without a size limit.
    if (bytes === 0 && isGzip(chunk)) throw new Error('it is compressed twice');
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes) throw tooLarge();
    // tar would collect the padding after the end in memory. It is read anyway, so that gzip's checksum is verified.
    if (!isOver) tar.write(chunk);
  }
  tar.end();
}

/** The archive's bytes, decompressed. */
async function contentOf(archive: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(archive);
  const { buffer: start } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  const packed = createReadStream(archive);
  // Errors are thrown by the iteration.
  return isGzip(start) ? pipeline(packed, createGunzip(), () => undefined) : packed;
}

/** Returns a check that rejects invalid entries before they are unpacked. */
function entryLimits(): (entry: Entry) => void {
  let entries = 0;
  let bytes = 0;
  return ({ path, linkpath = '', size, header }) => {
    entries += 1;
    if (entries > maxEntries) throw new Error(`it contains more than ${maxEntries} entries`);
    if (header.size === undefined) throw new Error(`${path}: its size is invalid`);
    bytes += size;
    if (bytes > maxUnpackedBytes) throw tooLarge();
    const absolute = [path, linkpath].find((name) => isAbsolute(name));
    if (absolute !== undefined) throw new Error(`${path}: ${absolute} is an absolute path`);
  };
}

/** Follows the links on the disk, because tar compares names only and misses links that lead outside through other links. */
function refuseLinksOutside(folder: string): void {
  const root = realpathSync.native(folder);
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isSymbolicLink()) continue;
    const real = targetOf(join(file.parentPath, file.name));
    if (real !== undefined && real !== root && !real.startsWith(root + sep)) {
      throw new Error(`${file.name}: the link leads out of the archive`);
    }
  }
}

/** Target of a link; undefined if it does not exist. */
function targetOf(link: string): string | undefined {
  try {
    // realpathSync() would shorten `link/..` before it follows the link.
    return realpathSync.native(link);
  } catch {
    return undefined;
  }
}

function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

function tooLarge(): Error {
  return new Error(`it unpacks to more than ${maxUnpackedBytes / 2 ** 20} MiB`);
}

/** Errors of tar with the name of the entry and without tar's codes. */
function inPlainWords(error: unknown): Error {
  const { message, tarCode, entry } = error as Error & { tarCode?: string; entry?: Entry };
  const words = message.replace(/^TAR_\w+: /, '');
  if (entry !== undefined) return new Error(`${entry.path}: ${words}`, { cause: error });
  if (tarCode === undefined) return error as Error;
  return new Error(`it is not a tar archive, or it is damaged: ${words}`, { cause: error });
}
