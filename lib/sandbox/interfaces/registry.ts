import { parseJson } from '../../common/json';
import { checkRequest, zoneInterface, zoneInterfaces } from '../../interfaces';
import type { ZoneInterfaceName } from '../../interfaces/types';
import { errmsgOf, MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { AbilityProtocols } from '../programs/ability-protocols';
import type { ProgramJobs } from '../programs/program-jobs';
import type { Programs } from '../programs/programs';
import type { ZoneState } from '../state/state';
import type { Dispatched, InvokeCall } from '../wire/invoke-call';
import { RET } from '../wire/protocol/constants';
import { getAgreeStatusRoom, getAgreeStatusSingle } from './agree-status';
import type { AppNotification } from './app-notification';
import { ConcurrencyLimit } from './concurrency-limit';
import { createChatdataExportJob, getChatdataExportJobStatus } from './exports';
import { getGroupChat } from './get-group-chat';
import { getMsgListByPageId } from './get-msg-list-by-page-id';
import {
  type InterfaceHandler,
  type InvokeContext,
  isJsonObject,
  type JsonObject,
  type ZoneHandler,
} from './interface';
import {
  createRule,
  deleteRule,
  getHitMsgList,
  getRuleDetail,
  getRuleList,
  updateRule,
} from './keyword-rules';
import {
  knowledgeBaseAddDoc,
  knowledgeBaseCreate,
  knowledgeBaseDelete,
  knowledgeBaseDetail,
  knowledgeBaseList,
  knowledgeBaseModifyName,
  knowledgeBaseRemoveDoc,
} from './knowledge-bases';
import { getHideSensitiveinfoConfig, setHideSensitiveinfoConfig } from './masking';
import {
  createCustomerTagTask,
  createRecommendDialogTask,
  createSentimentTask,
  createSpamTask,
  createSummaryTask,
  createWwModelTask,
  taskResult,
} from './model-tasks';
import {
  createModelTask,
  createProgramTask,
  getModelTaskResult,
  getProgramTaskResult,
} from './own-tasks';
import { PageIds } from './page-ids';
import { programAsyncJobCallBack } from './program-async-job-call-back';
import { searchChat, searchContactOrCustomer, searchMsg } from './search';
import { specNotifyApp } from './spec-notify-app';
import { syncMsg } from './sync-msg';

/** What the interfaces work on, and how they shall answer. */
export interface RegistryOptions {
  readonly state: ZoneState;
  readonly jobs: ProgramJobs;
  readonly programs: Programs;
  readonly protocols: AbilityProtocols;
  /** Takes what `spec_notify_app` tells the application. */
  readonly notify: (notification: AppNotification) => void;
  /** Every documented interface answers the example of its definition. */
  readonly answersExamples: boolean;
}

type ZoneHandlers = { readonly [Name in ZoneInterfaceName]: ZoneHandler<Name> };

/**
 * The interfaces that the platform knows, by name: all that are documented, and those that a test has added.
 *
 * A request for a documented one is checked against its definition first, whoever answers it.
 */
export class InterfaceRegistry {
  readonly #state: ZoneState;
  readonly #own: ReadonlyMap<string, InterfaceHandler>;
  readonly #concurrency: ReadonlyMap<string, ConcurrencyLimit>;
  #handlers: Map<string, InterfaceHandler>;

  constructor(options: RegistryOptions) {
    this.#state = options.state;
    this.#own = new Map(
      options.answersExamples
        ? zoneInterfaces.map(({ name, example }) => [name, () => example.response])
        : Object.entries(ownHandlers(options)).map(([name, handler]) => [
            name,
            succeeding(handler),
          ]),
    );
    this.#handlers = new Map(this.#own);
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

  /** Forgets what was added or replaced. */
  reset(): void {
    this.#handlers = new Map(this.#own);
  }

  /** Calls an interface. Never rejects: an exception of a handler is answered with errcode -1. */
  async dispatch(requestText: string, call: InvokeCall): Promise<Dispatched> {
    const definition = zoneInterface(call.interfaceName);
    const handler = this.#handlers.get(call.interfaceName);
    if (handler === undefined) return { ret: RET.unknownInterface, response: '' };
    const request = parseJson(requestText);
    if (request === undefined) return { ret: RET.notJson, response: '' };
    try {
      if (!isJsonObject(request.value)) {
        throw new PlatformError(MALFORMED_REQUEST, 'the request must be a JSON object');
      }
      const complaint = definition && checkRequest(definition, request.value);
      if (complaint !== undefined) throw PlatformError.of(complaint);
      this.#concurrency.get(call.interfaceName)?.enter(call);
      this.#countModelCall(definition?.successor ?? call.interfaceName, call.corpId);
      const context: InvokeContext = { ...call, state: this.#state };
      return { ret: RET.ok, response: await answerOf(handler, request.value, context) };
    } catch (error) {
      if (error instanceof PlatformError) {
        return { ret: RET.ok, response: failure(error.errcode, error.message) };
      }
      return { ret: RET.ok, response: failure(-1, errmsgOf(-1)), error };
    }
  }

  /** An old name shares the count of the new one. */
  #countModelCall(name: string, corpId: string): void {
    if (zoneInterface(name)?.callsPerDay === undefined) return;
    const count = this.#state.countCall(name, corpId);
    if (count > this.#state.limits.modelCallsPerDay) throw new PlatformError(45009);
  }
}

function ownHandlers({ state, jobs, programs, protocols, notify }: RegistryOptions): ZoneHandlers {
  const { corp } = state;
  const pageIds = new PageIds(() => state.pageIdKey);
  const parts = { state, jobs, programs, protocols };
  return {
    sync_msg: syncMsg(state, pageIds),
    get_msg_list_by_page_id: getMsgListByPageId(state, pageIds),
    get_agree_status_single: getAgreeStatusSingle(corp),
    get_agree_status_room: getAgreeStatusRoom(corp),
    get_group_chat: getGroupChat(corp),
    search_chat: searchChat(corp),
    search_msg: searchMsg(corp),
    search_contact_or_customer: searchContactOrCustomer(corp),
    create_rule: createRule(state),
    get_rule_list: getRuleList(state),
    get_rule_detail: getRuleDetail(state),
    update_rule: updateRule(state),
    delete_rule: deleteRule(state),
    get_hit_msg_list: getHitMsgList(state),
    knowledge_base_list: knowledgeBaseList(state),
    knowledge_base_create: knowledgeBaseCreate(state),
    knowledge_base_detail: knowledgeBaseDetail(state),
    knowledge_base_add_doc: knowledgeBaseAddDoc(state),
    knowledge_base_remove_doc: knowledgeBaseRemoveDoc(state),
    knowledge_base_modify_name: knowledgeBaseModifyName(state),
    knowledge_base_delete: knowledgeBaseDelete(state),
    document_list: underOldName('knowledge_base_list', knowledgeBaseList(state)),
    create_ww_model_task: createWwModelTask(state),
    get_ww_model_result: taskResult(state, 'create_ww_model_task'),
    create_recommend_dialog_task: createRecommendDialogTask(state),
    get_recommend_dialog_result: taskResult(state, 'create_recommend_dialog_task'),
    create_customer_tag_task: createCustomerTagTask(state),
    get_customer_tag_result: taskResult(state, 'create_customer_tag_task'),
    create_summary_task: createSummaryTask(state),
    get_summary_result: taskResult(state, 'create_summary_task'),
    create_sentiment_task: createSentimentTask(state),
    get_sentiment_result: taskResult(state, 'create_sentiment_task'),
    create_spam_task: createSpamTask(state),
    get_spam_result: taskResult(state, 'create_spam_task'),
    create_model_task: createModelTask(parts),
    get_model_task_result: getModelTaskResult(parts),
    create_private_task: underOldName('create_model_task', createModelTask(parts)),
    get_private_task_result: underOldName('get_model_task_result', getModelTaskResult(parts)),
    create_chatdata_export_job: createChatdataExportJob(state),
    get_chatdata_export_job_status: getChatdataExportJobStatus(state),
    create_program_task: createProgramTask(parts),
    get_program_task_result: getProgramTaskResult(parts),
    program_async_job_call_back: programAsyncJobCallBack(jobs),
    spec_notify_app: specNotifyApp(notify),
    set_hide_sensitiveinfo_config: setHideSensitiveinfoConfig(state),
    get_hide_sensitiveinfo_config: getHideSensitiveinfoConfig(state),
  };
}

/** An interface under a name of which no page tells the fields: they are taken to be those of the new name. */
function underOldName<Name extends ZoneInterfaceName>(
  name: Name,
  handler: ZoneHandler<Name>,
): (request: object, context: InvokeContext) => ReturnType<ZoneHandler<Name>> {
  const definition = zoneInterface(name);
  return (request, context) => {
    const complaint = definition && checkRequest(definition, { ...request });
    if (complaint !== undefined) throw PlatformError.of(complaint);
    return handler(request as never, context) as ReturnType<ZoneHandler<Name>>;
  };
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
