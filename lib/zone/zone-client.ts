import { withDeadline } from '../common/abort';
import { checkOptions, signalOption, timeoutOption } from '../common/options';
import { makeError } from '../errors';
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

/** Who calls, and how. */
export interface ZoneClientOptions extends ZoneClientSettings {
  /** The corp that granted the application. */
  readonly corpId: string;
  /** The application, a uint32. */
  readonly agentId: number;
  /** The ability that the program serves with its calls. */
  readonly abilityId?: string | undefined;
  /** From an asynchronous request; only `program_async_job_call_back` needs it. */
  readonly jobInfo?: string | undefined;
}

/** The arguments of {@link ZoneClient.invoke} after the name; a request without required fields may be omitted. */
export type RequestArguments<Request> =
  Record<never, never> extends Request
    ? [request?: Request, options?: InvokeOptions]
    : [request: Request, options?: InvokeOptions];

/** What holds for all calls of a client, unless a call says otherwise. */
export interface ZoneClientSettings {
  /** Milliseconds for a call and all its repetitions, 1 to 2147483647; none by default: the SDK has time-outs of its own. */
  readonly timeout?: number | undefined;
  /** When a failed call is repeated; `false`: never. */
  readonly retry?: RetryOptions | false | undefined;
}

/**
 * Calls the zone's interfaces in the name of an application, with types for all of them: docs/interfaces.md.
 *
 * Every interface is a method, too: `zone.sync_msg({ limit: 200 })`.
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
  /** The application. */
  readonly agentId: number;
  readonly #sdk: SpecSdk;
  readonly #timeout: number | undefined;
  readonly #retry: RetryPolicy;

  /**
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`; RangeError `ERR_SPEC_OUT_OF_RANGE`; and
   * what loading the addon throws, see docs/errors.md
   */
  constructor(options: ZoneClientOptions);
  /** For {@link ZoneClient.from}. */
  constructor(options: ZoneClientSettings, callback: SpecCallbackSDK);
  constructor(options: ZoneClientOptions | ZoneClientSettings, callback?: SpecCallbackSDK) {
    checkOptions(options);
    this.#timeout = timeoutOption('timeout', options.timeout);
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
   * In the name of the application that a request came from, ability and job_info included.
   *
   * @param callback - a request with `IsOk()`
   * @throws SpecError `ERR_SPEC_CALLBACK_NOT_OK`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  static from(callback: SpecCallbackSDK, settings: ZoneClientSettings = {}): ZoneClient {
    if (callback === undefined) {
      throw makeError(
        'ERR_SPEC_INVALID_ARG_TYPE',
        'callback',
        'an instance of SpecCallbackSDK',
        callback,
      );
    }
    return new ZoneClient(settings, callback);
  }

  /**
   * Calls an interface.
   *
   * errcode -1 (busy) is repeated up to three times unless the interface creates something, a failed network only if the
   * interface reads; see {@link RetryOptions}. An empty `cursor` or `token` is left out. Interfaces with a documented limit
   * of concurrent calls wait for their turn (per corp, in this thread).
   *
   * @param name - one of docs/interfaces.md; for others give the types: `invoke<Request, Response>('new_interface', …)`
   * @returns the response, whose errcode is 0; rejected with `ERR_SPEC_INVOKE_FAILED` ({@link SpecInvokeError}),
   * `ERR_SPEC_API` ({@link ZoneApiError}), `ERR_SPEC_BAD_RESPONSE`, `ERR_SPEC_TIMEOUT`, the signal's reason, and what
   * {@link SpecSdk.Invoke} rejects with
   */
  invoke<Name extends ZoneInterfaceName>(
    name: Name,
    ...args: RequestArguments<ZoneInterfaces[Name]['request']>
  ): Promise<ZoneInterfaces[Name]['response']>;
  // A known name with a wrong request must not end here, so it is no string for this overload; unless both types are given.
  invoke<Request extends object, Response extends object = object, Name extends string = string>(
    name: Name extends ZoneInterfaceName ? never : Name,
    request: Request,
    options?: InvokeOptions,
  ): Promise<Response>;
  async invoke(name: string, request: object = {}, options: InvokeOptions = {}): Promise<object> {
    checkOptions(options);
    const { signal, timeout, retry } = options;
    const policy = retryPolicy(retry, this.#retry);
    const limit = timeoutOption('timeout', timeout) ?? this.#timeout;
    const call = new InterfaceCall(this.#sdk, this.corpId, name, request);
    return withDeadline(name, signalOption(signal), limit, (aborted) => call.run(policy, aborted));
  }

  /**
   * Pulls the conversation archive message by message, to its present end. See {@link batches} for how; where
   * to go on from another time is `cursor` of what is returned.
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
   * Pulls the conversation archive in batches, to its present end, in ascending order of `send_time`. Each batch comes
   * with the cursor that may be stored once the batch is dealt with: a crash before that repeats this batch, and loses
   * nothing.
   *
   * By default (`mode` 2) the platform lists page ids when there is more than one page; their messages are fetched side
   * by side, at most 10 calls for a corp, and the next listing is asked for meanwhile. At most two batches of up to ten
   * pages are held.
   *
   * @returns an iterator that fails as {@link invoke} does, after its repetitions
   * @see https://developer.work.weixin.qq.com/document/path/99824
   */
  batches(options: BatchOptions = {}): AsyncGenerator<MessageBatch, void, undefined> {
    checkOptions(options);
    return batches(this, options);
  }

  /**
   * All pages of an interface that has a `next_cursor`, one after another.
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
   * Creates a task, waits for it with growing pauses, and gives its result. `onProgress` gets the jobid at once: store it
   * there, and go on with {@link resumeTask} after a restart.
   *
   * The creating call is never repeated by default: after a failed network the task may exist.
   *
   * @returns the result; rejected with `ERR_SPEC_TASK_FAILED` ({@link ZoneTaskError}) for the task's own failure,
   * `ERR_SPEC_TIMEOUT`, and as {@link invoke}
   */
  runTask<Name extends ZoneTaskName>(
    name: Name,
    request: ZoneTasks[Name]['request'],
    options: RunTaskOptions = {},
  ): Promise<ZoneTasks[Name]['result']> {
    return runTask(this, name, request, options);
  }

  /** Waits for a task that exists already, and gives its result as {@link runTask} does. */
  resumeTask<Name extends ZoneTaskName>(
    name: Name,
    jobid: string,
    options: ResumeTaskOptions = {},
  ): Promise<ZoneTasks[Name]['result']> {
    return resumeTask(this, name, jobid, options);
  }
}

export interface ZoneClient extends ZoneMethods {}
