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
  type: required(partyType),
  id: required(text(), 'userid, external_userid or robot id, according to `type`'),
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
  'The encrypted key of one archived message; SecretKeyring opens it.',
  {
    encrypted_secret_key: required(
      text(),
      "base64; RSA with PKCS#1 v1.5 padding and the corp's public key",
    ),
    public_key_ver: required(int(), 'version of the key pair used'),
  },
);

/** What is said of a message wherever one is described. */
export const messageFields = {
  sender: required(party),
  receiver_list: required(list(party), 'without the sender, except in a message to oneself'),
  chatid: optional(text(), 'only in group messages'),
  send_time: required(unixSeconds(), 'unix seconds'),
  msgtype: required(msgtype),
  service_encrypt_info: required(serviceEncryptInfo),
};

export const archivedMessage = named(
  'ArchivedMessage',
  'A message of the conversation archive, without its content: that stays with the platform.',
  {
    msgid: required(text()),
    ...messageFields,
    extra_info: optional(
      struct({ call_duration: required(int(), 'seconds; `msgtype` 21 or 22 only') }),
      'only with `call_duration`',
    ),
  },
);

export const hasMoreField = required(
  int({ values: { 0: 'no', 1: 'yes' } }),
  'whether there is more; the only end marker, a page may hold fewer than `limit`',
);
export const nextCursorField = required(text(), '`cursor` of the next call');

/** Words to search for: at least two characters. */
export const queryWordField = required(text({ minChars: 2 }));
export const searchLimitField = optional(int({ min: 1, max: 100 }), 'default 50');
export const searchCursorField = leftOutWhenEmpty(
  optional(text(), '`next_cursor` of the last call'),
);

const secretKey = struct({
  secret_key: required(text(), 'encrypted_secret_key after RSA decryption with the private key'),
});

export const messageKey = named(
  'MessageKey',
  'A message and the key that opens it for a model; `SecretKeyring.toMsgList` makes lists of them.',
  {
    msgid: required(text(), 'from sync_msg'),
    encrypt_info: required(secretKey),
  },
);

/** `msg_list` of the interfaces that create a task. */
export const taskMessages = required(
  list(messageKey, { min: 1, max: 1000 }),
  'text, voice and audio-archive messages only; of duplicates the first counts',
);

export const jobId = publicId();
export const jobIdRequest = { jobid: required(jobId, 'from the call that created the task') };

export const refusedMessage = named(
  'RefusedMessage',
  'A message that a task refused when it was created; only duplicates of a msgid are.',
  {
    errcode: required(int()),
    errmsg: required(text()),
    msgid: required(text()),
    encrypt_info: required(struct({ secret_key: required(text()) }), 'echo of the request'),
  },
);

const failedMessage = named('FailedMessage', 'A message that a task could not use.', {
  errcode: required(int(), 'for example 710601'),
  errmsg: required(text()),
  msgid: required(text()),
});

/** What creating a task gives. */
export const createdTask = {
  jobid: required(jobId, 'the task'),
  fail_list: optional(list(refusedMessage), 'messages refused at submission'),
};

export const failedTagGroups = optional(
  list(text()),
  'tag groups that do not exist; in the table of the page only',
);

/** `status` and `fail_list` of a model task. */
export const taskStatus = {
  status: required(int({ values: { 0: 'not finished', 1: 'finished', 2: 'failed' } })),
  fail_list: optional(
    list(failedMessage),
    'messages that could not be used: unknown msgid, wrong type and so on',
  ),
};

/** What is read of a task that a model or program of one's own has done: it has no status. */
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

/** How the text of messages is put into JSON. */
export const escapeType = optional(
  int({
    values: {
      0: 'control and quote characters become blanks',
      1: 'they are escaped with a backslash',
    },
  }),
  'default 0',
);

const debugTexts = {
  chat: required(text(), 'in place of `{chat}`'),
  chat_content: required(text(), 'in place of `{chatcontent}`'),
};

const debugNote =
  'debug mode only: stands in for the placeholders; `msg_list` must be there and is ignored';

export const programDebugInfo = optional(struct(debugTexts), debugNote);
export const modelDebugInfo = optional(
  struct({
    ...debugTexts,
    knowledge: optional(text(), 'in place of `{knowledge}`'),
    tagjson: optional(text(), 'in place of `{tagjson}`; JSON text'),
  }),
  debugNote,
);

export const MODEL_INPUT_LIMIT =
  'about 30000 UTF-8 characters of input after expansion, else 790040';
export const MODEL_CALLS_PER_DAY = 10_000;
export const MODEL_DAILY_LIMIT = `${MODEL_CALLS_PER_DAY} calls per corp per day`;
export const MODEL_QUEUE_LIMIT = 'a task that waits for resources longer than 24 h fails';

/** The fields of a struct, to look into its value: not there is an empty object. */
export function objectAt(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** True for a list with something in it. */
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

/** What the display component can mask; all optional in a request, all present in a response. */
export const maskingRequest: Readonly<Record<string, Field>> = {
  hide_mobile: optional(boolean, 'default false'),
  hide_idcard: optional(boolean, 'default false'),
  hide_bankno: optional(boolean, 'default false'),
};
export const maskingResponse: Readonly<Record<string, Field>> = {
  hide_mobile: required(boolean),
  hide_idcard: required(boolean),
  hide_bankno: required(boolean),
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
