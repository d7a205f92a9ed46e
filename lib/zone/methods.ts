// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

import type {
  CreateChatdataExportJobRequest,
  CreateChatdataExportJobResponse,
  CreateCustomerTagTaskRequest,
  CreateCustomerTagTaskResponse,
  CreateModelTaskRequest,
  CreateModelTaskResponse,
  CreatePrivateTaskRequest,
  CreatePrivateTaskResponse,
  CreateProgramTaskRequest,
  CreateProgramTaskResponse,
  CreateRecommendDialogTaskRequest,
  CreateRecommendDialogTaskResponse,
  CreateRuleRequest,
  CreateRuleResponse,
  CreateSentimentTaskRequest,
  CreateSentimentTaskResponse,
  CreateSpamTaskRequest,
  CreateSpamTaskResponse,
  CreateSummaryTaskRequest,
  CreateSummaryTaskResponse,
  CreateWwModelTaskRequest,
  CreateWwModelTaskResponse,
  DeleteRuleRequest,
  DeleteRuleResponse,
  DocumentListRequest,
  DocumentListResponse,
  GetAgreeStatusRoomRequest,
  GetAgreeStatusRoomResponse,
  GetAgreeStatusSingleRequest,
  GetAgreeStatusSingleResponse,
  GetChatdataExportJobStatusRequest,
  GetChatdataExportJobStatusResponse,
  GetCustomerTagResultRequest,
  GetCustomerTagResultResponse,
  GetGroupChatRequest,
  GetGroupChatResponse,
  GetHideSensitiveinfoConfigRequest,
  GetHideSensitiveinfoConfigResponse,
  GetHitMsgListRequest,
  GetHitMsgListResponse,
  GetModelTaskResultRequest,
  GetModelTaskResultResponse,
  GetMsgListByPageIdRequest,
  GetMsgListByPageIdResponse,
  GetPrivateTaskResultRequest,
  GetPrivateTaskResultResponse,
  GetProgramTaskResultRequest,
  GetProgramTaskResultResponse,
  GetRecommendDialogResultRequest,
  GetRecommendDialogResultResponse,
  GetRuleDetailRequest,
  GetRuleDetailResponse,
  GetRuleListRequest,
  GetRuleListResponse,
  GetSentimentResultRequest,
  GetSentimentResultResponse,
  GetSpamResultRequest,
  GetSpamResultResponse,
  GetSummaryResultRequest,
  GetSummaryResultResponse,
  GetWwModelResultRequest,
  GetWwModelResultResponse,
  KnowledgeBaseAddDocRequest,
  KnowledgeBaseAddDocResponse,
  KnowledgeBaseCreateRequest,
  KnowledgeBaseCreateResponse,
  KnowledgeBaseDeleteRequest,
  KnowledgeBaseDeleteResponse,
  KnowledgeBaseDetailRequest,
  KnowledgeBaseDetailResponse,
  KnowledgeBaseListRequest,
  KnowledgeBaseListResponse,
  KnowledgeBaseModifyNameRequest,
  KnowledgeBaseModifyNameResponse,
  KnowledgeBaseRemoveDocRequest,
  KnowledgeBaseRemoveDocResponse,
  ProgramAsyncJobCallBackRequest,
  ProgramAsyncJobCallBackResponse,
  SearchChatRequest,
  SearchChatResponse,
  SearchContactOrCustomerRequest,
  SearchContactOrCustomerResponse,
  SearchMsgRequest,
  SearchMsgResponse,
  SetHideSensitiveinfoConfigRequest,
  SetHideSensitiveinfoConfigResponse,
  SpecNotifyAppRequest,
  SpecNotifyAppResponse,
  SyncMsgRequest,
  SyncMsgResponse,
  UpdateRuleRequest,
  UpdateRuleResponse,
} from '../interfaces/types';
import type { InvokeOptions } from './options';

