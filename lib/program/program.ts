import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { amend, traced } from '../sdk/channels';
import { makeError } from '../errors';
import type { HeadersInput } from '../sdk/headers';
import { GetSdkInfo, type SdkInfo } from '../sdk/sdk-info';
import { SpecCallbackSDK } from '../sdk/spec-callback-sdk';
import { abortable, whenAborted, withDeadline } from '../common/abort';
import { integerOption } from '../zone/options';
import { ZoneClient } from '../zone/zone-client';
import { resultText, checkedReport, OK_RESULT } from './results';
import type { AbilityHandler, Call, EventHandler, ZoneEventOf, ZoneEventType } from './call';
import { type EventStore, embeddedEventStore } from './event-store';
import {
  errorForLog,
  Failure,
  failureResult,
  failureOf,
  isFailure,
  type ProgramFailure,
} from './failure';
import { warn } from './guard';
import { type AbilityOptions, Handlers } from './handlers';
import {
  cutOff,
  methods,
  type ProgramResponse,
  plainResponse,
  readBody,
  send,
  tooLarge,
} from './http';
import { EmbeddedQueue } from './jobs/embedded-queue';
import { jobIdOf } from './jobs/job-id';
import type {
  AcceptedJob,
  ClaimedJob,
  JobStateCounts,
  JobReport,
  JobQueue,
} from './jobs/job-queue';
import { JobRunner, type JobCounters } from './jobs/runner';
import { type ProgramLog, programLog } from './log';
import {
  type CheckedProgramOptions,
  checkedProgramOptions,
  functionOption,
  wrongType,
  type ZoneProgramOptions,
} from './options';
import { type PassThroughOptions, passThroughAbilities } from './pass-through';
import { type CallFields, fieldsOf, newRequestId, ProgramCall } from './program-call';
import { Relay, type RelayOptions } from './relay';
import { scope } from './scope';
import { EmbeddedStore } from './store';
import {
  describeRequest,
  failSpan,
  type InvokeMetrics,
  InvokeWatch,
  inSpan,
  type RequestTrace,
  requestChannel,
  spanKind,
} from './tracing';

/** Where a program listens. */
export interface ListenOptions {
  /** Default 8080, where the platform calls (the guide). 0: any free one. */
  readonly port?: number;
  /** Default `0.0.0.0` (the guide). */
  readonly host?: string;
  /**
   * Whether SIGTERM and SIGINT close the program and end the process with code 0; default false. A second signal ends the process
   * at once.
   */
  readonly signals?: boolean;
}

/** What has been counted and measured since the program was made. */
export interface ProgramMetrics {
  /** By ability (events as `event <type>`, what has no handler as `(other)`) and result, see {@link RequestTrace.outcome}. */
  readonly requests: Record<string, Record<string, number>>;
  /** Requests that are being served now. */
  readonly inFlight: number;
  /** Calls into the platform made while requests and jobs were served, by interface. */
  readonly invoke: Record<string, InvokeMetrics>;
  /** The pool that they run on; undefined as long as no SDK is loaded. */
  readonly threadPool: SdkInfo['threadPool'] | undefined;
  readonly jobs: JobStateCounts & JobCounters;
}

/** As the official Java sample. */
const BACKLOG = 4096;

/** How long the last answers have to leave when the time to drain is over. */
const CUT_AFTER_MS = 500;

/**
 * A zone program: verifies and dispatches what the platform sends, answers encrypted and signed, and keeps the jobs that it
 * has accepted until they are reported.
 *
 * @example
 * ```ts
 * const program = new ZoneProgram();
 * program.ability('chat_analysis', async (request, call) => {
 *   const { msg_list = [] } = await call.zone.invoke('sync_msg', { limit: 200 });
 *   return { errcode: 0, messages: msg_list.length };
 * });
 * program.event('conversation_new_message', async (event, call) => { … });
 * await program.listen({ signals: true });
 * ```
 *
 * @see docs/program.md
 */
export class ZoneProgram {
  /** The zone's log, for the program as a whole; while a request is served, its id stands in each record. */
  readonly log: ProgramLog;
  readonly #options: CheckedProgramOptions;
  readonly #handlers = new Handlers();

  readonly #store: EmbeddedStore;
  readonly #queue: JobQueue;
  readonly #runner: JobRunner;
  #started: Promise<void> | undefined;
  #queueStarted: Promise<void> | undefined;
  /** Whether the SDK can report a job after its request was answered. */
  #canReport = false;

