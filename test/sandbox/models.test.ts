import type { Message, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { rejectionOf } from '../support/thrown';
import { invoke, invokeWell, type Json, keysOf, messageWith, zoneForTest } from '../support/zone';

silenceLog();

async function frozenZone(options = {}): Promise<ZoneSandbox> {
  const sandbox = await zoneForTest(options);
  sandbox.clock.set(sandbox.clock.now());
  return sandbox;
}

const STAFF = 'wo-张伟';
const CUSTOMER = 'wm-李娜🌸';
const angry = (sandbox: ZoneSandbox) =>
  sandbox.corp.say(CUSTOMER, { to: STAFF }, '我要投诉，太差了，要求退款');
const glad = (sandbox: ZoneSandbox) => sandbox.corp.say(CUSTOMER, { to: STAFF }, '谢谢，很满意');

/** The result of a task after its duration. */
async function result(
  sandbox: ZoneSandbox,
  create: string,
  read: string,
  request: object,
): Promise<Json> {
  const { jobid } = await invokeWell(sandbox, create, request);
  sandbox.clock.advance(sandbox.state.limits.taskMs);
  return invokeWell(sandbox, read, { jobid });
}

test('a task is running until its time is over, then done', async () => {
  const sandbox = await frozenZone();
  const created = await invokeWell(sandbox, 'create_summary_task', {
    msg_list: keysOf(angry(sandbox)),
  });
  expect(created).toMatchObject({ jobid: expect.any(String), fail_list: [] });
  const status = async () => invokeWell(sandbox, 'get_summary_result', { jobid: created.jobid });
  expect(await status()).toEqual({ errcode: 0, errmsg: 'ok', status: 0 });
  sandbox.clock.advance(sandbox.state.limits.taskMs - 1);
  expect((await status()).status).toBe(0);
  sandbox.clock.advance(1);
  expect(await status()).toMatchObject({
    status: 1,
    fail_list: [],
    response_data: expect.stringContaining('投诉'),
  });
});

test('a task fails if its model throws or it takes more than a day', async () => {
  const sandbox = await frozenZone({ limits: { taskMs: 25 * 3_600_000 } });
  const message = angry(sandbox);
  const { jobid } = await invokeWell(sandbox, 'create_summary_task', { msg_list: keysOf(message) });
  sandbox.clock.advance(24 * 3_600_000 - 1);
  expect((await invokeWell(sandbox, 'get_summary_result', { jobid })).status).toBe(0);
  sandbox.clock.advance(1);
  expect(await invokeWell(sandbox, 'get_summary_result', { jobid })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    status: 2,
  });

  const other = await frozenZone({
    models: {
      summary: () => {
        throw new Error('the model is out of order');
      },
    },
  });
  const failed = await result(other, 'create_summary_task', 'get_summary_result', {
    msg_list: keysOf(other.corp.messages[0]),
  });
  expect(failed.status).toBe(2);
});