/** Every interface as a method, as the vendor's Python SDK has them. */
export interface ZoneMethods {
  /**
   * Pull conversation records (获取会话记录).
   *
   * Limits:
   * - only the last 5 days
   * - sender or receiver must be in the archive scope
   * - a public key must have been set, or nothing is archived
   *
   * Leave `cursor` and `token` out when they are empty: clients report that empty texts are refused.
   *
   * Errors beside the general ones:
   * - 710611: the cursor is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99968
   * @see https://developer.work.weixin.qq.com/document/path/99824
   */
  sync_msg(request?: SyncMsgRequest, options?: InvokeOptions): Promise<SyncMsgResponse>;
  /**
   * Messages of one page_id (page_id获取消息列表).
   *
   * Needs the C++ SDK 1.3.0 or newer.
   *
   * Limits:
   * - 10 concurrent calls per corp
   *
   * @see https://developer.work.weixin.qq.com/document/path/99968
   * @see https://developer.work.weixin.qq.com/document/path/99824
   */
  get_msg_list_by_page_id(
    request: GetMsgListByPageIdRequest,
    options?: InvokeOptions,
  ): Promise<GetMsgListByPageIdResponse>;
  /**
   * Archive consent of single chats (获取单聊会话同意情况).
   *
   * Errors beside the general ones:
   * - 710608: the user is out of scope
   * - 710609: the one who follows the customer is out of scope
   *
   * @see https://developer.work.weixin.qq.com/document/path/99969
   * @see https://developer.work.weixin.qq.com/document/path/99826
   */
  get_agree_status_single(
    request: GetAgreeStatusSingleRequest,
    options?: InvokeOptions,
  ): Promise<GetAgreeStatusSingleResponse>;
  /**
   * Archive consent of a group chat (获取群聊会话同意情况).
   *
   * Errors beside the general ones:
   * - 710614: no member of the group is in scope
   * - 710624: the group id is not valid
   *
   * @see https://developer.work.weixin.qq.com/document/path/99969
   * @see https://developer.work.weixin.qq.com/document/path/99826
   */
  get_agree_status_room(
    request: GetAgreeStatusRoomRequest,
    options?: InvokeOptions,
  ): Promise<GetAgreeStatusRoomResponse>;
  /**
   * Internal group details (获取内部群信息).
   *
   * Limits:
   * - at least one member must be in the archive scope
   *
   * Errors beside the general ones:
   * - 301052: the conversation archive has expired
   * - 710606: the group is out of scope
   *
   * @see https://developer.work.weixin.qq.com/document/path/99970
   * @see https://developer.work.weixin.qq.com/document/path/99825
   */
  get_group_chat(
    request: GetGroupChatRequest,
    options?: InvokeOptions,
  ): Promise<GetGroupChatResponse>;
  /**
   * Search group chats by name (会话名称搜索).
   *
   * Limits:
   * - named groups only, no single chats
   * - the current name counts
   *
   * @see https://developer.work.weixin.qq.com/document/path/99971
   * @see https://developer.work.weixin.qq.com/document/path/99802
   */
  search_chat(request: SearchChatRequest, options?: InvokeOptions): Promise<SearchChatResponse>;
  /**
   * Search messages (会话消息搜索).
   *
   * @see https://developer.work.weixin.qq.com/document/path/99972
   * @see https://developer.work.weixin.qq.com/document/path/99818
   */
  search_msg(request: SearchMsgRequest, options?: InvokeOptions): Promise<SearchMsgResponse>;
  /**
   * Search staff or customers by name (员工或客户名称搜索).
   *
   * @see https://developer.work.weixin.qq.com/document/path/100243
   * @see https://developer.work.weixin.qq.com/document/path/100235
   */
  search_contact_or_customer(
    request: SearchContactOrCustomerRequest,
    options?: InvokeOptions,
  ): Promise<SearchContactOrCustomerResponse>;
  /**
   * Create keyword rule (新增关键词规则).
   *
   * Limits:
   * - 500 rules
   *
   * Errors beside the general ones:
   * - 710610: keyword and behaviour are both empty
   * - 710619: there are too many rules
   * - 710621: a phone number has the wrong format
   * - 710622: a bank card number has the wrong format
   * - 710626: the id of your own exists already
   * - 710648: the value for a behaviour is not valid
   * - 710649: there are too many group ids
   * - 710650: the keyword list is missing
   * - 710615: the session_type is wrong
   * - 710606: the group is out of scope
   * - 710607: the department is out of scope
   * - 710608: the user is out of scope
   * - 710609: the one who follows the customer is out of scope
   *
   * @see https://developer.work.weixin.qq.com/document/path/99973
   * @see https://developer.work.weixin.qq.com/document/path/99829
   */
  create_rule(request: CreateRuleRequest, options?: InvokeOptions): Promise<CreateRuleResponse>;
  /**
   * List keyword rules (获取关键词列表).
   *
   * @see https://developer.work.weixin.qq.com/document/path/99973
   * @see https://developer.work.weixin.qq.com/document/path/99829
   */
  get_rule_list(
    request?: GetRuleListRequest,
    options?: InvokeOptions,
  ): Promise<GetRuleListResponse>;
  /**
   * Keyword rule details (获取关键词规则详情).
   *
   * Errors beside the general ones:
   * - 710612: there is no rule with this id
   * - 710620: the rule id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99973
   * @see https://developer.work.weixin.qq.com/document/path/99829
   */
  get_rule_detail(
    request: GetRuleDetailRequest,
    options?: InvokeOptions,
  ): Promise<GetRuleDetailResponse>;
  /**
   * Update keyword rule (修改关键词规则).
   *
   * Limits:
   * - an empty list clears that part of the range
   *
   * Errors beside the general ones:
   * - 710612: there is no rule with this id
   * - 710620: the rule id is wrong
   * - 710610: keyword and behaviour are both empty
   *
   * @see https://developer.work.weixin.qq.com/document/path/99973
   * @see https://developer.work.weixin.qq.com/document/path/99829
   */
  update_rule(request: UpdateRuleRequest, options?: InvokeOptions): Promise<UpdateRuleResponse>;
  /**
   * Delete keyword rule (删除关键词规则).
   *
   * Errors beside the general ones:
   * - 710612: there is no rule with this id
   * - 710620: the rule id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99973
   * @see https://developer.work.weixin.qq.com/document/path/99829
   */
  delete_rule(request: DeleteRuleRequest, options?: InvokeOptions): Promise<DeleteRuleResponse>;
  /**
   * Messages that hit a keyword rule (获取命中关键词规则的会话记录).
   *
   * Limits:
   * - only the last 5 days
   * - messages of `msgtype` 1, 2, 4, 5, 6, 8, 9, 13, 20 and 21 only
   *
   * Errors beside the general ones:
   * - 710611: the cursor is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99974
   * @see https://developer.work.weixin.qq.com/document/path/99830
   */
  get_hit_msg_list(
    request?: GetHitMsgListRequest,
    options?: InvokeOptions,
  ): Promise<GetHitMsgListResponse>;
  /**
   * Knowledge bases granted to the app (获取企业授权给应用的知识集列表).
   *
   * Its name was document_list before the SDK of 2024-09-20.
   *
   * Errors beside the general ones:
   * - 710632: the corp has no knowledge base yet
   * - 710643: no knowledge base is granted to the app
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_list(
    request?: KnowledgeBaseListRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseListResponse>;
  /**
   * Create knowledge base (创建知识集).
   *
   * Limits:
   * - 1000 knowledge bases per corp
   * - no online docs, sheets or wedrive files through this call
   *
   * Errors beside the general ones:
   * - 790025: the web_url is wrong
   * - 790026: there are too many contents
   * - 790027: there are too many knowledge bases
   * - 790029: a web_url comes twice
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_create(
    request: KnowledgeBaseCreateRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseCreateResponse>;
  /**
   * Knowledge base details (获取知识集详情).
   *
   * Limits:
   * - only knowledge bases that this app created by interface and that are still granted
   *
   * Errors beside the general ones:
   * - 790024: the knowledge base belongs to another app
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   * - 790034: the knowledge base was deleted
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_detail(
    request: KnowledgeBaseDetailRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseDetailResponse>;
  /**
   * Add contents (添加知识集內容).
   *
   * Limits:
   * - 1000 contents in a knowledge base
   *
   * Errors beside the general ones:
   * - 790025: the web_url is wrong
   * - 790026: there are too many contents
   * - 790029: a web_url comes twice
   * - 790024: the knowledge base belongs to another app
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   * - 790034: the knowledge base was deleted
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_add_doc(
    request: KnowledgeBaseAddDocRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseAddDocResponse>;
  /**
   * Remove contents (删除知识集內容).
   *
   * Limits:
   * - one content must remain
   *
   * Errors beside the general ones:
   * - 790028: not all contents may be removed
   * - 790024: the knowledge base belongs to another app
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   * - 790034: the knowledge base was deleted
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_remove_doc(
    request: KnowledgeBaseRemoveDocRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseRemoveDocResponse>;
  /**
   * Rename knowledge base (修改知识集名称).
   *
   * Errors beside the general ones:
   * - 790024: the knowledge base belongs to another app
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   * - 790034: the knowledge base was deleted
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_modify_name(
    request: KnowledgeBaseModifyNameRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseModifyNameResponse>;
  /**
   * Delete knowledge base (删除知识集).
   *
   * Errors beside the general ones:
   * - 790024: the knowledge base belongs to another app
   * - 790032: the name of a content is wrong
   * - 790033: the name has invisible characters
   * - 790034: the knowledge base was deleted
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99975
   * @see https://developer.work.weixin.qq.com/document/path/99836
   */
  knowledge_base_delete(
    request: KnowledgeBaseDeleteRequest,
    options?: InvokeOptions,
  ): Promise<KnowledgeBaseDeleteResponse>;
  /**
   * Old name of knowledge_base_list (获取知识集列表（旧名）).
   *
   * @deprecated An old name; use `knowledge_base_list`.
   * @see https://developer.work.weixin.qq.com/document/path/100249
   */
  document_list(
    request?: DocumentListRequest,
    options?: InvokeOptions,
  ): Promise<DocumentListResponse>;
  /**
   * Create general-model task (创建企微通用模型任务).
   *
   * Limits:
   * - text messages only, says the introduction of the page; its field note also names voice and audio archive
   * - self-built apps only
   * - about 30000 UTF-8 characters of input after expansion, else 790040
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * Whether `ability_id` or the admin site chooses the prompt is told differently by the two pages: try it in a real zone.
   *
   * Errors beside the general ones:
   * - 710644: the general model is not granted to the app
   * - 710682: the model is busy
   * - 710722: the one who searches is missing
   * - 710723: the keyword is empty
   * - 710724: the userid is not visible to the app
   * - 710725: the time range is wrong
   * - 710726: the data permission is missing
   * - 710728: the corp has no licence or trial for documents
   * - 710729: there is no such document
   * - 710730: the document may not be read
   * - 710731: the time of the document does not match
   * - 710732: the type of the document does not match
   * - 710733: documents of this type are not supported
   * - 710734: there is no such id
   * - 710736: the document is not shared
   * - 710737: the keywords are too long
   * - 710738: the creator of the document does not match
   * - 710803: the user_doc_ticket is not valid
   * - 790040: the input of the model is too long
   * - 790041: none of the messages could be read
   *
   * @see https://developer.work.weixin.qq.com/document/path/99875
   * @see https://developer.work.weixin.qq.com/document/path/100289
   */
  create_ww_model_task(
    request: CreateWwModelTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateWwModelTaskResponse>;
  /**
   * General-model result (获取企微通用模型结果).
   *
   * Limits:
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * @see https://developer.work.weixin.qq.com/document/path/99875
   * @see https://developer.work.weixin.qq.com/document/path/100289
   */
  get_ww_model_result(
    request: GetWwModelResultRequest,
    options?: InvokeOptions,
  ): Promise<GetWwModelResultResponse>;
  /**
   * Create reply-suggestion task (创建话术推荐任务).
   *
   * Limits:
   * - about 30000 UTF-8 characters of input after expansion, else 790040
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * Errors beside the general ones:
   * - 710643: no knowledge base is granted to the app
   * - 790024: the knowledge base belongs to another app
   * - 790040: the input of the model is too long
   * - 790041: none of the messages could be read
   * - 800000: the knowledge base id is wrong
   *
   * @see https://developer.work.weixin.qq.com/document/path/99977
   * @see https://developer.work.weixin.qq.com/document/path/99834
   */
  create_recommend_dialog_task(
    request: CreateRecommendDialogTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateRecommendDialogTaskResponse>;
  /**
   * Reply-suggestion result (获取话术推荐结果).
   *
   * Limits:
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * @see https://developer.work.weixin.qq.com/document/path/99977
   * @see https://developer.work.weixin.qq.com/document/path/99834
   */
  get_recommend_dialog_result(
    request: GetRecommendDialogResultRequest,
    options?: InvokeOptions,
  ): Promise<GetRecommendDialogResultResponse>;
  /**
   * Create customer-tag task (创建标签匹配任务).
   *
   * Limits:
   * - about 30000 UTF-8 characters of input after expansion, else 790040
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * Errors beside the general ones:
   * - 790040: the input of the model is too long
   * - 790041: none of the messages could be read
   *
   * @see https://developer.work.weixin.qq.com/document/path/99979
   * @see https://developer.work.weixin.qq.com/document/path/99833
   */
  create_customer_tag_task(
    request: CreateCustomerTagTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateCustomerTagTaskResponse>;
  /**
   * Customer-tag result (获取标签任务结果).
   *
   * Limits:
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * @see https://developer.work.weixin.qq.com/document/path/99979
   * @see https://developer.work.weixin.qq.com/document/path/99833
   */
  get_customer_tag_result(
    request: GetCustomerTagResultRequest,
    options?: InvokeOptions,
  ): Promise<GetCustomerTagResultResponse>;
  /**
   * Create summary task (创建摘要提取任务).
   *
   * Limits:
   * - text beyond 30000 characters in all is ignored
   * - about 30000 UTF-8 characters of input after expansion, else 790040
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * Errors beside the general ones:
   * - 790040: the input of the model is too long
   * - 790041: none of the messages could be read
   * - 710628: the summary would be too long
   *
   * @see https://developer.work.weixin.qq.com/document/path/99980
   * @see https://developer.work.weixin.qq.com/document/path/99832
   */
  create_summary_task(
    request: CreateSummaryTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateSummaryTaskResponse>;
  /**
   * Summary result (获取摘要提取结果).
   *
   * Limits:
   * - 10000 calls per corp per day
   * - a task that waits for resources longer than 24 h fails
   *
   * @see https://developer.work.weixin.qq.com/document/path/99980
   * @see https://developer.work.weixin.qq.com/document/path/99832
   */
  get_summary_result(
    request: GetSummaryResultRequest,
    options?: InvokeOptions,
  ): Promise<GetSummaryResultResponse>;
  /**
   * Create sentiment task (创建情感分析任务).
   *
   * Known from a neighbouring page only.
   *
   * Errors beside the general ones:
   * - 710623: there are too many messages
   * - 790041: none of the messages could be read
   *
   * @see https://developer.work.weixin.qq.com/document/path/99983
   * @see https://developer.work.weixin.qq.com/document/path/100034
   */
  create_sentiment_task(
    request: CreateSentimentTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateSentimentTaskResponse>;
  /**
   * Sentiment result (获取情感分析结果).
   *
   * Known from a neighbouring page only.
   *
   * @see https://developer.work.weixin.qq.com/document/path/99983
   * @see https://developer.work.weixin.qq.com/document/path/100034
   */
  get_sentiment_result(
    request: GetSentimentResultRequest,
    options?: InvokeOptions,
  ): Promise<GetSentimentResultResponse>;
  /**
   * Create anti-spam task (会话反垃圾创建分析任务).
   *
   * Known from a neighbouring page only.
   *
   * Errors beside the general ones:
   * - 710623: there are too many messages
   * - 790041: none of the messages could be read
   *
   * @see https://developer.work.weixin.qq.com/document/path/99986
   * @see https://developer.work.weixin.qq.com/document/path/100036
   */
  create_spam_task(
    request: CreateSpamTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateSpamTaskResponse>;
  /**
   * Anti-spam result (会话反垃圾获取任务结果).
   *
   * Known from a neighbouring page only.
   *
   * @see https://developer.work.weixin.qq.com/document/path/99986
   * @see https://developer.work.weixin.qq.com/document/path/100036
   */
  get_spam_result(
    request: GetSpamResultRequest,
    options?: InvokeOptions,
  ): Promise<GetSpamResultResponse>;
  /**
   * Create own-model task (创建自定义模型任务).
   *
   * Limits:
   * - 10000 calls per corp per day
   * - the model must answer its request within 5 s (the body is ignored, but the SDK must have built it) and then report by program_async_job_call_back
   *
   * The Java SDK of 2024 lists it as create_private_task.
   *
   * Errors beside the general ones:
   * - 710635: the own model is not deployed
   * - 710636: the ability id is not valid
   * - 790020: the model or program is not linked to the app
   * - 790021: the program is not deployed as it should be
   * - 790023: the request is still running
   * - 800001: the id of the model or program is wrong
   * - 800002: the model or program is not deployed
   * - 800003: the ability id is unknown
   *
   * @see https://developer.work.weixin.qq.com/document/path/99985
   * @see https://developer.work.weixin.qq.com/document/path/99835
   */
  create_model_task(
    request: CreateModelTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateModelTaskResponse>;
  /**
   * Own-model result (获取自定义模型结果).
   *
   * Limits:
   * - no status field: errcode 710642 says that there is no result yet
   *
   * The Java SDK of 2024 lists it as get_private_task_result.
   *
   * Errors beside the general ones:
   * - 710642: the program or model has not reported its result yet
   *
   * @see https://developer.work.weixin.qq.com/document/path/99985
   * @see https://developer.work.weixin.qq.com/document/path/99835
   */
  get_model_task_result(
    request: GetModelTaskResultRequest,
    options?: InvokeOptions,
  ): Promise<GetModelTaskResultResponse>;
  /**
   * Old name of create_model_task (创建自定义模型任务（旧名）).
   *
   * The current pages know only the new name; fields of the old one are unknown.
   *
   * @deprecated An old name; use `create_model_task`.
   */
  create_private_task(
    request?: CreatePrivateTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreatePrivateTaskResponse>;
  /**
   * Old name of get_model_task_result (获取自定义模型结果（旧名）).
   *
   * The current pages know only the new name; fields of the old one are unknown.
   *
   * @deprecated An old name; use `get_model_task_result`.
   */
  get_private_task_result(
    request?: GetPrivateTaskResultRequest,
    options?: InvokeOptions,
  ): Promise<GetPrivateTaskResultResponse>;
  /**
   * Create export job (创建会话内容导出任务).
   *
   * Limits:
   * - 1000 exports per corp per day
   * - 100000 message ids in a file
   * - 64 MB after translation
   *
   * Errors beside the general ones:
   * - 710629: there are too many messages to export
   * - 40007: the media_id is not valid
   *
   * @see https://developer.work.weixin.qq.com/document/path/99987
   * @see https://developer.work.weixin.qq.com/document/path/99838
   */
  create_chatdata_export_job(
    request: CreateChatdataExportJobRequest,
    options?: InvokeOptions,
  ): Promise<CreateChatdataExportJobResponse>;
  /**
   * Export job status (获取会话内容导出任务结果).
   *
   * @see https://developer.work.weixin.qq.com/document/path/99987
   * @see https://developer.work.weixin.qq.com/document/path/99838
   */
  get_chatdata_export_job_status(
    request: GetChatdataExportJobStatusRequest,
    options?: InvokeOptions,
  ): Promise<GetChatdataExportJobStatusResponse>;
  /**
   * Create own-program task (创建自有分析程序任务).
   *
   * The program that is called gets an asynchronous request of call_type 1; its data is the input protocol with `{chat}` and `{chatcontent}` filled in.
   *
   * Errors beside the general ones:
   * - 710645: the program is missing or in the wrong state
   * - 710636: the ability id is not valid
   * - 790015: the request is not JSON
   * - 790016: the request does not fit the template
   * - 790020: the model or program is not linked to the app
   * - 790021: the program is not deployed as it should be
   * - 790023: the request is still running
   *
   * @see https://developer.work.weixin.qq.com/document/path/99988
   * @see https://developer.work.weixin.qq.com/document/path/99873
   */
  create_program_task(
    request: CreateProgramTaskRequest,
    options?: InvokeOptions,
  ): Promise<CreateProgramTaskResponse>;
  /**
   * Own-program result (获取自有分析程序结果).
   *
   * Limits:
   * - no status field: errcode 710642 says that there is no result yet
   *
   * Errors beside the general ones:
   * - 710642: the program or model has not reported its result yet
   *
   * @see https://developer.work.weixin.qq.com/document/path/99988
   * @see https://developer.work.weixin.qq.com/document/path/99873
   */
  get_program_task_result(
    request: GetProgramTaskResultRequest,
    options?: InvokeOptions,
  ): Promise<GetProgramTaskResultResponse>;
  /**
   * Report async result (上报异步任务结果).
   *
   * Limits:
   * - needs the job_info, and possibly the agentid 0, of the request that it answers
   *
   * Errors beside the general ones:
   * - 790010: the task is not running
   * - 790013: the result is not JSON
   * - 790014: the result does not fit the template
   * - 790017: the job_info is not valid
   * - 790022: the output is improper
   * - 710639: the content is improper
   *
   * @see https://developer.work.weixin.qq.com/document/path/99989
   * @see https://developer.work.weixin.qq.com/document/path/99847
   */
  program_async_job_call_back(
    request: ProgramAsyncJobCallBackRequest,
    options?: InvokeOptions,
  ): Promise<ProgramAsyncJobCallBackResponse>;
  /**
   * Notify the application (专区通知应用).
   *
   * Errors beside the general ones:
   * - 710646: the notify_id is not valid
   *
   * @see https://developer.work.weixin.qq.com/document/path/99990
   * @see https://developer.work.weixin.qq.com/document/path/99849
   */
  spec_notify_app(
    request?: SpecNotifyAppRequest,
    options?: InvokeOptions,
  ): Promise<SpecNotifyAppResponse>;
  /**
   * Set masking for a member (设置成员会话组件敏感信息隐藏配置).
   *
   * Known from a neighbouring page only.
   *
   * Documented only as an HTTP interface of the application; the body is taken from there.
   *
   * @see https://developer.work.weixin.qq.com/document/path/100139
   * @see https://developer.work.weixin.qq.com/document/path/100055
   */
  set_hide_sensitiveinfo_config(
    request: SetHideSensitiveinfoConfigRequest,
    options?: InvokeOptions,
  ): Promise<SetHideSensitiveinfoConfigResponse>;
  /**
   * Get masking of a member (获取成员会话组件敏感信息隐藏配置).
   *
   * Known from a neighbouring page only.
   *
   * Documented only as an HTTP interface of the application; the body is taken from there.
   *
   * @see https://developer.work.weixin.qq.com/document/path/100139
   * @see https://developer.work.weixin.qq.com/document/path/100055
   */
  get_hide_sensitiveinfo_config(
    request: GetHideSensitiveinfoConfigRequest,
    options?: InvokeOptions,
  ): Promise<GetHideSensitiveinfoConfigResponse>;
}
