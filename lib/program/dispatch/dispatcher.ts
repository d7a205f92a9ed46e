import type { AbortSource } from '../../common/abort';
import { type Awaitable, after, lastly } from '../../common/awaitable';
import type { RequestBody } from '../../common/body';
import { errorForLog } from '../../common/error-for-log';
import { amend, traced } from '../../sdk/channels';
import type { HeadersInput } from '../../sdk/headers';
import { SpecCallbackSDK } from '../../sdk/spec-callback-sdk';
import { ZoneClient, type ZoneClientSettings } from '../../zone/zone-client';
import type { Call, HandlerResult } from '../handlers/call';
import type { Executed, Executor } from '../handlers/executor';
import { failureResult, type ProgramFailure, stoppingFailure } from '../handlers/failure';
import type { Handlers } from '../handlers/handlers';
import { type CallFields, fieldsOf, newRequestId } from '../handlers/program-call';
import { OK_RESULT, resultText } from '../handlers/results';
import type { Shutdown } from '../handlers/shutdown';
import type { Jobs } from '../jobs/jobs';
import type { ProgramLog } from '../observe/log';
import { LogLimiter } from '../observe/log-limiter';
import type { RequestCounters } from '../observe/request-counters';
import { showException } from '../observe/sandbox-terminal';
import { scope } from '../observe/scope';
import {
  describeRequest,
  inSpan,
  type RequestTrace,
  requestChannel,
  type Span,
  spanKind,
  type Tracer,
} from '../observe/tracing';
import { InFlight } from './in-flight';
import { buildResponse, verifyRequest } from './offload';
import type { ProgramResponse } from './response';
import { addSandboxHints } from './sandbox-hints';

/** Options for responses. */
export interface DispatchOptions {
  readonly handlerTimeout: number;
  readonly offloadBytes: number;
  readonly unverifiedStatus: number;
  readonly onError: ((failure: ProgramFailure, call: Call) => HandlerResult) | undefined;
  readonly zone: ZoneClientSettings;
  readonly tracer: Tracer | undefined;
  readonly jobs: { readonly busyStatus: number };
}

/** The parts of the program that process a request. */
export interface DispatchParts {
  /** Identity of the program, see {@link scope}. */
  readonly program: object;
  readonly log: ProgramLog;
  readonly handlers: Handlers;
  readonly executor: Executor;
  readonly jobs: Jobs;
  readonly shutdown: Shutdown;
  readonly counters: RequestCounters;
}

