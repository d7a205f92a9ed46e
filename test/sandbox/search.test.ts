import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { invoke, invokeWell, type Json, messageWith, zoneForTest } from '../support/zone';

silenceLog();

/** All pages of a search with this limit. */
async function all(
  sandbox: ZoneSandbox,
  name: string,
  request: object,
  list: string,
): Promise<Json[]> {
  const found: Json[] = [];
  let cursor = '';
  for (let more = 1; more === 1; ) {
    const response = await invokeWell(sandbox, name, { ...request, cursor });
    found.push(...response[list]);
    expect(response[list].length).toBeLessThanOrEqual((request as { limit?: number }).limit ?? 50);
    cursor = response.next_cursor;
    more = response.has_more;
    expect(cursor === '').toBe(more === 0);
  }
  return found;
}

describe('search_msg', () => {
  const search = async (sandbox: ZoneSandbox, request: object): Promise<string[]> =>
    (await all(sandbox, 'search_msg', request, 'msg_list')).map(({ msgid }) => msgid);

  test('finds every message that contains the words, newest first, in pages', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 2000 } });
    const expected = sandbox.corp.messages
      .filter(
        ({ msgtype, text }) => [1, 4, 5, 8, 18, 20, 23].includes(msgtype) && text.includes('手册'),
      )
      .map(({ msgid }) => msgid)
      .reverse();
    expect(expected.length).toBeGreaterThan(15);
    for (const limit of [7, expected.length, 100]) {
      expect(await search(sandbox, { query_word: '手册', limit })).toEqual(expected);
    }
    expect(await search(sandbox, { query_word: '没有人说过这个' })).toEqual([]);
  });

  test('filters by chat, type, sender and time', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 500 } });
    const { corp } = sandbox;
    const [one, two] = corp.staff as string[];
    const [customer] = corp.customers as [string];
    const say = (from: string, where: object, msgtype = 1): string =>
      corp.addMessage({ from, msgtype, text: '独特的词语 Unique', ...where }).msgid;
    const single = say(one as string, { to: customer });
    const back = say(customer, { to: one });
    const other = say(two as string, { to: customer });
    const group = say(one as string, { chatid: 'wr-项目组' });
    const file = say(one as string, { to: customer }, 8);
    const spoken = say(one as string, { to: customer }, 6);
    const found = (chat_info: object, more: object = {}) =>
      search(sandbox, { query_word: '独特', chat_info, ...more });
    expect(await found({})).toEqual([file, group, other, back, single]);
    expect(await found({})).not.toContain(spoken);
    const pair = [{ open_userid: one }, { external_userid: customer }];
    expect(await found({ chat_type: 1, id_list: pair })).toEqual([file, back, single]);
    expect(await found({ chat_type: 2 })).toEqual([group]);
    expect(await found({ chat_type: 2, chat_id: 'wr-客户群🌸' })).toEqual([]);
    expect(await found({ msg_type_list: [8] })).toEqual([file]);
    expect(await found({ sender: { open_userid: two } })).toEqual([other]);
    const senders = [{ open_userid: one }, { open_userid: two }];
    expect(await found({ sender: { open_userid: 'x' }, sender_list: senders })).toEqual([
      file,
      group,
      other,
      single,
    ]);
    const now = corp.message(single)?.sendTime ?? 0;
    expect(await found({}, { start_time: now - 10, end_time: now - 1 })).toEqual([]);
    expect(await found({}, { start_time: now, end_time: now + 60 })).toHaveLength(5);
    sandbox.clock.set((now + 31 * 86_400 + 60) * 1000);
    expect(await found({})).toEqual([]);
  });

  test('requires all words, ignores case, and skips stop words on request', async () => {
    const sandbox = await zoneForTest();
    const [staff, customer] = [
      sandbox.corp.staff[0] as string,
      sandbox.corp.customers[0] as string,
    ];
    const { msgid } = sandbox.corp.say(staff, { to: customer }, '蓝色水杯 Size XL 明天到货');
    expect(await search(sandbox, { query_word: '水杯 xl' })).toEqual([msgid]);
    expect(await search(sandbox, { query_word: '水杯 红色' })).toEqual([]);
    expect(await search(sandbox, { query_word: '蓝色的水杯' })).toEqual([]);
    expect(await search(sandbox, { query_word: '蓝色的水杯', skip_stop_words: true })).toEqual([
      msgid,
    ]);
    expect(await search(sandbox, { query_word: '   ' })).toEqual([]);
    // A query of stop words alone is searched as it is.
    const { msgid: asked } = sandbox.corp.say(customer, { to: staff }, '好的吗？');
    const kept = await search(sandbox, { query_word: '的吗', skip_stop_words: true });
    expect(kept).toContain(asked);
    expect(kept).not.toContain(msgid);
  });

  test('does not find messages without a party in scope', async () => {
    const sandbox = await zoneForTest();
    const message = messageWith(
      sandbox,
      ({ chatid, msgtype, text }) => chatid === undefined && msgtype === 1 && text.length > 5,
    );
    const request = { query_word: message.text, limit: 100 };
    expect(await search(sandbox, request)).toContain(message.msgid);
    for (const { type, id } of [message.sender, ...message.receivers]) {
      if (type === 1) sandbox.corp.setInScope(id, false);
    }
    expect(await search(sandbox, request)).not.toContain(message.msgid);
  });

  test.each([
    { query_word: '一' },
    { query_word: '手册', chat_info: { chat_type: 1, id_list: [{ open_userid: 'x' }] } },
    { query_word: '手册', start_time: 5 },
    { query_word: '手册', start_time: 1, end_time: 1 + 32 * 86_400 },
    { query_word: '手册', chat_info: { msg_type_list: [2] } },
    { query_word: '手册', limit: 101 },
  ])('returns 40058 for %j', async (request) => {
    expect((await invoke(await zoneForTest(), 'search_msg', request)).errcode).toBe(40058);
  });
});

