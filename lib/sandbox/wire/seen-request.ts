/** Kind of a request. */
export type SeenRequestKind =
  /** `sync_call_program`: the platform called the program. */
  | 'call'
  /** `async_program_task` and the like: the platform gave the program a job. */
  | 'job'
  /** An event that the platform sent to the program. */
  | 'event'
  /** The program invoked an interface of the platform. */
  | 'invoke'
  /** The application called a server interface. */
  | 'server';

/** A request that passed through the sandbox, decrypted. */
export interface SeenRequest {
  /** Who sent it to whom. */
  readonly kind: SeenRequestKind;
  /** Ability id, event type, interface name or path below `/cgi-bin/`, according to `kind`. */
  readonly name: string;
  /** The request text. */
  readonly request: string;
  /** The response text; empty when there was no response. */
  readonly response: string;
  /** The platform's errcode. For an invoke, the return value `ret`; the errcode is in its response. */
  readonly code: number;
  /** Start of the request by the platform's time, in milliseconds since 1970. */
  readonly time: number;
  /** The exception of the handler, if it threw one; the caller got errcode -1. */
  readonly error?: unknown;
}