/** Status and text of a response; the SDK encrypts and signs the text. */
interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Verifies requests, runs their handlers or accepts them as jobs, and builds the responses. */
export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #parts: DispatchParts;
  readonly #unverified: LogLimiter;
  /** Requests whose response is not built yet. */
  readonly inFlight = new InFlight();

  constructor(options: DispatchOptions, parts: DispatchParts) {
    this.#options = options;
    this.#parts = parts;
    this.#unverified = new LogLimiter((text) => parts.log.error('%s', text));
  }

  /**
   * Processes one request.
   *
   * @param signal - aborted when the client closes the connection
   * @param onVerified - called when the body is verified, or refused
   * @returns rejected with, or throws, the error of loading the addon, and `ERR_SPEC_INVALID_ARG_TYPE`
   */
  dispatch(
    method: string,
    headers: HeadersInput,
    body: RequestBody,
    signal: AbortSource | undefined,
    onVerified: () => void,
  ): Awaitable<ProgramResponse> {
    const { offloadBytes } = this.#options;
    return this.#traced((trace) =>
      after(
        lastly(() => verifyRequest(method, headers, body, offloadBytes), onVerified),
        (callback) => this.#serve(callback, trace, signal),
      ),
    );
  }

  /**
   * Refuses a request by its headers alone.
   *
   * @returns undefined if the SDK does not refuse it: then the body must be read
   */
  refuse(method: string, headers: HeadersInput): Awaitable<ProgramResponse | undefined> {
    const callback = new SpecCallbackSDK(method, headers, '');
    if (callback.IsOk()) return undefined;
    return this.#traced((trace) => this.#serve(callback, trace, undefined));
  }

  /** Logs the numbers of suppressed records; called when the program closes. */
  close(): void {
    this.#unverified.flush();
  }

  #traced(serve: (trace: RequestTrace) => Awaitable<ProgramResponse>): Awaitable<ProgramResponse> {
    const { program } = this.#parts;
    const requestId = newRequestId();
    const trace: RequestTrace = {
      requestId,
      abilityId: undefined,
      callType: undefined,
      isAsync: undefined,
      outcome: undefined,
    };
    const inScope = (span: Span | undefined) =>
      scope.run({ program, requestId }, () => {
        const response = serve(trace);
        if (span === undefined) return response;
        return after(response, (built) => {
          describeRequest(span, trace);
          return built;
        });
      });
    return this.inFlight.track(() =>
      traced(requestChannel, trace, () =>
        inSpan(this.#options.tracer, 'zone request', { kind: spanKind.server }, inScope),
      ),
    );
  }

  #serve(
    callback: SpecCallbackSDK,
    trace: RequestTrace,
    signal: AbortSource | undefined,
  ): Awaitable<ProgramResponse> {
    if (!callback.IsOk()) {
      amend(trace, { outcome: 'unverified' });
      this.#parts.counters.countUnverified('unverified');
      this.#unverified.record('request refused: verification failed');
      return { status: this.#options.unverifiedStatus, ...callback.BuildResponseHeaderBody('') };
    }
    const fields = fieldsOf(callback, trace.requestId);
    const { abilityId, callType, isAsync } = fields;
    amend(trace, { abilityId, callType, isAsync });
    const build = ({ status, text }: Reply) =>
      after(buildResponse(callback, text, this.#options.offloadBytes), ({ headers, body }) => {
        const abilities = () => this.#parts.handlers.abilitiesFor(fields);
        addSandboxHints(headers, trace.requestId, abilities);
        return { status, headers, body };
      });
    return isAsync
      ? after(this.#accept(fields, trace), build)
      : after(this.#execute(fields, callback, signal), (executed) =>
          build(this.#replyTo(executed, trace, signal)),
        );
  }

  /** Runs the handler of a synchronous call or an event. */
  #execute(
    fields: CallFields,
    callback: SpecCallbackSDK,
    signal: AbortSource | undefined,
  ): Awaitable<Executed> {
    const { executor, shutdown } = this.#parts;
    const zone = () => ZoneClient.from(callback, this.#options.zone);
    const { handlerTimeout } = this.#options;
    return shutdown.hasBegun
      ? executor.refuse(stoppingFailure(), fields, { signal, zone })
      : executor.execute(fields, { handlerTimeout, signal, zone });
  }

  /** The result of the handler, or its failure. */
  #replyTo(executed: Executed, trace: RequestTrace, signal: AbortSource | undefined): Reply {
    if (executed.failure === undefined) {
      this.#finish(trace, executed.name, 'ok');
      return { status: 200, text: executed.text };
    }
    const { name, failure, call } = executed;
    this.#finish(trace, name, signal?.aborted ? 'gone' : failure.kind);
    return { status: 200, text: this.#failureText(failure, call) };
  }

  /** An asynchronous call: responds when the job is stored. */
  async #accept(fields: CallFields, trace: RequestTrace): Promise<Reply> {
    const { jobs, handlers, executor } = this.#parts;
    const name = handlers.nameOf(fields.abilityId);
    const accepted = await jobs.accept(fields);
    if (typeof accepted === 'string') {
      this.#finish(trace, name, accepted);
      return { status: 200, text: resultText(OK_RESULT) };
    }
    this.#finish(trace, name, accepted.kind);
    const text = this.#failureText(accepted, executor.callOf(fields));
    return { status: this.#options.jobs.busyStatus, text };
  }

  #finish(trace: RequestTrace, name: string, outcome: string): void {
    amend(trace, { outcome });
    this.#parts.counters.count(name, outcome);
  }

  #failureText(failure: ProgramFailure, call: Call): string {
    return this.#parts.handlers.seal(call.data, this.#bareFailureText(failure, call));
  }

  #bareFailureText(failure: ProgramFailure, call: Call): string {
    try {
      const chosen = this.#options.onError?.(failure, call);
      if (chosen !== undefined) return resultText(chosen);
    } catch (error) {
      this.#parts.log.error('options.onError: %s', errorForLog(error));
      showException('options.onError', error);
    }
    return JSON.stringify(failureResult(failure, call.requestId));
  }
}
