import { AsyncLocalStorage } from 'node:async_hooks';

/** The request or job of an asynchronous context. */
export interface Scope {
  /** Identifies the program. */
  readonly program: object;
  /** The request's id in log records. */
  readonly requestId: string;
}

/** Assigns log records and calls into the platform to the request or job that caused them. */
export const scope = new AsyncLocalStorage<Scope>();
