import {
  boolean,
  define,
  flag,
  int,
  leftOutWhenEmpty,
  list,
  named,
  optional,
  publicId,
  type Rule,
  required,
  type Schema,
  struct,
  text,
  unixSeconds,
  type ZoneInterfaceDefinition,
} from '../schema';
import {
  exampleDetail,
  exampleMsgid,
  hasItems,
  hasMoreField,
  messageFields,
  nextCursorField,
  objectAt,
  ok,
  pullTokenField,
} from './shared';

const semantics = int({
  typeName: 'RuleSemantics',
  values: {
    1: 'red packet',
    2: 'mobile number',
    3: 'e-mail',
    4: 'WeChat card',
    5: 'picture with QR code',
    6: 'recall',
    7: 'bank card',
    8: 'id card',
    9: 'file (not of wedrive)',
    10: 'link',
    11: 'mini program',
    12: 'welcome message to a customer',
  },
});

const words = list(text({ minChars: 1, maxChars: 32 }), { max: 20 });

/** Each part of a range is an object with one list. */
const range = (
  what: string,
  name: string,
  items: Schema,
  note: string,
  max?: number,
  errcode?: number,
) =>
  optional(
    struct({ [name]: optional(list(items, max === undefined ? {} : { max }), note, errcode) }),
    what,
  );

const ruleFields = {
  keyword: optional(
    named('RuleKeyword', 'The keywords of a rule.', {
      word_list: optional(words, 'the rule finds messages with one of these keywords'),
      is_case_sensitive: optional(
        flag(),
        'whether upper and lower case differ; default 1; needs `word_list`',
      ),
      match_rule: optional(
        int({ values: { 0: 'contains', 1: 'exact' } }),
        'whether a message contains the keyword or is equal to it; default 0; needs `word_list`',
      ),
      is_trim_msg: optional(
        flag(),
        'whether the message is trimmed before it is compared; default 0; only with `match_rule` 1',
      ),
    }),
    'at least one of `keyword.word_list` and `semantics.semantics_list` is required',
  ),
  semantics: optional(
    struct({ semantics_list: optional(list(semantics), 'behaviours to detect', 710648) }),
    'finds messages by what they are or contain, without keywords',
  ),
  applicable_range: optional(
    named('RuleRange', 'The messages to which a rule applies. Absent parts do not restrict it.', {
      target_type: range(
        'whether the rule applies to staff, customers or both',
        'type_list',
        int({ values: { 1: 'staff', 2: 'customer' } }),
        'absent: both',
      ),
      chat_type: range(
        'single or group chats only',
        'type_list',
        int({ values: { 1: 'single', 2: 'group' } }),
        'absent: both',
      ),
      department: range(
        'the staff of these departments',
        'id_list',
        int(),
        'without `target_type` customers are included as well',
        100,
      ),
      user: range(
        'these staff members',
        'id_list',
        text(),
        'open_userid; combined with `department`; an older version of the page says at most 100',
        1000,
      ),
      external_contact: range('these customers', 'id_list', text(), 'external_userid', 100),
      chat: range(
        'these group chats',
        'id_list',
        text(),
        'a chatid; no effect on `msgtype` 21',
        2000,
        710649,
      ),
      msg_scope: optional(
        int({ values: { 1: 'sent', 2: 'received', 3: 'both' } }),
        'which messages of the people in the range; default 1',
      ),
      exclude_mobile: range(
        'mobile numbers that are no hit',
        'mobile_list',
        text(),
        'phone numbers to ignore',
        100,
      ),
      exclude_bank_card: range(
        'bank cards that are no hit',
        'bank_card_list',
        text(),
        'card numbers to ignore',
        100,
      ),
      exclude_email: range(
        'e-mail addresses that are no hit',
        'email_list',
        text(),
        'e-mail addresses to ignore',
        100,
      ),
      session_type: range(
        'internal or external conversations',
        'session_type_list',
        int({ values: { 1: 'internal', 2: 'external' } }),
        'the kinds of conversation',
        undefined,
        710615,
      ),
      exclude_keyword: optional(
        struct({
          word_list: optional(
            words,
            'words to ignore; the page documents the type Integer[], but its example contains strings',
          ),
        }),
        'words that are no hit',
      ),
      voice_match_msgtype: range(
        'lets keywords match the text of speech',
        'type_list',
        int({ values: { 6: 'voice', 21: 'audio archive' } }),
        'the types of voice messages in which keywords are detected',
      ),
    }),
    'the messages to which the rule applies',
  ),
};

