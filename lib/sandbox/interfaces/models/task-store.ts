import { DataStore, setBounded } from '../../state/store';

const KEPT_TASKS = 10_000;

/** A task of one of the platform's models. */
export interface StoredTask {
  /** The interface that created it. */
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the result becomes available, in milliseconds since 1970. */
  readonly doneAt: number;
  /** Whether the model has not returned yet. */
  isWorking: boolean;
  /** Fields of the result besides `status`; absent when the model failed. */
  result?: Readonly<Record<string, unknown>>;
}

/** Saved data of {@link TaskStore}. */
export interface TaskData {
  /** Number of the last jobid. */
  serial: number;
  /** Tasks by jobid. */
  readonly tasks: Map<string, StoredTask>;
}

/** Tasks of the platform's models; the 10,000 newest. */
export class TaskStore extends DataStore<TaskData> {
  constructor() {
    super({ serial: 0, tasks: new Map() });
  }

  /** Adds a task, and returns its jobid. Changes to `task` are stored, too. */
  add(task: StoredTask): string {
    this.data.serial += 1;
    const jobid = `task-${this.data.serial}`;
    setBounded(this.data.tasks, jobid, task, KEPT_TASKS);
    return jobid;
  }

  /** The task with this jobid. */
  get(jobid: string): StoredTask | undefined {
    return this.data.tasks.get(jobid);
  }
}
