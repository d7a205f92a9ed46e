import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { cutInTheMiddle, readBody, refuse, respond } from '../common/http';
import { Listener } from '../common/listener';
import type { InvokeExchange } from './exchange';
import type { Dispatched, InvokeCall } from './invoke-call';
import { HEADER, type OpenFailure, PATH, RET } from './protocol/constants';
import { MalformedFields } from './protocol/fields';
import { decodeDebugMode, decodeInvoke } from './protocol/messages';
import { NonceMemory } from './protocol/nonce-memory';
import {
  isTlsIdentity,
  type ReceivedMessage,
  type SandboxKey,
  toResultBody,
} from './protocol/sandbox-key';
import { type ResultFault, sealResult } from './result-fault';

// One suite for TLS 1.3 and one for TLS 1.2, both with a pre-shared key and without a certificate.
const CIPHERS = 'TLS_AES_128_GCM_SHA256:ECDHE-PSK-CHACHA20-POLY1305';

/** HTTP status for each failed check of section 6; for `key-version` the response is a result instead. */
const STATUS: Record<Exclude<OpenFailure, 'key-version'>, number> = {
  'missing-header': 400,
  'malformed-header': 400,
  timestamp: 403,
  signature: 403,
  replay: 403,
  decryption: 403,
  malformed: 400,
};

/** The functions of the platform that the server calls, and its limits. */
export interface InvokeServerOptions {
  readonly key: SandboxKey;
  /** Seconds by which a timestamp may differ from the platform's time. */
  readonly window: number;
  /** Limit of the request body in bytes; a larger one gets status 413. */
  readonly maxBodyBytes: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Serves a call of an interface; must not reject. */
  readonly dispatch: (request: string, call: InvokeCall) => Promise<Dispatched>;
  /** Opens the debug mode; returns the return value of the call, and the fault to inject. */
  readonly openDebugMode: (
    debugToken: string,
    accessToken: string,
  ) => Pick<Dispatched, 'ret' | 'fault'>;
  /** Called with every authentic exchange; returns the fault to inject, if any. */
  readonly observe: (exchange: InvokeExchange) => Promise<ResultFault | undefined>;
}

/** An invoke whose sender is known to hold the key. */
interface AuthenticInvoke {
  readonly path: string;
  readonly nonce: string;
  readonly plaintext: Buffer;
}

/** How an interface handler learns that its exchange has ended. */
type ExchangeLifetime = Pick<InvokeCall, 'signal' | 'over'>;

/** The platform's HTTPS server for the interfaces that programs invoke (docs/sandbox-protocol.md). */
export class InvokeServer {
  readonly #options: InvokeServerOptions;
  readonly #listener: Listener;
  readonly #nonces: NonceMemory;

