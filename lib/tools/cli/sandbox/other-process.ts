import { readFileSync } from 'node:fs';
import { UsageError } from '../command';

const LOOK_EVERY_MS = 250;

/**
 * A signal that is aborted when another process has ended, for a sandbox that must not outlive a script.
 *
 * @param text - a process id, or `parent`
 * @throws {@link UsageError} if there is no such process
 */
export function endOfProcess(text: string): AbortSignal {
  const isParent = text === 'parent';
  if (!isParent && !/^[1-9]\d{0,9}$/.test(text)) {
    throw new UsageError('sandbox: --exit-with must be a process id, or "parent"');
  }
  const pid = isParent ? process.ppid : Number(text);
  const start = startOf(pid);
  if (start === undefined) throw new UsageError(`sandbox: --exit-with: there is no process ${pid}`);
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (startOf(pid) === start && (!isParent || process.ppid === pid)) return;
    clearInterval(timer);
    controller.abort();
  }, LOOK_EVERY_MS);
  timer.unref();
  return controller.signal;
}

/** The start time of a process in ticks, so that another one with the same id is recognised; `undefined` if it has ended. */
function startOf(pid: number): string | undefined {
  try {
    // The name in parentheses may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return process.platform === 'linux' ? undefined : aliveWithoutProc(pid);
  }
}

function aliveWithoutProc(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : undefined;
  }
}
