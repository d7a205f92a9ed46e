import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestEnd } from './clean-up';
import { newTempDir } from './temp-dir';

/** The disk of a program's folder. A test fills it and frees it again. */
export interface TightDisk {
  /** The program's folder, which does not exist yet. */
  readonly folder: string;
  /** Makes the next writes of the process succeed partly, and all later ones fail. */
  fill(pid: number): void;
  /** After {@link fill} and a failed write: makes all writes fail, even to new files. */
  exhaust(pid: number): void;
  makeRoom(pid: number): void;
}

/**
 * A limit on the size of each file that the process writes. It needs no privileges, and interrupts a write as a full disk does. The
 * kernel then returns EFBIG instead of ENOSPC.
 */
export function limitedFiles(): TightDisk {
  const parent = newTempDir();
  onTestEnd(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, 'data');
  return {
    folder,
    fill: (pid) => limitFiles(pid, logSize(folder) + 100),
    exhaust: (pid) => limitFiles(pid, 1),
    makeRoom: (pid) => limitFiles(pid, 'unlimited'),
  };
}

/** Sets the limit of a running process, in bytes. */
export function limitFiles(pid: number, size: number | 'unlimited'): void {
  // Only the soft limit, which can be raised again without privileges.
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${size}:`]);
}

/** The log file to which LevelDB currently writes. */
function logSize(folder: string): number {
  const database = join(folder, 'db');
  const newest = readdirSync(database)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1);
  return newest === undefined ? 0 : statSync(join(database, newest)).size;
}

/** Whether this process may mount a disk. In most containers it may not, even as root. */
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

/** A separate small disk, which another file fills. */
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
