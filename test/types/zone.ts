// Compiled, never run: see public-api.ts.

import {
  type ArchivedMessage,
  filteredContent,
  type GetSummaryResultResponse,
  hasMore,
  type InvokeOptions,
  type MessageBatch,
  type MessageKey,
  type Msgtype,
  parseEvent,
  type RequestSummary,
  type SecretKeyResult,
  SecretKeyring,
  type SpecCallbackSDK,
  SpecError,
  SpecInvokeError,
  type SyncMsgResponse,
  type UnknownZoneEvent,
  ZoneApiError,
  ZoneClient,
  type ZoneEvent,
  type ZoneInterfaceName,
  ZoneTaskError,
  type ZoneTaskName,
} from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { same } from './same';

declare const zone: ZoneClient;
declare const msg_list: readonly MessageKey[];
const retrieval = { oper_userid: 'u', user_doc_ticket: 't' };

export function clients(callback: SpecCallbackSDK): ZoneClient[] {
  // @ts-expect-error the agentId is missing
  new ZoneClient({ corpId: 'c' });
  // @ts-expect-error it is called corpId
  new ZoneClient({ corpid: 'c', agentId: 1 });
  // @ts-expect-error an agentId is a number
  new ZoneClient({ corpId: 'c', agentId: '1' });
  // @ts-expect-error retry is an object, or false
  ZoneClient.from(callback, { retry: true });
  return [
    new ZoneClient({ corpId: 'c', agentId: 1 }),
    new ZoneClient({ corpId: 'c', agentId: 1, abilityId: 'a', jobInfo: 'j', timeout: 1000 }),
    ZoneClient.from(callback),
    ZoneClient.from(callback, { retry: { retries: 5, delay: 100, shouldRetry: () => true } }),
  ];
}

export async function accepted(): Promise<void> {
  await zone.invoke('sync_msg');
  await zone.invoke('sync_msg', {});
  await zone.invoke('sync_msg', { cursor: undefined, mode: 2 });
  await zone.invoke('get_rule_list', { limit: 5 }, { timeout: 1000 });
  await zone.sync_msg();
  await zone.get_group_chat({ chatid: 'c' }, { signal: new AbortController().signal });
  await zone.create_rule({ name: 'n', keyword: { word_list: ['w'] } });
  await zone.create_ww_model_task({
    ability_id: 'a',
    msg_list,
    var_args: [{ name: 'n', value: 'v' }],
  });
  await zone.create_model_task({ model_id: 'm', ability_id: 'a', msg_list, escape_type: 1 });
  await zone.program_async_job_call_back({ errcode: 0 });
  // What a page gives goes into the next request as it is.
  const { next_cursor: cursor } = await zone.sync_msg();
  await zone.sync_msg({ cursor });
}

