import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { sandboxError } from '../../errors';

const FILE = 'sandbox.json';

/** How to reach a sandbox that runs. */
export interface RunningSandbox {
  /** Its `serverUrl`. */
  readonly url: string;
  /** What the control service asks for. */
  readonly token: string;
  readonly pid: number;
}

/**
 * Leaves word of a sandbox for the commands of the same user; of several, they find the last one.
 *
 * @returns a function that takes it back.
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
  // Renamed into place, so that nobody reads half of it, and with its mode from the begin.
  const draft = `${file}.${sandbox.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  return () => {
    if (runningSandbox(env)?.token === sandbox.token) rmSync(file, { force: true });
  };
}

/** The sandbox that was announced last, if it was not taken back. */
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
  // Shared by all users on most systems: the name keeps them apart, isOwn() keeps them honest.
  return join(tmpdir(), `wework-spec-${userInfo().username}`);
}

function isOwn(dir: string): boolean {
  const { uid, mode } = lstatSync(dir);
  const me = process.getuid?.();
  // Windows has no such ids, and a temporary folder for each user.
  return me === undefined || (uid === me && (mode & 0o077) === 0);
}