const ruleId = publicId({ minChars: 1 });
const ruleIdField = required(ruleId, 'from create_rule or get_rule_list', 710620);
const ruleName = text({ minChars: 1, maxChars: 20 });
const nameNote = 'the name of the rule, for people';

const hasWords = (request: Readonly<Record<string, unknown>>): boolean =>
  hasItems(objectAt(request.keyword).word_list);
const hasSemantics = (request: Readonly<Record<string, unknown>>): boolean =>
  hasItems(objectAt(request.semantics).semantics_list);

const wordListRules: readonly Rule[] = [
  {
    errcode: 710650,
    text: '`is_case_sensitive`, `match_rule` and `is_trim_msg` need `word_list`',
    isBroken: (request) => {
      const {
        is_case_sensitive: sensitive,
        match_rule: match,
        is_trim_msg: trim,
      } = objectAt(request.keyword);
      const isSet = sensitive !== undefined || match !== undefined || trim !== undefined;
      return isSet && !hasWords(request);
    },
  },
];

const exampleRule = {
  keyword: { word_list: ['ok'], match_rule: 0 },
  applicable_range: {
    target_type: { type_list: [1] },
    user: { id_list: ['wo-staff-1'] },
    msg_scope: 3,
  },
};

export const keywordRuleInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'create_rule',
    title: { zh: '新增关键词规则', en: 'Create keyword rule' },
    group: 'keyword rules',
    pages: [99973, 99829],
    effect: 'create',
    request: { name: required(ruleName, nameNote), ...ruleFields },
    rules: [
      {
        errcode: 710610,
        text: 'at least one of `keyword.word_list` and `semantics.semantics_list` is present',
        isBroken: (request) => !hasWords(request) && !hasSemantics(request),
      },
      ...wordListRules,
    ],
    response: { rule_id: required(ruleId, 'the new rule') },
    errcodes: [
      710610, 710619, 710621, 710622, 710626, 710648, 710649, 710650, 710615, 710606, 710607,
      710608, 710609,
    ],
    limits: ['500 rules'],
    example: {
      request: { name: 'complaints', ...exampleRule },
      response: { ...ok, rule_id: 'r-1' },
    },
  }),
  define({
    name: 'get_rule_list',
    title: { zh: '获取关键词列表', en: 'List keyword rules' },
    group: 'keyword rules',
    pages: [99973, 99829],
    effect: 'read',
    request: {
      cursor: leftOutWhenEmpty(optional(text({ minChars: 1 }), 'absent in the first request')),
      limit: optional(int({ min: 1 }), 'default 100'),
    },
    response: {
      rule_list: required(
        list(
          struct({
            rule_id: required(ruleId, 'for get_rule_detail, update_rule and delete_rule'),
            name: required(text(), nameNote),
            create_time: required(unixSeconds(), 'when the rule was created, in unix seconds'),
          }),
        ),
        'the rules of this page',
      ),
      has_more: required(
        boolean,
        'a boolean here, 0 or 1 in other interfaces; `hasMore` reads both',
      ),
      next_cursor: nextCursorField,
    },
    example: {
      request: { limit: 100 },
      response: {
        ...ok,
        rule_list: [{ rule_id: 'r-1', name: 'complaints', create_time: 1_760_000_000 }],
        has_more: false,
        next_cursor: '',
      },
    },
  }),
  define({
    name: 'get_rule_detail',
    title: { zh: '获取关键词规则详情', en: 'Get keyword rule details' },
    group: 'keyword rules',
    pages: [99973, 99829],
    effect: 'read',
    request: { rule_id: ruleIdField },
    response: { name: required(text(), nameNote), ...ruleFields },
    errcodes: [710612, 710620],
    example: {
      request: { rule_id: 'r-1' },
      response: {
        ...ok,
        name: 'complaints',
        keyword: { word_list: ['ok'], is_case_sensitive: 1, match_rule: 0, is_trim_msg: 0 },
        semantics: { semantics_list: [] },
        applicable_range: exampleRule.applicable_range,
      },
    },
  }),
  define({
    name: 'update_rule',
    title: { zh: '修改关键词规则', en: 'Update keyword rule' },
    group: 'keyword rules',
    pages: [99973, 99829],
    effect: 'write',
    request: {
      rule_id: ruleIdField,
      name: optional(ruleName, `${nameNote}; absent: unchanged`),
      ...ruleFields,
    },
    errcodes: [710612, 710620, 710610],
    limits: ['an empty list clears its part of the range'],
    example: {
      request: { rule_id: 'r-1', name: 'complaints2' },
      response: ok,
    },
  }),
  define({
    name: 'delete_rule',
    title: { zh: '删除关键词规则', en: 'Delete keyword rule' },
    group: 'keyword rules',
    pages: [99973, 99829],
    effect: 'write',
    request: { rule_id: ruleIdField },
    errcodes: [710612, 710620],
    example: { request: { rule_id: 'r-1' }, response: ok },
  }),
  define({
    name: 'get_hit_msg_list',
    title: { zh: '获取命中关键词规则的会话记录', en: 'Get messages that hit a keyword rule' },
    group: 'keyword rules',
    pages: [99974, 99830],
    effect: 'read',
    request: {
      cursor: leftOutWhenEmpty(
        optional(
          text({ minChars: 1, maxBytes: 64 }),
          '`next_cursor` of the previous response; absent: start 5 days ago',
          710611,
        ),
      ),
      token: pullTokenField('hit_keyword'),
      need_detail: optional(flag(), 'default 0; 1 adds `msg_detail`'),
      limit: optional(int({ min: 1, max: 1000 }), 'default 200'),
      begin_time: optional(
        unixSeconds(),
        'unix seconds; start near this time if the cursor is lost',
      ),
    },
    response: {
      has_more: hasMoreField,
      next_cursor: nextCursorField,
      msg_list: required(
        list(
          named('HitMessage', 'A message that hit keyword rules.', {
            msgid: required(text(), 'the message that was hit'),
            msg_detail: optional(struct(messageFields), 'only with `need_detail` 1'),
            hit_rule_list: required(
              list(
                struct({
                  rule_id: required(ruleId, 'the rule'),
                  has_hit_keyword: required(boolean, 'whether one of its keywords was found'),
                  semantics_list: required(list(semantics), 'which of its behaviours were found'),
                }),
              ),
              'the rules that found the message',
            ),
          }),
        ),
        'the messages of this page',
      ),
    },
    errcodes: [710611],
    limits: [
      'only the last 5 days',
      'messages of `msgtype` 1, 2, 4, 5, 6, 8, 9, 13, 20 and 21 only',
    ],
    example: {
      request: { token: 't-1', limit: 200, need_detail: 1 },
      response: {
        ...ok,
        has_more: 0,
        next_cursor: 'c-2',
        msg_list: [
          {
            msgid: exampleMsgid,
            msg_detail: exampleDetail,
            hit_rule_list: [{ rule_id: 'r-1', has_hit_keyword: true, semantics_list: [] }],
          },
        ],
      },
    },
  }),
];
