"use strict";
// Compiled, never run: see public-api.ts.
Object.defineProperty(exports, "__esModule", { value: true });
exports.clients = clients;
exports.accepted = accepted;
exports.refused = refused;
exports.newInterfaces = newInterfaces;
exports.responses = responses;
exports.messages = messages;
exports.tasks = tasks;
exports.events = events;
exports.keys = keys;
exports.errors = errors;
exports.sandbox = sandbox;
const wework_spec_sdk_1 = require("wework-spec-sdk");
const sandbox_1 = require("wework-spec-sdk/sandbox");
const same = (_) => { };
const retrieval = { oper_userid: 'u', user_doc_ticket: 't' };
function clients(callback) {
    // @ts-expect-error the agentId is missing
    new wework_spec_sdk_1.ZoneClient({ corpId: 'c' });
    // @ts-expect-error it is called corpId
    new wework_spec_sdk_1.ZoneClient({ corpid: 'c', agentId: 1 });
    // @ts-expect-error an agentId is a number
    new wework_spec_sdk_1.ZoneClient({ corpId: 'c', agentId: '1' });
    // @ts-expect-error retry is an object, or false
    wework_spec_sdk_1.ZoneClient.from(callback, { retry: true });
    return [
        new wework_spec_sdk_1.ZoneClient({ corpId: 'c', agentId: 1 }),
        new wework_spec_sdk_1.ZoneClient({ corpId: 'c', agentId: 1, abilityId: 'a', jobInfo: 'j', timeout: 1000 }),
        wework_spec_sdk_1.ZoneClient.from(callback),
        wework_spec_sdk_1.ZoneClient.from(callback, { retry: { retries: 5, delay: 100, shouldRetry: () => true } }),
    ];
}
async function accepted() {
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
function refused() {
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
async function newInterfaces(name) {
    const typed = await zone.invoke('new_interface', {
        question: 'q',
    });
    same(true);
    // @ts-expect-error the request has the type that was given
    await zone.invoke('new_interface', { query: 'q' });
    const untyped = await zone.invoke('new_interface', { anything: 1 });
    same(true);
    const chosen = await zone.invoke(name, { anything: 1 });
    same(true);
    // @ts-expect-error the editor knows all the names, but a name must be there
    await zone.invoke();
}
async function responses() {
    const page = await zone.invoke('sync_msg', { limit: 5 });
    same(true);
    same(true);
    same(true);
    same(true);
    same(true);
    // @ts-expect-error a page of mode 1 has none
    page.msg_list.length;
    // @ts-expect-error there is no such field
    page.nextCursor;
    const same_by_method = await zone.sync_msg({ limit: 5 });
    same(true);
    const { rule_list: rules } = await zone.get_rule_list();
    same(true);
    (0, wework_spec_sdk_1.hasMore)(page);
    (0, wework_spec_sdk_1.filteredContent)(await zone.get_ww_model_result({ jobid: 'j' }));
}
async function messages(options) {
    const stream = zone.messages({ cursor: 'c', mode: 2, token: () => 't', ...options });
    same(true);
    for await (const message of stream) {
        same(true);
        // The list may grow, and the known values are offered.
        const known = 1;
        if (message.msgtype === known)
            message.extra_info?.call_duration.toFixed();
        const future = message.msgtype;
        void future;
    }
    for await (const batch of zone.batches())
        same(true);
    for await (const page of zone.pages('get_rule_list', { limit: 1 }))
        page.rule_list.length;
    // @ts-expect-error there are no pages of a group
    zone.pages('get_group_chat', { chatid: 'c' });
    // @ts-expect-error it is called beginTime
    zone.batches({ begin_time: 1 });
    // @ts-expect-error there is no mode 5
    zone.messages({ mode: 5 });
}
async function tasks() {
    const summary = await zone.runTask('create_summary_task', { msg_list }, { onProgress: async ({ jobid, state, refused }) => void [jobid, state, refused?.length] });
    // A finished task has its result: nothing is optional, and the status is known.
    same(true);
    same(true);
    same(true);
    same(true);
    const tags = await zone.resumeTask('create_customer_tag_task', 'j');
    tags.tag_result_list.map((tag) => tag);
    const program = await zone.runTask('create_program_task', {
        program_id: 'p',
        ability_id: 'a',
        msg_list,
    });
    same(true);
    const exported = await zone.resumeTask('create_chatdata_export_job', 'j');
    same(true);
    same(true);
    // @ts-expect-error that interface creates no task
    await zone.runTask('create_rule', { name: 'n' });
    // @ts-expect-error the request is the creating interface's
    await zone.runTask('create_summary_task', { jobid: 'j' });
    // @ts-expect-error an old name is no task
    const old = 'create_private_task';
    const names = ['create_private_task', 'document_list'];
    void [old, names];
}
function events(data) {
    const event = (0, wework_spec_sdk_1.parseEvent)(data);
    same(true);
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
            same(true);
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
            same(true);
            return event.event_type;
    }
}
async function keys(keyring, pulled) {
    new wework_spec_sdk_1.SecretKeyring({ 1: 'pem' });
    // @ts-expect-error the versions are missing
    new wework_spec_sdk_1.SecretKeyring('pem');
    same(true);
    const lists = await keyring.toMsgLists(pulled, { size: 100 });
    for (const list of lists)
        await zone.create_summary_task({ msg_list: list });
    const opened = await keyring.decryptAll(pulled.map((message) => message.service_encrypt_info));
    same(true);
    for (const result of opened) {
        // @ts-expect-error only an opened one has a value
        result.value;
        if (result.status === 'fulfilled')
            result.value.length;
        else
            result.reason.message;
    }
}
function errors(caught) {
    if (caught instanceof wework_spec_sdk_1.ZoneApiError) {
        same(true);
        same(true);
        return caught.request;
    }
    if (caught instanceof wework_spec_sdk_1.SpecInvokeError) {
        same(true);
        return caught.request;
    }
    if (caught instanceof wework_spec_sdk_1.ZoneTaskError)
        caught.failList[0]?.msgid;
    if (caught instanceof wework_spec_sdk_1.SpecError)
        caught.code;
    return undefined;
}
function sandbox(platform) {
    platform.use('create_summary_task', (request, context) => {
        same(true);
        // @ts-expect-error the request has no such field
        request.messages;
        return { errcode: 0, errmsg: 'ok', jobid: context.interfaceName };
    });
    platform.use('an_interface_of_mine', (request) => ({ errcode: 0, echo: request.anything }));
    void sandbox_1.ZoneSandbox.start({ corp: { messages: 5 }, examples: true });
}
