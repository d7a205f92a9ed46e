import { SpecSdk } from 'wework-spec-sdk';
import type { ZoneSandbox, ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { invoke, invokeWell, type Json, keysOf, openDebugMode, zoneForTest } from '../support/zone';

silenceLog();
const STAFF = 'wo-张伟';
const OTHER = 'wo-王芳';
const CUSTOMER = 'wm-李娜🌸';

interface Asked {
  readonly data: string;
  readonly agentId: number;
  readonly abilityId: string;
  readonly isAsync: boolean;
  readonly callType: number;
}

/** A program that is also registered as a model. It records its requests, and reports what `report` returns. */
async function zoneWithProgram(
  report: (asked: Asked) => object | undefined,
  options: ZoneSandboxOptions = {},
) {
  const asked: Asked[] = [];
  const reports: Json[] = [];
  const done = new Gate();
  const sandbox = await zoneForTest(options);
  const program = await HttpProgram.serve(async (callback) => {
    if (callback.GetCallType() === 2) return '';
    const one: Asked = {
      data: callback.GetData(),
      agentId: callback.GetAgentId(),
      abilityId: callback.GetAbilityId(),
      isAsync: callback.GetIsAsync(),
      callType: callback.GetCallType(),
    };
    asked.push(one);
    const result = report(one);
    if (result !== undefined) {
      const sdk = new SpecSdk(callback);
      const { response } = await sdk.Invoke('program_async_job_call_back', JSON.stringify(result));
      reports.push(JSON.parse(response));
    }
    void done.pass();
    return 'ignored';
  });
  sandbox.programs.address = program.address;
  sandbox.programs.add('model-1', program.address);
  return { sandbox, asked, reports, done };
}

const dialogue = (sandbox: ZoneSandbox) => [
  sandbox.corp.say(CUSTOMER, { to: STAFF }, '还有货吗？'),
  sandbox.corp.say(STAFF, { to: CUSTOMER }, '有的，"大号"\t还剩\\三件'),
  sandbox.corp.say(CUSTOMER, { to: STAFF }, '好'),
];
const programTask = (sandbox: ZoneSandbox, more: object = {}) => ({
  program_id: sandbox.programs.ownId,
  ability_id: 'analyse',
  msg_list: keysOf(...dialogue(sandbox)),
  ...more,
});
const modelTask = (sandbox: ZoneSandbox, more: object = {}) => ({
  model_id: 'model-1',
  ability_id: 'analyse',
  msg_list: keysOf(...dialogue(sandbox)),
  ...more,
});

test('create_program_task sends the texts to the program, and the caller reads its report', async () => {
  const { sandbox, asked, reports, done } = await zoneWithProgram(() => ({
    errcode: 7,
    result: '{"output":"x"}',
  }));
  const request = programTask(sandbox);
  const stranger = { msgid: 'none', encrypt_info: { secret_key: 'k' } };
  const { jobid, fail_list: refused } = await invokeWell(sandbox, 'create_program_task', {
    ...request,
    msg_list: [...request.msg_list, stranger, request.msg_list[0]],
  });
  expect(refused).toMatchObject([{ errcode: 710613 }]);
  await done.reached(1);
  expect(asked).toEqual([
    {
      agentId: sandbox.application.agentId,
      abilityId: 'analyse',
      isAsync: true,
      callType: 1,
      data: expect.any(String),
    },
  ]);
  expect(JSON.parse(asked[0]?.data ?? '')).toEqual({
    chat: 'A说：还有货吗？\nB说：有的， 大号  还剩 三件\nA说：好',
    chatcontent: '还有货吗？\n有的， 大号  还剩 三件\n好',
  });
  expect(reports).toEqual([{ errcode: 0, errmsg: 'ok' }]);
  expect(await invokeWell(sandbox, 'get_program_task_result', { jobid })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    fail_list: [{ errcode: 710601, errmsg: expect.any(String), msgid: 'none' }],
    response_errcode: 7,
    response_data: '{"output":"x"}',
  });
});

test('get_program_task_result returns 710642 until there is a report', async () => {
  const { sandbox, done } = await zoneWithProgram(() => undefined);
  const { jobid } = await invokeWell(sandbox, 'create_program_task', programTask(sandbox));
  expect((await invoke(sandbox, 'get_program_task_result', { jobid })).errcode).toBe(710642);
  await done.reached(1);
  expect((await invoke(sandbox, 'get_program_task_result', { jobid })).errcode).toBe(710642);
});

test('create_model_task calls the model with agentid 0, knowledge and tags', async () => {
  const { sandbox, asked, done } = await zoneWithProgram(() => ({ errcode: 0, result: '{}' }));
  const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'faq',
    doc_list: [{ doc_name: '库存.pdf', type: 2, file_media_id: 'm' }],
  });
  const { jobid, fail_tag_group_id_list: unknown } = await invokeWell(
    sandbox,
    'create_model_task',
    modelTask(sandbox, {
      kb_id,
      tag_group_list: [{ group_id: 'tag-group-服务' }, { group_id: 'none' }],
      escape_type: 1,
    }),
  );
  expect(unknown).toEqual(['none']);
  await done.reached(1);
  expect(asked[0]).toMatchObject({ agentId: 0, isAsync: true });
  const data = JSON.parse(asked[0]?.data ?? '');
  expect(data.chatcontent).toBe('还有货吗？\n有的，"大号"\t还剩\\三件\n好');
  expect(data.knowledge).toBe('库存.pdf');
  expect(data.tagjson).toMatchObject([
    { group_id: 'tag-group-服务', tags: [{ tag_id: 'tag-投诉', tag_name: '投诉' }, {}, {}] },
  ]);
  const response = await invokeWell(sandbox, 'get_model_task_result', { jobid });
  expect(response).toMatchObject({ response_errcode: 0, response_data: '{}', fail_list: [] });
});

