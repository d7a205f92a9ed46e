import { withDeadline } from '../common/abort';
import { checkOptions, signalOption, timeoutOption, wrongType } from '../common/options';
import { zoneInterfaces } from '../interfaces';
import type {
  ZoneInterfaceName,
  ZoneInterfaces,
  ZoneTaskName,
  ZoneTasks,
} from '../interfaces/types';
import type { SpecCallbackSDK } from '../sdk/spec-callback-sdk';
import { SpecSdk } from '../sdk/spec-sdk';
import { InterfaceCall } from './interface-call';
import { type BatchOptions, batches, type MessageBatch, MessageStream } from './messages';
import type { ZoneMethods } from './methods';
import { type InvokeOptions, type RetryOptions, type RetryPolicy, retryPolicy } from './options';
import { type PagedInterfaceName, pages } from './pages';
import { type ResumeTaskOptions, type RunTaskOptions, resumeTask, runTask } from './tasks';

/** Options of {@link ZoneClient}. */
export interface ZoneClientOptions extends ZoneClientSettings {
  /** The corp that granted the application. */
  readonly corpId: string;
  /** The agentid of the application, a uint32. */
  readonly agentId: number;
  /** The ability that the program serves with its calls. */
  readonly abilityId?: string | undefined;
  /** The job_info of an asynchronous request; only `program_async_job_call_back` needs it. */
  readonly jobInfo?: string | undefined;
}

/** The arguments of {@link ZoneClient.invoke} after the name; a request without required fields may be omitted. */
export type RequestArguments<Request> =
  Record<never, never> extends Request
    ? [request?: Request, options?: InvokeOptions]
    : [request: Request, options?: InvokeOptions];

/** Defaults for all calls of a client. */
export interface ZoneClientSettings {
  /**
   * The time limit of a call including retries in milliseconds, 1 to 2147483647. No limit by default; the SDK has time-outs
   * of its own.
   */
  readonly timeout?: number | undefined;
  /** When to retry a failed call; `false` disables retries. */
  readonly retry?: RetryOptions | false | undefined;
}

