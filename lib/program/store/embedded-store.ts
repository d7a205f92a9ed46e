import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeError } from '../../errors';
import type {
  StoreOperations,
  StoreProblem,
  StoreReply,
  StoreRequest,
  StoreThreadData,
} from './operations';
import { loadAddon } from './sqlite';
import type { StoreError } from './store-error';
import { ADDON, checkAddon, missing, storeFiles } from './store-files';

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The program's folder, opened on first use: a SQLite database that several programs can share.
 *
 * The database runs on a thread of its own, because a durable write takes as long as the disk does. The thread does not keep the
 * process alive, except while a call is pending.
 */
export class EmbeddedStore {
  readonly #folderOf: () => string;
  #folder: string | undefined;
  #thread: Worker | undefined;
  #ended: Promise<unknown> | undefined;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #isClosed = false;

  /** @param folderOf - returns the folder; called once, on first use */
  constructor(folderOf: () => string) {
    this.#folderOf = folderOf;
  }

  get folder(): string {
    this.#folder ??= this.#folderOf();
    return this.#folder;
  }

  /**
   * Checks that this user may write to the folder, or may create it, without creating it. Other faults, such as a full disk, may pass
   * before the first job.
   *
   * @throws SpecError `ERR_SPEC_STORE`
   */
  checkRights(): void {
    let nearest = this.folder;
    while (!existsSync(nearest) && nearest !== dirname(nearest)) nearest = dirname(nearest);
    try {
      if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is not a folder`);
      accessSync(nearest, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw makeError('ERR_SPEC_STORE', this.folder, (error as Error).message);
    }
  }

  /**
   * Checks the files of the store, without using the folder.
   *
   * @param mustLoad - whether to load the addon, which takes about a millisecond and 4 MB
   * @throws SpecError `ERR_SPEC_STORE_INSTALLATION`
   */
  checkInstallation(mustLoad: boolean): void {
    const { addon } = storeFiles();
    checkAddon(addon);
    if (!mustLoad) return;
    try {
      loadAddon(addon);
    } catch (error) {
      throw missing(ADDON, (error as StoreError).message);
    }
  }

  /**
   * Runs an operation on the store's thread. A change is stored durably when the promise is fulfilled. When it is rejected, the change
   * was undone, unless its commit failed in the last sync: then it may be stored, so that every operation can be repeated.
   *
   * @throws SpecError `ERR_SPEC_STORE`, `ERR_SPEC_STORE_INSTALLATION`, `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE_DAMAGED`
   */
  async call<Name extends keyof StoreOperations>(
    name: Name,
    ...args: Parameters<StoreOperations[Name]>
  ): Promise<ReturnType<StoreOperations[Name]>> {
    // A handler that was abandoned may still call this.
    if (this.#isClosed) throw makeError('ERR_SPEC_STORE', this.folder, 'the program has stopped');
    return this.#send(name, args) as Promise<ReturnType<StoreOperations[Name]>>;
  }

  /** Waits for pending calls, and frees the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    if (thread === undefined) return;
    // Claims that the thread could not release are taken over, because their owner has ended.
    await this.#send('close', []).catch(() => undefined);
    await thread.terminate();
    await this.#ended;
  }

  #send(name: keyof StoreOperations, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const thread = this.#startedThread();
      this.#lastCall += 1;
      this.#calls.set(this.#lastCall, { resolve, reject });
      thread.ref();
      thread.postMessage({ call: this.#lastCall, name, args } satisfies StoreRequest);
    });
  }

  #startedThread(): Worker {
    if (this.#thread !== undefined) return this.#thread;
    const files = storeFiles();
    checkAddon(files.addon);
    const thread = new Worker(files.thread, {
      workerData: { folder: this.folder, addon: files.addon } satisfies StoreThreadData,
      name: 'wework-spec store',
      // The options of the process may load modules that must not run on this thread.
      execArgv: [],
    });
    this.#thread = thread;
    thread.on('message', (reply: StoreReply) => this.#settle(reply));
    this.#ended = new Promise((resolve) => {
      let cause: unknown;
      thread.on('error', (error) => {
        cause = error;
      });
      thread.on('exit', (code) => {
        this.#thread = undefined;
        const message = cause instanceof Error ? cause.message : `its thread ended with ${code}`;
        this.#failAll({ code: '', message });
        resolve(undefined);
      });
    });
    return thread;
  }

  #settle(reply: StoreReply): void {
    const call = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    if (this.#calls.size === 0) this.#thread?.unref();
    if ('problem' in reply) {
      call?.reject(storeError(this.folder, reply.problem));
    } else {
      call?.resolve(reply.value);
    }
  }

  #failAll(problem: StoreProblem): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    const error = storeError(this.folder, problem);
    for (const { reject } of calls) reject(error);
  }
}

/** Whether the error means that a program's store cannot be used at present. */
export function isStoreError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^ERR_SPEC_STORE(?:_|$)/.test(code);
}

function storeError(folder: string, { code, message }: StoreProblem): unknown {
  if (code === 'SQLITE_BUSY') return makeError('ERR_SPEC_STORE_LOCKED', folder, message);
  if (code === 'ADDON') return missing(ADDON, message);
  const isDamaged = code === 'DAMAGED' || /^SQLITE_(?:CORRUPT|NOTADB)/.test(code);
  return makeError(isDamaged ? 'ERR_SPEC_STORE_DAMAGED' : 'ERR_SPEC_STORE', folder, message);
}
