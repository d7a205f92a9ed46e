import {
  boolean,
  type Field,
  int,
  leftOutWhenEmpty,
  list,
  named,
  optional,
  publicId,
  required,
  type StructSchema,
  struct,
  text,
  unixSeconds,
} from '../schema';

/** `errcode` and `errmsg` of an example response. */
export const ok = { errcode: 0, errmsg: 'ok' };

/** 1 staff, 2 external contact, 3 robot. */
const partyType = int({
  values: { 1: 'staff', 2: 'external contact', 3: 'robot' },
  mayGrow: true,
});

const party = named('MessageParty', 'A sender or receiver of messages.', {
  type: required(partyType, 'what `id` identifies'),
  id: required(text(), 'a userid, external_userid or robot id, depending on `type`'),
});

const msgtype = int({
  typeName: 'Msgtype',
  mayGrow: true,
  values: {
    0: 'unsupported',
    1: 'text',
    2: 'image',
    3: 'emotion',
    4: 'link',
    5: 'mini program',
    6: 'voice',
    7: 'video',
    8: 'file',
    9: 'card',
    10: 'forwarded',
    11: 'channels',
    12: 'schedule',
    13: 'red packet',
    14: 'location',
    15: 'quick meeting',
    16: 'todo',
    17: 'vote',
    18: 'online doc',
    19: 'news',
    20: 'mixed',
    21: 'audio archive',
    22: 'av call',
    23: 'wedrive file',
    24: 'archive agreed',
    25: 'archive refused',
    26: 'group solitaire',
    27: 'markdown',
    28: 'note',
  },
});

const serviceEncryptInfo = named(
  'ServiceEncryptInfo',
  'The encrypted secret key of an archived message; `SecretKeyring` decrypts it.',
  {
    encrypted_secret_key: required(
      text(),
      "base64; RSA with PKCS#1 v1.5 padding and the corp's public key",
    ),
    public_key_ver: required(int(), 'the version of the key pair'),
  },
);

/** The fields of a message that all interfaces share. */
export const messageFields = {
  sender: required(party, 'who sent the message'),
  receiver_list: required(
    list(party),
    'does not contain the sender, except for a message to oneself',
  ),
  chatid: optional(text(), 'only in group messages'),
  send_time: required(unixSeconds(), 'unix seconds'),
  msgtype: required(msgtype, 'the kind of content'),
  service_encrypt_info: required(
    serviceEncryptInfo,
    'the encrypted key without which no model can read the message',
  ),
};

export const archivedMessage = named(
  'ArchivedMessage',
  'A message of the conversation archive, without its content, which stays on the platform.',
  {
    msgid: required(text(), 'the id of the message'),
    ...messageFields,
    extra_info: optional(
      struct({ call_duration: required(int(), 'seconds; only for `msgtype` 21 and 22') }),
      'present only with `call_duration`',
    ),
  },
);

export const hasMoreField = required(
  int({ values: { 0: 'no', 1: 'yes' } }),
  'whether there is more; only this field marks the end, because a page can have fewer than `limit` entries',
);
export const nextCursorField = required(text(), '`cursor` of the next request');

/** A search string of at least two characters. */
export const queryWordField = required(text({ minChars: 2 }), 'what to search for');
export const searchLimitField = optional(int({ min: 1, max: 100 }), 'default 50');
export const searchCursorField = leftOutWhenEmpty(
  optional(text(), '`next_cursor` of the previous response'),
);

const secretKey = struct({
  secret_key: required(text(), '`encrypted_secret_key`, decrypted with the private key'),
});

export const messageKey = named(
  'MessageKey',
  'A message with its decrypted secret key, which opens it for a model; `SecretKeyring.toMsgList` builds lists of them.',
  {
    msgid: required(text(), 'from sync_msg'),
    encrypt_info: required(secretKey, 'the key that opens the message'),
  },
);

/** `msg_list` of the interfaces that create a task. */
export const taskMessages = required(
  list(messageKey, { min: 1, max: 1000 }),
  'text, voice and audio-archive messages only; of duplicates only the first is used',
);

export const jobId = publicId();
export const jobIdRequest = { jobid: required(jobId, 'from the call that created the task') };

/** What a task says about one message. */
export const messageStatus = {
  errcode: required(int(), 'for this message, for example 710601'),
  errmsg: required(text(), 'a text for people'),
  msgid: required(text(), 'the message'),
};

export const refusedMessage = named(
  'RefusedMessage',
  'A message that was refused when a task was created: a duplicate of a msgid.',
  {
    ...messageStatus,
    encrypt_info: required(
      struct({ secret_key: required(text(), 'as in the request') }),
      'as in the request',
    ),
  },
);

