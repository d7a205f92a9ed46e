import { PlatformError } from '../common/platform-error';
import type { AbilityProtocols } from '../programs/ability-protocols';
import type { AsyncCallResult, CallResult } from '../programs/call-result';
import {
  jobResultOf,
  resultOfRefusal,
  shownAsyncCall,
  shownJob,
  withPlatformError,
} from '../programs/call-result';
import type { ProgramCaller, ProgramJobs } from '../programs/program-jobs';
import { requestText } from '../wire/program-message';
import type { Notifications } from './notifications';

/** A call of a program by its application. */
export interface ApplicationCall {
  readonly abilityId: string;
  /** A string is sent unchanged, any other value as JSON. */
  readonly data: unknown;
  readonly programId?: string;
  readonly notifyId?: string;
  readonly corpId?: string;
  readonly agentId?: number;
  readonly signal?: AbortSignal;
}

export interface ApplicationCallsOptions {
  readonly call: ProgramCaller;
  readonly jobs: ProgramJobs;
  readonly protocols: AbilityProtocols;
  readonly notifications: Notifications;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Calls of programs by applications, over HTTP or as a method, with all checks of the platform. */
export class ApplicationCalls {
  readonly #options: ApplicationCallsOptions;

  constructor(options: ApplicationCallsOptions) {
    this.#options = options;
  }

  /** `sync_call_program` (P99811). */
  async sync(call: ApplicationCall): Promise<CallResult> {
    const { abilityId, programId, signal, notifyId, data, ...fields } = call;
    const { protocols, notifications, clock } = this.#options;
    const text = requestText(data);
    try {
      if (notifyId !== undefined) notifications.check(notifyId, clock());
      protocols.checkInput(abilityId, text);
    } catch (error) {
      if (error instanceof PlatformError) return resultOfRefusal(error);
      throw error;
    }
    const result = await this.#options.call(
      { ...fields, abilityId, data: text, ...(notifyId === undefined ? {} : { notifyId }) },
      { ...(programId === undefined ? {} : { programId }), ...(signal && { signal }) },
    );
    if (result.errcode !== 0) return result;
    try {
      protocols.checkOutput(abilityId, result.response_data);
    } catch (error) {
      if (error instanceof PlatformError) return withPlatformError(result, error);
      throw error;
    }
    return result;
  }

  /** `async_program_task` (P99812). */
  async async(call: Omit<ApplicationCall, 'notifyId'>): Promise<AsyncCallResult> {
    const data = requestText(call.data);
    try {
      this.#options.protocols.checkInput(call.abilityId, data);
    } catch (error) {
      if (error instanceof PlatformError) return withoutJob(resultOfRefusal(error));
      throw error;
    }
    const { jobid, delivered, reported } = this.#options.jobs.start({
      ...call,
      data,
      kind: 'async_program_task',
    });
    const delivery = await delivered;
    if (delivery.errcode !== 0) return withoutJob(delivery);
    const result = reported.then(jobResultOf);
    result.catch(() => {});
    const { errcode, errmsg, details } = delivery;
    return shownAsyncCall({ errcode, errmsg, jobid, result: () => result, details });
  }
}

function withoutJob({ errcode, errmsg, details }: CallResult): AsyncCallResult {
  const result = shownJob({
    errcode,
    errmsg,
    response_errcode: 0,
    response_data: '',
    response: undefined,
  });
  return shownAsyncCall({
    ...{ errcode, errmsg, jobid: '', details },
    result: () => Promise.resolve(result),
  });
}
