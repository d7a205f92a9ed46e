import type { IncomingMessage, ServerResponse } from 'node:http';
import { LazyAbortController } from '../../common/abort';
import { makeError } from '../../errors';
import type { ProgramResponse } from '../dispatch/response';

/** Milliseconds for which a rejected upload is still read, so that the client receives the response. */
const UNWANTED_UPLOAD_MS = 2000;

/** A request whose response is to be sent. */
export class Exchange {
  /** Aborted when the client closes the connection before it has the response. */
  readonly gone = new LazyAbortController();
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #onEnd: () => void;
  #isSent = false;
  #hasEnded = false;

  /** @param onEnd - called once, when the response is sent, or cannot be sent because the connection is closed */
  constructor(request: IncomingMessage, response: ServerResponse, onEnd: () => void) {
    this.#request = request;
    this.#response = response;
    this.#onEnd = onEnd;
    response.on('close', () => {
      if (!response.writableFinished) {
        this.gone.abort(makeError('ERR_SPEC_STOPPED', 'The client', ''));
      }
      if (this.#isSent) this.#end();
    });
  }

  /**
   * Sends the response.
   *
   * If the body was not read completely, the connection is closed, because the rest would be parsed as the next request. It is closed
   * with a delay, because the reset could reach the client before the response.
   */
  send({ status, headers, body }: ProgramResponse, closeConnection: boolean): void {
    const request = this.#request;
    const response = this.#response;
    if (response.destroyed || response.writableEnded) {
      this.#end();
      return;
    }
    this.#isSent = true;
    const isUnread = !request.complete;
    // Added to the object of this response, which nothing else uses, rather than to a copy.
    headers['content-length'] = String(body.length);
    if (closeConnection || isUnread) headers.connection = 'close';
    response.writeHead(status, headers);
    if (!isUnread) {
      response.end(body);
      return;
    }
    response.flushHeaders();
    if (body.length > 0) response.write(body);
    whenDrained(request, () => response.end());
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
  }
}

function whenDrained(request: IncomingMessage, callback: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end).off('close', end);
    callback();
  };
  timer = setTimeout(end, UNWANTED_UPLOAD_MS);
  request.on('end', end).on('close', end).resume();
}