test('the old names of the model interfaces call the same interfaces', async () => {
  const limits = { modelCallsPerDay: 2 };
  const { sandbox, asked, done } = await zoneWithProgram(() => ({ errcode: 0 }), { limits });
  const { jobid } = await invokeWell(sandbox, 'create_private_task', modelTask(sandbox));
  await done.reached(1);
  expect(asked).toHaveLength(1);
  for (const name of ['get_private_task_result', 'get_model_task_result']) {
    expect(await invokeWell(sandbox, name, { jobid })).toMatchObject({ response_errcode: 0 });
  }
  const missing = await invoke(sandbox, 'create_private_task', {
    ...modelTask(sandbox),
    model_id: '',
  });
  expect(missing.errcode).toBe(800001);
  expect((await invoke(sandbox, 'get_private_task_result', {})).errcode).toBe(40058);
  // Old and new names share one limit.
  expect((await invoke(sandbox, 'create_model_task', modelTask(sandbox))).errcode).toBe(45009);
});

test('the placeholders in the input protocol of the ability are replaced', async () => {
  const { sandbox, asked, done } = await zoneWithProgram(() => ({ errcode: 0 }));
  const { inputTemplates } = sandbox.state.ownPrograms;
  inputTemplates.set('analyse', '{"input":{"text":"[{chatcontent}]","tags":"{tagjson}"},"n":1}');
  sandbox.corp.say(OTHER, { to: CUSTOMER }, 'x');
  await invokeWell(sandbox, 'create_program_task', programTask(sandbox));
  await done.reached(1);
  expect(JSON.parse(asked[0]?.data ?? '')).toEqual({
    input: { text: '[还有货吗？\n有的， 大号  还剩 三件\n好]', tags: '[]' },
    n: 1,
  });
  // Inside a JSON string, the JSON of the tags is escaped.
  const groups = { tag_group_list: [{ group_id: 'tag-group-服务' }] };
  await invokeWell(sandbox, 'create_model_task', modelTask(sandbox, groups));
  await done.reached(2);
  const { tags } = JSON.parse(asked[1]?.data ?? '').input;
  expect(JSON.parse(tags)).toMatchObject([{ group_id: 'tag-group-服务' }]);
});

test('each sender has a letter', async () => {
  const { sandbox, asked, done } = await zoneWithProgram(() => ({ errcode: 0 }));
  const messages = sandbox.corp.staff
    .slice(0, 28)
    .map((userid) => sandbox.corp.say(userid, { chatid: 'wr-全员群📣' }, '到'));
  const msg_list = keysOf(...messages);
  await invokeWell(sandbox, 'create_program_task', programTask(sandbox, { msg_list }));
  await done.reached(1);
  const lines = JSON.parse(asked[0]?.data ?? '').chat.split('\n');
  expect([lines[0], lines[2], lines[25], lines[26], lines[27]]).toEqual([
    'A说：到',
    'C说：到',
    'Z说：到',
    'A1说：到',
    'B1说：到',
  ]);
});

test('in debug mode, debug_info replaces the placeholders and msg_list is ignored', async () => {
  const { sandbox, asked, done } = await zoneWithProgram(() => ({ errcode: 0 }));
  await openDebugMode(sandbox);
  await openDebugMode(sandbox, 'model-1');
  const nothing = [{ msgid: 'none', encrypt_info: { secret_key: 'k' } }];
  const texts = { chat: 'A说：你好', chat_content: '你好' };
  await invokeWell(
    sandbox,
    'create_program_task',
    programTask(sandbox, { msg_list: nothing, debug_info: texts }),
  );
  await done.reached(1);
  await invokeWell(
    sandbox,
    'create_model_task',
    modelTask(sandbox, {
      msg_list: nothing,
      debug_info: { ...texts, knowledge: '知识', tagjson: '[{"a":1}]' },
    }),
  );
  await done.reached(2);
  expect(asked.map(({ data }) => JSON.parse(data))).toEqual([
    { chat: 'A说：你好', chatcontent: '你好' },
    { chat: 'A说：你好', chatcontent: '你好', knowledge: '知识', tagjson: [{ a: 1 }] },
  ]);
});

test('a report is accepted although the delivery failed', async () => {
  const sandbox = await zoneForTest();
  const reported = new Gate();
  const program = await HttpProgram.serve(async (callback) => {
    await new SpecSdk(callback).Invoke('program_async_job_call_back', '{"errcode":0}');
    void reported.pass();
    throw new Error('status 500');
  });
  sandbox.programs.address = program.address;
  const { jobid } = await invokeWell(sandbox, 'create_program_task', programTask(sandbox));
  await reported.reached(1);
  // Another request on the same connection shows that the sandbox has received the status 500.
  await sandbox.call('a', {});
  const response = await invokeWell(sandbox, 'get_program_task_result', { jobid });
  expect(response.response_errcode).toBe(0);
});
