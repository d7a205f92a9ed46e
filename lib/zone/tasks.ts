import { pause, withDeadline } from '../common/abort';
import {
  checkOptions,
  functionOption,
  integerOption,
  numberOption,
  objectOption,
  oneOf,
  signalOption,
  stringOption,
  timeoutOption,
  wrongValue,
} from '../common/options';
import { oneLine } from '../common/text';
import { MAX_TIMER_MS } from '../common/timers';
import { makeError } from '../errors';
import { type TaskDefinition, zoneTasks } from '../interfaces';
import type { RefusedMessage, ZoneTaskName, ZoneTasks } from '../interfaces/types';
import { SpecInvokeError, type TaskFailedMessage, ZoneApiError, ZoneTaskError } from './errors';
import type { RetryOptions } from './options';
import { filteredContent } from './response';
import type { ZoneCaller } from './zone-caller';

/** How a task is doing. */
export interface TaskProgress {
  readonly jobid: string;
  /** `created`: told once, before the first look. `pending`: it was looked at and is not done. */
  readonly state: 'created' | 'pending';
  /** How often its result was asked for. */
  readonly polls: number;
  /** Milliseconds since runTask or resumeTask was called. */
  readonly elapsed: number;
  /** The messages that were refused when the task was created, without their keys; only in `created`. */
  readonly refused?: readonly TaskFailedMessage[];
}

/** How often to look after a task. */
export interface PollOptions {
  /** Milliseconds before the first look; default 1000. */
  readonly delay?: number;
  /** By how much each pause grows, 1 to 10; default 1.5. */
  readonly factor?: number;
  /** The longest pause in milliseconds; default 30,000. A result may be asked for 10,000 times a day and corp. */
  readonly maxDelay?: number;
  /**
   * How many looks in a row may fail for a reason that passes (busy, network, rate limit) before that is
   * an error, beside what `retry` does for each of them; default 10.
   */
  readonly failures?: number;
}

export interface ResumeTaskOptions {
  /** Gives the waiting up, not the task: the promise is rejected with the signal's reason at once. */
  readonly signal?: AbortSignal | undefined;
  readonly poll?: PollOptions | undefined;
  /**
   * Told at each step. What it returns is awaited, so that the jobid is stored before anything else happens; what it
   * throws rejects the task's promise.
   */
  readonly onProgress?: ((progress: TaskProgress) => void | Promise<void>) | undefined;
  /**
   * Milliseconds for everything, 1 to 2147483647; then `ERR_SPEC_TIMEOUT`. Default 25 hours: the platform fails a model
   * task that waits for resources longer than 24.
   */
  readonly timeout?: number | undefined;
  /** Repetitions of the single calls; default: the client's. */
  readonly retry?: RetryOptions | false | undefined;
}

export type RunTaskOptions = ResumeTaskOptions;

type Response = Readonly<Record<string, unknown>>;

const DEFAULT_TIMEOUT = 25 * 3_600_000;

/** Creates a task and waits for it; see ZoneClient.runTask. */
export async function runTask<Name extends ZoneTaskName>(
  zone: ZoneCaller,
  name: Name,
  request: ZoneTasks[Name]['request'],
  options: RunTaskOptions,
): Promise<ZoneTasks[Name]['result']> {
  const start = performance.now();
  const wait = new TaskWait(zone, name, options, start);
  return wait.within((signal) => wait.create(request, signal));
}

/** Waits for a task that exists; see ZoneClient.resumeTask. */
export async function resumeTask<Name extends ZoneTaskName>(
  zone: ZoneCaller,
  name: Name,
  jobid: string,
  options: ResumeTaskOptions,
): Promise<ZoneTasks[Name]['result']> {
  stringOption('jobid', jobid);
  const start = performance.now();
  const wait = new TaskWait(zone, name, options, start);
  return wait.within((signal) => wait.forResult(jobid, signal));
}

/** Waiting for one task. */
class TaskWait<Name extends ZoneTaskName> {
  readonly #zone: ZoneCaller;
  readonly #task: TaskDefinition;
  readonly #options: ResumeTaskOptions;
  readonly #poll: Required<PollOptions>;
  readonly #timeout: number;
  readonly #start: number;
  #polls = 0;

  constructor(zone: ZoneCaller, name: Name, options: ResumeTaskOptions, start: number) {
    const task = zoneTasks.find(({ create }) => create === name);
    if (task === undefined) {
      throw wrongValue('name', `must be ${oneOf(zoneTasks.map(({ create }) => create))}`, name);
    }
    checkOptions(options);
    functionOption('options.onProgress', options.onProgress);
    signalOption(options.signal);
    this.#zone = zone;
    this.#task = task;
    this.#options = options;
    this.#poll = pollOptions(options.poll ?? {});
    this.#timeout = timeoutOption('options.timeout', options.timeout) ?? DEFAULT_TIMEOUT;
    this.#start = start;
  }

