import { errcodeOf } from '../../common/json';
import { printable } from '../../common/text';
import { tenths } from '../common/inspection';

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
  /** Milliseconds until the response; for `invoke` and `server` those in which the interface was executed. */
  readonly elapsed: number;
  /** Id of the request in the program's log; only of a call, job or event of a `ZoneProgram`. */
  readonly requestId?: string;
  /** The exception of the handler, if it threw one; the caller got errcode -1. */
  readonly error?: unknown;
}

/**
 * A request in one line, for a terminal: `call hello: errcode 710675, 30000 ms`. It contains neither request nor response, only the errcode
 * of the response.
 */
export function formatSeenRequest(request: SeenRequest): string {
  const { kind, name, code, response, elapsed, requestId } = request;
  const inner = code === 0 ? errcodeOf(response) : 0;
  const words = [
    `${kind === 'invoke' ? 'ret' : 'errcode'} ${code}`,
    ...(inner === 0 || kind === 'server' ? [] : [`response errcode ${inner}`]),
    `${tenths(elapsed)} ms`,
    ...(requestId === undefined ? [] : [`request_id ${requestId}`]),
  ];
  return printable(`${kind} ${name}: ${words.join(', ')}`);
}
