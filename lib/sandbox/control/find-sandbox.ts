import { dirname, sep } from 'node:path';
import { directRequest } from '../../common/direct-request';
import { sandboxError } from '../../errors';
import { type Announcement, announcements, forget, type RunningSandbox } from './running';

// A sandbox responds in milliseconds. One that is suspended must not block the commands of others.
const PROBE_TIMEOUT_MS = 2000;

/** The running sandboxes of this user, the newest first. Forgets those that have ended without removing their discovery file. */
export async function runningSandboxes(env: NodeJS.ProcessEnv): Promise<RunningSandbox[]> {
  const found = announcements(env);
  const living = await Promise.all(found.map(isRunning));
  return found.flatMap((announcement, index) => {
    if (living[index]) return [announcement.sandbox];
    forget(announcement);
    return [];
  });
}

/**
 * The sandbox for commands in a folder: the one that was started in this folder or its nearest parent, or whose program lies there;
 * the newest of several. If there is none, the only sandbox that runs.
 *
 * @throws SandboxError `ERR_SANDBOX_NOT_RUNNING`, `ERR_SANDBOX_AMBIGUOUS`
 */
export async function sandboxFor(cwd: string, env: NodeJS.ProcessEnv): Promise<RunningSandbox> {
  const running = await runningSandboxes(env);
  const [first, ...others] = running;
  if (first === undefined) throw sandboxError('ERR_SANDBOX_NOT_RUNNING');
  const nearest = nearestOf(running, cwd);
  if (nearest !== undefined) return nearest;
  if (others.length > 0) {
    const list = running.map(({ url, folder }) => `${url} in ${folder}`).join('; ');
    throw sandboxError('ERR_SANDBOX_AMBIGUOUS', [list]);
  }
  return first;
}

/** The sandbox whose folder is the nearest parent of `cwd`, or `cwd` itself; of several, the first. */
export function nearestOf(
  running: readonly RunningSandbox[],
  cwd: string,
): RunningSandbox | undefined {
  let nearest: { sandbox: RunningSandbox; length: number } | undefined;
  for (const sandbox of running) {
    const length = Math.max(...foldersOf(sandbox).map((folder) => matchOf(folder, cwd)));
    if (length > (nearest?.length ?? 0)) nearest = { sandbox, length };
  }
  return nearest?.sandbox;
}

function foldersOf({ folder, script }: RunningSandbox): string[] {
  return script === undefined ? [folder] : [folder, dirname(script)];
}

/** Length of the folder's path if it contains `cwd`, otherwise 0. */
function matchOf(folder: string, cwd: string): number {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return cwd === folder || cwd.startsWith(prefix) ? folder.length : 0;
}

/** Asks the sandbox itself: a process id may have been given to another process, and may belong to another container. */
async function isRunning({ sandbox }: Announcement): Promise<boolean> {
  try {
    const { status } = await directRequest(`${sandbox.url}/sandbox/info`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.token}` },
      body: '{}',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return status === 200;
  } catch (error) {
    return (error as Error).name === 'TimeoutError';
  }
}
