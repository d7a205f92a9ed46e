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

/** The progress of a task, for {@link ResumeTaskOptions.onProgress}. */
export interface TaskProgress {
  /** The task. */
  readonly jobid: string;
  /** `created`: passed once, before the first poll. `pending`: the task was polled and is not finished. */
  readonly state: 'created' | 'pending';
  /** How many times the result was requested. */
  readonly polls: number;
  /** Milliseconds since the call of runTask or resumeTask. */
  readonly elapsed: number;
  /** The messages that were refused when the task was created, without their keys; only with `created`. */
  readonly refused?: readonly TaskFailedMessage[];
}

/** How often to poll for the result of a task. */
export interface PollOptions {
  /** The delay before the first poll in milliseconds; default 1000. */
  readonly delay?: number;
  /** The factor by which the delay grows after each poll, 1 to 10; default 1.5. */
  readonly factor?: number;
  /** The maximum delay in milliseconds; default 30,000. The platform allows 10,000 result requests per corp per day. */
  readonly maxDelay?: number;
  /**
   * How many consecutive polls may fail with a temporary error (busy, network, rate limit), 0 to 1,000,000; default 10. Each
   * poll is also retried as `retry` says.
   */
  readonly failures?: number;
}

/** Options of {@link ZoneClient.resumeTask}. */
export interface ResumeTaskOptions {
  /** Stops waiting: the promise is rejected immediately with the signal's reason. The task itself continues. */
  readonly signal?: AbortSignal | undefined;
  /** How often to poll. */
  readonly poll?: PollOptions | undefined;
  /**
   * Called after each step. Its promise is awaited, so that the jobid can be stored before the first poll. An exception
   * rejects the promise of runTask or resumeTask.
   */
  readonly onProgress?: ((progress: TaskProgress) => void | Promise<void>) | undefined;
  /**
   * The time limit for the task in milliseconds, 1 to 2147483647; then the promise is rejected with `ERR_SPEC_TIMEOUT`.
   * Default: 25 hours, because the platform fails model tasks that have waited for resources for 24 hours.
   */
  readonly timeout?: number | undefined;
  /** When to retry a failed call; default: the policy of the client. */
  readonly retry?: RetryOptions | false | undefined;
}

/** Options of {@link ZoneClient.runTask}. */
export type RunTaskOptions = ResumeTaskOptions;

type Response = Readonly<Record<string, unknown>>;

const DEFAULT_TIMEOUT = 25 * 3_600_000;

/** Implements ZoneClient.runTask. */
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

/** Implements ZoneClient.resumeTask. */
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

/** Creates one task and polls for its result. */
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
    await this.#progress({ jobid, state: 'created', refused: withoutKeys(refused) });
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
        const result = await this.#fetchResult(jobid, signal);
        if (result !== undefined) return result;
        failed = 0;
      } catch (error) {
        failed += 1;
        if (!isTemporary(error) || failed > failures) throw error;
      }
      await this.#progress({ jobid, state: 'pending' });
    }
  }

  /** Requests the result; undefined while there is none. */
  async #fetchResult(
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
    const { isPending, failure } = readStatus[this.#task.protocol](response);
    if (isPending) return undefined;
    if (failure !== undefined) {
      throw new ZoneTaskError({
        interfaceName: this.#task.result,
        jobid,
        ...failure,
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

  async #progress(progress: Omit<TaskProgress, 'polls' | 'elapsed'>): Promise<void> {
    await this.#options.onProgress?.({
      ...progress,
      polls: this.#polls,
      elapsed: performance.now() - this.#start,
    });
  }
}

/** Neither pending nor failed: the task is finished. */
interface TaskStatus {
  readonly isPending?: boolean;
  readonly failure?: { readonly errcode?: number; readonly reason: string };
}

const unknownStatus: TaskStatus = {
  failure: { reason: 'its status is not one that the page lists' },
};

const readStatus: Record<TaskDefinition['protocol'], (response: Response) => TaskStatus> = {
  status: ({ status }) => {
    if (status === 0) return { isPending: true };
    if (status === 1) return {};
    return status === 2 ? { failure: { reason: 'its status is 2 (failed)' } } : unknownStatus;
  },
  report: ({ response_errcode: errcode }) => reported(errcode, undefined, 'reported errcode'),
  export: ({ status, result_errcode: errcode, result_errmsg: errmsg }) => {
    if (status === 1 || status === 2) return { isPending: true };
    // Optional on the page, unlike the result_id of a success, which completed() requires.
    return status === 3 ? reported(errcode ?? 0, errmsg, 'ended with errcode') : unknownStatus;
  },
};

function reported(errcode: unknown, errmsg: unknown, verb: string): TaskStatus {
  if (errcode === 0) return {};
  if (typeof errcode !== 'number' || !Number.isInteger(errcode)) {
    return { failure: { reason: `it ${verb} that is not an integer` } };
  }
  const quote = typeof errmsg === 'string' && errmsg !== '' ? ` ("${oneLine(errmsg)}")` : '';
  return { failure: { errcode, reason: `it ${verb} ${errcode}${quote}` } };
}

/** Adds the fields that the type of a finished result declares and the platform may omit. */
function completed(task: TaskDefinition, jobid: string, response: Response): object {
  const { filtered_doc_list: _, ...others } = response;
  const result: Record<string, unknown> = { jobid, ...others };
  for (const field of task.resultFields) {
    if (field === 'filtered_content_list') result[field] = filteredContent(response);
    else if (field === 'result_id') {
      if (typeof result[field] === 'string') continue;
      throw makeError('ERR_SPEC_BAD_RESPONSE', task.result, 'is done but has no result_id');
    } else result[field] ??= field.endsWith('_list') ? [] : '';
  }
  if (task.protocol === 'export') result.result_errcode ??= 0;
  return result;
}

/** Busy, too many calls, too many concurrent calls, model busy: errors of the request, not of the task. */
const temporaryErrcodes: readonly number[] = [-1, 45009, 45033, 710682];

/** Whether polling can continue after this error. */
function isTemporary(error: unknown): boolean {
  if (error instanceof ZoneApiError) return temporaryErrcodes.includes(error.errcode);
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
