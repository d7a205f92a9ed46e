import { SandboxError } from '../../errors';
import type { ExchangeFaults, ResponseFaultRule } from '../faults/fault';
import { cut, notConnected, type ProgramClient, timedOut } from '../wire/program-client';
import {
  openResponse,
  type RequestFields,
  type SealedRequest,
  type Sender,
  sealRequest,
  spoilResponse,
} from '../wire/program-message';
import type { SealFaults } from '../wire/seal';
import {
  type CallResult,
  type OpenedResponse,
  resultOfError,
  resultOfResponse,
} from './call-result';

/** The faults that can be injected into a request. */
export type RequestFault = ExchangeFaults & SealFaults;

/** Options of one call. */
export interface LinkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Fault to inject into the request. */
  readonly request?: RequestFault | undefined;
  /** Fault to inject into the response. */
  readonly response?: ResponseFaultRule | undefined;
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
      const response = await this.#exchange(address, request, start, options);
      return resultOfResponse(request, response, performance.now() - start);
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
  ): Promise<OpenedResponse> {
    const { sender, client, now } = this.#options;
    const response = await client.send(address, request, options);
    const { headers, body } = response;
    return { ...response, outcome: openResponse(sender, request, headers, body, now()) };
  }

  async #exchange(
    address: URL,
    request: SealedRequest,
    start: number,
    { signal, request: requestFault = {}, response: responseFault }: LinkOptions,
  ): Promise<OpenedResponse> {
    await this.#wait(requestFault.delay, start, signal);
    if (requestFault.drop) throw notConnected(new Error('dropped on purpose'));
    if (requestFault.status !== undefined) return withStatus(requestFault.status);
    const send = () =>
      this.send(address, request, { signal, timeout: this.#left(start), cut: requestFault.cut });
    if (requestFault.replay) await send();
    const response = await send();
    return responseFault === undefined
      ? response
      : this.#spoil(request, response, responseFault, start, signal);
  }

  async #spoil(
    request: SealedRequest,
    response: OpenedResponse,
    fault: ResponseFaultRule,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<OpenedResponse> {
    await this.#wait(fault.delay, start, signal);
    if (fault.drop || fault.cut) throw cut(new Error('cut on purpose'));
    if (fault.status !== undefined) return withStatus(fault.status);
    const { sender, now } = this.#options;
    const spoilt = spoilResponse(sender, request, response.outcome, now(), fault);
    if (spoilt === undefined) return response;
    const { headers, body } = spoilt;
    const outcome = openResponse(sender, request, headers, body, now());
    return { ...response, headers: { ...response.headers, ...headers }, body, outcome };
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

function withStatus(status: number): OpenedResponse {
  return {
    status,
    headers: {},
    body: Buffer.alloc(0),
    outcome: { kind: 'invalid', failure: 'missing-header' },
  };
}