test('search_chat finds groups by their name', async () => {
  const sandbox = await zoneForTest({ corp: { staff: 80, customers: 500, messages: 10 } });
  const groups = [...sandbox.corp.groups].filter(({ name }) => name.includes('客户交流'));
  expect(groups).toHaveLength(20);
  const request = { query_word: '客户交流', limit: 6 };
  const found = await all(sandbox, 'search_chat', request, 'chat_list');
  expect(found).toEqual(groups.map(({ chatid }) => ({ chatid })));
  for (const userid of sandbox.corp.staff) sandbox.corp.setInScope(userid, false);
  expect(await all(sandbox, 'search_chat', request, 'chat_list')).toEqual([]);
});

describe('search_contact_or_customer', () => {
  const find = (sandbox: ZoneSandbox, query_word: string, more: object = {}): Promise<Json[]> =>
    all(sandbox, 'search_contact_or_customer', { query_word, ...more }, 'user_list');

  test('finds by name, pinyin, alias and remark', async () => {
    const sandbox = await zoneForTest();
    const { corp } = sandbox;
    expect(await find(sandbox, '张伟')).toEqual([{ type: 1, id: 'wo-张伟' }]);
    expect(await find(sandbox, 'zhangw')).toEqual([{ type: 1, id: 'wo-张伟' }]);
    expect(await find(sandbox, corp.member('wo-张伟')?.alias ?? '')).toContainEqual({
      type: 1,
      id: 'wo-张伟',
    });
    expect(await find(sandbox, '李娜🌸')).toEqual([{ type: 2, id: 'wm-李娜🌸' }]);
    expect(await find(sandbox, '重点客户')).toEqual([{ type: 2, id: 'wm-孙悦' }]);
  });

  test('filters by the type of user, and returns pages', async () => {
    const sandbox = await zoneForTest({ corp: { staff: 300, customers: 3000, messages: 0 } });
    const both = await find(sandbox, 'wang', { limit: 100 });
    const staff = await find(sandbox, 'wang', { query_user_type: 1, limit: 3 });
    const customers = await find(sandbox, 'wang', { query_user_type: 2, limit: 17 });
    expect(staff.length).toBeGreaterThan(3);
    expect(customers.length).toBeGreaterThan(17);
    expect(both).toEqual([...staff, ...customers]);
    expect(new Set(staff.map(({ type }) => type))).toEqual(new Set([1]));
  });

  test('finds neither employees out of scope nor customers whose followers are all out of scope', async () => {
    const sandbox = await zoneForTest();
    const { followers } = sandbox.corp.customer('wm-孙悦') ?? { followers: [] };
    for (const { userid } of followers) sandbox.corp.setInScope(userid, false);
    expect(await find(sandbox, '孙悦')).toEqual([]);
    expect(await find(sandbox, '李娜')).toHaveLength(1);
  });
});
