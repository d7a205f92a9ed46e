import { once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { dirname, relative } from 'node:path';
import { ProgramProcess } from '../../sandbox/program-process/program-process';
import type { ZoneSandbox } from '../../sandbox/zone-sandbox';

// A build writes many files: one start when it is through.
const QUIET_MS = 150;

/** What surrounds a watched program. */
export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly cwd: string;
  /** Tells the user what happens. */
  readonly say: (text: string) => void;
}

/** Runs a program in a sandbox until the signal, and starts it anew when a file in its folder changes. */
export async function watchProgram(
  zone: ZoneSandbox,
  script: string,
  { signal, cwd, say }: WatchOptions,
): Promise<void> {
  const name = relative(cwd, script);
  const changes = new Changes(dirname(script));
  const ended = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  try {
    while (!signal.aborted) {
      const child = await start(zone, script, say);
      if (child !== undefined) say(`${name} listens at ${child.address}`);
      let isStopping = false;
      const over = child?.ended.then(() => {
        if (!isStopping) say(`${name} has ended; it starts again when a file changes`);
      });
      await Promise.race([changes.next(), ended]);
      isStopping = true;
      await child?.stop();
      await over;
      if (!signal.aborted) say('a file has changed');
    }
  } finally {
    changes.close();
  }
}

async function start(
  zone: ZoneSandbox,
  script: string,
  say: (text: string) => void,
): Promise<ProgramProcess | undefined> {
  try {
    const child = await ProgramProcess.start(script, { env: zone.env });
    zone.program = child.address;
    return child;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Tells of changes below a folder, when they are over. */
class Changes {
  readonly #watcher: FSWatcher;
  #timer: NodeJS.Timeout | undefined;
  #hasChanged = false;
  #notify: (() => void) | undefined;

  constructor(folder: string) {
    this.#watcher = watch(folder, { recursive: true }, (_, file) => {
      if (file !== null && /(^|[\\/])node_modules[\\/]/.test(file)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#hasChanged = true;
        this.#notify?.();
      }, QUIET_MS);
    });
    // A folder that was removed and made anew: the next change of the new one is not seen, but nothing breaks.
    this.#watcher.on('error', () => {});
  }

  /** Since the last time it was asked. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#notify = () => {
        this.#hasChanged = false;
        this.#notify = undefined;
        resolve();
      };
      if (this.#hasChanged) this.#notify();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }
}
