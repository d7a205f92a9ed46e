import { checkRequest, zoneInterface, zoneInterfaces } from '../../interfaces';
import type { ZoneInterfaceName } from '../../zone/interfaces';
import type { Corp } from '../corp/corp';
import { errmsgOf, MALFORMED_REQUEST, PlatformError } from '../platform-error';
import type { ProgramEvents } from '../program-events';
import type { ProgramJobs } from '../program-jobs';
import { RET } from '../protocol/constants';
import { ConcurrencyLimit } from './concurrency-limit';
import { getGroupChat } from './get-group-chat';
import { getMsgListByPageId } from './get-msg-list-by-page-id';
import type { InterfaceHandler, InvokeContext, JsonObject, ZoneHandler } from './interface';
import { isJsonObject } from './interface';
import { PageIds } from './page-ids';
import { programAsyncJobCallBack } from './program-async-job-call-back';
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

/** What the interfaces work on, and how they shall answer. */
export interface RegistryOptions {
  readonly jobs: ProgramJobs;
  readonly events: ProgramEvents;
  /** Every documented interface answers the example of its definition. */
  readonly answersExamples: boolean;
}

type ZoneHandlers = { readonly [Name in ZoneInterfaceName]?: ZoneHandler<Name> };

/**
 * The interfaces that the platform knows, by name: all that are documented, and those that a test has added.
 *
 * A request for a documented one is checked against its definition first, whoever answers it. What the
 * sandbox does not bring along answers the example of its definition.
 */
export class InterfaceRegistry {
  readonly #handlers: Map<string, InterfaceHandler>;
  readonly #concurrency: ReadonlyMap<string, ConcurrencyLimit>;

  constructor(
    corp: Corp,
    deliver: (notification: AppNotification) => void,
    { answersExamples, jobs }: RegistryOptions,
  ) {
    const pageIds = new PageIds();
    const own: ZoneHandlers = {
      sync_msg: syncMsg(corp, pageIds),
      get_msg_list_by_page_id: getMsgListByPageId(corp, pageIds),
      get_group_chat: getGroupChat(corp),
      spec_notify_app: specNotifyApp(deliver),
      program_async_job_call_back: programAsyncJobCallBack(jobs),
    };
    this.#handlers = new Map(
      answersExamples
        ? []
        : Object.entries(own).map(([name, handler]) => [name, succeeding(handler)]),
    );
    this.#concurrency = new Map(
      zoneInterfaces.flatMap(({ name, concurrentCalls }) =>
        concurrentCalls === undefined ? [] : [[name, new ConcurrencyLimit(concurrentCalls)]],
      ),
    );
  }

  /** Adds or replaces an interface. */
  set(name: string, handler: InterfaceHandler): void {
    this.#handlers.set(name, handler);
  }

  /** Calls an interface. Never rejects: a handler's mistake must look like a platform's bad day. */
  async dispatch(requestText: string, context: InvokeContext): Promise<Dispatched> {
    const definition = zoneInterface(context.interfaceName);
    const handler =
      this.#handlers.get(context.interfaceName) ??
      (definition && (() => definition.example.response));
    if (handler === undefined) return { ret: RET.unknownInterface, response: '' };
    const request = parseJson(requestText);
    if (request === undefined) return { ret: RET.notJson, response: '' };
    try {
      if (!isJsonObject(request.value)) {
        throw new PlatformError(MALFORMED_REQUEST, 'the request must be a JSON object');
      }
      const complaint = definition && checkRequest(definition, request.value);
      if (complaint !== undefined) throw PlatformError.of(complaint);
      this.#concurrency.get(context.interfaceName)?.enter(context);
      return { ret: RET.ok, response: await answerOf(handler, request.value, context) };
    } catch (error) {
      if (error instanceof PlatformError) {
        return { ret: RET.ok, response: failure(error.errcode, error.message) };
      }
      return { ret: RET.ok, response: failure(-1, errmsgOf(-1)), error };
    }
  }
}

/**
 * A handler for requests that were checked, as one for any. That they fit is what the check against the
 * definition says, from which the request's type is made, too.
 */
function succeeding(
  handler: (request: never, context: InvokeContext) => object | Promise<object>,
): InterfaceHandler {
  return async (request, context) => ({
    errcode: 0,
    errmsg: errmsgOf(0),
    ...(await handler(request as never, context)),
  });
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
