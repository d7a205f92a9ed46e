import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecryptSecretKey, type MessageKey, SpecSdk, ZoneClient } from 'wework-spec-sdk';
import { type Schema, zoneInterfaces } from '../../lib/interfaces';
import { root } from '../support/child';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { keysOf, zoneForTest } from '../support/zone';

silenceLog();

test('a program can call every interface using only the data that it receives', async () => {
  const sandbox = await zoneForTest({ limits: { taskMs: 20, exportMs: 20 } });
  const zone = new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
  });
  const reported = new Gate();
  const program = await HttpProgram.serve(async (callback) => {
    if (callback.GetCallType() === 1) {
      const client = ZoneClient.from(callback);
      await client.program_async_job_call_back({ errcode: 0, result: callback.GetData() });
      void reported.pass();
    }
    return '{}';
  });
  sandbox.programs.address = program.address;
  sandbox.programs.add('model-1', program.address);
  const { privateKeyPem } = await sandbox.corp.keyPair();

  // Archive, groups, consent and search.
  const { page_id_list: pages = [] } = await zone.sync_msg({ mode: 1, limit: 1000 });
  const { msg_list: messages } = await zone.get_msg_list_by_page_id({ page_id: pages[0] ?? '' });
  const texts = messages.filter(({ msgtype, chatid }) => msgtype === 1 && chatid === undefined);
  const keys = texts.map(
    ({ msgid, service_encrypt_info: { encrypted_secret_key: key } }): MessageKey => ({
      msgid,
      encrypt_info: { secret_key: DecryptSecretKey(key, privateKeyPem) },
    }),
  );
  const [text] = texts;
  const parties = [text?.sender, ...(text?.receiver_list ?? [])];
  const userid = parties.find((party) => party?.type === 1)?.id ?? '';
  const external_userid = parties.find((party) => party?.type === 2)?.id ?? '';
  const { agreeinfo } = await zone.get_agree_status_single({ item: [{ userid, external_userid }] });
  expect(agreeinfo).toHaveLength(1);
  const groups = messages.filter(({ chatid }) => chatid !== undefined);
  const [inside] = groups.filter(({ receiver_list: list }) => list.every(({ type }) => type !== 2));
  const { members } = await zone.get_group_chat({ chatid: inside?.chatid ?? '' });
  expect(members.length).toBeGreaterThan(1);
  const { chat_list: chats } = await zone.search_chat({ query_word: '客户群' });
  const { agreeinfo: guests } = await zone.get_agree_status_room({
    chatid: chats[0]?.chatid ?? '',
  });
  expect(guests).toHaveLength(4);
  const found = await zone.search_msg({ query_word: '您好' });
  expect(found.msg_list.length).toBeGreaterThan(0);
  const people = await zone.search_contact_or_customer({ query_word: '张伟' });
  expect(people.user_list).toHaveLength(1);

  // Keyword rules.
  const { rule_id } = await zone.create_rule({ name: 'rule', keyword: { word_list: ['退款'] } });
  await zone.update_rule({ rule_id, name: 'new name' });
  expect((await zone.get_rule_detail({ rule_id })).name).toBe('new name');
  expect((await zone.get_rule_list({})).rule_list).toHaveLength(1);
  sandbox.corp.say(external_userid, { to: userid }, '我要退款');
  expect((await zone.get_hit_msg_list({})).msg_list).toHaveLength(1);
  await zone.delete_rule({ rule_id });

  // Knowledge bases.
  const page = { doc_name: 'page', type: 101, web_url: 'https://example.com' } as const;
  const { kb_id } = await zone.knowledge_base_create({ kb_name: 'faq', doc_list: [page] });
  const file = { doc_name: 'a.pdf', type: 2, file_media_id: 'm' } as const;
  const { doc_list: added } = await zone.knowledge_base_add_doc({ kb_id, doc_list: [file] });
  await zone.knowledge_base_modify_name({ kb_id, kb_name: 'new name' });
  await zone.knowledge_base_remove_doc({ kb_id, docid_list: [added[0]?.docid ?? 0] });
  expect((await zone.knowledge_base_detail({ kb_id })).doc_list).toHaveLength(1);
  expect((await zone.knowledge_base_list({})).kb_info_list).toHaveLength(1);
  expect((await zone.document_list({})).kb_info_list).toHaveLength(1);

  // Models.
  const poll = { delay: 5, maxDelay: 20 };
  const msg_list = keys;
  const summary = await zone.runTask('create_summary_task', { msg_list }, { poll });
  expect(summary.response_data).toContain(`共${keys.length}条消息`);
  const sentiment = await zone.runTask('create_sentiment_task', { msg_list }, { poll });
  expect(sentiment.analyze_result_list).toHaveLength(keys.length);
  const spam = await zone.runTask('create_spam_task', { msg_list }, { poll });
  expect(spam.analyze_result_list).toHaveLength(keys.length);
  const tags = await zone.runTask(
    'create_customer_tag_task',
    { msg_list, tag_group_list: [{ group_id: 'tag-group-服务' }] },
    { poll },
  );
  expect(tags.tag_result_list).toHaveLength(1);
  const reply = await zone.runTask('create_recommend_dialog_task', { msg_list, kb_id }, { poll });
  expect(reply.response_data).toContain('page');
  const general = await zone.runTask('create_ww_model_task', { msg_list }, { poll });
  expect(general.response_data).not.toBe('');
  const own = { msg_list, ability_id: 'a' };
  const model = await zone.runTask('create_model_task', { ...own, model_id: 'model-1' }, { poll });
  expect(JSON.parse(model.response_data ?? '').chatcontent.split('\n')).toHaveLength(keys.length);
  const ownProgram = { ...own, program_id: sandbox.programs.ownId };
  const analysis = await zone.runTask('create_program_task', ownProgram, { poll });
  expect(JSON.parse(analysis.response_data ?? '').chat).toMatch(/^A说：/);
  const old = await zone.invoke<object, { jobid: string }>('create_private_task', {
    ...own,
    model_id: 'model-1',
  });
  await reported.reached(3);
  const { jobid } = old;
  expect(await zone.invoke('get_private_task_result', { jobid })).toMatchObject({
    response_errcode: 0,
  });
  await zone.knowledge_base_delete({ kb_id });

  // Exports, programs, notifications and masking.
  const code = sandbox.state.exports.issueCode(keys.map(({ msgid }) => msgid));
  const media_id = sandbox.state.media.add('a.txt', '');
  const exported = await zone.runTask('create_chatdata_export_job', { code, media_id }, { poll });
  expect(sandbox.state.exports.result(exported.result_id ?? '')?.split('\n')).toHaveLength(
    keys.length + 1,
  );
  const { notify_id: notifyId } = await zone.spec_notify_app({ notify_scene: 3 });
  expect(sandbox.application.notifications).toMatchObject([{ notifyId, notifyScene: 3 }]);
  await zone.set_hide_sensitiveinfo_config({ userid, config: { hide_mobile: true } });
  const { config } = await zone.get_hide_sensitiveinfo_config({ userid });
  expect(config.hide_mobile).toBe(true);

  const well = sandbox.wire.exchanges.filter(({ response }) => JSON.parse(response).errcode === 0);
  const names = new Set(well.map(({ interfaceName }) => interfaceName));
  expect([...names].sort()).toEqual(zoneInterfaces.map(({ name }) => name).sort());
});

