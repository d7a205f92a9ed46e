import { createReadStream, readdirSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The most bytes that an archive may unpack to, headers and padding included. The SDK takes some tens of MiB. */
export const maxUnpackedBytes = 512 * 2 ** 20;

/** The most files, folders and links that an archive may hold. */
export const maxEntries = 10_000;

/** What is used of tar. Its own types need those of a newer Node.js than this package supports. */
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
  /** Without a size where the archive has a negative one or no number. */
  readonly header: { readonly size?: number };
}

/**
 * Unpacks a `.tar.gz`, or a plain `.tar`, into an empty folder. Nothing is written outside it, and no link in it leads outside.
 * Holds a few chunks in memory, whatever the archive claims to contain.
 *
 * @throws Error in plain words when the archive is damaged, leads out of the folder, or exceeds {@link maxUnpackedBytes} or
 * {@link maxEntries}; what was unpacked by then stays in the folder.
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
  // Loaded here, so that builds from a folder never load it.
  const { UnpackSync } = require('tar') as Tar;
  const checkLimits = entryLimits();
  const tar = new UnpackSync({
    cwd: into,
    // It throws what it would otherwise skip or change with a warning.
    strict: true,
    preserveOwner: false,
    noMtime: true,
    zstd: false,
    onReadEntry(entry) {
      checkLimits(entry);
      // We must be able to read and to remove it; no file needs the bits for another owner.
      entry.mode = entry.type === 'Directory' ? 0o700 : ((entry.mode ?? 0) & 0o777) | 0o600;
    },
  });
  let isOver = false;
  tar.once('eof', () => {
    isOver = true;
  });
  let bytes = 0;
  for await (const chunk of await contentOf(archive)) {
    // tar would decompress it again, beyond our limit.
    if (bytes === 0 && isGzip(chunk)) throw new Error('it is compressed twice');
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes) throw tooLarge();
    // What follows the end is padding, which tar would collect in memory; it is read for gzip's check sum.
    if (!isOver) tar.write(chunk);
  }
  tar.end();
}

/** The archive's bytes, decompressed. */
async function contentOf(archive: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(archive);
  const { buffer: start } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  const packed = createReadStream(archive);
  // Errors come out of the iteration.
  return isGzip(start) ? pipeline(packed, createGunzip(), () => undefined) : packed;
}

/** Refuses an entry before anything is made of it. */
function entryLimits(): (entry: Entry) => void {
  let entries = 0;
  let bytes = 0;
  return ({ path, linkpath = '', size, header }) => {
    entries += 1;
    if (entries > maxEntries) throw new Error(`it holds more than ${maxEntries} entries`);
    if (header.size === undefined) throw new Error(`${path}: its size is no number of bytes`);
    bytes += size;
    if (bytes > maxUnpackedBytes) throw tooLarge();
    const absolute = [path, linkpath].find((name) => isAbsolute(name));
    if (absolute !== undefined) throw new Error(`${path}: ${absolute} is an absolute path`);
  };
}

/** tar compares the names of links, which does not tell where a link over other links leads. */
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

/** Where a link leads, unless nothing is there. */
function targetOf(link: string): string | undefined {
  try {
    // The system's: Node's own shortens `link/..` before it follows the link.
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

/** tar's errors with the entry that they are about, and without its codes. */
function inPlainWords(error: unknown): Error {
  const { message, tarCode, entry } = error as Error & { tarCode?: string; entry?: Entry };
  const words = message.replace(/^TAR_\w+: /, '');
  if (entry !== undefined) return new Error(`${entry.path}: ${words}`, { cause: error });
  if (tarCode === undefined) return error as Error;
  return new Error(`it is no tar archive, or it is damaged: ${words}`, { cause: error });
}
