import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { type InvokeTrace, invokeChannel } from '../../sdk/channels';
import { attempt } from './guard';
import { scope } from './scope';
import { failSpan, guarded, type Span, spanKind, TRACER, type Tracer } from './tracing';

/** Range of the histograms in microseconds: up to an hour. */
const range = { lowest: 1, highest: 3_600_000_000 } as const;

/** Measurements of the calls of one interface. */
export interface InvokeMetrics {
  /** Finished calls. */
  readonly count: number;
  /** Calls whose `ret` is not 0, and rejected calls. */
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

/** Limits the memory of a program that calls interfaces with arbitrary names. */
const MOST_INTERFACES = 200;

/** Measures and traces the calls into the platform that a program makes while it serves requests and jobs. */
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
    // An exception in a channel's subscriber would end the process.
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

  /** Starts watching; idempotent. */
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
