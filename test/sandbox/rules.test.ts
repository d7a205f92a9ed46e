import type { NewMessage, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { invoke, invokeWell, type Json, zoneForTest } from '../support/zone';

silenceLog();
const STAFF = 'wo-张伟';
const OTHER = 'wo-王芳';
const CUSTOMER = 'wm-李娜🌸';

async function create(sandbox: ZoneSandbox, rule: object): Promise<string> {
  return (await invokeWell(sandbox, 'create_rule', { name: 'rule', ...rule })).rule_id;
}

async function hits(sandbox: ZoneSandbox, request: object = {}): Promise<Json> {
  return invokeWell(sandbox, 'get_hit_msg_list', request);
}

describe('keyword rules', () => {
  test('are created, listed, read, changed and deleted', async () => {
    const sandbox = await zoneForTest();
    const rule_id = await create(sandbox, {
      keyword: { word_list: ['退款'] },
      applicable_range: { chat: { id_list: ['wr-项目组'] }, msg_scope: 3 },
    });
    const detail = async () => {
      const { errcode, errmsg, ...rest } = await invokeWell(sandbox, 'get_rule_detail', {
        rule_id,
      });
      return rest;
    };
    const words = { word_list: ['退款'], is_case_sensitive: 1, match_rule: 0, is_trim_msg: 0 };
    expect(await detail()).toEqual({
      name: 'rule',
      keyword: words,
      semantics: { semantics_list: [] },
      applicable_range: { chat: { id_list: ['wr-项目组'] }, msg_scope: 3 },
    });
    await invokeWell(sandbox, 'update_rule', {
      rule_id,
      name: 'other',
      keyword: { match_rule: 1 },
      semantics: { semantics_list: [2] },
      applicable_range: { chat: { id_list: [] } },
    });
    expect(await detail()).toEqual({
      name: 'other',
      keyword: { ...words, match_rule: 1 },
      semantics: { semantics_list: [2] },
      applicable_range: { chat: { id_list: [] }, msg_scope: 3 },
    });
    expect((await invokeWell(sandbox, 'get_rule_list', {})).rule_list).toEqual([
      { rule_id, name: 'other', create_time: expect.any(Number) },
    ]);
    await invokeWell(sandbox, 'delete_rule', { rule_id });
    expect((await invokeWell(sandbox, 'get_rule_list', {})).rule_list).toEqual([]);
  });

  test('are limited to 500, and listed in pages', async () => {
    const sandbox = await zoneForTest();
    const ids: string[] = [];
    for (let count = 0; count < 500; count += 1) {
      ids.push(await create(sandbox, { keyword: { word_list: ['x'] } }));
    }
    const refused = await invoke(sandbox, 'create_rule', {
      name: 'r',
      keyword: { word_list: ['x'] },
    });
    expect(refused.errcode).toBe(710619);
    const listed: string[] = [];
    let cursor: string | undefined;
    let hasMore = true;
    while (hasMore) {
      const page = await invokeWell(sandbox, 'get_rule_list', { ...(cursor && { cursor }) });
      expect(page.rule_list).toHaveLength(100);
      listed.push(...page.rule_list.map((rule: Json) => rule.rule_id));
      cursor = page.next_cursor;
      hasMore = page.has_more;
    }
    expect(listed).toEqual(ids);
  });
});

/** Whether a message hits a rule. */
async function isHit(sandbox: ZoneSandbox, rule: object, message: NewMessage): Promise<boolean> {
  await sandbox.reset();
  await create(sandbox, rule);
  sandbox.corp.addMessage(message);
  return (await hits(sandbox)).msg_list.length === 1;
}

describe('a rule', () => {
  const words = (...word_list: string[]) => ({ keyword: { word_list } });
  const single = (text: string, from = STAFF, to = CUSTOMER): NewMessage => ({ from, to, text });
  const group = (text: string, from = STAFF): NewMessage => ({ from, chatid: 'wr-项目组', text });
  const inRange = (applicable_range: object) => ({ ...words('退款'), applicable_range });

  test.each<[boolean, object, NewMessage]>([
    [true, words('退款', '投诉'), single('我要投诉你们')],
    [false, words('退款'), single('你好')],
    [false, words('vip'), single('VIP')],
    [true, { keyword: { word_list: ['vip'], is_case_sensitive: 0 } }, single('a VIP')],
    [false, { keyword: { word_list: ['退款'], match_rule: 1 } }, single('退款吧')],
    [false, { keyword: { word_list: ['退款'], match_rule: 1 } }, single(' 退款 ')],
    [true, { keyword: { word_list: ['退款'], match_rule: 1, is_trim_msg: 1 } }, single(' 退款 ')],
    [false, inRange({ exclude_keyword: { word_list: ['退款政策'] } }), single('看看退款政策')],
    [true, inRange({ exclude_keyword: { word_list: ['退款政策'] } }), single('退款政策和退款')],
    [false, words('退款'), { ...single('退款'), msgtype: 6 }],
    [true, inRange({ voice_match_msgtype: { type_list: [6] } }), { ...single('退款'), msgtype: 6 }],
    [
      false,
      inRange({ voice_match_msgtype: { type_list: [21] } }),
      { ...single('退款'), msgtype: 6 },
    ],
    [false, words('退款'), { ...single('退款'), msgtype: 18 }],
    [true, inRange({ target_type: { type_list: [1] } }), single('退款')],
    [false, inRange({ target_type: { type_list: [2] } }), single('退款')],
    [true, inRange({ target_type: { type_list: [2] }, msg_scope: 2 }), single('退款')],
    [true, inRange({ target_type: { type_list: [2] }, msg_scope: 3 }), single('退款')],
    [false, inRange({ chat_type: { type_list: [2] } }), single('退款')],
    [true, inRange({ chat_type: { type_list: [2] } }), group('退款')],
    [false, inRange({ session_type: { session_type_list: [1] } }), single('退款')],
    [true, inRange({ session_type: { session_type_list: [1] } }), group('退款')],
    [true, inRange({ session_type: { session_type_list: [2] } }), single('退款')],
    [true, inRange({ chat: { id_list: ['wr-项目组'] } }), group('退款')],
    [false, inRange({ chat: { id_list: ['wr-客户群🌸'] } }), group('退款')],
    [true, inRange({ user: { id_list: [STAFF] } }), single('退款')],
    [false, inRange({ user: { id_list: [OTHER] } }), single('退款')],
    [true, inRange({ user: { id_list: [STAFF] } }), single('退款', CUSTOMER, STAFF)],
    [false, inRange({ user: { id_list: [OTHER] } }), single('退款', CUSTOMER, STAFF)],
    [
      false,
      inRange({ user: { id_list: [STAFF] }, target_type: { type_list: [1] } }),
      single('退款', CUSTOMER, STAFF),
    ],
    [
      true,
      inRange({ user: { id_list: [STAFF] }, target_type: { type_list: [2] } }),
      single('退款', CUSTOMER, STAFF),
    ],
    [
      false,
      inRange({ user: { id_list: [STAFF] }, external_contact: { id_list: ['wm-孙悦'] } }),
      single('退款', CUSTOMER, STAFF),
    ],
    [true, inRange({ department: { id_list: [1] } }), single('退款')],
    [false, inRange({ department: { id_list: [9] } }), single('退款')],
    [true, inRange({ department: { id_list: [9] }, user: { id_list: [STAFF] } }), single('退款')],
    [true, inRange({ external_contact: { id_list: [CUSTOMER] } }), single('退款', CUSTOMER, STAFF)],
    [
      false,
      inRange({ external_contact: { id_list: ['wm-孙悦'] } }),
      single('退款', CUSTOMER, STAFF),
    ],
    [false, words('退款'), { from: 'robot-小助手🤖', chatid: 'wr-项目组', text: '退款' }],
  ])('hits (%p): keywords %j, message %j', async (expected, rule, message) => {
    expect(await isHit(await zoneForTest(), rule, message)).toBe(expected);
  });

  const behaviour = (behaviour: number, applicable_range: object = {}) => ({
    semantics: { semantics_list: [behaviour] },
    applicable_range,
  });
  const CARD = '9999990000000006';
  test.each<[boolean, object, NewMessage]>([
    [true, behaviour(1), { ...single(''), msgtype: 13 }],
    [true, behaviour(2), single('电话10012345678')],
    [false, behaviour(2), single('订单100123456789')],
    [false, behaviour(2), single('订单210012345678')],
    [
      false,
      behaviour(2, { exclude_mobile: { mobile_list: ['10012345678'] } }),
      single('10012345678'),
    ],
    [true, behaviour(3), single('发到 a.b@example.com 谢谢')],
    [
      false,
      behaviour(3, { exclude_email: { email_list: ['a@example.com'] } }),
      single('a@example.com'),
    ],
    [true, behaviour(4), { ...single(''), msgtype: 9 }],
    [true, behaviour(5), { ...single(''), msgtype: 2, behaviours: [5] }],
    [false, behaviour(5), { ...single(''), msgtype: 2 }],
    [true, behaviour(6), { ...single('撤回的话'), behaviours: [6] }],
    [true, behaviour(7), single(`账号${CARD}`)],
    [false, behaviour(7), single('9999990000000005')],
    [false, behaviour(7, { exclude_bank_card: { bank_card_list: [CARD] } }), single(CARD)],
    [true, behaviour(8), single('身份证000000199001010034')],
    [false, behaviour(8), single('000000199001010031')],
    [true, behaviour(9), { ...single('a.pdf'), msgtype: 8 }],
    [false, behaviour(9), { ...single('a.pdf'), msgtype: 23 }],
    [true, behaviour(10), { ...single('标题'), msgtype: 4 }],
    [true, behaviour(10), single('看 https://example.com/a')],
    [true, behaviour(11), { ...single(''), msgtype: 5 }],
    [true, behaviour(12), { ...single('您好'), behaviours: [12] }],
    [false, behaviour(12), single('您好')],
  ])('hits (%p): behaviours %j, message %j', async (expected, rule, message) => {
    expect(await isHit(await zoneForTest(), rule, message)).toBe(expected);
  });
});

describe('hits', () => {
  test('are announced by one event for each message, whose token is valid for the list', async () => {
    const sandbox = await zoneForTest({ limits: { strictTokens: true } });
    sandbox.corp.say(CUSTOMER, { to: STAFF }, '退款 before there was a rule');
    const words = await create(sandbox, { keyword: { word_list: ['退款'] } });
    const phone = await create(sandbox, { semantics: { semantics_list: [2, 3] } });
    sandbox.corp.say(CUSTOMER, { to: STAFF }, '你好');
    const both = sandbox.corp.say(CUSTOMER, { to: STAFF }, '退款到10012345678');
    const one = sandbox.corp.say(STAFF, { chatid: 'wr-项目组' }, '有客户退款');
    const events = sandbox.programs.events.filter(({ eventType }) => eventType === 'hit_keyword');
    expect(events).toHaveLength(2);
    const { token } = JSON.parse(events[1]?.data ?? '').hit_keyword;
    expect((await invoke(sandbox, 'sync_msg', { token })).errcode).toBe(40058);
    const first = await hits(sandbox, { token, limit: 1 });
    expect(first).toMatchObject({
      has_more: 1,
      msg_list: [
        {
          msgid: both.msgid,
          hit_rule_list: [
            { rule_id: words, has_hit_keyword: true, semantics_list: [] },
            { rule_id: phone, has_hit_keyword: false, semantics_list: [2] },
          ],
        },
      ],
    });
    expect(first.msg_list[0]).not.toHaveProperty('msg_detail');
    const second = await hits(sandbox, { cursor: first.next_cursor, need_detail: 1 });
    expect(second.has_more).toBe(0);
    expect(second.msg_list).toEqual([
      {
        msgid: one.msgid,
        msg_detail: {
          sender: one.sender,
          receiver_list: one.receivers,
          chatid: 'wr-项目组',
          send_time: one.sendTime,
          msgtype: 1,
          service_encrypt_info: {
            encrypted_secret_key: expect.stringMatching(/^.{300,}$/),
            public_key_ver: 1,
          },
        },
        hit_rule_list: [{ rule_id: words, has_hit_keyword: true, semantics_list: [] }],
      },
    ]);
    expect((await hits(sandbox, { cursor: second.next_cursor })).msg_list).toEqual([]);
    expect((await hits(sandbox, { begin_time: 4_000_000_000 })).msg_list).toEqual([]);
  });

  test('are stored for five days', async () => {
    const sandbox = await zoneForTest();
    await create(sandbox, { keyword: { word_list: ['退款'] } });
    const { sendTime } = sandbox.corp.say(CUSTOMER, { to: STAFF }, '退款');
    sandbox.clock.set((sendTime + 5 * 86_400) * 1000);
    expect((await hits(sandbox)).msg_list).toHaveLength(1);
    sandbox.clock.advance(1000);
    expect((await hits(sandbox)).msg_list).toHaveLength(0);
  });
});
