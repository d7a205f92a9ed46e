import { once } from 'node:events';
import { type Dirent, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  type ProgramOutput,
  ProgramProcess,
} from '../../../sandbox/programs/process/program-process';
import type { ZoneSandbox } from '../../../sandbox/zone-sandbox';

// A build writes many files; the program restarts once, after the last one.
const QUIET_MS = 150;

/** Options of {@link watchProgram}. */
export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly cwd: string;
  /** Prints a message for the user. */
  readonly say: (text: string) => void;
  /** Prints what the program writes. */
  readonly output: ProgramOutput;
}

/** Runs a program in a sandbox until the signal is aborted, and restarts it when a source file in its folder changes. */
export async function watchProgram(
  zone: ZoneSandbox,
  script: string,
  { signal, cwd, say, output }: WatchOptions,
): Promise<void> {
  const name = relative(cwd, script);
  const changes = new Changes(dirname(script));
  const ended = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  try {
    while (!signal.aborted) {
      const child = await start(zone, script, { say, output });
      if (child !== undefined) say(`${name} listens at ${child.address}`);
      let isStopping = false;
      const over = child?.ended.then(() => {
        if (!isStopping) say(`${name} has exited; waiting for changes before restarting`);
      });
      await Promise.race([changes.next(), ended]);
      isStopping = true;
      await child?.stop();
      await over;
      if (!signal.aborted) say('restarting due to changes');
    }
  } finally {
    changes.close();
  }
}

async function start(
  zone: ZoneSandbox,
  script: string,
  { say, output }: Pick<WatchOptions, 'say' | 'output'>,
): Promise<ProgramProcess | undefined> {
  try {
    const child = await ProgramProcess.start(script, { env: zone.env, output, isShown: true });
    zone.programs.address = child.address;
    return child;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Watches the source files in a folder and its subfolders, and reports changes once they have settled. */
class Changes {
  readonly #root: string;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #hasChanged = false;
  #notify: (() => void) | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#watch();
  }

  /** Fulfilled when a source file has changed since the last call. */
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
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  // Each folder separately, because `recursive` would also watch node_modules.
  #watch(): void {
    const folders = new Set(foldersOf(this.#root));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_, name) => this.#onChange(folder, name));
        // The folder was removed, which its parent's watcher reports.
        watcher.on('error', () => {});
        this.#watchers.set(folder, watcher);
      } catch {
        // Removed since it was listed.
      }
    }
  }

  #onChange(folder: string, name: string | null): void {
    if (name !== null && !isSource(name)) {
      const path = join(folder, name);
      // Files that the program writes, such as logs, must not restart it. A new folder may contain source files.
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
      this.#watch();
      if (!foldersOf(path).some(hasSources)) return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#watch();
      this.#hasChanged = true;
      this.#notify?.();
    }, QUIET_MS);
  }
}

function isSource(name: string): boolean {
  return /\.([cm]?[jt]sx?|node|wasm|env)$|^package\.json$/.test(basename(name));
}

function hasSources(folder: string): boolean {
  try {
    return readdirSync(folder).some(isSource);
  } catch {
    return false;
  }
}

/** A folder and its subfolders, without hidden ones and node_modules. */
function foldersOf(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return [
    folder,
    ...entries
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
      .flatMap((entry) => foldersOf(join(folder, entry.name))),
  ];
}
