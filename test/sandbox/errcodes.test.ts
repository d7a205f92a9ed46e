import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpecSdk } from 'wework-spec-sdk';
import type { ProgramState, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { zoneInterfaces } from '../../lib/interfaces';
import { DEFAULT_LIMITS } from '../../lib/sandbox/common/limits';
import { root } from '../support/child';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { invoke as invokeOn, type Json, keysOf, messageWith } from '../support/zone';

// docs/sandbox-zone.md lists the errcodes that are enforced. Each row of its tables has a case here that produces the errcode, and each
// case has a row. Every case starts from the same state.

silenceLog();
const SMALL = {
  modelCallsPerDay: 5,
  exportsPerDay: 2,
  exportMessages: 3,
  rules: 2,
  knowledgeBases: 2,
  knowledgeDocuments: 3,
  strictTokens: true,
  pullsWithoutTokenPerMinute: 3,
  modelResponseMs: 1000,
};
let sandbox: ZoneSandbox;
let restore: () => void;
beforeAll(async () => {
  sandbox = await startSandbox({ limits: SMALL });
  restore = setEnvironment(sandbox.env);
});
beforeEach(async () => {
  await sandbox.reset();
  sandbox.clock.set(sandbox.clock.now());
});
afterAll(async () => {
  restore();
  await sandbox.stop();
});

const invoke = (name: string, request: object): Promise<Json> => invokeOn(sandbox, name, request);
const errcodeOf = async (name: string, request: object): Promise<number> =>
  (await invoke(name, request)).errcode;

const text = () => messageWith(sandbox, ({ msgtype }) => msgtype === 1);
const otherText = () =>
  messageWith(sandbox, ({ msgtype, msgid }) => msgtype === 1 && msgid !== text().msgid);
const picture = () => messageWith(sandbox, ({ msgtype }) => msgtype === 2);
const staff = () => sandbox.corp.staff[0] as string;
const customer = () => sandbox.corp.customers[0] as string;
const strangersOut = () => {
  for (const userid of sandbox.corp.staff) sandbox.corp.setInScope(userid, false);
};

const page = (docid: number) => ({
  doc_name: `page ${docid}`,
  type: 101,
  web_url: `https://example.com/${docid}`,
});
const pdf = { doc_name: 'a.pdf', type: 2, file_media_id: 'media-1' };
const newBase = async (): Promise<string> =>
  (await invoke('knowledge_base_create', { kb_name: 'faq', doc_list: [pdf] })).kb_id;

/** Fields of knowledge base requests besides kb_id. */
const BASE_CALLS: Readonly<Record<string, object>> = {
  knowledge_base_detail: {},
  knowledge_base_add_doc: { doc_list: [pdf] },
  knowledge_base_remove_doc: { docid_list: [1] },
  knowledge_base_modify_name: { kb_name: 'other' },
  knowledge_base_delete: {},
};

/** Fields of task requests besides msg_list. */
const TASKS: Readonly<Record<string, () => object>> = {
  create_ww_model_task: () => ({}),
  create_recommend_dialog_task: () => ({ kb_id: sandbox.state.knowledgeBases.grant('granted') }),
  create_customer_tag_task: () => ({ tag_group_list: [{ group_id: 'tag-group-意向' }] }),
  create_summary_task: () => ({}),
  create_sentiment_task: () => ({}),
  create_spam_task: () => ({}),
  create_model_task: () => ({ model_id: 'model-1', ability_id: 'a' }),
  create_program_task: () => ({ program_id: sandbox.programs.ownId, ability_id: 'a' }),
};
const task = (name: string, more: object = {}): [string, object] => [
  name,
  { ...TASKS[name]?.(), msg_list: keysOf(text()), ...more },
];
const RESULTS: Readonly<Record<string, string>> = {
  get_ww_model_result: 'create_ww_model_task',
  get_recommend_dialog_result: 'create_recommend_dialog_task',
  get_customer_tag_result: 'create_customer_tag_task',
  get_summary_result: 'create_summary_task',
  get_sentiment_result: 'create_sentiment_task',
  get_spam_result: 'create_spam_task',
  get_model_task_result: 'create_model_task',
  get_program_task_result: 'create_program_task',
};
const retrieval = (more: object): [string, object] => [
  'create_ww_model_task',
  {
    doc_retrieval_params: {
      oper_userid: staff(),
      user_doc_ticket: 'ticket',
      docid_list: ['doc-报价政策'],
      ...more,
    },
  },
];

type Case = () => number | Promise<number>;
const cases = new Map<string, Case>();
function given(
  names: string | readonly string[],
  errcode: number,
  make: (name: string) => ReturnType<Case>,
) {
  for (const name of [names].flat()) {
    const key = `${name} ${errcode}`;
    const before = cases.get(key);
    // An errcode can have several causes; all must produce it.
    cases.set(key, async () => {
      const first = await before?.();
      if (first !== undefined && first !== errcode) return first;
      return make(name);
    });
  }
}

given(['sync_msg', 'get_hit_msg_list'], 710611, (name) => errcodeOf(name, { cursor: 'x' }));
given(['sync_msg', 'get_hit_msg_list'], 40058, (name) => errcodeOf(name, { token: 'made-up' }));
given(['sync_msg', 'get_hit_msg_list'], 40058, async (name) => {
  const use = name as 'sync_msg' | 'get_hit_msg_list';
  const token = sandbox.state.archive.issueToken(use);
  sandbox.clock.advance(10 * 60_000);
  expect(await errcodeOf(name, { token })).toBe(0);
  sandbox.clock.advance(1);
  return errcodeOf(name, { token });
});
given(['sync_msg', 'get_hit_msg_list'], 45009, async (name) => {
  for (let call = 0; call < 3; call += 1) expect(await errcodeOf(name, {})).toBe(0);
  const refused = await errcodeOf(name, {});
  expect(
    await errcodeOf(name, { token: sandbox.state.archive.issueToken(name as 'sync_msg') }),
  ).toBe(0);
  sandbox.clock.advance(60_000);
  expect(await errcodeOf(name, {})).toBe(0);
  return refused;
});
given('get_msg_list_by_page_id', 40058, (name) => errcodeOf(name, { page_id: 'page-0-1-x' }));
given('get_msg_list_by_page_id', 45033, async (name) => {
  const { page_id_list: ids } = await invoke('sync_msg', { mode: 1 });
  const gate = new Gate();
  sandbox.faults.inject(async ({ interfaceName, response }) => {
    if (interfaceName === name && JSON.parse(response).errcode === 0) await gate.pass();
    return undefined;
  });
  const ten = Array.from({ length: 10 }, () => invoke(name, { page_id: ids[0] }));
  await gate.reached(10);
  const errcode = await errcodeOf(name, { page_id: ids[0] });
  gate.open();
  await Promise.all(ten);
  return errcode;
});
given('get_agree_status_single', 710608, (name) =>
  errcodeOf(name, { item: [{ userid: 'nobody', external_userid: customer() }] }),
);
given('get_agree_status_single', 710608, (name) => {
  sandbox.corp.setInScope(staff(), false);
  return errcodeOf(name, { item: [{ userid: staff(), external_userid: customer() }] });
});
given('get_agree_status_single', 710609, (name) =>
  errcodeOf(name, { item: [{ userid: staff(), external_userid: 'nobody' }] }),
);
given('get_agree_status_room', 710614, (name) => {
  strangersOut();
  return errcodeOf(name, { chatid: 'wr-客户群🌸' });
});
given('get_agree_status_room', 710624, (name) => errcodeOf(name, { chatid: 'nowhere' }));
given('get_group_chat', 301052, (name) => {
  sandbox.corp.isArchiveExpired = true;
  return errcodeOf(name, { chatid: 'wr-项目组' });
});
given('get_group_chat', 710606, (name) => errcodeOf(name, { chatid: 'wr-客户群🌸' }));
given('get_group_chat', 710606, (name) => {
  strangersOut();
  return errcodeOf(name, { chatid: 'wr-项目组' });
});
given(['search_chat', 'search_msg', 'search_contact_or_customer'], 40058, (name) =>
  errcodeOf(name, { query_word: '客户', cursor: 'sync-1' }),
);
given('get_rule_list', 40058, (name) => errcodeOf(name, { cursor: 'rules-1' }));

const RULE_CALLS = ['create_rule', 'update_rule'];
const rule = { name: 'rule', keyword: { word_list: ['退款'] } };
const newRule = async (): Promise<string> => (await invoke('create_rule', rule)).rule_id;
const ruleWith = async (name: string, more: object): Promise<number> =>
  errcodeOf(
    name,
    name === 'create_rule' ? { ...rule, ...more } : { rule_id: await newRule(), ...more },
  );
const inRange = (name: string, range: object): Promise<number> =>
  ruleWith(name, { applicable_range: range });
given(RULE_CALLS, 710606, (name) => inRange(name, { chat: { id_list: ['nowhere'] } }));
given(RULE_CALLS, 710606, (name) => {
  strangersOut();
  return inRange(name, { chat: { id_list: ['wr-项目组'] } });
});
given(RULE_CALLS, 710607, (name) => inRange(name, { department: { id_list: [987] } }));
given(RULE_CALLS, 710608, (name) => inRange(name, { user: { id_list: ['nobody'] } }));
given(RULE_CALLS, 710609, (name) => inRange(name, { external_contact: { id_list: ['nobody'] } }));
given(RULE_CALLS, 710609, (name) => {
  strangersOut();
  return inRange(name, { external_contact: { id_list: [customer()] } });
});
given('create_rule', 710610, (name) => errcodeOf(name, { name: 'nothing' }));
given('update_rule', 710610, (name) => ruleWith(name, { keyword: { word_list: [] } }));
given(RULE_CALLS, 710615, (name) => inRange(name, { session_type: { session_type_list: [3] } }));
given('create_rule', 710619, async (name) => {
  await newRule();
  await newRule();
  return errcodeOf(name, rule);
});
given(RULE_CALLS, 710621, (name) => inRange(name, { exclude_mobile: { mobile_list: ['123'] } }));
given(RULE_CALLS, 710622, (name) =>
  inRange(name, { exclude_bank_card: { bank_card_list: ['9999990000000000'] } }),
);
given(RULE_CALLS, 710648, (name) => ruleWith(name, { semantics: { semantics_list: [99] } }));
given(RULE_CALLS, 710649, (name) =>
  inRange(name, { chat: { id_list: Array.from({ length: 2001 }, () => 'wr-项目组') } }),
);
given(RULE_CALLS, 710650, (name) =>
  ruleWith(name, { keyword: { word_list: [], match_rule: 1 }, semantics: { semantics_list: [1] } }),
);
const RULE_IDS = ['get_rule_detail', 'update_rule', 'delete_rule'];
given(RULE_IDS, 710612, async (name) => {
  const rule_id = await newRule();
  expect(await errcodeOf('delete_rule', { rule_id })).toBe(0);
  return errcodeOf(name, { rule_id });
});
given(RULE_IDS, 710620, (name) => errcodeOf(name, { rule_id: 'r/1' }));
given(RULE_IDS, 710620, (name) => errcodeOf(name, { rule_id: '' }));

const BASE_LISTS = ['knowledge_base_list', 'document_list'];
given(BASE_LISTS, 710632, (name) => errcodeOf(name, {}));
given(BASE_LISTS, 710643, (name) => {
  sandbox.state.knowledgeBases.revoke(sandbox.state.knowledgeBases.grant('faq'));
  return errcodeOf(name, {});
});
const DOCUMENT_CALLS = ['knowledge_base_create', 'knowledge_base_add_doc'];
const withDocuments = async (name: string, documents: object[]): Promise<number> =>
  errcodeOf(name, {
    ...(name === 'knowledge_base_create' ? { kb_name: 'faq' } : { kb_id: await newBase() }),
    doc_list: documents,
  });
given(DOCUMENT_CALLS, 790025, (name) =>
  withDocuments(name, [{ doc_name: 'p', type: 101, web_url: 'ftp://example.com' }]),
);
given(DOCUMENT_CALLS, 790026, (name) =>
  withDocuments(
    name,
    Array.from({ length: 1001 }, (_, index) => page(index)),
  ),
);
given('knowledge_base_add_doc', 790026, (name) => withDocuments(name, [page(1), page(2), page(3)]));
given('knowledge_base_create', 790026, (name) =>
  withDocuments(name, [page(1), page(2), page(3), page(4)]),
);
given('knowledge_base_create', 790027, async (name) => {
  await newBase();
  await newBase();
  return withDocuments(name, [pdf]);
});
given(DOCUMENT_CALLS, 790029, (name) => withDocuments(name, [page(1), page(1)]));
given('knowledge_base_add_doc', 790029, async (name) => {
  const kb_id = await newBase();
  await invoke(name, { kb_id, doc_list: [page(1)] });
  return errcodeOf(name, { kb_id, doc_list: [page(1)] });
});
given(DOCUMENT_CALLS, 790032, (name) => withDocuments(name, [{ ...pdf, doc_name: 'a.doc' }]));
given(DOCUMENT_CALLS, 790033, (name) => withDocuments(name, [{ ...pdf, doc_name: '\u200ba.pdf' }]));
given('knowledge_base_modify_name', 790033, async (name) =>
  errcodeOf(name, { kb_id: await newBase(), kb_name: 'a\u0007' }),
);
given(Object.keys(BASE_CALLS), 790024, async (name) => {
  const kb_id = sandbox.state.knowledgeBases.grant("the administrator's");
  return errcodeOf(name, { kb_id, ...BASE_CALLS[name] });
});
given(Object.keys(BASE_CALLS), 790024, async (name) => {
  const kb_id = await newBase();
  const other = new SpecSdk(sandbox.application.corpId, 7);
  const request = JSON.stringify({ kb_id, ...BASE_CALLS[name] });
  return JSON.parse((await other.Invoke(name, request)).response).errcode;
});
given(Object.keys(BASE_CALLS), 790034, async (name) => {
  const kb_id = await newBase();
  expect(await errcodeOf('knowledge_base_delete', { kb_id })).toBe(0);
  return errcodeOf(name, { kb_id, ...BASE_CALLS[name] });
});
given(Object.keys(BASE_CALLS), 800000, (name) =>
  errcodeOf(name, { kb_id: 'kb-none', ...BASE_CALLS[name] }),
);
given('knowledge_base_remove_doc', 790028, async (name) =>
  errcodeOf(name, { kb_id: await newBase(), docid_list: [1] }),
);
given('knowledge_base_remove_doc', 40058, async (name) =>
  errcodeOf(name, { kb_id: await newBase(), docid_list: [99] }),
);

const ALL_TASKS = Object.keys(TASKS);
const OWN_TASKS = ['create_model_task', 'create_program_task'];
given(ALL_TASKS, 790041, async (name) => {
  await ownProgram();
  const wrong = [{ msgid: text().msgid, encrypt_info: { secret_key: 'wrong' } }];
  return errcodeOf(...task(name, { msg_list: wrong }));
});
given(
  ALL_TASKS.filter((name) => !/summary|sentiment|spam|program/.test(name)),
  790040,
  async (name) => {
    await ownProgram();
    const long = sandbox.corp.say(staff(), { to: customer() }, '长'.repeat(30_000));
    expect(await errcodeOf(...task(name, { msg_list: keysOf(long) }))).toBe(0);
    const one = sandbox.corp.say(staff(), { to: customer() }, '🌸');
    return errcodeOf(...task(name, { msg_list: keysOf(long, one) }));
  },
);
given(
  zoneInterfaces
    .filter(({ limits }) => limits.includes('10000 calls per corp per day'))
    .map(({ name }) => name),
  45009,
  async (name) => {
    await ownProgram();
    const [, request] = name in TASKS ? task(name) : [name, { jobid: 'none' }];
    for (let call = 0; call < 5; call += 1) {
      expect(await errcodeOf(name, request)).not.toBe(45009);
    }
    const refused = await errcodeOf(name, request);
    sandbox.clock.advance(86_400_000);
    expect(await errcodeOf(name, request)).not.toBe(45009);
    return refused;
  },
);
const BASE_TASKS = ['create_ww_model_task', 'create_recommend_dialog_task', 'create_model_task'];
given(BASE_TASKS, 710643, async (name) => {
  await ownProgram();
  const kb_id = sandbox.state.knowledgeBases.grant('faq');
  sandbox.state.knowledgeBases.revoke(kb_id);
  return errcodeOf(...task(name, { kb_id }));
});
given(BASE_TASKS, 790024, async (name) => {
  await ownProgram();
  const request = { kb_name: 'faq', doc_list: [pdf] };
  const other = await new SpecSdk(sandbox.application.corpId, 7).Invoke(
    'knowledge_base_create',
    JSON.stringify(request),
  );
  return errcodeOf(...task(name, { kb_id: JSON.parse(other.response).kb_id }));
});
given(BASE_TASKS, 790034, async (name) => {
  await ownProgram();
  const kb_id = sandbox.state.knowledgeBases.grant('faq');
  sandbox.state.knowledgeBases.delete(kb_id);
  return errcodeOf(...task(name, { kb_id }));
});
given(BASE_TASKS, 800000, async (name) => {
  await ownProgram();
  return errcodeOf(...task(name, { kb_id: 'kb-none' }));
});
const general = 'create_ww_model_task';
given(general, 710644, () => {
  sandbox.state.grants.generalModel = false;
  return errcodeOf(...task(general));
});
given(general, 710682, () => {
  sandbox.state.grants.isModelBusy = true;
  return errcodeOf(...task(general));
});
given(general, 710722, () => errcodeOf(...retrieval({ oper_userid: '' })));
given(general, 710723, () => errcodeOf(...retrieval({ keywords: [' '] })));
given(general, 710724, () => errcodeOf(...retrieval({ oper_userid: 'nobody' })));
given(general, 710724, () => errcodeOf(...retrieval({ creator_userid_list: ['nobody'] })));
given(general, 710725, () => errcodeOf(...retrieval({ create_time_start: 2, create_time_end: 1 })));
given(general, 710726, () => {
  sandbox.state.grants.documentPermission = false;
  return errcodeOf(...retrieval({}));
});
given(general, 710728, () => {
  sandbox.state.grants.documents = false;
  return errcodeOf(...retrieval({}));
});
given(general, 710737, () => errcodeOf(...retrieval({ keywords: ['长'.repeat(301)] })));
given(general, 710803, () => errcodeOf(...retrieval({ user_doc_ticket: '' })));
given(general, 710803, async () => {
  sandbox.state.grants.tickets.add('another');
  return errcodeOf(...retrieval({}));
});
given('create_summary_task', 710628, async (name) => {
  const limited = await startSandbox({ limits: { summaryCharacters: 5 } });
  try {
    const message = limited.corp.messages[0];
    return (await invokeOn(limited, name, { msg_list: keysOf(message) })).errcode;
  } finally {
    await limited.stop();
    setEnvironment(sandbox.env);
  }
});
given(['create_sentiment_task', 'create_spam_task'], 710623, (name) =>
  errcodeOf(name, { msg_list: Array.from({ length: 1001 }, () => keysOf(text())[0]) }),
);
given(Object.keys(RESULTS), 40088, (name) => errcodeOf(name, { jobid: 'none' }));
given(Object.keys(RESULTS), 710616, async (name) => {
  await ownProgram();
  const names = Object.values(RESULTS);
  const own = RESULTS[name] as string;
  // Among jobs of programs and among tasks of the platform's models, each kind has its own interface.
  const other = OWN_TASKS.includes(own)
    ? OWN_TASKS.find((one) => one !== own)
    : names.find((one) => one !== own && !OWN_TASKS.includes(one));
  const { jobid } = await invoke(...task(other as string));
  return errcodeOf(name, { jobid });
});
given(OWN_TASKS, 710636, async (name) => {
  await ownProgram();
  return errcodeOf(...task(name, { ability_id: '' }));
});
given(['create_program_task'], 710636, async (name) => {
  await ownProgram();
  sandbox.state.ownPrograms.inputTemplates.set('other', '{}');
  return errcodeOf(...task(name));
});
given('create_model_task', 800003, async (name) => {
  await ownProgram();
  sandbox.state.ownPrograms.inputTemplates.set('other', '{}');
  return errcodeOf(...task(name));
});
given('create_model_task', 800001, (name) => errcodeOf(...task(name, { model_id: 'none' })));
given('create_program_task', 710645, (name) => errcodeOf(...task(name, { program_id: 'none' })));
const inState = async (name: string, state: ProgramState): Promise<number> => {
  await ownProgram();
  sandbox.state.ownPrograms.states.set(
    name === 'create_model_task' ? 'model-1' : sandbox.programs.ownId,
    state,
  );
  return errcodeOf(...task(name));
};
given('create_model_task', 710635, (name) => inState(name, 'missing'));
given('create_model_task', 800002, (name) => inState(name, 'not deployed'));
given('create_program_task', 710645, (name) => inState(name, 'missing'));
given('create_program_task', 710645, (name) => inState(name, 'not deployed'));
given(OWN_TASKS, 790020, (name) => inState(name, 'not linked'));
given(OWN_TASKS, 790021, (name) => inState(name, 'abnormal'));
given(OWN_TASKS, 790023, (name) => inState(name, 'running another request'));
given(OWN_TASKS, 790015, async (name) => {
  await ownProgram();
  sandbox.state.ownPrograms.inputTemplates.set('a', '{"text":{chatcontent}}');
  return errcodeOf(...task(name));
});
given(OWN_TASKS, 790012, async (name) => {
  await ownProgram();
  sandbox.programs.defineAbility('a', { input: 'no JSON' });
  return errcodeOf(...task(name));
});
given(OWN_TASKS, 790016, async (name) => {
  await ownProgram();
  sandbox.programs.defineAbility('a', { input: { words: '' } });
  return errcodeOf(...task(name));
});
given(OWN_TASKS, 710673, async (name) => {
  await ownProgram();
  return errcodeOf(...task(name, { debug_info: { chat: 'x', chat_content: 'x' } }));
});
const OWN_RESULTS = ['get_model_task_result', 'get_program_task_result'];
given(OWN_RESULTS, 710642, async (name) => {
  await ownProgram();
  const { jobid } = await invoke(...task(RESULTS[name] as string));
  return errcodeOf(name, { jobid });
});
given(OWN_RESULTS, 710638, async (name) => {
  await ownProgram(() => {
    throw new Error('out of order');
  });
  const { jobid } = await invoke(...task(RESULTS[name] as string));
  return settled(() => errcodeOf(name, { jobid }));
});
given('get_model_task_result', 710638, async (name) => {
  const gate = new Gate();
  await ownProgram(async () => {
    await gate.pass();
    return '';
  });
  const { jobid } = await invoke(...task('create_model_task'));
  const errcode = await settled(() => errcodeOf(name, { jobid }));
  gate.open();
  return errcode;
});

const exportRequest = (msgids: readonly string[] = [text().msgid], name = 'template.txt') => ({
  code: sandbox.state.exports.issueCode(msgids),
  media_id: sandbox.state.media.add(name, 'the template'),
});
given('create_chatdata_export_job', 40007, (name) =>
  errcodeOf(name, { ...exportRequest(), media_id: 'media-1' }),
);
given('create_chatdata_export_job', 40007, (name) => errcodeOf(name, exportRequest([], 'a.pdf')));
given('create_chatdata_export_job', 40007, async (name) => {
  const request = exportRequest();
  sandbox.clock.advance(3 * 86_400_000 + 1);
  return errcodeOf(name, { ...request, code: sandbox.state.exports.issueCode([]) });
});
given('create_chatdata_export_job', 40058, async (name) => {
  const request = exportRequest();
  expect(await errcodeOf(name, request)).toBe(0);
  return errcodeOf(name, request);
});
given('create_chatdata_export_job', 40058, async (name) => {
  const request = exportRequest();
  sandbox.clock.advance(5 * 60_000 + 1);
  return errcodeOf(name, request);
});
given('create_chatdata_export_job', 45009, async (name) => {
  expect(await errcodeOf(name, exportRequest())).toBe(0);
  expect(await errcodeOf(name, exportRequest())).toBe(0);
  return errcodeOf(name, exportRequest());
});
given('create_chatdata_export_job', 710629, async (name) => {
  expect(await errcodeOf(name, exportRequest(['1', '2', '3']))).toBe(0);
  return errcodeOf(name, exportRequest(['1', '2', '3', '4']));
});
given('get_chatdata_export_job_status', 40088, (name) => errcodeOf(name, { jobid: 'none' }));
given('get_chatdata_export_job_status', 40088, async (name) => {
  const { jobid } = await invoke('create_chatdata_export_job', exportRequest());
  sandbox.clock.advance(86_400_000);
  expect(await errcodeOf(name, { jobid })).toBe(0);
  sandbox.clock.advance(1);
  return errcodeOf(name, { jobid });
});
given('program_async_job_call_back', 790010, async (name) => {
  const codes: number[] = [];
  const reported = new Gate();
  await ownProgram(async (callback) => {
    const sdk = new SpecSdk(callback);
    for (let time = 0; time < 2; time += 1) {
      const { response } = await sdk.Invoke(name, '{"errcode":0,"result":"{}"}');
      codes.push(JSON.parse(response).errcode);
    }
    void reported.pass();
    return '';
  });
  await invoke(...task('create_program_task'));
  await reported.reached(1);
  expect(codes[0]).toBe(0);
  return codes[1] as number;
});
/** The errcode of a report by a program whose ability has this output template. */
const reportOf = async (name: string, output: unknown, result: string): Promise<number> => {
  const codes: number[] = [];
  const reported = new Gate();
  await ownProgram(async (callback) => {
    const report = JSON.stringify({ errcode: 0, result });
    const { response } = await new SpecSdk(callback).Invoke(name, report);
    codes.push(JSON.parse(response).errcode);
    void reported.pass();
    return '';
  });
  sandbox.programs.defineAbility('a', { output });
  await invoke(...task('create_program_task'));
  await reported.reached(1);
  return codes[0] as number;
};
given('program_async_job_call_back', 790012, (name) => reportOf(name, 'no JSON', '{}'));
given('program_async_job_call_back', 790013, (name) => reportOf(name, { score: 0 }, 'no JSON'));
given('program_async_job_call_back', 790014, (name) => reportOf(name, { score: 0 }, '{}'));
given('program_async_job_call_back', 790017, (name) => errcodeOf(name, { errcode: 0 }));
given('spec_notify_app', 710646, (name) => errcodeOf(name, { notify_id: 'x'.repeat(65) }));
given(['set_hide_sensitiveinfo_config', 'get_hide_sensitiveinfo_config'], 710608, (name) =>
  errcodeOf(name, { userid: 'nobody', ...(name.startsWith('set') ? { config: {} } : {}) }),
);

const creating = ALL_TASKS.filter((name) => !OWN_TASKS.includes(name));
const FAIL_LIST = '`fail_list` of a response that creates a task';
given(FAIL_LIST, 710613, async () => {
  await ownProgram();
  for (const name of ALL_TASKS) {
    const list = keysOf(text(), text());
    const { errcode, fail_list: failed } = await invoke(...task(name, { msg_list: list }));
    expect([name, errcode, failed]).toEqual([
      name,
      0,
      [{ errcode: 710613, errmsg: expect.any(String), ...list[1] }],
    ]);
  }
  return 710613;
});
/** The errcode with which each kind of result lists a message that it could not use. */
async function listed(wrong: object): Promise<number> {
  const codes = new Set<number>();
  for (const name of creating) {
    const list = [wrong, keysOf(text())[0]];
    const { jobid } = await invoke(...task(name, { msg_list: list }));
    sandbox.clock.advance(sandbox.state.limits.taskMs);
    const result = Object.keys(RESULTS).find((one) => RESULTS[one] === name) as string;
    const {
      status,
      fail_list: failed,
      analyze_result_list: lines,
    } = await invoke(result, { jobid });
    expect([name, status]).toEqual([name, 1]);
    const [line] = failed ?? lines;
    expect(line.msgid).toBe((wrong as { msgid: string }).msgid);
    codes.add(line.errcode);
  }
  expect(codes.size).toBe(1);
  return [...codes][0] as number;
}
const RESULT_LIST = '`fail_list`, `analyze_result_list` of a result';
given(RESULT_LIST, 710601, () => listed({ msgid: 'none', encrypt_info: { secret_key: 'k' } }));
given(RESULT_LIST, 710602, () => listed(keysOf(picture())[0] as object));
given(RESULT_LIST, 710603, () =>
  listed({ ...keysOf(otherText())[0], encrypt_info: { secret_key: text().secretKey } }),
);
async function filtered(more: object): Promise<number> {
  const { jobid } = await invoke(...retrieval(more));
  sandbox.clock.advance(sandbox.state.limits.taskMs);
  const { filtered_content_list: list } = await invoke('get_ww_model_result', { jobid });
  expect(list).toHaveLength(1);
  return list[0].errcode;
}
const FILTERED = '`filtered_content_list`';
given(FILTERED, 710729, () => filtered({ docid_list: ['none'] }));
given(FILTERED, 710730, () =>
  filtered({ oper_userid: sandbox.corp.staff[1], docid_list: ['doc-薪酬'] }),
);
given(FILTERED, 710731, () => filtered({ create_time_start: 4_000_000_000 }));
given(FILTERED, 710732, () => filtered({ doc_type: 20 }));
given(FILTERED, 710733, () => filtered({ docid_list: ['doc-收集表'] }));
given(FILTERED, 710734, () => filtered({ docid_list: [], wedrive_fileid_list: ['none'] }));
given(FILTERED, 710736, () =>
  filtered({
    oper_userid: sandbox.corp.staff[7],
    docid_list: [],
    wedrive_fileid_list: ['file-售后手册'],
  }),
);
given(FILTERED, 710738, () => filtered({ creator_userid_list: [sandbox.corp.staff[3]] }));
given('`result_errcode` of an export', 710629, async () => {
  const large = 'x'.repeat(64 * 1024 * 1024);
  const request = { ...exportRequest(), media_id: sandbox.state.media.add('a.txt', large) };
  const { jobid } = await invoke('create_chatdata_export_job', request);
  sandbox.clock.advance(sandbox.state.limits.exportMs);
  const response = await invoke('get_chatdata_export_job_status', { jobid });
  expect(response).not.toHaveProperty('result_id');
  return response.result_errcode;
});

/** Registers a program as the sandbox's own and as a model. */
async function ownProgram(
  respond: Parameters<typeof HttpProgram.serve>[0] = () => '',
): Promise<void> {
  const { address } = await HttpProgram.serve(respond);
  sandbox.programs.address = address;
  sandbox.programs.add('model-1', address);
}

/** Polls until the platform has recorded the outcome of a delivery. */
async function settled(ask: () => Promise<number>): Promise<number> {
  for (;;) {
    const errcode = await ask();
    if (errcode !== 710642 && errcode !== 40088) return errcode;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const docs = readFileSync(join(root, 'docs', 'sandbox-zone.md'), 'utf8');
/** The rows of the table under a heading: first column and errcode. */
function rows(heading: string): string[] {
  const section = docs.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  return [...section.matchAll(/^\| (`.*?) \| (\d+) \|/gm)].flatMap(([, first = '', errcode]) => {
    const names = /^`[a-z_]+`(, `[a-z_]+`)*$/.test(first) && heading !== 'Errcodes in lists';
    return names
      ? first.split(', ').map((name) => `${name.slice(1, -1)} ${errcode}`)
      : [`${first} ${errcode}`];
  });
}
const returned = rows('Errcodes of responses');
const lists = rows('Errcodes in lists');
const notEnforced = rows('Not enforced');

test('each row of docs/sandbox-zone.md has a case here, and each case has a row', () => {
  expect(returned.length).toBeGreaterThan(100);
  expect([...cases.keys()].sort()).toEqual([...returned, ...lists].sort());
});

test('the Chinese page has the same rows and limits', () => {
  const chinese = readFileSync(join(root, 'docs', 'zh', 'sandbox-zone.md'), 'utf8');
  const facts = (page: string) =>
    page
      .split('\n')
      .filter((line) => line.startsWith('| '))
      // The names and numbers of a row.
      .map((line) => line.match(/`[^`]+`|\d+/g)?.sort() ?? []);
  expect(facts(chinese)).toEqual(facts(docs));
});

test('the docs list every errcode that an interface can return', () => {
  const spoken = new Set([...returned, ...notEnforced]);
  const all = zoneInterfaces.flatMap(({ name, errcodes }) =>
    errcodes.map((errcode) => `${name} ${errcode}`),
  );
  expect(all.filter((one) => !spoken.has(one))).toEqual([]);
  expect(notEnforced.filter((one) => returned.includes(one))).toEqual([]);
});

test('the docs list every limit that can be set', () => {
  const section = docs.split('## What is enforced')[1]?.split('###')[0] ?? '';
  const named = [...section.matchAll(/`(\w+)`(?: \(\d+\))?(?=, | \||\.)/g)].map(([, name]) => name);
  expect(named.filter((name) => name !== 'sync_msg').sort()).toEqual(
    Object.keys(DEFAULT_LIMITS).sort(),
  );
});

test.each([...returned, ...lists])('%s', async (row) => {
  expect(await cases.get(row)?.()).toBe(Number(row.split(' ').at(-1)));
});
