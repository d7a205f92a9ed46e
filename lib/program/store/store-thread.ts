import { parentPort, workerData } from 'node:worker_threads';
import { Database, type FileIdentity } from './database';
import { EventTable } from './event-table';
import { type ClaimResult, JobTable } from './job-table';
import type {
  OperationName,
  StoreOperations,
  StoreProblem,
  StoreReply,
  StoreRequest,
  StoreThreadData,
} from './operations';
import { ifDead, OwnerLock, ownersIn } from './owner-lock';
import { loadAddon } from './sqlite';

/** Changes that share one commit, at most. */
const GROUP_OPERATIONS = 256;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

/** How an operation uses the database. `own`: it begins and ends its transactions itself. */
const kinds: Readonly<Record<OperationName, 'read' | 'write' | 'own'>> = {
  openQueue: 'own',
  addJob: 'write',
  claimJobs: 'write',
  releaseUnknownJobs: 'write',
  finishJob: 'write',
  settleJob: 'write',
  giveUpJob: 'write',
  releaseJob: 'write',
  takeOverJobs: 'own',
  countJobs: 'read',
  listDeadJobs: 'read',
  reviveJob: 'write',
  discardJob: 'write',
  cleanUpJobs: 'write',
  setEvent: 'write',
  getEvent: 'read',
  close: 'own',
};

/** Errors that do not affect the connection; after any other error it is reopened. */
const HARMLESS = /^SQLITE_(?:FULL|BUSY|TOOBIG|CONSTRAINT)/;

/**
 * Runs the operations of the store one after another, on its own thread. Changes that arrive together share one commit, because a
 * commit waits for the disk.
 */
class StoreThread implements StoreOperations {
  readonly #folder: string;
  readonly #addon: string;
  readonly #pending: StoreRequest[] = [];
  readonly #reply: (reply: StoreReply) => void;
  #isScheduled = false;
  #database: Database | undefined;
  #file: FileIdentity | undefined;
  #lock: OwnerLock | undefined;
  /**
   * Whether the last commit may be visible without being durable: it failed in its last sync, or a process was killed before that.
   * A repeated operation would then find its work done and write nothing.
   */
  #isInDoubt = true;

  constructor({ folder, addon }: StoreThreadData, reply: (reply: StoreReply) => void) {
    this.#folder = folder;
    this.#addon = addon;
    this.#reply = reply;
  }

