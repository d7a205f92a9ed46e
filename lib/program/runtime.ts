import type { AddressInfo } from 'node:net';
import { errorForLog } from '../common/error-for-log';
import { makeError } from '../errors';
import { isSandbox } from '../sdk/binding';
import { GetSdkInfo, type SdkInfo } from '../sdk/sdk-info';
import { Dispatcher } from './dispatch/dispatcher';
import { Executor } from './handlers/executor';
import { Handlers } from './handlers/handlers';
import { Shutdown } from './handlers/shutdown';
import type { DeadJobs } from './jobs/dead-jobs';
import { EmbeddedQueue } from './jobs/embedded-queue';
import type { JobCounters } from './jobs/job-counters';
import type { JobStateCounts } from './jobs/job-queue';
import { Jobs } from './jobs/jobs';
import { warn } from './observe/guard';
import { type InvokeMetrics, InvokeWatch } from './observe/invoke-watch';
import { type ProgramLog, programLog } from './observe/log';
import { RequestCounters } from './observe/request-counters';
import { scope } from './observe/scope';
import type { CheckedProgramOptions } from './options';
import { HttpHandler } from './server/http-handler';
import { HttpServer, type ListenOptions } from './server/http-server';
import { closeOnSignals } from './server/signals';
import { EmbeddedStore } from './store/embedded-store';

/** Counters and measurements since the program was created. */
export interface ProgramMetrics {
  /** Requests by ability (`event <type>` for events, `(other)` without a handler) and {@link RequestTrace.outcome}. */
  readonly requests: Record<string, Record<string, number>>;
  /** Requests in progress. */
  readonly inFlight: number;
  /** Calls into the platform made by requests and jobs, by interface. */
  readonly invoke: Record<string, InvokeMetrics>;
  /** The thread pool for these calls; undefined until the SDK is loaded. */
  readonly threadPool: SdkInfo['threadPool'] | undefined;
  /** Jobs by state, of all processes that share the queue, and what this process did with jobs since it started. */
  readonly jobs: JobStateCounts & JobCounters;
}

/** Connects the parts of a program, and starts and stops them in order. */
export class Runtime {
  readonly log: ProgramLog;
  readonly handlers = new Handlers();
  readonly store: EmbeddedStore;
  readonly http: HttpHandler;
  readonly deadJobs: DeadJobs;
  readonly #closeTimeout: number;
  /** Whether the program stores events. */
  storesEvents = false;
  readonly #storesJobs: boolean;
  readonly #hasFolder: () => boolean;
  readonly #shutdown = new Shutdown();
  readonly #counters = new RequestCounters();
  readonly #watch: InvokeWatch;
  readonly #jobs: Jobs;
  readonly #dispatcher: Dispatcher;
  readonly #server: HttpServer;
  #forgetSignals: () => void = () => {};
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: CheckedProgramOptions) {
    const { closeTimeout, dataDir, tracer, zone } = options;
    const { queue, deduplicationTtl } = options.jobs;
    const handlers = this.handlers;
    const shutdown = this.#shutdown;
    const counters = this.#counters;
    this.#closeTimeout = closeTimeout;
    this.#storesJobs = queue === undefined;
    this.#hasFolder = () => dataDir().isSet;
    this.log = programLog(() => {
      const served = scope.getStore();
      return served?.program === this ? served.requestId : undefined;
    });
    this.#watch = new InvokeWatch(this, tracer);
    this.store = new EmbeddedStore(() => dataDir().folder);
    const executor = new Executor(handlers, shutdown, this.log, zone);
    const common = { program: this, log: this.log, executor, shutdown };
    const jobs = new Jobs(options, {
      ...common,
      queue: queue ?? new EmbeddedQueue(this.store, deduplicationTtl),
      start: () => this.start(),
    });
    this.#jobs = jobs;
    this.deadJobs = jobs.dead;
    this.#dispatcher = new Dispatcher(options, { ...common, handlers, counters, jobs });
    this.http = new HttpHandler(options, { dispatcher: this.#dispatcher, counters, shutdown });
    this.#server = new HttpServer(
      (request, response) => this.http.serve(request, response),
      shutdown,
    );
  }

  /** As `ZoneProgram.start`. */
  start(): Promise<void> {
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start(): Promise<void> {
    if (this.#shutdown.hasBegun) throw makeError('ERR_SPEC_STOPPED', 'The program', '');
    // Reports a broken installation now instead of with the first request.
    GetSdkInfo();
    this.#checkStore();
    this.#watch.on();
    process.on('uncaughtExceptionMonitor', this.#logUncaught);
    await this.#jobs.start();
  }

  /**
   * A program whose folder was set, or that stores events, does not start without a working store. Any other may never store anything,
   * as in a sandbox, which sets the folder of each program: it starts, and says what it will refuse.
   */
  #checkStore(): void {
    const hasFolder = this.#hasFolder();
    if (hasFolder) this.store.checkRights();
    if (!this.#storesJobs && !this.storesEvents) return;
    const mustStore = hasFolder || this.storesEvents;
    try {
      this.store.checkInstallation(mustStore);
    } catch (error) {
      if (mustStore && !isSandbox()) throw error;
      this.log.error('neither jobs nor events can be stored: %s', errorForLog(error));
      warn(error);
    }
  }

  /** Node.js writes the exception to stderr only, which the zone does not collect. */
  readonly #logUncaught = (error: unknown, origin: string): void => {
    this.log.error('%s: %s', origin, errorForLog(error));
  };

  /** As `ZoneProgram.listen`. */
  async listen(options: ListenOptions): Promise<AddressInfo> {
    const address = await this.#server.listen(options, () => this.start());
    if (options.signals) this.#forgetSignals = closeOnSignals(() => this.close());
    return address;
  }

  /** As `ZoneProgram.metrics`. */
  async metrics(): Promise<ProgramMetrics> {
    return {
      requests: this.#counters.snapshot(),
      inFlight: this.#dispatcher.inFlight.size,
      invoke: this.#watch.snapshot(),
      threadPool: this.#started === undefined ? undefined : GetSdkInfo().threadPool,
      jobs: await this.#jobs.metrics(),
    };
  }

  /** As `ZoneProgram.close`. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#shutdown.begin(this.#closeTimeout);
    this.#server.stopAccepting();
    // Requests first, because one of them may still add a job to the queue.
    const { inFlight } = this.#dispatcher;
    const { sending } = this.http;
    while (inFlight.size + sending.size > 0) {
      await Promise.all([inFlight.none(), sending.none()]);
    }
    await this.#jobs.stop();
    this.#shutdown.end();
    await this.#server.close();
    await this.#jobs.close();
    await this.store.close();
    this.#dispatcher.close();
    this.#watch.off();
    this.#forgetSignals();
    process.off('uncaughtExceptionMonitor', this.#logUncaught);
  }
}
