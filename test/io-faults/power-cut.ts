import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One entry of the file that io_faults.cc writes. */
export type Entry =
  | { readonly kind: 'create'; readonly inode: string; readonly path: string }
  | { readonly kind: 'write'; readonly inode: string; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly inode: string; readonly size: number }
  | { readonly kind: 'sync' | 'failed-sync'; readonly inode: string }
  | { readonly kind: 'sync-folder' | 'mkdir' | 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'output'; readonly text: string }
  /** A call failed on purpose. */
  | { readonly kind: 'fault' };

/** What a loss of power leaves of the changes that were not synced. */
export interface Survival {
  /** Whether a change of a folder's entries survives. */
  readonly entry: () => boolean;
  /** Whether a file's change of size survives. */
  readonly size: () => boolean;
  /** Whether a sector that was written survives. */
  readonly sector: () => boolean;
}

/** Bytes that a disk writes as a whole. */
const SECTOR = 512;

export function readRecord(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const [kind = '', first = '', second = '', third = ''] = bytes
      .toString('utf8', at, end)
      .split('\t');
    at = end + 1;
    const take = (length: number): Buffer => {
      at += length;
      return bytes.subarray(at - length, at);
    };
    if (kind === 'create') entries.push({ kind, inode: first, path: second });
    else if (kind === 'write') {
      entries.push({ kind, inode: first, at: Number(second), data: take(Number(third)) });
    } else if (kind === 'truncate') entries.push({ kind, inode: first, size: Number(second) });
    else if (kind === 'sync' || kind === 'failed-sync') entries.push({ kind, inode: first });
    else if (kind === 'sync-folder' || kind === 'mkdir' || kind === 'unlink') {
      entries.push({ kind, path: first });
    } else if (kind === 'rename') entries.push({ kind, path: first, to: second });
    else if (kind === 'fault') entries.push({ kind });
    else if (kind === 'output') {
      entries.push({ kind, text: take(Number(first)).toString('utf8') });
    } else throw new Error(`unknown entry ${kind}`);
  }
  return entries;
}

/** What the processes had written to their standard output before the entry with this index. */
export function outputUntil(entries: readonly Entry[], end: number): string {
  return entries
    .slice(0, end)
    .map((entry) => (entry.kind === 'output' ? entry.text : ''))
    .join('');
}

interface Change {
  readonly at: number;
  /** Undefined: the size becomes `at`. */
  readonly data: Buffer | undefined;
  /** `lost`: a sync failed, and the system considers the pages written since. */
  state: 'pending' | 'synced' | 'lost';
}

class File {
  readonly changes: Change[] = [];

  sync(): void {
    for (const change of this.changes) if (change.state === 'pending') change.state = 'synced';
  }

  /** The system forgets the written pages; the size is metadata, which it tries to write again. */
  failSync(): void {
    for (const change of this.changes) {
      if (change.state === 'pending' && change.data !== undefined) change.state = 'lost';
    }
  }

  contentAfter({ size: survivesSize, sector }: Survival): Buffer {
    const end = Math.max(0, ...this.changes.map(({ at, data }) => at + (data?.length ?? 0)));
    const content = Buffer.alloc(end);
    let size = 0;
    for (const { at, data, state } of this.changes) {
      const isSynced = state === 'synced';
      if (data === undefined) {
        // What is written afterwards lies in other blocks, which no file system shows in place of the old ones.
        if (!isSynced && !survivesSize()) break;
        // Bytes behind the end are zero when the file grows again.
        if (at < size) content.fill(0, at, size);
        size = at;
        continue;
      }
      if (isSynced || (at + data.length > size && survivesSize())) {
        size = Math.max(size, at + data.length);
      }
      for (let from = 0; from < data.length; ) {
        const to = Math.min(data.length, from + SECTOR - ((at + from) % SECTOR));
        // A sector behind the end does not exist.
        if (at + from < size && (isSynced || sector())) data.copy(content, at + from, from, to);
        from = to;
      }
    }
    return content.subarray(0, size);
  }
}