  receive(request: StoreRequest): void {
    this.#pending.push(request);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After the messages that have already arrived, so that they share a commit.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#work();
    });
  }

  #work(): void {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      if (kinds[first.name] === 'write') this.#runGroup(this.#nextGroup());
      else this.#runAlone(this.#pending.shift() as StoreRequest);
    }
  }

  #nextGroup(): StoreRequest[] {
    let count = 0;
    let characters = 0;
    for (const { name, args } of this.#pending) {
      for (const arg of args) if (typeof arg === 'string') characters += arg.length;
      const isFull = count >= GROUP_OPERATIONS || characters > GROUP_CHARACTERS;
      if (kinds[name] !== 'write' || (count > 0 && isFull)) break;
      count += 1;
    }
    return this.#pending.splice(0, count);
  }

  #runAlone(request: StoreRequest): void {
    try {
      if (request.name !== 'close') this.#open().checkFile();
      this.#reply({ call: request.call, value: this.#call(request) });
    } catch (error) {
      this.#recoverFrom(error);
      this.#reply({ call: request.call, problem: problemOf(error) });
    }
  }

  #runGroup(group: readonly StoreRequest[]): void {
    let replies: StoreReply[];
    try {
      const database = this.#open();
      database.checkFile();
      const idle = group.every(({ name }) => name === 'claimJobs') && !this.#hasClaimable();
      replies = idle
        ? group.map(({ call }) => ({ call, value: this.#nothingToClaim() }))
        : this.#transaction(() => group.map((request) => this.#runInGroup(request)));
    } catch (error) {
      this.#recoverFrom(error);
      const problem = problemOf(error);
      replies = group.map(({ call }) => ({ call, problem }));
    }
    for (const reply of replies) this.#reply(reply);
  }

  /** An operation that fails by itself must not undo the others of its group. */
  #runInGroup(request: StoreRequest): StoreReply {
    const database = this.#open();
    database.execute('SAVEPOINT one');
    try {
      const value = this.#call(request);
      database.execute('RELEASE one');
      return { call: request.call, value };
    } catch (error) {
      // SQLite has rolled back everything, for example because the disk is full.
      if (!database.inTransaction) throw error;
      database.execute('ROLLBACK TO one');
      database.execute('RELEASE one');
      return { call: request.call, problem: problemOf(error) };
    }
  }

  #transaction<Value>(work: () => Value): Value {
    const database = this.#open();
    database.execute('BEGIN IMMEDIATE');
    try {
      const value = work();
      if (this.#isInDoubt) database.forceCommit();
      database.execute('COMMIT');
      this.#isInDoubt = false;
      return value;
    } catch (error) {
      this.#isInDoubt = true;
      if (database.inTransaction) database.execute('ROLLBACK');
      throw error;
    }
  }

  #call({ name, args }: StoreRequest): unknown {
    return (this[name] as (...args: unknown[]) => unknown)(...args);
  }

  #open(): Database {
    if (this.#database === undefined) {
      loadAddon(this.#addon);
      this.#database = new Database(this.#folder, this.#file);
      this.#file = this.#database.file;
    }
    return this.#database;
  }

  #recoverFrom(error: unknown): void {
    if (this.#database === undefined || HARMLESS.test(problemOf(error).code)) return;
    const database = this.#database;
    this.#database = undefined;
    database.close();
  }

  get #jobs(): JobTable {
    return new JobTable(this.#open());
  }

  get #events(): EventTable {
    return new EventTable(this.#open());
  }

  get #owner(): string {
    if (this.#lock === undefined) throw new Error('the queue is not open');
    return this.#lock.owner;
  }

  openQueue(): void {
    this.#lock ??= new OwnerLock(this.#folder);
  }

  addJob(...args: Parameters<StoreOperations['addJob']>): 'added' | 'duplicate' | 'full' {
    return this.#jobs.add(...args);
  }

  claimJobs(toRun: number, toReport: number): ClaimResult {
    return this.#jobs.claim(this.#owner, toRun, toReport, Date.now());
  }

  #hasClaimable(): boolean {
    return this.#jobs.hasClaimable(Date.now());
  }

  #nothingToClaim(): ClaimResult {
    return { claims: [], damaged: [], nextDue: this.#jobs.nextDue(Date.now()) };
  }

  releaseUnknownJobs(held: readonly number[]): void {
    this.#jobs.releaseUnknown(this.#owner, held);
  }

  finishJob(claim: { seq: number; id: string }, report: string): boolean {
    return this.#jobs.finish(this.#owner, claim, report);
  }

  settleJob(claim: { seq: number; id: string }): void {
    this.#jobs.settle(this.#owner, claim, Date.now());
  }

  giveUpJob(claim: { seq: number; id: string }, reason: string): void {
    this.#jobs.giveUp(this.#owner, claim, reason, Date.now());
  }

  releaseJob(claim: { seq: number }, due: number, isReportAttempt: boolean): void {
    this.#jobs.release(this.#owner, claim, due, isReportAttempt);
  }

  takeOverJobs(): void {
    this.#keepLockVisible();
    const jobs = this.#jobs;
    jobs.releaseUnowned();
    const owners = new Set([...jobs.owners(), ...ownersIn(this.#folder)]);
    owners.delete(this.#owner);
    for (const owner of owners) {
      ifDead(this.#folder, owner, () => {
        if (jobs.owners().includes(owner)) this.#transaction(() => jobs.releaseAll(owner));
      });
    }
  }

  /** Without the file, for example when a person has deleted it, other programs would run the jobs again. */
  #keepLockVisible(): void {
    const lock = this.#lock;
    if (lock === undefined || lock.isVisible) return;
    const next = new OwnerLock(this.#folder);
    this.#transaction(() =>
      this.#open().run('UPDATE jobs SET owner = ? WHERE owner = ?', next.owner, lock.owner),
    );
    this.#lock = next;
    lock.release();
  }

  countJobs() {
    return this.#jobs.counts(Date.now());
  }

  listDeadJobs() {
    return this.#jobs.dead();
  }

  reviveJob(id: string): boolean {
    return this.#jobs.revive(id);
  }

  discardJob(id: string): boolean {
    return this.#jobs.discard(id, Date.now());
  }

  cleanUpJobs(before: number): boolean {
    const mayHaveMore = this.#jobs.cleanUp(before);
    this.#open().all('PRAGMA incremental_vacuum(1000)');
    return mayHaveMore;
  }

  setEvent(id: string, content: string, ttl: number): void {
    const now = Date.now();
    this.#events.set(id, content, now + ttl, now);
  }

  getEvent(id: string): string | undefined {
    return this.#events.get(id, Date.now());
  }

  close(): void {
    const lock = this.#lock;
    this.#lock = undefined;
    try {
      if (lock !== undefined && this.#database !== undefined) {
        this.#database.checkFile();
        this.#transaction(() => this.#jobs.releaseAll(lock.owner));
      }
    } finally {
      // Other programs take over the claims that could not be released.
      lock?.release();
      this.#database?.close();
      this.#database = undefined;
    }
  }
}

function problemOf(error: unknown): StoreProblem {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: String(code ?? ''), message: String(message ?? error) };
}

const port = parentPort;
if (port !== null) {
  const thread = new StoreThread(workerData as StoreThreadData, (reply) => port.postMessage(reply));
  port.on('message', (request: StoreRequest) => thread.receive(request));
}