describe("the results of the sandbox's models depend on the messages", () => {
  test('a summary task', async () => {
    const sandbox = await frozenZone();
    const summary = async (...list: Message[]) =>
      (
        await result(sandbox, 'create_summary_task', 'get_summary_result', {
          msg_list: keysOf(...list),
        })
      ).response_data;
    const [one, two] = [angry(sandbox), glad(sandbox)];
    const text = await summary(one, two);
    expect(text).toContain('共2条消息，1人参与');
    expect(text).toContain('李娜🌸提到：“我要投诉');
    expect(text).toContain('正面1条，负面1条');
    expect(await summary(two)).not.toBe(text);
    expect(await summary(one, two)).toBe(text);
  });

  test('a summary ignores text beyond 30000 characters', async () => {
    const sandbox = await frozenZone();
    const long = sandbox.corp.say(STAFF, { to: CUSTOMER }, '长'.repeat(29_999));
    const last = sandbox.corp.say(STAFF, { to: CUSTOMER }, '谢谢');
    const { response_data: text } = await result(
      sandbox,
      'create_summary_task',
      'get_summary_result',
      { msg_list: keysOf(long, last) },
    );
    expect(text).toContain('共1条消息');
  });

  test('sentiment and spam tasks return one entry for each message', async () => {
    const sandbox = await frozenZone();
    const list = [
      angry(sandbox),
      glad(sandbox),
      sandbox.corp.say(STAFF, { to: CUSTOMER }, '明天到'),
      sandbox.corp.say(STAFF, { to: CUSTOMER }, '裸聊'),
      sandbox.corp.say(STAFF, { to: CUSTOMER }, '煽动暴乱'),
    ];
    const lines = async (kind: string): Promise<Json[]> =>
      (
        await result(sandbox, `create_${kind}_task`, `get_${kind}_result`, {
          msg_list: keysOf(...list),
        })
      ).analyze_result_list;
    const sentiment = await lines('sentiment');
    expect(sentiment[0]).toEqual({
      errcode: 0,
      errmsg: 'ok',
      msgid: list[0]?.msgid,
      sentiment_result: 2,
    });
    expect(sentiment.map((line) => line.sentiment_result)).toEqual([2, 1, 0, 0, 0]);
    expect((await lines('spam')).map((line) => line.spam_result)).toEqual([0, 0, 0, 2, 1]);
  });

  test('a tag task returns at most one tag of each requested group', async () => {
    const sandbox = await frozenZone();
    const tags = async (message: ReturnType<typeof angry>, ...groups: string[]) =>
      (
        await result(sandbox, 'create_customer_tag_task', 'get_customer_tag_result', {
          msg_list: keysOf(message),
          tag_group_list: groups.map((group_id) => ({ group_id })),
        })
      ).tag_result_list;
    const service = 'tag-group-服务';
    expect(await tags(angry(sandbox), service)).toEqual([
      { group_id: service, tag_id: 'tag-投诉' },
    ]);
    expect(await tags(glad(sandbox), service)).toEqual([{ group_id: service, tag_id: 'tag-满意' }]);
    expect(await tags(glad(sandbox), 'tag-group-行业', 'none')).toEqual([]);
  });

  test('a recommended reply uses the knowledge base', async () => {
    const sandbox = await frozenZone();
    const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
      kb_name: 'faq',
      doc_list: [{ doc_name: '售后.pdf', type: 2, file_media_id: 'm' }],
    });
    const reply = async (message: ReturnType<typeof angry>) =>
      (
        await result(sandbox, 'create_recommend_dialog_task', 'get_recommend_dialog_result', {
          kb_id,
          msg_list: keysOf(message),
        })
      ).response_data;
    expect(await reply(angry(sandbox))).toMatch(/抱歉.*《售后.pdf》/);
    expect(await reply(glad(sandbox))).toContain('感谢');
  });

  test('the general model returns its reasoning on request, reads documents, and lists unknown tag groups', async () => {
    const sandbox = await frozenZone();
    const general = (request: object) =>
      result(sandbox, 'create_ww_model_task', 'get_ww_model_result', request);
    const msg_list = keysOf(angry(sandbox));
    expect((await general({ msg_list })).response_data).toMatch(/^共1条消息/);
    expect((await general({ msg_list, need_think_result: true })).response_data).toMatch(
      /^<think>.+<\/think>共1条消息/,
    );
    const kb_id = sandbox.state.knowledgeBases.grant('政策');
    expect((await general({ msg_list, kb_id })).response_data).toContain('知识集：政策');
    const found = await general({
      doc_retrieval_params: {
        oper_userid: STAFF,
        user_doc_ticket: 't',
        docid_list: ['doc-报价政策', 'none'],
      },
    });
    expect(found.filtered_content_list).toEqual([
      { docid: 'none', errcode: 710729, errmsg: expect.any(String) },
    ]);
    expect(found.response_data).toContain('参考文档1篇');
    const bySearch = async (keywords: string[]) =>
      (
        await general({
          doc_retrieval_params: { oper_userid: STAFF, user_doc_ticket: 't', keywords },
        })
      ).response_data;
    expect(await bySearch(['折', '换货'])).toContain('参考文档2篇');
    expect(await bySearch(['没有的词'])).not.toContain('参考文档');
    const created = await invokeWell(sandbox, 'create_ww_model_task', {
      ability_id: 'a',
      msg_list,
      tag_group_list: [{ group_id: 'tag-group-服务' }, { group_id: 'none' }],
    });
    expect(created.fail_tag_group_id_list).toEqual(['none']);
  });
});

test('a model can be replaced at start and later, and a reset restores it', async () => {
  const sandbox = await frozenZone({ models: { summary: () => 'at start' } });
  const summary = async () =>
    (
      await result(sandbox, 'create_summary_task', 'get_summary_result', {
        msg_list: keysOf(sandbox.corp.messages[0]),
      })
    ).response_data;
  expect(await summary()).toBe('at start');
  sandbox.state.models.summary = async ({ messages, corp }) =>
    `${messages.length} of ${corp.messages.length}`;
  expect(await summary()).toBe('1 of 260');
  await sandbox.reset();
  sandbox.clock.set(sandbox.clock.now());
  expect(await summary()).toBe('at start');
});

test('a state can be saved when a replaced model has returned objects with methods', async () => {
  const sandbox = await frozenZone();
  const tag = { group_id: 'g', tag_id: 't', toString: () => 'a tag' };
  sandbox.state.models.tags = () => [tag];
  const { tag_result_list: tags } = await result(
    sandbox,
    'create_customer_tag_task',
    'get_customer_tag_result',
    { msg_list: keysOf(sandbox.corp.messages[0]), tag_group_list: [{ group_id: 'g' }] },
  );
  expect(tags).toEqual([{ group_id: 'g', tag_id: 't' }]);
  await sandbox.load(await sandbox.save());
});