  constructor(options: InvokeServerOptions) {
    this.#options = options;
    this.#nonces = new NonceMemory(options.window);
    const psk = options.key.tlsPsk;
    this.#listener = new Listener(
      createServer(
        {
          ciphers: CIPHERS,
          minVersion: 'TLSv1.2',
          maxVersion: 'TLSv1.3',
          pskCallback: (_socket, identity) => (isTlsIdentity(identity) ? psk : null),
        },
        (request, response) => void this.#serve(request, response),
      ),
    );
  }

  /** Starts listening and returns the port. Port 0 means any free port. */
  listen(host: string, port: number): Promise<number> {
    return this.#listener.listen(host, port, 'port');
  }

  /** Stops listening and closes every connection. */
  close(): Promise<void> {
    return this.#listener.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#respond(request, response);
    } catch {
      // The program closed the connection, or the sandbox has failed. Either way no response is possible.
      response.destroy();
    }
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path !== PATH.invoke && path !== PATH.debugMode) {
      return refuse(request, response, 404, 'unknown path');
    }
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      return refuse(request, response, 405, 'method');
    }
    const body = await readBody(request, this.#options.maxBodyBytes);
    if (body === undefined) return refuse(request, response, 413, 'body too large');

    const { key, window } = this.#options;
    const message = receivedMessage(request, body);
    const opened = key.open('invoke', message, {
      subject: path,
      now: this.#now(),
      window,
      memory: this.#nonces,
    });
    if (opened.ok) {
      const { nonce, plaintext } = opened;
      return this.#serveAuthentic({ path, nonce, plaintext }, response);
    }
    if (opened.failure === 'key-version') {
      const result = sealResult(
        key,
        { ret: RET.keyVersion, response: '' },
        { subject: path, requestNonce: message.parts.nonce ?? '', timestamp: this.#now() },
      );
      return respond(response, 200, toResultBody(result));
    }
    return refuse(request, response, STATUS[opened.failure], opened.failure);
  }

  async #serveAuthentic(invoke: AuthenticInvoke, response: ServerResponse): Promise<void> {
    const hangUp = new AbortController();
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    response.once('close', () => {
      if (!response.writableFinished) hangUp.abort();
      end();
    });
    try {
      await this.#exchange(invoke, response, { signal: hangUp.signal, over });
    } finally {
      // Not only at 'close', because a program that has received the response may call again before that.
      end();
    }
  }

  async #exchange(
    invoke: AuthenticInvoke,
    response: ServerResponse,
    lifetime: ExchangeLifetime,
  ): Promise<void> {
    let executed: { readonly exchange: InvokeExchange; readonly fault: ResultFault | undefined };
    try {
      executed = await this.#execute(invoke, lifetime);
    } catch (error) {
      if (error instanceof MalformedFields) return respond(response, 400, 'malformed');
      throw error;
    }
    const { exchange } = executed;
    const fault = (await this.#options.observe(exchange)) ?? executed.fault;
    return this.#deliver(invoke, exchange, fault ?? {}, response, lifetime.signal);
  }

  async #execute(
    invoke: AuthenticInvoke,
    lifetime: ExchangeLifetime,
  ): Promise<{ exchange: InvokeExchange; fault: ResultFault | undefined }> {
    const now = this.#options.clock();
    const start = performance.now();
    if (invoke.path === PATH.debugMode) {
      const { debugToken, accessToken } = decodeDebugMode(invoke.plaintext);
      const { ret, fault } = this.#options.openDebugMode(debugToken, accessToken);
      const exchange: InvokeExchange = {
        path: invoke.path,
        interfaceName: '',
        corpId: '',
        agentId: 0,
        abilityId: '',
        jobInfo: '',
        request: '',
        requestBytes: 0,
        ret,
        response: '',
        responseBytes: 0,
        time: now,
        elapsed: performance.now() - start,
      };
      return { exchange, fault };
    }
    const { request, ...caller } = decodeInvoke(invoke.plaintext);
    const { fault, ...dispatched } = await this.#options.dispatch(request, {
      ...caller,
      now,
      ...lifetime,
    });
    const exchange: InvokeExchange = {
      path: invoke.path,
      ...caller,
      request,
      requestBytes: Buffer.byteLength(request),
      ...dispatched,
      responseBytes: Buffer.byteLength(dispatched.response),
      time: now,
      elapsed: performance.now() - start,
    };
    return { exchange, fault };
  }

  async #deliver(
    invoke: AuthenticInvoke,
    exchange: InvokeExchange,
    fault: ResultFault,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    if (fault.delay !== undefined) await sleep(fault.delay, undefined, { signal });
    if (fault.drop) {
      response.destroy();
      return;
    }
    if (fault.status !== undefined) return respond(response, fault.status, '', fault.contentType);
    const body = fault.body ?? toResultBody(this.#seal(invoke, exchange, fault));
    if (fault.cut) return cutInTheMiddle(response, body, fault.contentType);
    return respond(response, 200, body, fault.contentType);
  }

  #seal(
    invoke: AuthenticInvoke,
    exchange: InvokeExchange,
    fault: ResultFault,
  ): ReturnType<typeof sealResult> {
    return sealResult(
      this.#options.key,
      exchange,
      { subject: invoke.path, requestNonce: invoke.nonce, timestamp: this.#now() },
      fault,
    );
  }

  #now(): number {
    return Math.floor(this.#options.clock() / 1000);
  }
}

function receivedMessage(request: IncomingMessage, body: Buffer): ReceivedMessage {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    parts: {
      keyVersion: header(HEADER.keyVersion),
      timestamp: header(HEADER.timestamp),
      nonce: header(HEADER.nonce),
      signature: header(HEADER.signature),
    },
    body,
  };
}
