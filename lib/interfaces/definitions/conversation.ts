import {
  boolean,
  define,
  int,
  leftOutWhenEmpty,
  list,
  optional,
  required,
  struct,
  text,
  unixSeconds,
  type ZoneInterfaceDefinition,
} from '../schema';
import {
  archivedMessage,
  exampleDetail,
  exampleMsgid,
  hasMoreField,
  nextCursorField,
  objectAt,
  ok,
  pullTokenField,
  queryWordField,
  searchCursorField,
  searchLimitField,
} from './shared';

const agreeStatus = {
  agree_status: required(
    text({ values: ['Agree', 'Disagree'] }),
    'whether the customer agrees to the archiving',
  ),
  status_change_time: required(unixSeconds(), 'when `agree_status` last changed, in unix seconds'),
};

const exampleMessage = { msgid: exampleMsgid, ...exampleDetail };

const DAY_SECONDS = 86_400;
const SEARCHABLE = {
  1: 'text',
  4: 'link',
  5: 'mini program',
  8: 'file',
  18: 'online doc',
  20: 'mixed',
  23: 'wedrive file',
};

export const conversationInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'sync_msg',
    title: { zh: '获取会话记录', en: 'Pull conversation records' },
    group: 'conversation',
    pages: [99968, 99824, 100023, 101365],
    effect: 'read',
    request: {
      cursor: leftOutWhenEmpty(
        optional(
          text({ minChars: 1, maxBytes: 128 }),
          '`next_cursor` of the previous response; absent: start at the oldest message of the last 5 days',
          710611,
        ),
      ),
      token: pullTokenField('conversation_new_message'),
      limit: optional(
        int({ min: 1, max: 1000 }),
        'maximum number of messages in a page; default 200',
      ),
      mode: optional(
        int({
          values: {
            0: 'msg_list',
            1: 'page_id_list',
            2: 'adaptive: msg_list when one page suffices, else page_id_list',
          },
        }),
        'default 0',
      ),
      begin_time: optional(
        unixSeconds(),
        'unix seconds; start near this time if the cursor is lost',
      ),
    },
    response: {
      has_more: hasMoreField,
      next_cursor: required(text(), 'store it and pass it in the next request'),
      msg_list: optional(list(archivedMessage), 'in ascending order of `send_time`; modes 0 and 2'),
      page_id_list: optional(
        list(text(), { max: 10 }),
        'modes 1 and 2; each id represents up to `limit` messages',
      ),
    },
    errcodes: [710611],
    limits: [
      'only the last 5 days',
      'sender or receiver must be in the archive scope',
      'nothing is archived until a public key is set',
    ],
    notes: [
      'Omit `cursor` and `token` if they are empty: clients report that the platform refuses empty strings.',
    ],
    example: {
      request: { cursor: 'c-1', token: 't-1', limit: 200, mode: 0 },
      response: {
        ...ok,
        has_more: 1,
        next_cursor: 'c-2',
        msg_list: [exampleMessage],
      },
    },
  }),
  define({
    name: 'get_msg_list_by_page_id',
    title: { zh: 'page_id获取消息列表', en: 'Get the messages of a page_id' },
    group: 'conversation',
    pages: [99968, 99824, 100023],
    effect: 'read',
    sinceSdk: '1.3.0',
    request: { page_id: required(text({ minChars: 1 }), 'from sync_msg.page_id_list') },
    response: { msg_list: required(list(archivedMessage), 'in ascending order of `send_time`') },
    concurrentCalls: 10,
    limits: ['10 concurrent calls per corp'],
    example: {
      request: { page_id: 'p-1' },
      response: { ...ok, msg_list: [exampleMessage] },
    },
  }),
  define({
    name: 'get_agree_status_single',
    title: { zh: '获取单聊会话同意情况', en: 'Get the archive consent of single chats' },
    group: 'conversation',
    pages: [99969, 99826, 100024],
    effect: 'read',
    request: {
      item: required(
        list(
          struct({
            userid: required(text({ minChars: 1 }), 'staff member; must be in the archive scope'),
            external_userid: required(text({ minChars: 1 }), 'the customer in the chat'),
          }),
          { max: 100 },
        ),
        'more than 100 are refused',
      ),
    },
    response: {
      agreeinfo: required(
        list(
          struct({
            userid: required(text(), 'the staff member, as in the request'),
            external_userid: required(text(), 'the customer, as in the request'),
            ...agreeStatus,
          }),
        ),
        'the consent in each of the chats',
      ),
    },
    errcodes: [710608, 710609],
    example: {
      request: { item: [{ userid: 'wo-staff-1', external_userid: 'wm-cust-1' }] },
      response: {
        ...ok,
        agreeinfo: [
          {
            status_change_time: 1_760_000_000,
            userid: 'wo-staff-1',
            external_userid: 'wm-cust-1',
            agree_status: 'Agree',
          },
        ],
      },
    },
  }),
  define({
    name: 'get_agree_status_room',
    title: { zh: '获取群聊会话同意情况', en: 'Get the archive consent of a group chat' },
    group: 'conversation',
    pages: [99969, 99826, 100024],
    effect: 'read',
    request: {
      chatid: required(
        text({ minChars: 1 }),
        'at least one member must be in the archive scope',
        710624,
      ),
    },
    response: {
      agreeinfo: required(
        list(struct({ external_userid: required(text(), 'the customer'), ...agreeStatus })),
        'external contacts of other corps in the group',
      ),
    },
    errcodes: [710614, 710624],
    example: {
      request: { chatid: 'wr-1' },
      response: {
        ...ok,
        agreeinfo: [
          {
            status_change_time: 1_760_000_000,
            external_userid: 'wm-cust-1',
            agree_status: 'Disagree',
          },
        ],
      },
    },
  }),
  define({
    name: 'get_group_chat',
    title: { zh: '获取内部群信息', en: 'Get the details of an internal group' },
    group: 'conversation',
    pages: [99970, 99825],
    effect: 'read',
    request: {
      chatid: required(
        text({ minChars: 1 }),
        'from sync_msg; only internal groups and groups with linked corps',
      ),
    },
    response: {
      creator: required(text(), 'userid of the member who created the group'),
      room_create_time: required(unixSeconds(), 'when the group was created, in unix seconds'),
      members: required(
        list(
          struct({
            memberid: required(text(), 'a userid, external_userid or robot id'),
            jointime: required(unixSeconds(), 'when the member joined, in unix seconds'),
            type: required(
              int({ values: { 1: 'staff', 2: 'external contact', 3: 'robot' }, mayGrow: true }),
              'what `memberid` identifies',
            ),
          }),
        ),
        'everyone in the group',
      ),
    },
    errcodes: [301052, 710606],
    limits: ['at least one member must be in the archive scope'],
    example: {
      request: { chatid: 'wr-1' },
      response: {
        ...ok,
        creator: 'wo-staff-1',
        room_create_time: 1_750_000_000,
        members: [{ memberid: 'wo-staff-1', jointime: 1_750_000_001, type: 1 }],
      },
    },
  }),
  define({
    name: 'search_chat',
    title: { zh: '会话名称搜索', en: 'Search group chats by name' },
    group: 'conversation',
    pages: [99971, 99802],
    effect: 'read',
    request: {
      query_word: queryWordField,
      limit: searchLimitField,
      cursor: searchCursorField,
    },
    response: {
      has_more: optional(
        int({ values: { 0: 'no', 1: 'yes' } }),
        'whether there are more groups; absent: 0',
      ),
      next_cursor: nextCursorField,
      chat_list: required(
        list(struct({ chatid: required(text(), 'the group') })),
        'the groups whose name matches',
      ),
    },
    limits: ['finds only groups with a name, no single chats', 'searches the current name'],
    example: {
      request: { query_word: 'VIP', limit: 50 },
      response: {
        ...ok,
        has_more: 0,
        next_cursor: '',
        chat_list: [{ chatid: 'wr-1' }],
      },
    },
  }),
  define({
    name: 'search_msg',
    title: { zh: '会话消息搜索', en: 'Search messages' },
    group: 'conversation',
    pages: [99972, 99818],
    effect: 'read',
    request: {
      query_word: queryWordField,
      chat_info: optional(
        struct({
          chat_type: optional(
            int({ values: { 1: 'single', 2: 'group' } }),
            'the kind of chat; absent: both kinds',
          ),
          id_list: optional(
            list(
              struct({
                open_userid: optional(text({ minChars: 1 }), 'staff member; takes precedence'),
                external_userid: optional(text({ minChars: 1 }), 'customer'),
              }),
            ),
            'with `chat_type` 1: exactly the two parties',
          ),
          chat_id: optional(text({ minChars: 1 }), 'only with `chat_type` 2'),
          msg_type_list: optional(list(int({ values: SEARCHABLE })), 'absent: all types'),
          sender: optional(
            struct({
              open_userid: optional(text({ minChars: 1 }), 'the staff member'),
              external_userid: optional(
                text({ minChars: 1 }),
                'in the table of the page, although senders can currently only be staff',
              ),
            }),
            'staff only; ignored if `sender_list` is present',
          ),
          sender_list: optional(
            list(struct({ open_userid: optional(text({ minChars: 1 }), 'a staff member') }), {
              max: 100,
            }),
            'staff only; messages of any of them',
          ),
        }),
        'restricts the search to chats',
      ),
      start_time: optional(unixSeconds(), 'unix seconds; only together with `end_time`'),
      end_time: optional(unixSeconds(), 'unix seconds; both absent: the last 31 days'),
      skip_stop_words: optional(
        boolean,
        'default false; true removes common stop words from the query, unless nothing else remains',
      ),
      limit: searchLimitField,
      cursor: searchCursorField,
    },
    rules: [
      {
        text: '`chat_type` 1 needs exactly two parties in `id_list`',
        isBroken: ({ chat_info: info }) => {
          const { chat_type: type, id_list: ids } = objectAt(info);
          return type === 1 && (!Array.isArray(ids) || ids.length !== 2);
        },
      },
      {
        text: '`start_time` and `end_time` are both present, `end_time` is later, and they span at most 31 days',
        isBroken: ({ start_time: start, end_time: end }) => {
          if (start === undefined && end === undefined) return false;
          if (typeof start !== 'number' || typeof end !== 'number') return true;
          return end <= start || end - start > 31 * DAY_SECONDS;
        },
      },
    ],
    response: {
      has_more: hasMoreField,
      next_cursor: nextCursorField,
      msg_list: required(
        list(struct({ msgid: required(text(), 'the message; sync_msg returns its details') })),
        'in descending order of send time',
      ),
    },
    example: {
      request: {
        query_word: 'hello',
        chat_info: {
          chat_type: 1,
          id_list: [{ open_userid: 'wo-staff-1' }, { external_userid: 'wm-cust-1' }],
        },
        limit: 50,
      },
      response: {
        ...ok,
        has_more: 0,
        next_cursor: '',
        msg_list: [{ msgid: 'm-0001' }],
      },
    },
  }),
  define({
    name: 'search_contact_or_customer',
    title: { zh: '员工或客户名称搜索', en: 'Search staff or customers by name' },
    group: 'conversation',
    pages: [100243, 100235],
    effect: 'read',
    request: {
      query_word: required(text({ minChars: 2, maxChars: 31 }), 'name, pinyin, alias or remark'),
      query_user_type: optional(
        int({ values: { 0: 'both', 1: 'staff', 2: 'customers' } }),
        'default 0',
      ),
      limit: searchLimitField,
      cursor: searchCursorField,
    },
    response: {
      has_more: hasMoreField,
      next_cursor: nextCursorField,
      user_list: required(
        list(
          struct({
            type: required(
              int({ values: { 1: 'staff', 2: 'external contact' } }),
              'what `id` identifies',
            ),
            id: required(text(), 'a userid or external_userid, depending on `type`'),
          }),
        ),
        'the staff member, or a staff member who follows the customer, must be in the archive scope',
      ),
    },
    example: {
      request: { query_word: 'zhang', query_user_type: 1 },
      response: {
        ...ok,
        has_more: 0,
        next_cursor: '',
        user_list: [{ type: 1, id: 'wo-staff-1' }],
      },
    },
  }),
];
