import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { replaceWithPrivateFile } from '../../common/private-file';
import { sandboxError } from '../../errors';

const FILE = /^sandbox-[0-9a-f]{16}\.json$/;

/** Address and token of a running sandbox, and where it was started. */
export interface RunningSandbox {
  /** Its `urls.server`. */
  readonly url: string;
  /** Its `controlToken`. */
  readonly token: string;
  readonly pid: number;
  /** Working directory of the command that started it. */
  readonly folder: string;
  /** The program that it runs, if it runs one. */
  readonly script?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** A discovery file and what it says. */
export interface Announcement {
  readonly file: string;
  readonly sandbox: RunningSandbox;
}

/**
 * Writes a discovery file, by which the commands of the same user find the sandbox. Each sandbox has its own.
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
      const file = join(dir, `sandbox-${randomBytes(8).toString('hex')}.json`);
      await replaceWithPrivateFile(file, JSON.stringify(sandbox));
      return () => rmSync(file, { force: true });
    } catch (error) {
      problems.push(`${dir}: ${(error as Error).message}`);
    }
  }
  throw sandboxError('ERR_SANDBOX_RUNTIME_DIR', [problems.join('; ')]);
}

/** All discovery files, the newest sandbox first. Some may be of sandboxes that were killed. */
export function announcements(env: NodeJS.ProcessEnv): Announcement[] {
  return folders(env)
    .flatMap(filesIn)
    .flatMap((file) => {
      const sandbox = read(file);
      return sandbox === undefined ? [] : [{ file, sandbox }];
    })
    .sort((a, b) => b.sandbox.startedAt - a.sandbox.startedAt);
}

/** Removes the discovery file of a sandbox that no longer runs. */
export function forget({ file }: Announcement): void {
  rmSync(file, { force: true });
}

function filesIn(dir: string): string[] {
  try {
    checkFolder(dir);
    return readdirSync(dir)
      .filter((name) => FILE.test(name))
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}

function read(file: string): RunningSandbox | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      if (!isPrivate(fstatSync(descriptor))) return undefined;
      const found = JSON.parse(readFileSync(descriptor, 'utf8')) as RunningSandbox;
      const { url, token, folder } = found;
      return [url, token, folder].every((value) => typeof value === 'string') ? found : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Where the files can be, in order of preference. */
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