  within<T>(work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    return withDeadline(this.#task.create, this.#options.signal, this.#timeout, work);
  }

  async create(
    request: ZoneTasks[Name]['request'],
    signal: AbortSignal | undefined,
  ): Promise<ZoneTasks[Name]['result']> {
    const created = await this.#call(this.#task.create, request, signal);
    const { jobid, fail_list: refused } = created as {
      readonly jobid?: unknown;
      readonly fail_list?: readonly RefusedMessage[];
    };
    if (typeof jobid !== 'string' || jobid === '') {
      throw makeError('ERR_SPEC_BAD_RESPONSE', this.#task.create, 'has no jobid');
    }
    await this.#tell({ jobid, state: 'created', refused: withoutKeys(refused) });
    return this.forResult(jobid, signal);
  }

  async forResult(
    jobid: string,
    signal: AbortSignal | undefined,
  ): Promise<ZoneTasks[Name]['result']> {
    const { delay, factor, maxDelay, failures } = this.#poll;
    let failed = 0;
    for (let wait = delay; ; wait = Math.min(maxDelay, wait * factor)) {
      await pause(Math.min(maxDelay, wait), signal);
      this.#polls += 1;
      try {
        const result = await this.#look(jobid, signal);
        if (result !== undefined) return result;
        failed = 0;
      } catch (error) {
        failed += 1;
        if (!passes(error) || failed > failures) throw error;
      }
      await this.#tell({ jobid, state: 'pending' });
    }
  }

  /** The result, or undefined as long as there is none. */
  async #look(
    jobid: string,
    signal: AbortSignal | undefined,
  ): Promise<ZoneTasks[Name]['result'] | undefined> {
    let response: Response;
    try {
      response = await this.#call(this.#task.result, { jobid }, signal);
    } catch (error) {
      const isWaiting = error instanceof ZoneApiError && error.errcode === 710642;
      if (isWaiting && this.#task.protocol === 'report') return undefined;
      throw error;
    }
    const outcome = outcomes[this.#task.protocol](response);
    if (outcome.isPending) return undefined;
    if (outcome.failure !== undefined) {
      throw new ZoneTaskError({
        interfaceName: this.#task.result,
        jobid,
        ...outcome.failure,
        failList: Array.isArray(response.fail_list) ? response.fail_list : [],
        result: response,
      });
    }
    return completed(this.#task, jobid, response) as ZoneTasks[Name]['result'];
  }

  async #call(name: string, request: object, signal: AbortSignal | undefined): Promise<Response> {
    const { retry } = this.#options;
    return this.#zone.invoke<object, Response>(name, request, {
      signal,
      retry,
    });
  }

  async #tell(progress: Omit<TaskProgress, 'polls' | 'elapsed'>): Promise<void> {
    await this.#options.onProgress?.({
      ...progress,
      polls: this.#polls,
      elapsed: performance.now() - this.#start,
    });
  }
}

interface Outcome {
  readonly isPending?: boolean;
  readonly failure?: { readonly errcode?: number; readonly words: string };
}

const outcomes: Record<TaskDefinition['protocol'], (response: Response) => Outcome> = {
  status: ({ status }) => {
    if (status === 0) return { isPending: true };
    if (status === 1) return {};
    const words =
      status === 2 ? 'its status is 2 (failed)' : 'its status is none that the page lists';
    return { failure: { words } };
  },
  report: ({ response_errcode: errcode }) => reported(errcode, undefined, 'reported errcode'),
  export: ({ status, result_errcode: errcode, result_errmsg: errmsg }) =>
    status === 3 ? reported(errcode, errmsg, 'ended with errcode') : { isPending: true },
};

function reported(errcode: unknown, errmsg: unknown, verb: string): Outcome {
  if (errcode === undefined || errcode === 0) return {};
  if (typeof errcode !== 'number') return { failure: { words: `it ${verb} that is no number` } };
  const quote = typeof errmsg === 'string' && errmsg !== '' ? ` ("${oneLine(errmsg)}")` : '';
  return { failure: { errcode, words: `it ${verb} ${errcode}${quote}` } };
}

/** A finished result with all fields that its type promises. */
function completed(task: TaskDefinition, jobid: string, response: Response): object {
  const { filtered_doc_list: _, ...others } = response;
  const result: Record<string, unknown> = { jobid, ...others };
  for (const field of task.resultFields) {
    if (field === 'filtered_content_list') result[field] = filteredContent(response);
    else if (field === 'result_id') {
      if (typeof result[field] === 'string') continue;
      throw makeError('ERR_SPEC_BAD_RESPONSE', task.result, 'is done, but has no result_id');
    } else result[field] ??= field.endsWith('_list') ? [] : '';
  }
  if (task.protocol === 'report') result.response_errcode ??= 0;
  if (task.protocol === 'export') result.result_errcode ??= 0;
  return result;
}

/** Busy, too many calls, too many calls at once, model busy: what a task says nothing about. */
const passingErrcodes: readonly number[] = [-1, 45009, 45033, 710682];

/** Whether an error is of the kind that goes away while one waits anyway. */
function passes(error: unknown): boolean {
  if (error instanceof ZoneApiError) return passingErrcodes.includes(error.errcode);
  return error instanceof SpecInvokeError && (error.ret === -10002 || error.ret === -10003);
}

function withoutKeys(refused: readonly RefusedMessage[] | undefined): TaskFailedMessage[] {
  return (Array.isArray(refused) ? refused : []).map(({ msgid, errcode, errmsg }) => ({
    msgid,
    errcode,
    errmsg,
  }));
}

function pollOptions(poll: PollOptions): Required<PollOptions> {
  objectOption('options.poll', poll);
  const { factor = 1.5 } = poll;
  return {
    delay: integerOption('options.poll.delay', poll.delay ?? 1000, 0, MAX_TIMER_MS),
    factor: numberOption('options.poll.factor', factor, 1, 10),
    maxDelay: integerOption('options.poll.maxDelay', poll.maxDelay ?? 30_000, 0, MAX_TIMER_MS),
    failures: integerOption('options.poll.failures', poll.failures ?? 10, 0, 1_000_000),
  };
}
