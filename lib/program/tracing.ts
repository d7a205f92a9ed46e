import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { type InvokeTrace, invokeChannel } from '../sdk/channels';
import { attempt } from './guard';
import { scope } from './scope';

/** What the channels `wework-spec-sdk:request` carry. No data and no answer. */
export interface RequestTrace {
  readonly requestId: string;
  /** Undefined until the request is verified, and for one that is not. */
  abilityId: string | undefined;
  callType: number | undefined;
  isAsync: boolean | undefined;
  /**
   * `ok`, `accepted` (a job), `duplicate` (a job delivered again), `unverified`, `gone` (the client did not wait), or a
   * {@link FailureKind}; undefined meanwhile.
   */
  outcome: string | undefined;
}

/** The channels `tracing:wework-spec-sdk:request:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const requestChannel = tracingChannel<unknown, object>('wework-spec-sdk:request');

/** Microseconds that are told apart: up to an hour. */
const range = { lowest: 1, highest: 3_600_000_000 } as const;

type Attributes = Record<string, string | number | boolean>;

/** The part of a span of `@opentelemetry/api` that is used. */
export interface Span {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  updateName(name: string): unknown;
  end(): void;
}

/** The part of a tracer of `@opentelemetry/api` that is used: no dependency, and every version that has it will do. */
export interface Tracer {
  startSpan(name: string, options?: { kind?: number; attributes?: Attributes }): Span;
  startActiveSpan<R>(
    name: string,
    options: { kind?: number; root?: boolean; attributes?: Attributes },
    work: (span: Span) => R,
  ): R;
}

/** SpanKind of @opentelemetry/api. */
export const spanKind = { server: 1, client: 2, consumer: 4 } as const;

/** SpanStatusCode.ERROR of @opentelemetry/api. */
const STATUS_ERROR = 2;

/** Runs work in a span, or without one. The work names and describes it, as it learns what it does. */
export async function inSpan<T>(
  tracer: Tracer | undefined,
  name: string,
  options: { kind: number; root?: boolean },
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (tracer === undefined) return work(undefined);
  let span: Span | undefined;
  let working: Promise<T> | undefined;
  const traced = (made: Span): Promise<T> => {
    if (working === undefined) {
      span = guarded(made);
      working = work(span);
    }
    return working;
  };
  attempt(TRACER, () => {
    const made: unknown = tracer.startActiveSpan(name, options, traced);
    // A tracer may make a promise of its own from ours, and nobody else waits for that one.
    Promise.resolve(made).catch(() => {});
  });
  // One that has thrown before it ran the work, or has not run it.
  working ??= work(undefined);
  try {
    return await working;
  } finally {
    span?.end();
  }
}

const TRACER = 'The tracer (options.tracer)';

/** A span that never throws. */
function guarded(span: Span): Span {
  return {
    setAttributes: (attributes) => attempt(TRACER, () => span.setAttributes(attributes)),
    setStatus: (status) => attempt(TRACER, () => span.setStatus(status)),
    updateName: (name) => attempt(TRACER, () => span.updateName(name)),
    end: () => attempt(TRACER, () => span.end()),
  };
}

/** Marks a span as failed; the message holds no content. */
export function failSpan(span: Span | undefined, message: string): void {
  span?.setStatus({ code: STATUS_ERROR, message });
}

/** Names a request's span when it is known what the request was. */
export function describeRequest(
  span: Span | undefined,
  { requestId, abilityId, callType, isAsync, outcome }: RequestTrace,
): void {
  if (span === undefined) return;
  if (abilityId !== undefined) {
    span.updateName(callType === 2 ? 'event' : `ability ${abilityId}`);
    span.setAttributes({
      'wework_spec.ability': abilityId,
      'wework_spec.call_type': callType ?? 0,
      'wework_spec.is_async': isAsync ?? false,
    });
  }
  span.setAttributes({
    'wework_spec.request_id': requestId,
    'wework_spec.outcome': outcome ?? 'unknown',
  });
  const isGood = outcome === 'ok' || outcome === 'accepted' || outcome === 'duplicate';
  if (!isGood) failSpan(span, outcome ?? 'unknown');
}

/** What is measured of the calls of one interface. */
export interface InvokeMetrics {
  /** Calls that have come back. */
  readonly count: number;
  /** Those with another `ret` than 0, or rejected. */
  readonly failed: number;
  /** Milliseconds. */
  readonly latency: {
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
}

/** Names of interfaces that are told apart; a program that makes names up shall not fill the memory. */
const MOST_INTERFACES = 200;

/** Follows the calls into the platform that a program makes while it serves requests and jobs. */
export class InvokeWatch {
  readonly #program: object;
  readonly #tracer: Tracer | undefined;
  readonly #measured = new Map<string, { histogram: RecordableHistogram; failed: number }>();
  readonly #running = new WeakMap<object, { began: number; span: Span | undefined }>();
  #isOn = false;

  constructor(program: object, tracer: Tracer | undefined) {
    this.#program = program;
    this.#tracer = tracer;
  }

  readonly #start = (message: unknown): void => {
    if (scope.getStore()?.program !== this.#program) return;
    const trace = message as InvokeTrace;
    // What a subscriber of a channel throws would end the process.
    const made = attempt(TRACER, () =>
      this.#tracer?.startSpan(`Invoke ${trace.apiName}`, {
        kind: spanKind.client,
        attributes: { 'wework_spec.interface': trace.apiName },
      }),
    );
    const span = made === undefined ? undefined : guarded(made);
    this.#running.set(trace, { began: performance.now(), span });
  };

  readonly #end = (message: unknown): void => {
    const trace = message as InvokeTrace;
    const running = this.#running.get(trace);
    if (running === undefined) return;
    const isFailed = trace.ret !== 0;
    let measured = this.#measured.get(trace.apiName);
    if (measured === undefined && this.#measured.size < MOST_INTERFACES) {
      measured = { histogram: createHistogram({ ...range, figures: 2 }), failed: 0 };
      this.#measured.set(trace.apiName, measured);
    }
    if (measured !== undefined) {
      const microseconds = Math.round((performance.now() - running.began) * 1000);
      measured.histogram.record(Math.min(range.highest, Math.max(range.lowest, microseconds)));
      if (isFailed) measured.failed += 1;
    }
    const { span } = running;
    if (trace.ret !== undefined) span?.setAttributes({ 'wework_spec.ret': trace.ret });
    if (isFailed) failSpan(span, trace.ret === undefined ? 'rejected' : `ret ${trace.ret}`);
    span?.end();
  };

  /** Begins to watch; again does nothing more. */
  on(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    subscribe(invokeChannel.start.name, this.#start);
    subscribe(invokeChannel.asyncEnd.name, this.#end);
  }

  off(): void {
    this.#isOn = false;
    unsubscribe(invokeChannel.start.name, this.#start);
    unsubscribe(invokeChannel.asyncEnd.name, this.#end);
  }

  snapshot(): Record<string, InvokeMetrics> {
    const entries = [...this.#measured].map(([name, { histogram, failed }]) => {
      const at = (percentile: number) => histogram.percentile(percentile) / 1000;
      const latency = {
        mean: histogram.mean / 1000,
        p50: at(50),
        p95: at(95),
        p99: at(99),
        max: histogram.max / 1000,
      };
      return [name, { count: histogram.count, failed, latency }] as const;
    });
    return Object.fromEntries(entries);
  }
}
