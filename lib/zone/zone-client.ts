import { abortable, pause, withDeadline } from '../common/abort';
import { backoff } from '../common/backoff';
import {
  checkOptions,
  signalOption,
  timeoutOption,
  wrongType,
  wrongValue,
} from '../common/options';
import { inSlot } from '../common/slots';
import { makeError } from '../errors';
import { type Effect, zoneInterface, zoneInterfaces } from '../interfaces';
import type {
  ZoneInterfaceName,
  ZoneInterfaces,
  ZoneTaskName,
  ZoneTasks,
} from '../interfaces/types';
import type { SpecCallbackSDK } from '../sdk/spec-callback-sdk';
import { SpecSdk } from '../sdk/spec-sdk';
import { SpecInvokeError, ZoneApiError } from './errors';
import { type BatchOptions, batches, type MessageBatch, MessageStream } from './messages';
import type { ZoneMethods } from './methods';
import { type InvokeOptions, type RetryOptions, type RetryPolicy, retryPolicy } from './options';
import { type PagedInterfaceName, pages } from './pages';
import { summarize } from './request-summary';
import { readResponse } from './response';
import { type ResumeTaskOptions, type RunTaskOptions, resumeTask, runTask } from './tasks';
import type { RequestArguments, ZoneCaller } from './zone-caller';

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

/** What holds for all calls of a client, unless a call says otherwise. */
export interface ZoneClientSettings {
  /** Milliseconds for a call and all its repetitions, 1 to 2147483647; none by default: the SDK has time-outs of its own. */
  readonly timeout?: number | undefined;
  /** When a failed call is repeated; `false`: never. */
  readonly retry?: RetryOptions | false | undefined;
}

/** Gives a client a method for each interface. */
class InterfaceMethods {
  static {
    for (const { name } of zoneInterfaces) {
      Object.defineProperty(InterfaceMethods.prototype, name, {
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
export class ZoneClient extends (InterfaceMethods as new () => ZoneMethods) implements ZoneCaller {
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
    super();
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
   * In the name of the application that a request came from, ability and job_info included.
   *
   * @param callback - a request with `IsOk()`
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
    const limit = timeoutOption('options.timeout', timeout) ?? this.#timeout;
    const call = new Call(this.#sdk, this.corpId, name, request);
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

/** One call with its repetitions. */
class Call {
  readonly #sdk: SpecSdk;
  readonly #name: string;
  readonly #request: Readonly<Record<string, unknown>>;
  readonly #text: string;
  readonly #slotKey: string;

  constructor(sdk: SpecSdk, corpId: string, name: string, request: object) {
    if (typeof name !== 'string') {
      throw wrongType('name', 'of type string', name);
    }
    if (typeof request !== 'object' || request === null || Array.isArray(request)) {
      throw wrongType('request', 'of type object', request);
    }
    this.#sdk = sdk;
    this.#name = name;
    this.#request = request as Readonly<Record<string, unknown>>;
    this.#text = requestText(name, this.#request);
    this.#slotKey = `${name} ${corpId}`;
  }

  async run(policy: RetryPolicy, signal: AbortSignal | undefined): Promise<object> {
    for (let repetitions = 0; ; repetitions += 1) {
      try {
        return await this.#once(signal);
      } catch (error) {
        const isFailure = error instanceof SpecInvokeError || error instanceof ZoneApiError;
        if (!isFailure || repetitions >= policy.retries) throw error;
        const effect = zoneInterface(this.#name)?.effect ?? 'create';
        const byDefault = isRepeatable(effect, error);
        const decision = { interfaceName: this.#name, effect, error, repetitions, byDefault };
        if (!policy.shouldRetry(decision)) throw error;
        await pause(backoff(policy, repetitions), signal);
      }
    }
  }

  async #once(signal: AbortSignal | undefined): Promise<object> {
    const { ret, response } = await this.#exchange(signal);
    const summary = () => summarize(zoneInterface(this.#name), this.#request);
    if (ret !== 0) throw new SpecInvokeError(this.#name, ret, summary());
    const answer = readResponse(this.#name, response);
    const errcode = answer.errcode ?? 0;
    if (errcode === 0) return answer;
    if (typeof errcode !== 'number') {
      throw makeError('ERR_SPEC_BAD_RESPONSE', this.#name, 'has an errcode that is not a number');
    }
    const errmsg = typeof answer.errmsg === 'string' ? answer.errmsg : '';
    throw new ZoneApiError(this.#name, errcode, errmsg, summary());
  }

  #exchange(signal: AbortSignal | undefined): ReturnType<SpecSdk['Invoke']> {
    const invoke = () => this.#sdk.Invoke(this.#name, this.#text);
    const concurrent = zoneInterface(this.#name)?.concurrentCalls;
    // A call that was given up still occupies the platform: its slot is free when the SDK returns.
    const exchange =
      concurrent === undefined ? invoke() : inSlot(this.#slotKey, concurrent, signal, invoke);
    return abortable(exchange, signal);
  }
}

/** errcode -1 says that nothing was done; after a failed network nobody knows. */
function isRepeatable(effect: Effect, error: SpecInvokeError | ZoneApiError): boolean {
  if (error instanceof ZoneApiError) return error.errcode === -1 && effect !== 'create';
  return (error.ret === -10002 || error.ret === -10003) && effect === 'read';
}

function requestText(name: string, request: Readonly<Record<string, unknown>>): string {
  const schema = zoneInterface(name)?.request;
  const fields = schema?.kind === 'struct' ? schema.fields : {};
  const emptied = Object.keys(fields).filter(
    (field) => fields[field]?.isLeftOutWhenEmpty && request[field] === '',
  );
  const sent =
    emptied.length === 0
      ? request
      : Object.fromEntries(Object.entries(request).filter(([field]) => !emptied.includes(field)));
  let text: unknown;
  try {
    text = JSON.stringify(sent);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : 'it throws';
    throw wrongValue('request', `cannot be written as JSON: ${why}`, request);
  }
  if (typeof text !== 'string') {
    throw wrongValue('request', 'cannot be written as JSON', request);
  }
  return text;
}
