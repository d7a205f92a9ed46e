import type { Corp } from '../corp/corp';
import { errmsgOf, PlatformError } from '../platform-error';
import { RET } from '../protocol/constants';
import { getGroupChat } from './get-group-chat';
import type { InterfaceHandler, InvokeContext, JsonObject } from './interface';
import { isJsonObject } from './interface';
import type { AppNotification } from './spec-notify-app';
import { specNotifyApp } from './spec-notify-app';
import { syncMsg } from './sync-msg';

/** What the platform answers to one call of an interface. */
export interface Dispatched {
  /** `ret` of the result (section 7 of the protocol). */
  readonly ret: number;
  /** The response text; empty unless `ret` is 0. */
  readonly response: string;
  /** What the handler threw, unless it was an errcode of the platform. */
  readonly error?: unknown;
}

/** The interfaces that the platform knows, by name. */
export class InterfaceRegistry {
  readonly #handlers: Map<string, InterfaceHandler>;

  /** Starts with the interfaces that the sandbox brings along. */
  constructor(corp: Corp, deliver: (notification: AppNotification) => void) {
    this.#handlers = new Map([
      ['sync_msg', syncMsg(corp)],
      ['get_group_chat', getGroupChat(corp)],
      ['spec_notify_app', specNotifyApp(deliver)],
    ]);
  }

  /** Adds or replaces an interface. */
  set(name: string, handler: InterfaceHandler): void {
    this.#handlers.set(name, handler);
  }

  /** Calls an interface. Never rejects: a handler's mistake must look like a platform's bad day. */
  async dispatch(requestText: string, context: InvokeContext): Promise<Dispatched> {
    const handler = this.#handlers.get(context.interfaceName);
    if (handler === undefined) return { ret: RET.unknownInterface, response: '' };
    const request = parseJson(requestText);
    if (request === undefined) return { ret: RET.notJson, response: '' };
    try {
      if (!isJsonObject(request.value)) {
        throw new PlatformError(40058, 'the request must be a JSON object');
      }
      return { ret: RET.ok, response: await answerOf(handler, request.value, context) };
    } catch (error) {
      if (error instanceof PlatformError) {
        return { ret: RET.ok, response: failure(error.errcode, error.message) };
      }
      return { ret: RET.ok, response: failure(-1, errmsgOf(-1)), error };
    }
  }
}

async function answerOf(
  handler: InterfaceHandler,
  request: JsonObject,
  context: InvokeContext,
): Promise<string> {
  const answer: unknown = await handler(request, context);
  if (typeof answer === 'string') return answer;
  if (typeof answer !== 'object' || answer === null) {
    throw new TypeError(
      `the handler of ${context.interfaceName} must return an object or a string`,
    );
  }
  return JSON.stringify(answer);
}

function failure(errcode: number, errmsg: string): string {
  return JSON.stringify({ errcode, errmsg });
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
