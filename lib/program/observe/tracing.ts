import { tracingChannel } from 'node:diagnostics_channel';
import type { Awaitable } from '../../common/awaitable';
import { attempt } from './guard';

/** Message of the channels `wework-spec-sdk:request`; contains neither data nor result. */
export interface RequestTrace {
  /** The id of the request in log records. */
  readonly requestId: string;
  /** Undefined unless the request was verified. */
  abilityId: string | undefined;
  /** 1 a call by an application, 2 an event; undefined unless the request was verified. */
  callType: number | undefined;
  /** Whether the result is reported later; undefined unless the request was verified. */
  isAsync: boolean | undefined;
  /**
   * `ok`, `accepted` (a job), `duplicate` (a job delivered again), `unverified`, `gone` (the client closed the connection),
   * or a {@link FailureKind}; undefined until the response is built.
   */
  outcome: string | undefined;
}

/** The channels `tracing:wework-spec-sdk:request:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
export const requestChannel = tracingChannel<object, object>('wework-spec-sdk:request');

/** The attributes of a span. */
export type SpanAttributes = Record<string, string | number | boolean>;

/** The subset of a span of `@opentelemetry/api` that is used. */
export interface Span {
  /** Adds attributes, or replaces those with the same names. */
  setAttributes(attributes: SpanAttributes): unknown;
  /** Sets the status: code 2 is an error. */
  setStatus(status: { code: number; message?: string }): unknown;
  /** Replaces the name that the span was started with. */
  updateName(name: string): unknown;
  /** Ends the span; called once. */
  end(): void;
}

/** The subset of a tracer of `@opentelemetry/api` that is used. Avoids a dependency; any version with these methods works. */
export interface Tracer {
  /** Starts a span for a call to the platform; it is not made active. */
  startSpan(name: string, options?: { kind?: number; attributes?: SpanAttributes }): Span;
  /** Starts a span for a request or job and makes it the active one while `work` runs. */
  startActiveSpan<R>(
    name: string,
    options: { kind?: number; root?: boolean; attributes?: SpanAttributes },
    work: (span: Span) => R,
  ): R;
}

/** SpanKind of @opentelemetry/api. */
export const spanKind = { server: 1, client: 2, consumer: 4 } as const;

/** SpanStatusCode.ERROR of @opentelemetry/api. */
const STATUS_ERROR = 2;

/** Runs work in a span, or without one if there is no tracer. The work sets name and attributes when they are known. */
export function inSpan<T>(
  tracer: Tracer | undefined,
  name: string,
  options: { kind: number; root?: boolean },
  work: (span: Span | undefined) => Awaitable<T>,
): Awaitable<T> {
  return tracer === undefined ? work(undefined) : inSpanOf(tracer, name, options, work);
}

async function inSpanOf<T>(
  tracer: Tracer,
  name: string,
  options: { kind: number; root?: boolean },
  work: (span: Span | undefined) => Awaitable<T>,
): Promise<T> {
  let span: Span | undefined;
  let working: Promise<T> | undefined;
  const traced = (made: Span): Promise<T> => {
    if (working === undefined) {
      span = guarded(made);
      working = (async () => work(span))();
    }
    return working;
  };
  attempt(TRACER, () => {
    const made: unknown = tracer.startActiveSpan(name, options, traced);
    // A tracer may derive a promise from this one and leave its rejection unhandled.
    Promise.resolve(made).catch(() => {});
  });
  // The tracer threw before it ran the work, or did not run it.
  working ??= (async () => work(undefined))();
  try {
    return await working;
  } finally {
    span?.end();
  }
}

/** Name of the tracer in warnings. */
export const TRACER = 'The tracer (options.tracer)';

/** A span that never throws. */
export function guarded(span: Span): Span {
  return {
    setAttributes: (attributes) => attempt(TRACER, () => span.setAttributes(attributes)),
    setStatus: (status) => attempt(TRACER, () => span.setStatus(status)),
    updateName: (name) => attempt(TRACER, () => span.updateName(name)),
    end: () => attempt(TRACER, () => span.end()),
  };
}

/** Marks a span as failed; the message must not contain data. */
export function failSpan(span: Span | undefined, message: string): void {
  span?.setStatus({ code: STATUS_ERROR, message });
}

/** Sets name and attributes of a request's span. */
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
