import { parseJson } from '../../common/json';
import { checkRequest, zoneInterface, zoneInterfaces } from '../../interfaces';
import type { ZoneInterfaceName } from '../../interfaces/types';
import { errmsgOf, MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { AbilityProtocols } from '../programs/ability-protocols';
import type { ProgramJobs } from '../programs/program-jobs';
import type { Programs } from '../programs/programs';
import type { Dispatched, InvokeCall } from '../wire/invoke-call';
import { RET } from '../wire/protocol/constants';
import { getAgreeStatusRoom, getAgreeStatusSingle } from './archive/agree-status';
import { getGroupChat } from './archive/get-group-chat';
import { getMsgListByPageId } from './archive/get-msg-list-by-page-id';
import { PageIds } from './archive/page-ids';
import { syncMsg } from './archive/sync-msg';
import type { ZoneHandler } from './common/handler';
import { ConcurrencyLimit } from './concurrency-limit';
import { createChatdataExportJob, getChatdataExportJobStatus } from './exports/exports';
import {
  type InterfaceHandler,
  type InvokeContext,
  isJsonObject,
  type JsonObject,
} from './interface';
import {
  knowledgeBaseAddDoc,
  knowledgeBaseCreate,
  knowledgeBaseDelete,
  knowledgeBaseDetail,
  knowledgeBaseList,
  knowledgeBaseModifyName,
  knowledgeBaseRemoveDoc,
} from './knowledge/knowledge-bases';
import { getHideSensitiveinfoConfig, setHideSensitiveinfoConfig } from './masking/masking';
import {
  createCustomerTagTask,
  createRecommendDialogTask,
  createSentimentTask,
  createSpamTask,
  createSummaryTask,
  createWwModelTask,
  taskResult,
} from './models/model-tasks';
import type { AppNotification } from './notifications/app-notification';
import { specNotifyApp } from './notifications/spec-notify-app';
import {
  createModelTask,
  createProgramTask,
  getModelTaskResult,
  getProgramTaskResult,
} from './own-programs/own-tasks';
import { programAsyncJobCallBack } from './own-programs/program-async-job-call-back';
import {
  createRule,
  deleteRule,
  getHitMsgList,
  getRuleDetail,
  getRuleList,
  updateRule,
} from './rules/keyword-rules';
import { searchChat, searchContactOrCustomer, searchMsg } from './search/search';
import type { ZoneState } from './zone-state';

/** What the interfaces use. */
export interface RegistryOptions {
  readonly state: ZoneState;
  readonly jobs: ProgramJobs;
  readonly programs: Programs;
  readonly protocols: AbilityProtocols;
  /** Called for each notification of `spec_notify_app`. */
  readonly notify: (notification: AppNotification) => void;
  /** Every documented interface returns the example response of its definition. */
  readonly examples: boolean;
}

type ZoneHandlers = { readonly [Name in ZoneInterfaceName]: ZoneHandler<Name> };

/**
 * The interfaces of the platform by name: all documented ones, and those that `sandbox.use` added.
 *
 * Requests for documented interfaces are checked against their definition, also if `sandbox.use` replaced the handler.
 */
export class InterfaceRegistry {
  readonly #state: ZoneState;
  readonly #own: ReadonlyMap<string, InterfaceHandler>;
  readonly #concurrency: ReadonlyMap<string, ConcurrencyLimit>;
  #handlers: Map<string, InterfaceHandler>;

  constructor(options: RegistryOptions) {
    this.#state = options.state;
    this.#own = new Map(
      options.examples
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

  /** The names of all interfaces. */
  get names(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  /** Adds or replaces an interface. */
  set(name: string, handler: InterfaceHandler): void {
    this.#handlers.set(name, handler);
  }

  /** Removes the handlers that {@link set} added, and restores those that it replaced. */
  reset(): void {
    this.#handlers = new Map(this.#own);
  }

  /** Calls an interface. Never rejects: an exception of a handler results in errcode -1. */
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
      return { ret: RET.ok, response: await responseText(handler, request.value, context) };
    } catch (error) {
      if (error instanceof PlatformError) {
        return { ret: RET.ok, response: failure(error.errcode, error.message) };
      }
      return { ret: RET.ok, response: failure(-1, errmsgOf(-1)), error };
    }
  }

  /** Calls of an old name count towards the limit of its successor. */
  #countModelCall(name: string, corpId: string): void {
    if (zoneInterface(name)?.callsPerDay === undefined) return;
    const count = this.#state.calls.count(name, corpId);
    if (count > this.#state.limits.modelCallsPerDay) throw new PlatformError(45009);
  }
}

function ownHandlers({ state, jobs, programs, protocols, notify }: RegistryOptions): ZoneHandlers {
  const { corp } = state;
  const pageIds = new PageIds(() => state.archive.pageIdKey);
  const parts = { state, jobs, programs, protocols };
  return {
    sync_msg: syncMsg(state, pageIds),
    get_msg_list_by_page_id: getMsgListByPageId(corp, pageIds),
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

/** An interface under its old name. The fields of the old name are not documented: those of the new name are assumed. */
function underOldName<Name extends ZoneInterfaceName>(
  name: Name,
  handler: ZoneHandler<Name>,
): (request: object, call: InvokeCall) => ReturnType<ZoneHandler<Name>> {
  const definition = zoneInterface(name);
  return (request, call) => {
    const complaint = definition && checkRequest(definition, { ...request });
    if (complaint !== undefined) throw PlatformError.of(complaint);
    return handler(request as never, call) as ReturnType<ZoneHandler<Name>>;
  };
}

/**
 * Adapts the handler of a documented interface, and adds errcode 0 to its response. The cast is safe: the request was checked
 * against the definition from which its type is generated.
 */
function succeeding(
  handler: (request: never, call: InvokeCall) => object | Promise<object>,
): InterfaceHandler {
  return async (request, context) => ({
    errcode: 0,
    errmsg: errmsgOf(0),
    ...(await handler(request as never, context)),
  });
}

async function responseText(
  handler: InterfaceHandler,
  request: JsonObject,
  context: InvokeContext,
): Promise<string> {
  const response: unknown = await handler(request, context);
  if (typeof response === 'string') return response;
  if (typeof response !== 'object' || response === null) {
    throw new TypeError(
      `the handler of ${context.interfaceName} must return an object or a string`,
    );
  }
  return JSON.stringify(response);
}

function failure(errcode: number, errmsg: string): string {
  return JSON.stringify({ errcode, errmsg });
}