// In each group: a field that is not there, a value of the wrong kind, and what is required left out.
export function refused(): unknown[] {
  return [
    // @ts-expect-error it is called limit
    zone.invoke('sync_msg', { limits: 5 }),
    // @ts-expect-error there is no mode 3
    zone.invoke('sync_msg', { mode: 3 }),
    // @ts-expect-error a limit is a number
    zone.sync_msg({ limit: '5' }),

    // @ts-expect-error it is called page_id
    zone.invoke('get_msg_list_by_page_id', { pageId: 'p' }),
    // @ts-expect-error page_id is required
    zone.get_msg_list_by_page_id({}),

    // @ts-expect-error it is called external_userid
    zone.invoke('get_agree_status_single', { item: [{ userid: 'u', externalUserid: 'e' }] }),
    // @ts-expect-error the item is a list
    zone.get_agree_status_single({ item: { userid: 'u', external_userid: 'e' } }),

    // @ts-expect-error it is called chatid
    zone.invoke('get_agree_status_room', { chat_id: 'c' }),
    // @ts-expect-error a request is required
    zone.get_agree_status_room(),

    // @ts-expect-error it is called chatid
    zone.invoke('get_group_chat', { chatId: 'c' }),
    // @ts-expect-error a request is required
    zone.invoke('get_group_chat'),

    // @ts-expect-error it is called query_word
    zone.invoke('search_chat', { query: 'w' }),
    // @ts-expect-error query_word is required
    zone.search_chat({ limit: 5 }),

    // @ts-expect-error there is no such search
    zone.search_contact_or_customer({ query_word: 'w', query_type: 'staff' }),

    // @ts-expect-error a name is required
    zone.invoke('create_rule', { keyword: { word_list: ['w'] } }),
    // @ts-expect-error there is no behaviour 99
    zone.create_rule({ name: 'n', semantics: { semantics_list: [99] } }),
    // @ts-expect-error it is called word_list
    zone.create_rule({ name: 'n', keyword: { words: ['w'] } }),

    // @ts-expect-error rule_id is required
    zone.update_rule({ name: 'n' }),

    // @ts-expect-error need_detail is 0 or 1
    zone.invoke('get_hit_msg_list', { need_detail: true }),
    // @ts-expect-error need_detail is 0 or 1
    zone.get_hit_msg_list({ need_detail: 2 }),

    // @ts-expect-error kb_id is required
    zone.invoke('knowledge_base_delete', {}),
    // @ts-expect-error it is called kb_id
    zone.knowledge_base_detail({ knowledge_base_id: 'k' }),

    // @ts-expect-error variables belong to the shape with ability_id
    zone.create_ww_model_task({ msg_list, var_args: [{ name: 'n', value: 'v' }] }),
    // @ts-expect-error doc_type 7 is none
    zone.invoke('create_ww_model_task', { doc_retrieval_params: { ...retrieval, doc_type: 7 } }),
    // @ts-expect-error the user_doc_ticket is missing
    zone.create_ww_model_task({ doc_retrieval_params: { oper_userid: 'u' } }),

    // @ts-expect-error a secret_key goes into encrypt_info
    zone.invoke('create_summary_task', { msg_list: [{ msgid: 'm', secret_key: 'k' }] }),
    // @ts-expect-error msg_list is required
    zone.create_summary_task({}),

    // @ts-expect-error it is called tag_group_list
    zone.invoke('create_customer_tag_task', { tag_groups: [{ group_id: 'g' }], msg_list }),

    // @ts-expect-error escape_type is 0 or 1
    zone.invoke('create_program_task', {
      program_id: 'p',
      ability_id: 'a',
      msg_list,
      escape_type: 2,
    }),
    // @ts-expect-error program_id is required
    zone.create_program_task({ ability_id: 'a', msg_list }),

    // @ts-expect-error it is called jobid
    zone.invoke('get_summary_result', { job_id: 'j' }),

    // @ts-expect-error errcode is required
    zone.program_async_job_call_back({ result: '{}' }),

    // @ts-expect-error a scene is a number
    zone.invoke('spec_notify_app', { notify_scene: '1' }),

    // @ts-expect-error it is called hide_mobile
    zone.set_hide_sensitiveinfo_config({ userid: 'u', config: { hideMobile: true } }),

    // @ts-expect-error there is no such option
    zone.invoke('sync_msg', {}, { retries: 3 }),
    // @ts-expect-error a method that is no interface
    zone.sync_message({}),
  ];
}

/** The other way, for interfaces that this version does not know. */
export async function newInterfaces(name: string): Promise<void> {
  interface NewResponse {
    readonly text: string;
  }
  const typed = await zone.invoke<{ question: string }, NewResponse>('new_interface', {
    question: 'q',
  });
  same<typeof typed, NewResponse>(true);
  // @ts-expect-error the request has the type that was given
  await zone.invoke<{ question: string }, NewResponse>('new_interface', { query: 'q' });
  const untyped = await zone.invoke('new_interface', { anything: 1 });
  same<typeof untyped, object>(true);
  const chosen = await zone.invoke(name, { anything: 1 });
  same<typeof chosen, object>(true);
  // @ts-expect-error the editor knows all the names, but a name must be there
  await zone.invoke();
}

export async function responses(): Promise<void> {
  const page = await zone.invoke('sync_msg', { limit: 5 });
  same<typeof page, SyncMsgResponse>(true);
  same<typeof page.errcode, 0>(true);
  same<typeof page.has_more, 0 | 1>(true);
  same<typeof page.next_cursor, string>(true);
  same<typeof page.msg_list, ArchivedMessage[] | undefined>(true);
  // @ts-expect-error a page of mode 1 has none
  page.msg_list.length;
  // @ts-expect-error there is no such field
  page.nextCursor;
  const same_by_method = await zone.sync_msg({ limit: 5 });
  same<typeof same_by_method, SyncMsgResponse>(true);
  const { rule_list: rules } = await zone.get_rule_list();
  same<(typeof rules)[number]['rule_id'], string>(true);
  hasMore(page);
  filteredContent(await zone.get_ww_model_result({ jobid: 'j' }));
}

export async function messages(options: InvokeOptions): Promise<void> {
  const stream = zone.messages({ cursor: 'c', mode: 2, token: () => 't', ...options });
  same<typeof stream.cursor, string | undefined>(true);
  for await (const message of stream) {
    same<typeof message, ArchivedMessage>(true);
    // The list may grow, and the known values are offered.
    const known: Msgtype = 1;
    if (message.msgtype === known) message.extra_info?.call_duration.toFixed();
    const future: number = message.msgtype;
    void future;
  }
  for await (const batch of zone.batches()) same<typeof batch, MessageBatch>(true);
  for await (const page of zone.pages('get_rule_list', { limit: 1 })) page.rule_list.length;
  // @ts-expect-error there are no pages of a group
  zone.pages('get_group_chat', { chatid: 'c' });
  // @ts-expect-error it is called beginTime
  zone.batches({ begin_time: 1 });
  // @ts-expect-error there is no mode 5
  zone.messages({ mode: 5 });
}

