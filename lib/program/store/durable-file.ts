import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a small file so that it has the old or the new text after a power failure; readable by its owner only. Its draft has always
 * the same name, so that the draft of a process that was killed is replaced: one process at a time may call this.
 */
export function durableFile(path: string, text: string): void {
  const draft = `${path}.tmp`;
  try {
    const file = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes a folder that exists after a power failure, with its parents if they are missing; accessible by its owner only. */
export function durableFolder(path: string): void {
  const parent = dirname(path);
  const isNew = !existsSync(path);
  if (isNew) {
    durableFolder(parent);
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  try {
    // Also for a folder that exists: the process that made it may have been killed before it synced the parent.
    syncFolder(parent);
  } catch (error) {
    // This user may lack permission to read the parent, and not every file system can sync a folder.
    if (isNew || !/^E(?:ACCES|INVAL)$/.test(String((error as { code?: unknown }).code)))
      throw error;
  }
}

/** Makes the entries of a folder durable. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
