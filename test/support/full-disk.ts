import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestEnd } from './clean-up';
import { newTempDir } from './temp-dir';

/** The disk of a program's folder, which fills up and gets room again. */
export interface TightDisk {
  /** The program's folder, not made yet. */
  readonly folder: string;
  /** Lets the next writes of the process through in part, and no more. */
  fill(pid: number): void;
  /** After {@link fill} and a failed write: nothing can be written any more, not even to new files. */
  exhaust(pid: number): void;
  makeRoom(pid: number): void;
}

/**
 * A limit on the size of each file that the process writes: needs no rights, and ends a write in the middle as a full disk
 * does. The kernel then says EFBIG in place of ENOSPC.
 */
export function limitedFiles(): TightDisk {
  const parent = newTempDir();
  onTestEnd(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, 'data');
  return {
    folder,
    fill: (pid) => limitFiles(pid, databaseSize(folder) + 100),
    exhaust: (pid) => limitFiles(pid, 1),
    makeRoom: (pid) => limitFiles(pid, 'unlimited'),
  };
}

/** Sets the limit of a running process, in bytes. */
export function limitFiles(pid: number, size: number | 'unlimited'): void {
  // The hard limit stays, so that everyone may raise it again.
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${size}:`]);
}

/** The database in the program's folder. */
function databaseSize(folder: string): number {
  return statSync(join(folder, 'store.db')).size;
}

/** Whether this process may mount a disk: not in most containers, even as root. */
export function canMount(): boolean {
  const mountPoint = newTempDir();
  try {
    mount(mountPoint);
    execFileSync('umount', [mountPoint]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(mountPoint, { recursive: true });
  }
}

/** A small disk of its own, filled by another file. */
export function mountedDisk(): TightDisk {
  const mountPoint = newTempDir();
  mount(mountPoint);
  onTestEnd(() => {
    execFileSync('umount', ['--lazy', mountPoint]);
    rmSync(mountPoint, { recursive: true });
  });
  const filler = join(mountPoint, 'filler');
  return {
    folder: join(mountPoint, 'data'),
    fill: () => {
      const { bavail, bsize } = statfsSync(mountPoint);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    exhaust: () => {},
    makeRoom: () => rmSync(filler),
  };
}

function mount(mountPoint: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', mountPoint], {
    stdio: 'ignore',
  });
}
