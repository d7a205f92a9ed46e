/** What a request was. */
export type SeenRequestKind =
  /** `sync_call_program`: the platform called the program. */
  | 'call'
  /** An asynchronous job that the platform gave the program. */
  | 'task'
  /** An event that the platform sent to the program. */
  | 'event'
  /** The program invoked an interface of the platform. */
  | 'invoke'
  /** The application called a server interface. */
  | 'server';

/** A request that went through the sandbox, as everybody there saw it: decrypted. */
export interface SeenRequest {
  readonly kind: SeenRequestKind;
  /** Ability id, event type, interface or path below `/cgi-bin/`, according to `kind`. */
  readonly name: string;
  /** The request's text. */
  readonly request: string;
  /** The answer's text; empty when there was none. */
  readonly response: string;
  /**
   * The platform's errcode: of calls and server interfaces. Of an invoke, the return value; the errcode stands in its
   * response.
   */
  readonly code: number;
  /** When it began, by the platform's time: milliseconds since 1970. */
  readonly time: number;
}
