import type { AbortSource } from '../../common/abort';
import { type Awaitable, isThenable } from '../../common/awaitable';
import { errorForLog } from '../../common/error-for-log';
import { ZoneClient, type ZoneClientSettings } from '../../zone/zone-client';
import type { ProgramLog } from '../observe/log';
import { showException } from '../observe/sandbox-terminal';
import type { Call } from './call';
import { failureOf, type ProgramFailure, stoppingFailure } from './failure';
import { type Handlers, OTHER } from './handlers';
import { LimitedRun, TimeLimits } from './limits';
import { type CallFields, ProgramCall } from './program-call';
import type { Shutdown } from './shutdown';

/** Limits and context of one run of a handler. */
export interface RunOptions {
  /** Milliseconds; an ability's own timeout takes precedence. */
  readonly handlerTimeout: number;
  /** Aborted when the result is no longer needed. */
  readonly signal?: AbortSource | undefined;
  /** Creates `call.zone`; default: from the fields of the call. */
  readonly zone?: () => ZoneClient;
}

/** The text of the result, or the failure and the call that it belongs to. */
export type Executed =
  | { readonly name: string; readonly text: string; readonly failure?: undefined }
  | { readonly name: string; readonly failure: ProgramFailure; readonly call: Call };

/** Runs handlers within their limits, and converts thrown values to failures. */
export class Executor {
  readonly #handlers: Handlers;
  readonly #shutdown: Shutdown;
  readonly #log: ProgramLog;
  readonly #zone: ZoneClientSettings;
  readonly #limits = new TimeLimits();

  constructor(handlers: Handlers, shutdown: Shutdown, log: ProgramLog, zone: ZoneClientSettings) {
    this.#handlers = handlers;
    this.#shutdown = shutdown;
    this.#log = log;
    this.#zone = zone;
  }

  /** Finds and runs the handler of a call. Never rejects or throws. */
  execute(fields: CallFields, options: RunOptions): Awaitable<Executed> {
    let name = OTHER;
    let call: Call | undefined;
    const failed = (error: unknown): Executed => {
      const failure = this.#failureOf(error, fields, options.signal);
      call ??= this.#call(fields, this.#shutdown, options.zone);
      return { name, failure, call };
    };
    try {
      const handler = this.#handlers.find(fields);
      name = handler.name;
      const { handlerTimeout = options.handlerTimeout } = handler;
      const run = new LimitedRun(name, this.#limits.of(handlerTimeout), [
        options.signal,
        this.#shutdown.signal,
      ]);
      run.throwIfAborted();
      call = this.#call(fields, run, options.zone);
      const text = handler.run(call);
      if (!isThenable(text)) return { name, text };
      return run.waitFor<string, Executed>(text, (text) => ({ name, text }), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /** Fails a call without running its handler. */
  refuse(
    error: unknown,
    fields: CallFields,
    options: Pick<RunOptions, 'signal' | 'zone'> = {},
  ): Executed & { readonly failure: ProgramFailure } {
    return {
      name: OTHER,
      failure: this.#failureOf(error, fields, options.signal),
      call: this.callOf(fields, options.zone),
    };
  }

  /** The call that `onError` gets when no handler ran. */
  callOf(fields: CallFields, zone?: () => ZoneClient): Call {
    return this.#call(fields, this.#shutdown, zone);
  }

  #call(
    fields: CallFields,
    abort: { readonly signal: AbortSignal },
    zone?: () => ZoneClient,
  ): Call {
    const { corpId, agentId, abilityId, jobInfo } = fields;
    const makeZone =
      zone ?? (() => new ZoneClient({ ...this.#zone, corpId, agentId, abilityId, jobInfo }));
    return new ProgramCall(fields, abort, makeZone, () => this.#handlers.relay);
  }

  /** Classifies and logs a thrown value: level `ERR` for faults of the program, `INFO` for the rest. */
  #failureOf(
    error: unknown,
    { requestId, abilityId, callType }: CallFields,
    signal?: AbortSource,
  ): ProgramFailure {
    const { signal: stopped } = this.#shutdown;
    if (stopped.aborted && error === stopped.reason) return stoppingFailure().failure;
    const what = callType === 2 ? 'event' : `ability ${abilityId}`;
    if (signal?.aborted && error === signal.reason) {
      this.#log.info('%s: the client closed the connection before the response', what);
      return stoppingFailure('the connection was closed').failure;
    }
    const failure = failureOf(error, requestId);
    if (['failed', 'timeout', 'busy'].includes(failure.kind)) {
      const words = failure.error === undefined ? failure.errmsg : errorForLog(failure.error);
      this.#log.error('%s %s: %s', what, failure.kind, words);
      if (failure.error !== undefined) {
        showException(`[${requestId}] ${what} ${failure.kind}`, failure.error);
      }
    } else {
      this.#log.info('%s: %s, errcode %d', what, failure.kind, failure.errcode);
    }
    return failure;
  }
}
