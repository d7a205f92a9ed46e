import { AsyncLocalStorage } from 'node:async_hooks';

/** The request or job that is served in an asynchronous context. */
export interface Scope {
  /** The program, by identity. */
  readonly program: object;
  /** The request's id in log records. */
  readonly requestId: string;
}

/** Assigns log records and calls into the platform to the request or job that caused them. */
export const scope = new AsyncLocalStorage<Scope>();