const failedMessage = named('FailedMessage', 'A message that a task could not use.', {
  ...messageStatus,
});

/** The response to the creation of a task. */
export const createdTask = {
  jobid: required(jobId, 'the task'),
  fail_list: optional(list(refusedMessage), 'messages that were refused'),
};

export const failedTagGroups = optional(
  list(text()),
  'tag groups that do not exist; only in the table of the page',
);

/** `status` and `fail_list` of a model task. */
export const taskStatus = {
  status: required(
    int({ values: { 0: 'not finished', 1: 'finished', 2: 'failed' } }),
    'the state of the task; poll again while it is 0',
  ),
  fail_list: optional(
    list(failedMessage),
    'messages that could not be used: unknown msgid, wrong type and so on',
  ),
};

/** The result of an own model or program; it has no status. */
export const reportedResult = (who: string) => ({
  fail_list: taskStatus.fail_list,
  response_errcode: required(int(), `errcode that the ${who} reported`),
  response_data: optional(text(), `result that the ${who} reported`),
});

export const tagGroups = list(
  named('TagGroup', 'A group of customer tags.', {
    group_id: required(text(), 'customer tag group'),
  }),
);

/** How message texts are escaped in JSON. */
export const escapeType = optional(
  int({
    values: {
      0: 'control characters and quotes are replaced by spaces',
      1: 'control characters and quotes are escaped with a backslash',
    },
  }),
  'default 0',
);

const debugTexts = {
  chat: required(text(), 'replaces `{chat}`'),
  chat_content: required(text(), 'replaces `{chatcontent}`'),
};

const debugNote = 'debug mode only: values of the placeholders; `msg_list` is required but ignored';

export const programDebugInfo = optional(struct(debugTexts), debugNote);
export const modelDebugInfo = optional(
  struct({
    ...debugTexts,
    knowledge: optional(text(), 'replaces `{knowledge}`'),
    tagjson: optional(text(), 'replaces `{tagjson}`; JSON'),
  }),
  debugNote,
);

export const MODEL_INPUT_LIMIT =
  'about 30000 UTF-8 characters of input with all placeholders filled in, otherwise 790040';
export const MODEL_CALLS_PER_DAY = 10_000;
export const MODEL_DAILY_LIMIT = `${MODEL_CALLS_PER_DAY} calls per corp per day`;
export const MODEL_QUEUE_LIMIT = 'a task fails after waiting for resources for 24 h';

/** Returns a value as an object; an empty object for any other value. */
export function objectAt(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Whether a value is a non-empty array. */
export function hasItems(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

/** `token` of an interface that pulls messages, from the event of this type. */
export const pullTokenField = (eventType: string): Field =>
  leftOutWhenEmpty(
    optional(
      text({ minChars: 1, maxBytes: 128 }),
      `from the ${eventType} event, valid for 10 minutes; without it a strict rate limit applies`,
    ),
  );

/** `userid` of the interfaces for masking. */
export const maskedUser = required(
  text({ minChars: 1 }),
  'the staff member whose display component masks',
);

/** What the display component can mask; all optional in a request, all present in a response. */
export const maskingRequest: Readonly<Record<string, Field>> = {
  hide_mobile: optional(boolean, 'masks mobile numbers; default false'),
  hide_idcard: optional(boolean, 'masks id card numbers; default false'),
  hide_bankno: optional(boolean, 'masks bank card numbers; default false'),
};
export const maskingResponse: Readonly<Record<string, Field>> = {
  hide_mobile: required(boolean, 'whether mobile numbers are masked'),
  hide_idcard: required(boolean, 'whether id card numbers are masked'),
  hide_bankno: required(boolean, 'whether bank card numbers are masked'),
};

/** Request and response of an old name whose fields are unknown. */
export const undocumented: StructSchema = { kind: 'struct', fields: {}, isOpen: true };

/** Example values of several definitions. */
export const exampleMsgid = 'm-0001';
export const exampleDetail = {
  sender: { type: 1, id: 'wo-staff-1' },
  receiver_list: [{ type: 2, id: 'wm-cust-1' }],
  send_time: 1_760_000_000,
  msgtype: 1,
  service_encrypt_info: { encrypted_secret_key: 'QkFTRTY0', public_key_ver: 1 },
};
export const exampleMsgList = [{ msgid: exampleMsgid, encrypt_info: { secret_key: 'k-0001' } }];
export const exampleCreated = { ...ok, jobid: 'j-1', fail_list: [] };