test('creating a task does not wait for a slow model, and the task is not done before the model', async () => {
  const gate = new Gate();
  const sandbox = await frozenZone({
    models: {
      summary: async () => {
        await gate.pass();
        return 'at last';
      },
    },
  });
  const { jobid } = await invokeWell(sandbox, 'create_summary_task', {
    msg_list: keysOf(sandbox.corp.messages[0]),
  });
  sandbox.clock.advance(3_600_000);
  expect((await invokeWell(sandbox, 'get_summary_result', { jobid })).status).toBe(0);
  const { jobid: another } = await invokeWell(sandbox, 'create_summary_task', {
    msg_list: keysOf(sandbox.corp.messages[0]),
  });
  sandbox.clock.advance(23 * 3_600_000);
  // Each task may take one day.
  expect((await invokeWell(sandbox, 'get_summary_result', { jobid })).status).toBe(2);
  expect((await invokeWell(sandbox, 'get_summary_result', { jobid: another })).status).toBe(0);
  gate.open();
  expect(await invokeWell(sandbox, 'get_summary_result', { jobid: another })).toMatchObject({
    status: 1,
    response_data: 'at last',
  });
});

test('an interface can be replaced by a handler that gets the state, until a reset', async () => {
  const sandbox = await frozenZone();
  sandbox.use('create_summary_task', (request, { state, now }) => {
    const [first] = request.msg_list;
    return { jobid: `${state.corp.message(first?.msgid ?? '')?.text} ${now}` };
  });
  const message = angry(sandbox);
  const request = { msg_list: keysOf(message) };
  expect(await invoke(sandbox, 'create_summary_task', request)).toEqual({
    jobid: `${message.text} ${sandbox.clock.now()}`,
  });
  // A request that violates the definition does not reach the handler.
  expect((await invoke(sandbox, 'create_summary_task', {})).errcode).toBe(40058);
  await sandbox.reset();
  expect((await invoke(sandbox, 'create_summary_task', request)).errcode).toBe(790041);
});

test('messages are decrypted one by one: failures are listed, the others are read', async () => {
  const sandbox = await frozenZone();
  const [good, other] = [angry(sandbox), glad(sandbox)];
  const spoken = sandbox.corp.addMessage({
    from: STAFF,
    to: CUSTOMER,
    msgtype: 6,
    text: '好的谢谢',
  });
  const picture = messageWith(sandbox, ({ msgtype }) => msgtype === 2);
  const mixed = { ...keysOf(other)[0], encrypt_info: { secret_key: good.secretKey } };
  const { fail_list: failed, response_data: text } = await result(
    sandbox,
    'create_summary_task',
    'get_summary_result',
    { msg_list: [...keysOf(good, picture, spoken), mixed] },
  );
  expect(failed.map(({ errcode, msgid }: Json) => [errcode, msgid])).toEqual([
    [710602, picture.msgid],
    [710603, other.msgid],
  ]);
  expect(text).toContain('共2条消息');
});

test('limits count characters, not UTF-16 code units', async () => {
  const sandbox = await frozenZone();
  const flowers = sandbox.corp.say(STAFF, { to: CUSTOMER }, '🌸'.repeat(30_000));
  const tag_group_list = [{ group_id: 'tag-group-服务' }];
  await invokeWell(sandbox, 'create_customer_tag_task', {
    msg_list: keysOf(flowers),
    tag_group_list,
  });
});

test('10000 calls of an interface are allowed per day in UTC+8', async () => {
  const sandbox = await frozenZone();
  const midnight = Date.parse('2026-01-06T00:00:00+08:00');
  sandbox.clock.set(midnight - 1);
  const { corpId } = sandbox.application;
  for (let call = 0; call < 9999; call += 1)
    sandbox.state.calls.count('get_summary_result', corpId);
  const call = async () => (await invoke(sandbox, 'get_summary_result', { jobid: 'x' })).errcode;
  expect([await call(), await call()]).toEqual([40088, 45009]);
  sandbox.clock.advance(1);
  expect(await call()).toBe(40088);
});

test('options for models and limits are checked', async () => {
  const start = (options: object) => rejectionOf(frozenZone(options));
  const wrong: [options: object, code: string][] = [
    [{ models: { summary: 5 } }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ models: { none: () => '' } }, 'ERR_SPEC_UNKNOWN_OPTION'],
    [{ models: [] }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ limits: { none: 5 } }, 'ERR_SPEC_UNKNOWN_OPTION'],
    [{ limits: { constructor: 5 } }, 'ERR_SPEC_UNKNOWN_OPTION'],
    [{ limits: { rules: -1 } }, 'ERR_SPEC_OUT_OF_RANGE'],
    [{ limits: { rules: Number.NaN } }, 'ERR_SPEC_OUT_OF_RANGE'],
    [{ limits: { rules: '5' } }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ limits: { strictTokens: 1 } }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    [{ limits: 5 }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ];
  for (const [options, code] of wrong) {
    expect([options, (await start(options)).code]).toEqual([options, code]);
  }
  expect((await start({ limits: { none: 5 } })).message).toMatch(
    /^Unknown option "limits\.none"\. The options here are: modelCallsPerDay, /,
  );
  expect((await start({ limits: { rules: -1 } })).message).toBe(
    'The value of "options.limits.rules" is out of range. It must be >= 0. Received -1',
  );
});