  #server: Server | undefined;
  #forgetSignals: () => void = () => {};
  #closed: Promise<void> | undefined;
  #isClosing = false;
  /** Aborted when the time to drain is over. */
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<Promise<unknown>>();
  /** Requests over our listener, until the answer has left. */
  readonly #sending = new Set<Promise<unknown>>();

  readonly #requests = new Map<string, Map<string, number>>();
  readonly #watch: InvokeWatch;

  /** @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`. No SDK is loaded yet. */
  constructor(options: ZoneProgramOptions = {}) {
    this.#options = checkedProgramOptions(options);
    const { dataDir, jobs, zone, tracer } = this.#options;
    this.log = programLog(() => {
      const store = scope.getStore();
      return store?.program === this ? store.requestId : undefined;
    });
    this.#store = new EmbeddedStore(dataDir);
    this.#queue = jobs.queue ?? new EmbeddedQueue(this.#store, jobs.deduplicationTtl);
    this.#runner = new JobRunner(
      {
        run: (claimed) => this.#runJob(claimed),
        within: (job, work) => scope.run({ program: this, requestId: job.requestId }, work),
        logOf: (job) => programLog(() => job.requestId),
        stopped: this.#stop.signal,
      },
      jobs.retry,
      zone,
    );
    this.#watch = new InvokeWatch(this, tracer);
  }

  /**
   * Serves an ability.
   *
   * For an asynchronous call the handler runs after the platform was answered, and what it returns is reported; it may run
   * again after the process died, see {@link Call.attempt}.
   *
   * @param id - the ability's id on the admin site
   * @param handler - gets the parsed request; returns an object (becomes JSON) or a text, or throws
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  ability<Request = unknown>(id: string, handler: AbilityHandler<Request>): this;
  /** @param input - a schema or {@link AbilityOptions}; what does not fit is answered without the handler */
  ability<Input extends StandardSchemaV1>(
    id: string,
    input: Input | AbilityOptions<Input>,
    handler: AbilityHandler<StandardSchemaV1.InferOutput<Input>>,
  ): this;
  ability(
    id: string,
    optionsOrHandler: StandardSchemaV1 | AbilityOptions | AbilityHandler<never>,
    handlerOrNothing?: AbilityHandler<never>,
  ): this {
    if (handlerOrNothing === undefined) {
      this.#handlers.addAbility(id, optionsOrHandler as AbilityHandler<never>);
    } else {
      this.#handlers.addAbility(id, handlerOrNothing, optionsOrHandler);
    }
    return this;
  }

  /**
   * Takes the events of a type. The handler has finished before the platform is answered.
   *
   * @param type - for example `conversation_new_message`, see docs/interfaces.md#events
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  event<Type extends ZoneEventType>(type: Type, handler: EventHandler<ZoneEventOf<Type>>): this {
    this.#handlers.addEvent(type, handler);
    return this;
  }

  /**
   * Serves all calls and events that nothing else serves. Without it such calls get errcode 710636, and such events are
   * answered with errcode 0 and nothing is done.
   */
  notFound(handler: AbilityHandler<unknown>): this {
    this.#handlers.notFound = functionOption('handler', handler);
    return this;
  }

  /**
   * Relays events to the application as the official samples do: the event is stored under a new notify_id, `spec_notify_app`
   * is called, and an ability hands the event out by its notify_id, to applications of the same corp.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  relayEvents(options: RelayOptions = {}): this {
    if (typeof options !== 'object' || options === null) throw wrongType('options', 'an object');
    this.#handlers.setRelay(
      () => new Relay(options, (): EventStore => embeddedEventStore(this.#store)),
    );
    return this;
  }

  /**
   * Lets applications call interfaces of the zone through the program, as the official samples do: for each named interface
   * the ability `invoke_<interface>`. Off unless this is called.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  passThrough(options: PassThroughOptions): this {
    for (const [id, handler] of passThroughAbilities(options)) this.ability(id, handler);
    return this;
  }

  /**
   * Loads the SDK and takes up the jobs that an earlier process has left. {@link listen} does it; with another server
   * call it before that one listens.
   *
   * @returns rejected with what loading the addon throws, `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`, `ERR_SPEC_STOPPED`
   */
  start(): Promise<void> {
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start(): Promise<void> {
    if (this.#isClosing) throw makeError('ERR_SPEC_STOPPED', 'The program', '');
    // A broken installation shall fail here and not with the first request.
    this.#canReport = GetSdkInfo().hasJobInfo;
    this.#watch.on();
    if (this.#canReport && this.#queue.mayHaveJobs()) await this.#startQueue();
  }

  /** Opened with the first job, or at the start if there may be old ones: a program without jobs makes no files. */
  #startQueue(): Promise<void> {
    this.#queueStarted ??= (async () => {
      await this.#queue.open();
      await this.#queue.start({
        concurrency: this.#options.jobs.concurrency,
        work: (claimed) => this.#runner.work(claimed),
        onError: (error) => this.log.error('job queue: %s', errorForLog(error)),
      });
    })().catch((error: unknown) => {
      this.#queueStarted = undefined;
      throw error;
    });
    return this.#queueStarted;
  }

  /**
   * Serves over HTTP until {@link close}, or with `signals` until SIGTERM or SIGINT.
   *
   * @returns where it listens; rejected as {@link start}, and with `ERR_SPEC_LISTEN`
   */
  async listen(options: ListenOptions = {}): Promise<AddressInfo> {
    const { port = 8080, host = '0.0.0.0', signals = false } = options;
    integerOption('port', port, 0, 65_535);
    if (typeof host !== 'string') throw wrongType('host', 'a text');
    if (this.#server !== undefined) {
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, 'this program listens already');
    }
    const server = createServer((request, response) => {
      void this.requestListener(request, response);
    });
    this.#server = server;
    try {
      await this.start();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: BACKLOG }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      this.#server = undefined;
      if ((error as { syscall?: unknown }).syscall === undefined) throw error;
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, (error as Error).message);
    }
    if (signals) this.#stopOnSignals();
    return server.address() as AddressInfo;
  }

  #stopOnSignals(): void {
    let isStopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      isStopping = true;
      this.close().then(
        () => process.exit(0),
        (error: unknown) => {
          warn(error);
          process.exit(1);
        },
      );
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    this.#forgetSignals = () => process.off('SIGTERM', stop).off('SIGINT', stop);
  }

  /**
   * For node:http, Express and Koa: a function that serves one request, independent of `this`. The body must not be read before; one
   * that `express.raw()` has read is taken.
   *
   * @returns fulfilled when the answer has left; never rejected
   *
   * @example
   * ```ts
   * createServer(program.requestListener);
   * express().use(program.requestListener);
   * new Koa().use((context) => {
   *   context.respond = false;
   *   return program.requestListener(context.req, context.res);
   * });
   * ```
   */
  readonly requestListener = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    try {
      const body = await this.readBody(request);
      if (body === undefined) return;
      const answering = this.#answerOver(request, response, body);
      this.#sending.add(answering);
      await answering.finally(() => this.#sending.delete(answering));
    } catch (error) {
      // The installation is broken, or the body was consumed: nothing that the platform or the SDK's log could be told.
      warn(error);
      await send(request, response, plainResponse(500), true);
    }
  };

  async #answerOver(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer | ProgramResponse,
  ): Promise<void> {
    const gone = new AbortController();
    const onClose = (): void => {
      if (!response.writableFinished) gone.abort(makeError('ERR_SPEC_STOPPED', 'The client', ''));
    };
    response.once('close', onClose);
    const { method = '', headers } = request;
    const answer = Buffer.isBuffer(body)
      ? await this.handle(method, headers, body, { signal: gone.signal })
      : body;
    await send(request, response, answer, this.#isClosing);
    response.off('close', onClose);
  }

  /**
   * The body of a request byte for byte, for {@link handle}; for bridges to other servers.
   *
   * @returns an answer in its place (405, 413), or undefined when the connection was cut
   */
  async readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    if (!methods.includes(request.method ?? '')) return this.#methodNotAllowed();
    const body = await readBody(request, this.#options.bodyLimit);
    if (body === cutOff) {
      this.#count('(unverified)', 'cut-off');
      return undefined;
    }
    if (body === tooLarge) return this.#bodyTooLarge();
    return body;
  }

  /**
   * For Hono, and whatever else speaks fetch.
   *
   * @example
   * ```ts
   * app.all('*', (context) => program.fetch(context.req.raw));
   * ```
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { status, headers, body } = await this.#fetched(request);
    return new Response(body.length === 0 ? null : new Uint8Array(body), { status, headers });
  };

  async #fetched(request: Request): Promise<ProgramResponse> {
    if (!methods.includes(request.method)) return this.#methodNotAllowed();
    const { bodyLimit } = this.#options;
    if (Number(request.headers.get('content-length') ?? 0) > bodyLimit) return this.#bodyTooLarge();
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of request.body ?? []) {
        size += chunk.length;
        if (size > bodyLimit) return this.#bodyTooLarge();
        chunks.push(chunk);
      }
    } catch {
      this.#count('(unverified)', 'cut-off');
      return plainResponse(400);
    }
    const body = Buffer.concat(chunks, size);
    return this.handle(request.method, request.headers, body, { signal: request.signal });
  }

  /**
   * Serves a request without any framework.
   *
   * @param headers - all of them, as they came
   * @param body - byte for byte as it came
   * @returns what is to be sent: 200, or 405 and 413 without the SDK's headers, `unverifiedStatus` for a request that does not
   * pass verification, and `jobs.busyStatus`; rejected only with what loading the addon throws, and for arguments of
   * wrong types
   */
  async handle(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ProgramResponse> {
    if (!methods.includes(method)) return this.#methodNotAllowed();
    const size = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0);
    if (size > this.#options.bodyLimit) return this.#bodyTooLarge();
    const requestId = newRequestId();
    const trace: RequestTrace = {
      requestId,
      abilityId: undefined,
      callType: undefined,
      isAsync: undefined,
      outcome: undefined,
    };
    const serving = traced(requestChannel, trace, () =>
      inSpan(this.#options.tracer, 'zone request', { kind: spanKind.server }, (span) =>
        scope.run({ program: this, requestId }, async () => {
          const callback = new SpecCallbackSDK(method, headers, body);
          const response = await this.#serve(callback, trace, signal);
          describeRequest(span, trace);
          return response;
        }),
      ),
    );
    this.#inFlight.add(serving);
    try {
      return await serving;
    } finally {
      this.#inFlight.delete(serving);
    }
  }

  async #serve(
    callback: SpecCallbackSDK,
    trace: RequestTrace,
    signal: AbortSignal | undefined,
  ): Promise<ProgramResponse> {
    if (!callback.IsOk()) {
      amend(trace, { outcome: 'unverified' });
      this.#count('(unverified)', 'unverified');
      this.log.error('request refused: it does not pass verification');
      return { status: this.#options.unverifiedStatus, ...callback.BuildResponseHeaderBody('') };
    }
    const call = fieldsOf(callback, trace.requestId);
    const { abilityId, callType, isAsync } = call;
    amend(trace, { abilityId, callType, isAsync });
    const { status, text } = call.isAsync
      ? await this.#accept(call, trace)
      : await this.#answer(call, callback, trace, signal);
    return { status, ...callback.BuildResponseHeaderBody(text) };
  }

  /** A synchronous call or an event: the handler's answer, or that of a failure. */
  async #answer(
    fields: CallFields,
    callback: SpecCallbackSDK,
    trace: RequestTrace,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; text: string }> {
    let counted = '(other)';
    let outcome = 'failed';
    let call: ProgramCall | undefined;
    try {
      if (this.#isClosing) throw new Failure('stopping', 'the program is being stopped');
      const {
        name,
        handlerTimeout = this.#options.handlerTimeout,
        work,
      } = this.#handlers.dispatch(fields);
      counted = name;
      const text = await this.#withinLimits(name, handlerTimeout, signal, (limit) => {
        call = this.#call(fields, limit, () => ZoneClient.from(callback, this.#options.zone));
        return work(call);
      });
      outcome = 'ok';
      return { status: 200, text };
    } catch (error) {
      const failure = this.#failure(error, fields, signal);
      outcome = signal?.aborted ? 'gone' : failure.kind;
      call ??= this.#call(fields, this.#stop.signal, () =>
        ZoneClient.from(callback, this.#options.zone),
      );
      return { status: 200, text: this.#failureText(failure, call) };
    } finally {
      amend(trace, { outcome });
      this.#count(counted, outcome);
    }
  }

  /** Runs a handler within its time, as long as somebody waits for it and the program is not stopped. */
  async #withinLimits(
    what: string,
    timeout: number,
    signal: AbortSignal | undefined,
    work: (limit: AbortSignal) => Promise<string>,
  ): Promise<string> {
    const limit = new AbortController();
    const forget = [signal, this.#stop.signal].map((outer) =>
      whenAborted(outer, () => limit.abort(outer?.reason)),
    );
    try {
      return await withDeadline(what, limit.signal, timeout, (timed = limit.signal) =>
        abortable(work(timed), timed),
      );
    } finally {
      for (const one of forget) one();
    }
  }

  /** What a thrown value means, and a log line for what went wrong in the program. */
  #failure(
    error: unknown,
    { requestId, abilityId, callType }: CallFields,
    signal?: AbortSignal,
  ): ProgramFailure {
    if (this.#stop.signal.aborted && error === this.#stop.signal.reason) {
      return new Failure('stopping', 'the program is being stopped').failure;
    }
    const what = callType === 2 ? 'event' : `ability ${abilityId}`;
    if (signal?.aborted && error === signal.reason) {
      this.log.info('%s: nobody waits for the answer any more', what);
      return new Failure('stopping', 'the connection was closed').failure;
    }
    const failure = failureOf(error, requestId);
    if (['failed', 'timeout', 'busy'].includes(failure.kind)) {
      const words = failure.error === undefined ? failure.errmsg : errorForLog(failure.error);
      this.log.error('%s %s: %s', what, failure.kind, words);
    } else {
      this.log.info('%s: %s, errcode %d', what, failure.kind, failure.errcode);
    }
    return failure;
  }

  #failureText(failure: ProgramFailure, call: Call): string {
    try {
      const chosen = this.#options.onError?.(failure, call);
      if (chosen !== undefined) return resultText(chosen);
    } catch (error) {
      this.log.error('options.onError: %s', errorForLog(error));
    }
    return JSON.stringify(failureResult(failure, call.requestId));
  }

  /** Stores an asynchronous call before the platform is told that it was accepted. */
  async #accept(
    fields: CallFields,
    trace: RequestTrace,
  ): Promise<{ status: number; text: string }> {
    const name = this.#handlers.nameOf(fields.abilityId);
    let outcome = 'failed';
    try {
      const stored = await this.#storeJob(fields);
      outcome = stored === 'added' ? 'accepted' : 'duplicate';
      this.#runner.counters[stored === 'added' ? 'accepted' : 'duplicates'] += 1;
      return { status: 200, text: resultText(OK_RESULT) };
    } catch (error) {
      const { failure } = isFailure(error)
        ? error
        : new Failure('busy', 'the job could not be stored', error);
      outcome = failure.kind;
      this.#runner.counters.busy += 1;
      const words = failure.error === undefined ? failure.errmsg : errorForLog(failure.error);
      this.log.error('job of %s not accepted: %s', fields.abilityId, words);
      const call = this.#call(fields, this.#stop.signal, () => this.#zoneOf(fields));
      return { status: this.#options.jobs.busyStatus, text: this.#failureText(failure, call) };
    } finally {
      amend(trace, { outcome });
      this.#count(name, outcome);
    }
  }

  async #storeJob(fields: CallFields): Promise<'added' | 'duplicate'> {
    if (this.#isClosing) throw new Failure('stopping', 'the program is being stopped');
    const { requestId, corpId, agentId, abilityId, notifyId, jobInfo, data } = fields;
    const job: AcceptedJob = {
      id: jobIdOf(corpId, agentId, jobInfo),
      ...{ requestId, corpId, agentId, abilityId, notifyId, jobInfo, data },
      acceptedAt: Date.now(),
    };
    await this.start();
    if (!this.#canReport) {
      const lacks = makeError('ERR_SPEC_UNSUPPORTED_BY_SDK', 'job_info in SpecSdk', '');
      throw new Failure('failed', 'the SDK cannot report the result of a job', lacks);
    }
    await this.#startQueue();
    const stored = await this.#queue.add(job, this.#options.jobs.maxPending);
    if (stored === 'full') throw new Failure('busy', 'too many jobs wait; try again later');
    return stored;
  }

  /** Runs the handler of a job and says what is to be reported; undefined when the program is being stopped. */
  async #runJob({ job, runAttempts }: ClaimedJob): Promise<JobReport | undefined> {
    const fields: CallFields = { ...job, isAsync: true, callType: 1, attempt: runAttempts + 1 };
    const { jobs, tracer } = this.#options;
    let call = this.#call(fields, this.#stop.signal, () => this.#zoneOf(fields));
    return inSpan(tracer, 'zone job', { kind: spanKind.consumer, root: true }, (span) =>
      scope.run({ program: this, requestId: job.requestId }, async () => {
        span?.updateName(`job ${job.abilityId}`);
        span?.setAttributes({
          'wework_spec.ability': job.abilityId,
          'wework_spec.request_id': job.requestId,
          'wework_spec.attempt': fields.attempt,
        });
        try {
          if (runAttempts >= jobs.maxAttempts) {
            throw new Failure(
              'failed',
              `each of ${runAttempts} runs of the job was cut short with its process`,
            );
          }
          const {
            name,
            handlerTimeout = jobs.handlerTimeout,
            work,
          } = this.#handlers.dispatch(fields);
          const result = await this.#withinLimits(name, handlerTimeout, undefined, (limit) => {
            call = this.#call(fields, limit, () => this.#zoneOf(fields));
            return work(call);
          });
          return { errcode: 0, result };
        } catch (error) {
          const failure = this.#failure(error, fields);
          if (failure.kind === 'stopping') return undefined;
          failSpan(span, failure.kind);
          return this.#failureReport(failure, call);
        }
      }),
    );
  }

  #failureReport(failure: ProgramFailure, call: Call): JobReport {
    try {
      const chosen = this.#options.jobs.onError?.(failure, call);
      if (chosen !== undefined) return checkedReport(chosen);
    } catch (error) {
      this.log.error('options.jobs.onError: %s', errorForLog(error));
    }
    return { errcode: failure.errcode };
  }

  #zoneOf({ corpId, agentId, abilityId, jobInfo }: CallFields): ZoneClient {
    return new ZoneClient({ ...this.#options.zone, corpId, agentId, abilityId, jobInfo });
  }

  #call(fields: CallFields, signal: AbortSignal, zone: () => ZoneClient): ProgramCall {
    return new ProgramCall(fields, signal, zone, () => this.#handlers.relay);
  }

  #methodNotAllowed(): ProgramResponse {
    this.#count('(unverified)', 'method');
    return plainResponse(405, { allow: methods.join(', ') });
  }

  #bodyTooLarge(): ProgramResponse {
    this.#count('(unverified)', 'too-large');
    return plainResponse(413);
  }

  #count(name: string, result: string): void {
    let results = this.#requests.get(name);
    if (results === undefined) {
      results = new Map();
      this.#requests.set(name, results);
    }
    results.set(result, (results.get(result) ?? 0) + 1);
  }

  /** A snapshot of what was counted and measured. */
  async metrics(): Promise<ProgramMetrics> {
    const none: JobStateCounts = { waiting: 0, running: 0, delayed: 0 };
    const isOpen = this.#queueStarted !== undefined && this.#closed === undefined;
    return {
      requests: Object.fromEntries(
        [...this.#requests].map(([name, results]) => [name, Object.fromEntries(results)]),
      ),
      inFlight: this.#inFlight.size,
      invoke: this.#watch.snapshot(),
      threadPool: this.#started === undefined ? undefined : GetSdkInfo().threadPool,
      jobs: { ...(isOpen ? await this.#queue.counts() : none), ...this.#runner.counters },
    };
  }

  /**
   * Stops: takes no new requests and jobs, lets running handlers and reports finish for `closeTimeout`, then aborts their
   * signals. Jobs that are not reported by then stay in the queue for the next process. Again: the same promise.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    const server = this.#server;
    const serverClosed = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    server?.closeIdleConnections();
    const hurry = setTimeout(() => {
      this.#stop.abort(makeError('ERR_SPEC_STOPPED', 'The program', ''));
      // The handlers' answers leave now. A client that does not read its own is not waited for.
      cut = setTimeout(() => server?.closeAllConnections(), CUT_AFTER_MS);
    }, this.#options.closeTimeout);
    let cut: NodeJS.Timeout | undefined;
    // Requests first: one of them may be storing a job, which the queue must still take.
    await this.#settled();
    if (this.#queueStarted !== undefined) {
      await this.#queueStarted.catch(() => undefined);
      await this.#queue.stop(this.#stop.signal);
    }
    clearTimeout(hurry);
    clearTimeout(cut);
    // All that was complete is answered: what is left is idle, or has not sent its body.
    server?.closeAllConnections();
    await serverClosed;
    await this.#queue.close();
    await this.#store.close();
    this.#watch.off();
    this.#forgetSignals();
  }

  async #settled(): Promise<void> {
    while (this.#inFlight.size + this.#sending.size > 0) {
      await Promise.allSettled([...this.#inFlight, ...this.#sending]);
    }
  }
}
