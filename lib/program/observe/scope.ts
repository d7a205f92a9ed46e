import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being served in this asynchronous context. */
export interface Scope {
  /** The program, by identity. */
  readonly program: object;
  /** The request's id in log records. */
  readonly requestId: string;
}

/** Tells, for a log record or a call into the platform, whose request it belongs to. */
export const scope = new AsyncLocalStorage<Scope>();
