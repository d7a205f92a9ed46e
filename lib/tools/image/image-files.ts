import {
  closeSync,
  createReadStream,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative } from 'node:path';

/** The image does not exist, or is neither a folder nor a tar archive. */
export class UnreadableImage extends Error {}

/** Who may use a file. */
interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file of an image. */
export type ImageFile =
  | (Rights & { readonly kind: 'file'; readonly content: string; readonly size: number })
  | (Rights & { readonly kind: 'folder' })
  | { readonly kind: 'link'; readonly target: string };

/** A folder that is not listed, as some archives omit parents. */
const plainFolder = { kind: 'folder', mode: 0o755, uid: 0, gid: 0 } as const;

/** The most links that are followed for one path, as in Linux. */
const MOST_LINKS = 40;

/**
 * The files of an exported root file system by their absolute paths. Links are followed inside the image, whatever the machine has
 * at the same path.
 */
export class ImageFiles {
  readonly #files: ReadonlyMap<string, ImageFile>;
  readonly #temporary: string | undefined;
  /** False for a folder that was unpacked by an ordinary user, to whom all files belong. */
  readonly hasOwners: boolean;

  constructor(
    files: ReadonlyMap<string, ImageFile>,
    { temporary, hasOwners }: { temporary?: string; hasOwners: boolean },
  ) {
    this.#files = files;
    this.#temporary = temporary;
    this.hasOwners = hasOwners;
  }

  /** All paths, links included. */
  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  /** The file or folder at a path, after all links. */
  find(path: string): Exclude<ImageFile, { kind: 'link' }> | undefined {
    const real = this.realPath(path);
    const found = real === undefined ? undefined : this.#files.get(real);
    return found?.kind === 'link' ? undefined : found;
  }

  /** The file of this machine with the content; undefined if there is no file at the path. */
  readonly locate = (path: string): string | undefined => {
    const found = this.find(path);
    return found?.kind === 'file' ? found.content : undefined;
  };

  /** Resolves all links of a path. */
  realPath(path: string): string | undefined {
    let rest = posix.normalize(path).split('/').filter(Boolean);
    let real = '';
    for (let links = 0; rest.length > 0; ) {
      const [name = '', ...after] = rest;
      rest = after;
      if (name === '..') {
        real = posix.dirname(real === '' ? '/' : real).replace(/\/$/, '');
        continue;
      }
      const next = `${real}/${name}`;
      const found = this.#files.get(next);
      if (found === undefined) return undefined;
      if (found.kind !== 'link') {
        real = next;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) return undefined;
      if (found.target.startsWith('/')) real = '';
      rest = [...found.target.split('/').filter((part) => part !== '' && part !== '.'), ...rest];
    }
    return real === '' ? '/' : real;
  }

  /** Deletes what was unpacked. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
  }
}

/** Reads a folder with a root file system. Files without read permission are treated as missing. */
export function filesOfFolder(root: string): ImageFiles {
  const files = new Map<string, ImageFile>([['/', plainFolder]]);
  const visit = (folder: string): void => {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return;
    }
    for (const name of names) {
      const file = join(folder, name);
      const path = `/${relative(root, file)}`;
      const stat = lstatSync(file, { throwIfNoEntry: false });
      if (stat?.isSymbolicLink()) files.set(path, { kind: 'link', target: readlinkSync(file) });
      else if (stat?.isDirectory()) {
        files.set(path, { kind: 'folder', ...rightsOf(stat) });
        // The kernel's file systems of a running machine.
        if (!['/proc', '/sys', '/dev'].includes(path)) visit(file);
      } else if (stat?.isFile()) {
        files.set(path, { kind: 'file', content: file, size: stat.size, ...rightsOf(stat) });
      }
    }
  };
  visit(root);
  return new ImageFiles(files, { hasOwners: process.getuid?.() === 0 });
}

function rightsOf({ mode = 0, uid = 0, gid = 0 }: Partial<Rights>): Rights {
  return { mode, uid, gid };
}

/** The subset of tar that is used. The types of tar require a newer Node.js than this package supports. */
interface Tar {
  readonly Parser: new (options: {
    readonly strict: boolean;
    onReadEntry(entry: TarEntry): void;
  }) => {
    write(chunk: Buffer): boolean;
    end(): unknown;
  };
}

interface TarEntry {
  readonly path: string;
  readonly linkpath?: string;
  readonly type: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size: number;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  resume(): unknown;
}

/**
 * Reads the tar file of `docker export`. Contents are written to numbered files in a temporary folder, so no path of the archive can
 * lead anywhere.
 *
 * @throws UnreadableImage if it is not a tar file, or is damaged
 */
export async function filesOfTar(archive: string): Promise<ImageFiles> {
  // Loaded lazily: few commands need it.
  const { Parser } = require('tar') as Tar;
  const files = new Map<string, ImageFile>([['/', plainFolder]]);
  const folder = mkdtempSync(join(tmpdir(), 'wework-spec-image-'));
  const image = new ImageFiles(files, { temporary: folder, hasOwners: true });
  let entries = 0;
  try {
    const parser = new Parser({
      strict: true,
      onReadEntry(entry) {
        entries += 1;
        addEntry(files, entry, join(folder, String(entries)));
      },
    });
    for await (const chunk of createReadStream(archive)) parser.write(chunk as Buffer);
    parser.end();
  } catch (error) {
    image.close();
    const words = (error as Error).message.replace(/^TAR_\w+: /, '');
    throw new UnreadableImage(`${archive} is not a tar archive, or it is damaged: ${words}`);
  }
  return image;
}

/** @param content - where the content of a file is written to */
function addEntry(files: Map<string, ImageFile>, entry: TarEntry, content: string): void {
  const path = posix.join('/', entry.path).replace(/(?<=.)\/$/, '');
  addParents(files, path);
  const { type, linkpath = '', size } = entry;
  const rights = rightsOf(entry);
  if (/^(?:Old|Contiguous)?File$/.test(type)) {
    files.set(path, { kind: 'file', content, size, ...rights });
    const descriptor = openSync(content, 'wx', 0o600);
    entry.on('data', (chunk) => writeSync(descriptor, chunk));
    entry.on('end', () => closeSync(descriptor));
    return;
  }
  if (type === 'SymbolicLink') files.set(path, { kind: 'link', target: linkpath });
  else if (type === 'Directory') files.set(path, { kind: 'folder', ...rights });
  else if (type === 'Link') {
    const linked = files.get(posix.join('/', linkpath));
    if (linked !== undefined) files.set(path, linked);
  }
  entry.resume();
}

function addParents(files: Map<string, ImageFile>, path: string): void {
  const parent = dirname(path);
  if (files.has(parent)) return;
  addParents(files, parent);
  files.set(parent, plainFolder);
}

/** The first bytes of a file, one character for each. */
export function startOf(file: string, length: number): string {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
