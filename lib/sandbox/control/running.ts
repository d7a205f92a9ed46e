import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { replaceWithPrivateFile } from '../../common/private-file';
import { sandboxError } from '../../errors';

const FILE = 'sandbox.json';

/** Address and token of a running sandbox. */
export interface RunningSandbox {
  /** Its `urls.server`. */
  readonly url: string;
  /** Its `controlToken`. */
  readonly token: string;
  readonly pid: number;
}

/**
 * Writes the discovery file, by which the commands of the same user find the sandbox. The newest sandbox wins.
 *
 * @returns a function that removes the file; rejected with SandboxError `ERR_SANDBOX_RUNTIME_DIR`
 */
export async function announce(
  sandbox: RunningSandbox,
  env: NodeJS.ProcessEnv,
): Promise<() => void> {
  const problems: string[] = [];
  for (const dir of folders(env)) {
    try {
      makeFolder(dir);
      const file = join(dir, FILE);
      await replaceWithPrivateFile(file, JSON.stringify(sandbox));
      return () => {
        if (read(file)?.token === sandbox.token) rmSync(file, { force: true });
      };
    } catch (error) {
      problems.push(`${dir}: ${(error as Error).message}`);
    }
  }
  throw sandboxError('ERR_SANDBOX_RUNTIME_DIR', [problems.join('; ')]);
}

/** The sandbox of the discovery file, if there is one. */
export function runningSandbox(env: NodeJS.ProcessEnv): RunningSandbox | undefined {
  for (const dir of folders(env)) {
    const running = read(join(dir, FILE));
    if (running !== undefined) return running;
  }
  return undefined;
}

function read(file: string): RunningSandbox | undefined {
  try {
    checkFolder(join(file, '..'));
    const descriptor = openSync(file, 'r');
    try {
      if (!isPrivate(fstatSync(descriptor))) return undefined;
      const { url, token, pid } = JSON.parse(readFileSync(descriptor, 'utf8'));
      return typeof url === 'string' && typeof token === 'string' ? { url, token, pid } : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Where the file can be, in order of preference. */
function folders({ XDG_RUNTIME_DIR: runtime }: NodeJS.ProcessEnv): string[] {
  // Most systems share this folder among all users. The name separates them; checkFolder() detects a folder that another user has
  // made. By number, because a container's user may have no name.
  const shared = join(tmpdir(), `wework-spec-${process.getuid?.() ?? 'user'}`);
  return runtime !== undefined && isUsable(runtime)
    ? [join(runtime, 'wework-spec'), shared]
    : [shared];
}

/**
 * Whether a folder may be this user's run-time folder. The variable may be inherited from another user (`su`, `docker run -e`) or
 * name a folder that does not exist; nothing may be created there.
 */
function isUsable(runtime: string): boolean {
  try {
    const { uid, mode } = statSync(runtime);
    return isAbsolute(runtime) && uid === (process.getuid?.() ?? uid) && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

function makeFolder(dir: string): void {
  try {
    // Not recursive: the parent must exist, and in /proc that would never return (Node.js 20).
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  checkFolder(dir);
}

/** Throws unless this is a folder that only this user can access. */
function checkFolder(dir: string): void {
  const found = lstatSync(dir);
  if (!found.isDirectory()) throw new Error('it is not a folder');
  if (!isPrivate(found)) throw new Error('other users can access it');
}

function isPrivate({ uid, mode }: Stats): boolean {
  const me = process.getuid?.();
  // Windows has no user ids, and a separate temporary folder for each user.
  return me === undefined || (uid === me && (mode & 0o077) === 0);
}
