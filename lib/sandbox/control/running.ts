import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
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
 * @returns a function that removes the file.
 * @throws SandboxError `ERR_SANDBOX_RUNTIME_DIR`
 */
export function announce(sandbox: RunningSandbox, env: NodeJS.ProcessEnv): () => void {
  const dir = folder(env);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!isOwn(dir)) {
    throw sandboxError('ERR_SANDBOX_RUNTIME_DIR', [dir]);
  }
  const file = join(dir, FILE);
  const text = JSON.stringify(sandbox);
  // Renamed into place, so that nobody reads half of it; created with its mode, so that nobody else can ever read it.
  const draft = `${file}.${sandbox.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  return () => {
    if (runningSandbox(env)?.token === sandbox.token) rmSync(file, { force: true });
  };
}

/** The sandbox of the discovery file, if there is one. */
export function runningSandbox(env: NodeJS.ProcessEnv): RunningSandbox | undefined {
  const dir = folder(env);
  try {
    if (!isOwn(dir)) return undefined;
    return JSON.parse(readFileSync(join(dir, FILE), 'utf8')) as RunningSandbox;
  } catch {
    return undefined;
  }
}

function folder(env: NodeJS.ProcessEnv): string {
  const { XDG_RUNTIME_DIR: runtime } = env;
  if (runtime) return join(runtime, 'wework-spec');
  // Most systems share this folder among all users. The name separates them; isOwn() detects a folder that another user has made.
  return join(tmpdir(), `wework-spec-${userInfo().username}`);
}

function isOwn(dir: string): boolean {
  const { uid, mode } = lstatSync(dir);
  const me = process.getuid?.();
  // Windows has no user ids, and a separate temporary folder for each user.
  return me === undefined || (uid === me && (mode & 0o077) === 0);
}