/**
 * Calls the interfaces of the zone on behalf of an application. docs/interfaces.md has all of them, docs/guide/zone-interfaces.md is
 * the guide.
 *
 * Every interface is also a method: `zone.sync_msg({ limit: 200 })` is `zone.invoke('sync_msg', { limit: 200 })`.
 *
 * @example
 * ```ts
 * const zone = ZoneClient.from(callback);
 * const { msg_list, next_cursor } = await zone.invoke('sync_msg', { limit: 200 });
 * for await (const message of zone.messages({ cursor: stored })) …
 * const { response_data } = await zone.runTask('create_summary_task', { msg_list });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the static block defines a method for each interface.
export class ZoneClient {
  static {
    for (const { name } of zoneInterfaces) {
      Object.defineProperty(ZoneClient.prototype, name, {
        configurable: true,
        writable: true,
        value: {
          [name](this: ZoneClient, request: object | undefined, options?: InvokeOptions) {
            return this.invoke<object, object>(name, request ?? {}, options);
          },
        }[name],
      });
    }
  }

  /** The corp that granted the application. */
  readonly corpId: string;
  /** The agentid of the application. */
  readonly agentId: number;
  readonly #sdk: SpecSdk;
  readonly #timeout: number | undefined;
  readonly #retry: RetryPolicy;

  /**
   * Creates a client for an application.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; RangeError `ERR_SPEC_OUT_OF_RANGE`; the
   * errors of loading the addon: docs/errors.md
   */
  constructor(options: ZoneClientOptions);
  /** Used by {@link ZoneClient.from}. */
  constructor(options: ZoneClientSettings, callback: SpecCallbackSDK);
  constructor(options: ZoneClientOptions | ZoneClientSettings, callback?: SpecCallbackSDK) {
    checkOptions(options);
    this.#timeout = timeoutOption('options.timeout', options.timeout);
    this.#retry = retryPolicy(options.retry);
    if (callback !== undefined) {
      this.#sdk = new SpecSdk(callback);
      this.corpId = callback.GetCorpId();
      this.agentId = callback.GetAgentId();
      return;
    }
    const { corpId, agentId, abilityId, jobInfo } = options as ZoneClientOptions;
    this.#sdk = new SpecSdk(corpId, agentId, abilityId, jobInfo);
    this.corpId = corpId;
    this.agentId = agentId;
  }

  /**
   * Creates a client that calls on behalf of the application that sent a request, with its ability_id and job_info.
   *
   * @param callback - a request with `IsOk() === true`
   * @throws SpecError `ERR_SPEC_CALLBACK_NOT_OK`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  static from(callback: SpecCallbackSDK, settings: ZoneClientSettings = {}): ZoneClient {
    if (callback === undefined) {
      throw wrongType('callback', 'an instance of SpecCallbackSDK', callback);
    }
    return new ZoneClient(settings, callback);
  }

  /**
   * Calls an interface.
   *
   * By default errcode -1 (busy) is retried up to three times unless the interface creates something, and a network failure
   * only if the interface reads; see {@link RetryOptions}. An empty `cursor` or `token` is omitted. Calls of an interface
   * with a documented limit of concurrent calls are queued (per corp and thread).
   *
   * @param name - an interface of docs/interfaces.md; for any other one specify the types:
   * `invoke<Request, Response>('new_interface', …)`
   * @returns the response, whose errcode is 0; rejected with `ERR_SPEC_INVOKE_FAILED` ({@link SpecInvokeError}),
   * `ERR_SPEC_API` ({@link ZoneApiError}), `ERR_SPEC_BAD_RESPONSE`, `ERR_SPEC_TIMEOUT`, the signal's reason, and as
   * {@link SpecSdk.Invoke}
   */
  invoke<Name extends ZoneInterfaceName>(
    name: Name,
    ...args: RequestArguments<ZoneInterfaces[Name]['request']>
  ): Promise<ZoneInterfaces[Name]['response']>;
  /**
   * Calls an interface that this version does not know. The types of request and response are those of the caller.
   *
   * @returns as for a known interface
   */
  // `never` keeps a known name with an invalid request from matching this overload, unless both types are specified.
  invoke<Request extends object, Response extends object = object, Name extends string = string>(
    name: Name extends ZoneInterfaceName ? never : Name,
    request: Request,
    options?: InvokeOptions,
  ): Promise<Response>;
  async invoke(name: string, request: object = {}, options: InvokeOptions = {}): Promise<object> {
    checkOptions(options);
    const { signal, timeout, retry } = options;
    const policy = retryPolicy(retry, this.#retry);
    const limit = timeoutOption('options.timeout', timeout) ?? this.#timeout;
    const call = new InterfaceCall(this.#sdk, this.corpId, name, request);
    return withDeadline(name, signalOption(signal), limit, (aborted) => call.run(policy, aborted));
  }

  /**
   * Pulls the conversation archive message by message, up to its current end. {@link ZoneClient.batches} describes the
   * requests and limits. The `cursor` of the returned iterator is where to continue later.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; the iterator rejects as {@link ZoneClient.batches} does
   *
   * @example
   * ```ts
   * const messages = zone.messages({ cursor: stored });
   * for await (const message of messages) {
   *   await handle(message);
   *   if (messages.cursor !== stored) await store((stored = messages.cursor));
   * }
   * await store(messages.cursor);
   * ```
   */
  messages(options: BatchOptions = {}): MessageStream {
    checkOptions(options);
    return new MessageStream(this.batches(options), options.cursor);
  }

  /**
   * Pulls the conversation archive in batches, up to its current end, in ascending order of `send_time`. Store the cursor of
   * a batch when its messages are processed: delivery is at-least-once, and after a crash the unprocessed batch comes again.
   *
   * By default (`mode` 2) the platform returns page ids if there is more than one page. Their messages are fetched
   * concurrently, with at most 10 calls per corp, while the next batch is already requested. At most two batches of up to
   * ten pages are in memory.
   *
   * @returns an iterator whose `next()` rejects as {@link ZoneClient.invoke} does, and for invalid options with
   * `ERR_SPEC_INVALID_ARG_TYPE` or `ERR_SPEC_OUT_OF_RANGE`
   * @see https://developer.work.weixin.qq.com/document/path/99824
   */
  batches(options: BatchOptions = {}): AsyncGenerator<MessageBatch, void, undefined> {
    checkOptions(options);
    return batches(this, options);
  }

  /**
   * Requests all pages of an interface with a `next_cursor`, one after another.
   *
   * @returns an iterator over the responses; its `next()` rejects as {@link ZoneClient.invoke} does
   *
   * @example
   * ```ts
   * for await (const { rule_list } of zone.pages('get_rule_list', { limit: 100 })) …
   * ```
   */
  pages<Name extends PagedInterfaceName>(
    name: Name,
    request: ZoneInterfaces[Name]['request'],
    options: InvokeOptions = {},
  ): AsyncGenerator<ZoneInterfaces[Name]['response'], void, undefined> {
    return pages(this, name, request, options);
  }

  /**
   * Creates a task and polls for its result with growing delays. `onProgress` receives the jobid as soon as the task exists:
   * store it there, and continue with {@link ZoneClient.resumeTask} after a restart.
   *
   * By default the call that creates the task is not retried, because the task may exist after a network failure.
   *
   * @param name - the interface that creates the task, for example `create_summary_task`
   * @returns the result; rejected with `ERR_SPEC_TASK_FAILED` ({@link ZoneTaskError}) if the task fails,
   * `ERR_SPEC_TIMEOUT` after 25 hours by default, and as {@link ZoneClient.invoke}
   */
  runTask<Name extends ZoneTaskName>(
    name: Name,
    request: ZoneTasks[Name]['request'],
    options: RunTaskOptions = {},
  ): Promise<ZoneTasks[Name]['result']> {
    return runTask(this, name, request, options);
  }

  /**
   * Polls for the result of an existing task.
   *
   * @param name - the interface that created the task
   * @param jobid - the task, from `onProgress` of {@link ZoneClient.runTask}
   * @returns as {@link ZoneClient.runTask}
   */
  resumeTask<Name extends ZoneTaskName>(
    name: Name,
    jobid: string,
    options: ResumeTaskOptions = {},
  ): Promise<ZoneTasks[Name]['result']> {
    return resumeTask(this, name, jobid, options);
  }
}

/** The typed interfaces of the zone, one method each. */
export interface ZoneClient extends ZoneMethods {}
