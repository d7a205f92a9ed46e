import type { InvokeExchange } from '../wire/exchange';
import type {
  RequestFields,
  ResponseOutcome,
  SealedRequest,
  Sender,
} from '../wire/program-message';
import { openResponse } from '../wire/program-message';
import { lowerCaseNames, type ResponseHeaders } from '../wire/response-headers';
import type { OpenedResponse } from './call-result';
import type { ProgramLink } from './program-link';
import type { Programs } from './programs';

export interface SandboxWireOptions {
  readonly link: ProgramLink;
  readonly programs: Programs;
  readonly sender: Sender;
  readonly exchanges: () => readonly InvokeExchange[];
  /** Unix seconds of the platform. */
  readonly now: () => number;
}

/** The encrypted messages, for tests that inspect or tamper with them. */
export class SandboxWire {
  readonly #options: SandboxWireOptions;

  /** @internal */
  constructor(options: SandboxWireOptions) {
    this.#options = options;
  }

  /**
   * The interfaces that programs invoked, decrypted, oldest first; authentic calls only. A live view.
   *
   * Holds the last 1000 exchanges, fewer when their requests and responses exceed 64 MiB in UTF-8. The newest one is always there.
   */
  get exchanges(): readonly InvokeExchange[] {
    return this.#options.exchanges();
  }

  /**
   * Encrypts and signs a request without sending it: for `send`, or directly for a `SpecCallbackSDK`.
   *
   * @throws SandboxError `ERR_SANDBOX_REQUEST`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  seal(fields: RequestFields = {}): SealedRequest {
    return this.#options.link.seal(fields);
  }

  /**
   * Sends a sealed request to the program unchanged, whether it was tampered with or not.
   *
   * @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_STOPPED`, `ERR_SANDBOX_CONNECT`,
   * `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`, `ERR_SANDBOX_RESPONSE_SIZE`, `ERR_SANDBOX_UNSENDABLE` for a method or
   * header that HTTP does not allow; the signal's reason when it is aborted.
   */
  async send(request: SealedRequest, signal?: AbortSignal): Promise<OpenedResponse> {
    const { link, programs } = this.#options;
    return link.send(programs.destination(), request, { signal });
  }

  /** Verifies and decrypts the response to a sealed request, as `BuildResponseHeaderBody` builds it. */
  open(
    request: SealedRequest,
    headers: ResponseHeaders,
    body: string | Uint8Array,
  ): ResponseOutcome {
    const { sender, now } = this.#options;
    return openResponse(sender, request, lowerCaseNames(headers), body, now());
  }
}