type Node = File | 'folder';

interface EntryChange {
  readonly folder: string;
  /** Paths that come to lead to a file or folder, or to nothing. */
  readonly sets: readonly (readonly [string, Node | undefined])[];
  isSynced: boolean;
}

/**
 * Builds what is on the disk when the power fails before the entry with index `end`. Only what was synced is certain: a file's
 * content and size by fsync() of the file, its entry by fsync() of the folder, whatever a file system may do in addition.
 *
 * @param root - a folder of its own, which was there before
 * @param recordedRoot - the folder in which the entries were recorded
 */
export function cutOff(
  entries: readonly Entry[],
  end: number,
  survival: Survival,
  root: string,
  recordedRoot: string,
): void {
  const { files, entryChanges } = replay(entries.slice(0, end));
  const tree = new Map<string, Node>();
  for (const { sets, isSynced } of entryChanges) {
    if (!isSynced && !survival.entry()) continue;
    for (const [path, node] of sets) {
      if (node === undefined) tree.delete(path);
      else tree.set(path, node);
    }
  }
  const contents = new Map(files.map((file) => [file, file.contentAfter(survival)]));
  const paths = [...tree.keys()].sort();
  for (const path of paths) {
    // Without the entry of its folder nothing is found.
    if (path !== recordedRoot && !isReachable(path, tree, recordedRoot)) continue;
    const target = join(root, relative(recordedRoot, path));
    const node = tree.get(path) as Node;
    if (node === 'folder') mkdirSync(target, { mode: 0o700 });
    else write(target, contents.get(node) ?? Buffer.alloc(0));
  }
}

function isReachable(path: string, tree: ReadonlyMap<string, Node>, root: string): boolean {
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    if (tree.get(folder) !== 'folder') return false;
  }
  return true;
}

function write(path: string, content: Buffer): void {
  const file = openSync(path, 'w', 0o600);
  writeSync(file, content);
  ftruncateSync(file, content.length);
  closeSync(file);
}

function replay(entries: readonly Entry[]): { files: File[]; entryChanges: EntryChange[] } {
  const files: File[] = [];
  // Numbers of deleted files are used again.
  const byInode = new Map<string, File>();
  const current = new Map<string, Node>();
  const entryChanges: EntryChange[] = [];
  const change = (path: string, ...sets: [string, Node | undefined][]) => {
    entryChanges.push({ folder: dirname(path), sets, isSynced: false });
    for (const [at, node] of sets) {
      if (node === undefined) current.delete(at);
      else current.set(at, node);
    }
  };
  const fileOf = (inode: string): File => {
    const file = byInode.get(inode);
    if (file === undefined) throw new Error(`nobody has created the file ${inode}`);
    return file;
  };
  for (const entry of entries) {
    if (entry.kind === 'create') {
      const file = new File();
      files.push(file);
      byInode.set(entry.inode, file);
      change(entry.path, [entry.path, file]);
    } else if (entry.kind === 'mkdir') change(entry.path, [entry.path, 'folder']);
    else if (entry.kind === 'unlink') change(entry.path, [entry.path, undefined]);
    else if (entry.kind === 'rename') {
      change(entry.path, [entry.to, current.get(entry.path)], [entry.path, undefined]);
    } else if (entry.kind === 'write') {
      fileOf(entry.inode).changes.push({ at: entry.at, data: entry.data, state: 'pending' });
    } else if (entry.kind === 'truncate') {
      fileOf(entry.inode).changes.push({ at: entry.size, data: undefined, state: 'pending' });
    } else if (entry.kind === 'sync') fileOf(entry.inode).sync();
    else if (entry.kind === 'failed-sync') fileOf(entry.inode).failSync();
    else if (entry.kind === 'sync-folder') {
      for (const one of entryChanges) if (one.folder === entry.path) one.isSynced = true;
    }
  }
  return { files, entryChanges };
}