test('requests and responses of a program never contain message texts', async () => {
  const sandbox = await zoneForTest({ limits: { taskMs: 0 } });
  const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
  await sdk.Invoke('sync_msg', '{"limit":1000}');
  await sdk.Invoke('search_msg', '{"query_word":"您好"}');
  const seen = sandbox.wire.exchanges.map(({ response }) => response).join();
  const said = sandbox.corp.messages.map(({ text }) => text).filter((text) => text.length > 8);
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter((text) => seen.includes(text))).toEqual([]);
});

describe('every request that matches its definition', () => {
  // A random number generator with a fixed seed (Park and Miller).
  let seed = 20_260_105;
  const below = (limit: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  test('gets a response, but never errcode -1', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 200 } });
    const program = await HttpProgram.serve(() => '');
    sandbox.programs.address = program.address;
    const { corp, state } = sandbox;
    const known = [
      ...corp.staff.slice(0, 8),
      ...corp.customers,
      ...[...corp.groups].map(({ chatid }) => chatid),
      state.knowledgeBases.grant('faq'),
      sandbox.programs.ownId,
      'tag-group-服务',
      'doc-报价政策',
      'https://example.com/a',
      'a.pdf',
      '10012345678',
      '__proto__',
      '长🌸\u0000',
    ];
    const messageKey = () => keysOf(pick(corp.messages))[0] as Record<string, unknown>;
    const value = (schema: Schema, name: string): unknown => {
      switch (schema.kind) {
        case 'text': {
          if (schema.values !== undefined) return pick(schema.values);
          if (/_id$|jobid|cursor|code/.test(name) && below(3) === 0) {
            return `${pick(['rule', 'kb', 'task', 'export', 'cursor', 'hits'])}-${below(30)}`;
          }
          const characters = [...pick(known)].slice(0, schema.maxChars);
          return characters.join('').padEnd(schema.minChars ?? 0, '好');
        }
        case 'integer': {
          if (schema.values !== undefined) return Number(pick(Object.keys(schema.values)));
          const { min = 0, max = min + 2_000_000_000 } = schema;
          return pick([min, max, min + below(max - min + 1)]);
        }
        case 'boolean':
          return below(2) === 0;
        case 'list': {
          const { min = 0, max = 5, items } = schema;
          const count = min + below(Math.min(max - min + 1, 4));
          return Array.from({ length: count }, () =>
            name === 'msg_list' && below(4) > 0 ? messageKey() : value(items, name),
          );
        }
        case 'struct':
          return Object.fromEntries(
            Object.entries(schema.fields)
              .filter(([, field]) => field.isRequired || below(3) > 0)
              .map(([field, { schema: inner }]) => [field, value(inner, field)]),
          );
        case 'variants':
          return value(pick(schema.of), name);
      }
    };
    const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
    const returned = new Map<string, Set<number>>();
    for (let round = 0; round < 60; round += 1) {
      for (const { name, request } of zoneInterfaces) {
        const { response } = await sdk.Invoke(name, JSON.stringify(value(request, '')));
        const { errcode } = JSON.parse(response);
        returned.set(name, (returned.get(name) ?? new Set()).add(errcode));
        const { error } = sandbox.wire.exchanges.at(-1) ?? {};
        expect([name, errcode === -1, error]).toEqual([name, false, undefined]);
      }
    }
    // Without successful calls, the test would prove little.
    const well = [...returned].filter(([, errcodes]) => errcodes.has(0)).map(([name]) => name);
    expect(well.length).toBeGreaterThan(20);
  });
});

test('the code in docs/sandbox-zone.md runs unchanged', async () => {
  const docs = readFileSync(join(root, 'docs', 'sandbox-zone.md'), 'utf8');
  const [, ...blocks] = [...docs.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  expect(blocks.length).toBeGreaterThan(3);
  const sandbox = await zoneForTest({ corp: { staff: 5, customers: 9, messages: 20 } });
  const folder = process.cwd();
  for (const code of blocks.filter((block) => !block.includes('state.json'))) {
    const run = new Function('sandbox', 'abilityId', `return (async () => { ${code} })()`);
    await run(sandbox, 'a');
  }
  expect(process.cwd()).toBe(folder);
  expect(sandbox.corp.messages).toHaveLength(22);
  expect(sandbox.state.models.summary({ messages: [], corp: sandbox.corp, request: {} })).toBe(
    '共0条',
  );
});