export async function tasks(): Promise<void> {
  const summary = await zone.runTask(
    'create_summary_task',
    { msg_list },
    { onProgress: async ({ jobid, state, refused }) => void [jobid, state, refused?.length] },
  );
  // A finished task has its result: nothing is optional, and the status is known.
  same<typeof summary.response_data, string>(true);
  same<typeof summary.status, 1>(true);
  same<typeof summary.jobid, string>(true);
  same<GetSummaryResultResponse['response_data'], string | undefined>(true);
  const tags = await zone.resumeTask('create_customer_tag_task', 'j');
  tags.tag_result_list.map((tag) => tag);
  const program = await zone.runTask('create_program_task', {
    program_id: 'p',
    ability_id: 'a',
    msg_list,
  });
  same<typeof program.response_errcode, 0>(true);
  const exported = await zone.resumeTask('create_chatdata_export_job', 'j');
  same<typeof exported.result_id, string>(true);
  same<typeof exported.status, 3>(true);
  // @ts-expect-error that interface creates no task
  await zone.runTask('create_rule', { name: 'n' });
  // @ts-expect-error the request is the creating interface's
  await zone.runTask('create_summary_task', { jobid: 'j' });
  // @ts-expect-error an old name is no task
  const old: ZoneTaskName = 'create_private_task';
  const names: ZoneInterfaceName[] = ['create_private_task', 'document_list'];
  void [old, names];
}

export function events(data: string): string {
  const event = parseEvent(data);
  same<typeof event, ZoneEvent | UnknownZoneEvent>(true);
  switch (event.event_type) {
    case 'conversation_new_message':
      // @ts-expect-error that object belongs to another type
      event.hit_keyword;
      return event.conversation_new_message.token;
    case 'hit_keyword':
      return event.hit_keyword.token;
    case 'chat_archive_audit_approved_single':
      return event.chat_archive_audit_approved.userid;
    case 'chat_archive_audit_approved_room':
      return event.chat_archive_audit_approved.chatid;
    case 'knowledge_base_learn_done':
      same<typeof event.knowledge_base_learn_done.learn_status, 0 | 1>(true);
      return event.knowledge_base_learn_done.knowledge_base_id;
    case 'auth_knowledge_base':
      return event.auth_knowledge_base.knowledge_base_name;
    case 'unauth_knowledge_base':
      return event.unauth_knowledge_base.knowledge_base_name;
    case 'delete_knowledge_base':
      return event.delete_knowledge_base.knowledge_base_name;
    case 'chat_archive_export_finished':
      return event.chat_archive_export_finished.jobid;
    default:
      same<typeof event, UnknownZoneEvent>(true);
      return event.event_type;
  }
}

export async function keys(keyring: SecretKeyring, pulled: ArchivedMessage[]): Promise<void> {
  new SecretKeyring({ 1: 'pem' });
  // @ts-expect-error the versions are missing
  new SecretKeyring('pem');
  same<ReturnType<typeof keyring.decrypt>, string>(true);
  const lists = await keyring.toMsgLists(pulled, { size: 100 });
  for (const list of lists) await zone.create_summary_task({ msg_list: list });
  const opened = await keyring.decryptAll(pulled.map((message) => message.service_encrypt_info));
  same<typeof opened, SecretKeyResult[]>(true);
  for (const result of opened) {
    // @ts-expect-error only an opened one has a value
    result.value;
    if (result.status === 'fulfilled') result.value.length;
    else result.reason.message;
  }
}

export function errors(caught: unknown): RequestSummary | undefined {
  if (caught instanceof ZoneApiError) {
    same<typeof caught.errcode, number>(true);
    same<typeof caught.retry, 'soon' | 'later' | 'no'>(true);
    return caught.request;
  }
  if (caught instanceof SpecInvokeError) {
    same<typeof caught.retName, string | undefined>(true);
    return caught.request;
  }
  if (caught instanceof ZoneTaskError) caught.failList[0]?.msgid;
  if (caught instanceof SpecError) caught.code;
  return undefined;
}

export function sandbox(platform: ZoneSandbox): void {
  platform.use('create_summary_task', (request, context) => {
    same<typeof request.msg_list, readonly MessageKey[]>(true);
    // @ts-expect-error the request has no such field
    request.messages;
    return { errcode: 0, errmsg: 'ok', jobid: context.interfaceName };
  });
  platform.use('an_interface_of_mine', (request) => ({ errcode: 0, echo: request.anything }));
  void ZoneSandbox.start({ corp: { messages: 5 }, examples: true });
}
