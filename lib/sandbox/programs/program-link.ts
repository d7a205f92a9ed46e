import { SandboxError } from '../../errors';
import type { AnswerFaultRule, ExchangeFaults } from '../faults/fault';
import { cut, notConnected, type ProgramClient, timedOut } from '../wire/program-client';
import {
  openAnswer,
  type RequestFields,
  type SealedRequest,
  type Sender,
  sealRequest,
  spoilAnswer,
} from '../wire/program-message';
import type { SealFaults } from '../wire/seal';
import { type CallResult, type ProgramAnswer, resultOfAnswer, resultOfError } from './call-result';

/** The faults that can be injected into a request. */
export type RequestFault = ExchangeFaults & SealFaults;

/** Options of one call. */
export interface LinkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Fault to inject into the request. */
  readonly request?: RequestFault | undefined;
  /** Fault to inject into the response. */
  readonly answer?: AnswerFaultRule | undefined;
}

export interface ProgramLinkOptions {
  readonly sender: Sender;
  readonly client: ProgramClient;
  /** Milliseconds for a whole exchange. */
  readonly timeout: number;
  /** Unix seconds of the platform. */
  readonly now: () => number;
}

/** Exchanges requests and responses with programs, and injects the faults of both. */
export class ProgramLink {
  readonly #options: ProgramLinkOptions;

  constructor(options: ProgramLinkOptions) {
    this.#options = options;
  }

  /** Calls a program. A failure of the exchange becomes an errcode of the result. */
  async call(address: URL, request: SealedRequest, options: LinkOptions): Promise<CallResult> {
    const start = performance.now();
    try {
      const answer = await this.#exchange(address, request, start, options);
      return resultOfAnswer(request, answer, performance.now() - start);
    } catch (error) {
      const result =
        error instanceof SandboxError
          ? resultOfError(request, error, performance.now() - start)
          : undefined;
      if (result === undefined) throw error;
      return result;
    }
  }

  /** Seals a request, with a fault if one is given. */
  seal(fields: RequestFields, fault?: SealFaults): SealedRequest {
    return sealRequest(this.#options.sender, fields, this.#options.now(), fault);
  }

  /** Sends a sealed request unchanged. */
  async send(
    address: URL,
    request: SealedRequest,
    options: { signal?: AbortSignal | undefined; timeout?: number; cut?: boolean | undefined } = {},
  ): Promise<ProgramAnswer> {
    const { sender, client, now } = this.#options;
    const answer = await client.send(address, request, options);
    const { headers, body } = answer;
    return { ...answer, outcome: openAnswer(sender, request, headers, body, now()) };
  }

  async #exchange(
    address: URL,
    request: SealedRequest,
    start: number,
    { signal, request: there = {}, answer: back }: LinkOptions,
  ): Promise<ProgramAnswer> {
    await this.#wait(there.delay, start, signal);
    if (there.drop) throw notConnected(new Error('dropped on purpose'));
    if (there.status !== undefined) return withStatus(there.status);
    const send = () =>
      this.send(address, request, { signal, timeout: this.#left(start), cut: there.cut });
    if (there.replay) await send();
    const answer = await send();
    return back === undefined ? answer : this.#spoil(request, answer, back, start, signal);
  }

  async #spoil(
    request: SealedRequest,
    answer: ProgramAnswer,
    fault: AnswerFaultRule,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<ProgramAnswer> {
    await this.#wait(fault.delay, start, signal);
    if (fault.drop || fault.cut) throw cut(new Error('cut on purpose'));
    if (fault.status !== undefined) return withStatus(fault.status);
    const { sender, now } = this.#options;
    const spoilt = spoilAnswer(sender, request, answer.outcome, now(), fault);
    if (spoilt === undefined) return answer;
    const { headers, body } = spoilt;
    const outcome = openAnswer(sender, request, headers, body, now());
    return { ...answer, headers: { ...answer.headers, ...headers }, body, outcome };
  }

  /** Waits for a fault's delay, but not beyond the time-out of the exchange. */
  async #wait(delay: number | undefined, start: number, signal?: AbortSignal): Promise<void> {
    if (delay === undefined) return;
    const left = this.#left(start);
    await this.#options.client.wait(Math.min(delay, left), signal);
    if (delay >= left) throw timedOut(this.#options.timeout);
  }

  /** Milliseconds until the time-out, at least 1, the minimum of a timer. */
  #left(start: number): number {
    return Math.max(1, this.#options.timeout - (performance.now() - start));
  }
}

function withStatus(status: number): ProgramAnswer {
  return {
    status,
    headers: {},
    body: Buffer.alloc(0),
    outcome: { kind: 'invalid', failure: 'missing-header' },
  };
}
