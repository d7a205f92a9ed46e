import type { RequestBody } from '../../common/body';
import { errorForLog } from '../../common/error-for-log';
import { amend, traced } from '../../sdk/channels';
import type { HeadersInput } from '../../sdk/headers';
import { SpecCallbackSDK } from '../../sdk/spec-callback-sdk';
import { ZoneClient, type ZoneClientSettings } from '../../zone/zone-client';
import type { Call, HandlerResult } from '../handlers/call';
import type { Executor } from '../handlers/executor';
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
  spanKind,
  type Tracer,
} from '../observe/tracing';
import { InFlight } from './in-flight';
import { buildResponse, verifyRequest } from './offload';
import type { ProgramResponse } from './response';
import { withSandboxHints } from './sandbox-hints';

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
   * @returns rejected with the error of loading the addon, and with `ERR_SPEC_INVALID_ARG_TYPE`
   */
  dispatch(
    method: string,
    headers: HeadersInput,
    body: RequestBody,
    signal: AbortSignal | undefined,
    onVerified: () => void = () => {},
  ): Promise<ProgramResponse> {
    return this.#traced(async (trace) => {
      let callback: SpecCallbackSDK;
      try {
        callback = await verifyRequest(method, headers, body, this.#options.offloadBytes);
      } finally {
        onVerified();
      }
      return this.#serve(callback, trace, signal);
    });
  }

  /**
   * Refuses a request by its headers alone.
   *
   * @returns undefined if the SDK does not refuse it: then the body must be read
   */
  async refuse(method: string, headers: HeadersInput): Promise<ProgramResponse | undefined> {
    const callback = new SpecCallbackSDK(method, headers, '');
    if (callback.IsOk()) return undefined;
    return this.#traced((trace) => this.#serve(callback, trace, undefined));
  }

  /** Logs the numbers of suppressed records; called when the program closes. */
  close(): void {
    this.#unverified.flush();
  }

  #traced(serve: (trace: RequestTrace) => Promise<ProgramResponse>): Promise<ProgramResponse> {
    const { program } = this.#parts;
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
        scope.run({ program, requestId }, async () => {
          const response = await serve(trace);
          describeRequest(span, trace);
          return response;
        }),
      ),
    );
    return this.inFlight.track(serving);
  }

  async #serve(
    callback: SpecCallbackSDK,
    trace: RequestTrace,
    signal: AbortSignal | undefined,
  ): Promise<ProgramResponse> {
    if (!callback.IsOk()) {
      amend(trace, { outcome: 'unverified' });
      this.#parts.counters.countUnverified('unverified');
      this.#unverified.record('request refused: verification failed');
      return { status: this.#options.unverifiedStatus, ...callback.BuildResponseHeaderBody('') };
    }
    const fields = fieldsOf(callback, trace.requestId);
    const { abilityId, callType, isAsync } = fields;
    amend(trace, { abilityId, callType, isAsync });
    const { status, text } = isAsync
      ? await this.#accept(fields, trace)
      : await this.#respond(fields, callback, trace, signal);
    const { headers, body } = await buildResponse(callback, text, this.#options.offloadBytes);
    const abilities = () => this.#parts.handlers.abilitiesFor(fields);
    return { status, headers: withSandboxHints(headers, trace.requestId, abilities), body };
  }

  /** A synchronous call or an event: responds with the result of the handler, or with its failure. */
  async #respond(
    fields: CallFields,
    callback: SpecCallbackSDK,
    trace: RequestTrace,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    const { executor, shutdown } = this.#parts;
    const zone = () => ZoneClient.from(callback, this.#options.zone);
    const { handlerTimeout } = this.#options;
    const executed = shutdown.hasBegun
      ? executor.refuse(stoppingFailure(), fields, { signal, zone })
      : await executor.execute(fields, { handlerTimeout, signal, zone });
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
