import { maskingRequest, maskingResponse, ok } from './definitions/shared';
import {
  boolean,
  type Field,
  int,
  list,
  named,
  optional,
  type Rule,
  required,
  type StructSchema,
  struct,
  text,
  unixSeconds,
} from './schema';

/** The parts of docs/server-interfaces.md. */
export const serverInterfaceGroups = {
  'access token': { zh: '获取access_token', en: 'Access token' },
  program: { zh: '调用专区程序', en: 'Calling programs' },
  settings: { zh: '应用与企业设置', en: 'Settings of app and corp' },
  licence: { zh: '授权信息', en: 'Licences' },
  media: { zh: '临时素材', en: 'Temporary media' },
  'debug mode': { zh: '调试模式', en: 'Debug mode' },
} as const;

/** What an app may be; some interfaces are not for all. */
export type AppType = 'self-built' | 'third-party' | 'provider-developed';

/** One of the interfaces that the platform's server has for applications. */
export interface ServerInterfaceDefinition {
  /** Below `/cgi-bin/`. */
  readonly path: string;
  /** Other paths that clients are known to use for it. */
  readonly aliases: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly title: { readonly zh: string; readonly en: string };
  readonly group: keyof typeof serverInterfaceGroups;
  /** Numbers of the official pages; empty where the page is not known. */
  readonly pages: readonly number[];
  /** Whether the address must have `access_token`. */
  readonly needsToken: boolean;
  /** The parameters of the address, beside `access_token`. */
  readonly query: StructSchema;
  /** The JSON body; `multipart`: a form with one file. */
  readonly request: StructSchema;
  /** Name of the form's field that holds a file; absent: the body is JSON. */
  readonly fileField?: string;
  /** The app types that may use it; absent: all. */
  readonly appTypes?: readonly AppType[];
  /** Without `errcode` and `errmsg`, which all have. */
  readonly response: StructSchema;
  readonly rules: readonly Rule[];
  /** errcodes that the sandbox gives beside the general ones. */
  readonly errcodes: readonly number[];
  readonly limits: readonly string[];
  readonly notes: readonly string[];
  /**
   * A request that the sandbox answers well. A text such as `$JOBID` is a variable of the shell: what an earlier answer
   * gave, or what the sandbox's user knows.
   */
  readonly example: {
    readonly query?: Readonly<Record<string, string>>;
    readonly request?: Readonly<Record<string, unknown>>;
    readonly response: Readonly<Record<string, unknown>>;
  };
}

type Fields = Readonly<Record<string, Field>>;

type Definition = Omit<
  ServerInterfaceDefinition,
  | 'aliases'
  | 'method'
  | 'needsToken'
  | 'query'
  | 'request'
  | 'response'
  | 'rules'
  | 'errcodes'
  | 'limits'
  | 'notes'
> &
  Partial<
    Pick<
      ServerInterfaceDefinition,
      'aliases' | 'method' | 'needsToken' | 'rules' | 'errcodes' | 'limits' | 'notes'
    >
  > & { readonly query?: Fields; readonly request?: Fields; readonly response?: Fields };

function define(definition: Definition): ServerInterfaceDefinition {
  const { query = {}, request = {}, response = {} } = definition;
  return {
    aliases: [],
    method: 'POST',
    needsToken: true,
    rules: [],
    errcodes: [],
    limits: [],
    notes: [],
    ...definition,
    query: struct(query),
    request: struct(request),
    response: struct(response),
  };
}

const programId = { program_id: required(text({ minChars: 1 }), 'the program, linked to the app') };
const call = {
  ...programId,
  ability_id: required(text({ minChars: 1 }), 'of the program'),
  request_data: required(text(), 'JSON text; must fit the input protocol of the ability'),
};
/** What can go wrong between platform and program. */
const wayErrcodes = [710674, 710675, 710676, 710677];
const programErrcodes = [710645];

const page = {
  cursor: optional(text(), '`next_cursor` of the last call'),
  limit: optional(int({ min: 1, max: 1000 }), 'default 200'),
};
const nextPage = {
  next_cursor: required(text(), '`cursor` of the next call'),
  has_more: required(boolean, 'whether there is more'),
};

const edition = int({
  values: { 1: 'internal', 2: 'internal and external', 3: 'with voice calls' },
});

const logLevel = int({ values: { 1: 'ERR', 2: 'INFO', 3: 'DBG' } });

const authScope = named('AuthScope', 'Whom a licence covers.', {
  userid_list: required(list(text())),
  department_id_list: required(list(int())),
  tag_id_list: required(list(int())),
});

const authEdition = named('AuthEdition', 'A licence of the corp.', {
  edition: required(edition),
  auth_scope: required(authScope),
  status: required(
    int({
      values: {
        1: 'trial',
        2: 'trial over',
        3: 'paid',
        4: 'paid time over',
        5: 'free',
        6: 'free time over',
        7: 'paid, begins later',
      },
    }),
  ),
  begin_time: required(unixSeconds(), 'unix seconds'),
  end_time: required(unixSeconds(), 'unix seconds'),
  msg_duration_days: required(int(), 'days that messages are kept'),
  auth_user_count: required(int(), 'how many members it is for'),
});

/** The server interfaces of the zone, and the one that gives an access token. */
export const serverInterfaces: readonly ServerInterfaceDefinition[] = [
  define({
    path: 'gettoken',
    method: 'GET',
    needsToken: false,
    title: { zh: '获取access_token', en: 'Get an access token' },
    group: 'access token',
    pages: [91039],
    query: {
      corpid: required(text({ minChars: 1 })),
      corpsecret: required(text({ minChars: 1 }), "the app's secret"),
    },
    response: {
      access_token: required(text({ maxBytes: 512 }), 'the same one as long as it is good'),
      expires_in: required(int(), 'seconds that it is good'),
    },
    errcodes: [40001, 40013],
    notes: [
      'This is how a self-built app gets its token. Third-party and provider-developed apps have other ways on the platform (suite tickets and permanent codes); for them, too, the sandbox has this one.',
    ],
    example: {
      query: { corpid: '$CORPID', corpsecret: '$CORPSECRET' },
      response: { ...ok, access_token: 'a-1', expires_in: 7200 },
    },
  }),
  define({
    path: 'chatdata/sync_call_program',
    title: { zh: '同步调用专区程序', en: 'Call a program and wait' },
    group: 'program',
    pages: [99811],
    request: {
      ...call,
      notify_id: optional(
        text({ minChars: 1, maxBytes: 128 }),
        'of the program_notify that this call answers; good for 10 minutes',
        710646,
      ),
    },
    response: { response_data: required(text(), 'what the program has answered, JSON text') },
    errcodes: [...wayErrcodes, ...programErrcodes, 710646, 710647, 790012, 790013, 790014],
    limits: ['time-out and size limits are not documented; the sandbox has options for them'],
    example: {
      request: { program_id: '$PROGRAM_ID', ability_id: 'echo', request_data: '{"days":3}' },
      response: { ...ok, response_data: '{"errcode":0}' },
    },
  }),
  define({
    path: 'chatdata/async_program_task',
    aliases: ['chatdata/async_call_program'],
    title: { zh: '异步调用专区程序', en: 'Give a program a task' },
    group: 'program',
    pages: [99812],
    request: call,
    response: { jobid: required(text(), 'the task') },
    errcodes: [...wayErrcodes, ...programErrcodes, 710647, 790012],
    notes: [
      'Whether the platform waits until the program has taken the task is not documented; the sandbox does, so that a program that cannot be reached is told here.',
      'Some clients know it as chatdata/async_call_program; the sandbox takes both.',
    ],
    example: {
      request: { program_id: '$PROGRAM_ID', ability_id: 'echo', request_data: '{"days":3}' },
      response: { ...ok, jobid: 'j-1' },
    },
  }),
  define({
    path: 'chatdata/async_program_result',
    title: { zh: '获取异步任务结果', en: 'Result of a task' },
    group: 'program',
    pages: [99812],
    request: { jobid: required(text({ minChars: 1 }), 'of async_program_task') },
    response: {
      response_errcode: required(int(), 'as the program has reported it'),
      response_data: required(text(), 'as the program has reported it'),
    },
    errcodes: [40088, 710616, 710642],
    example: {
      request: { jobid: '$JOBID' },
      response: { ...ok, response_errcode: 0, response_data: '{"done":true}' },
    },
  }),
  define({
    path: 'chatdata/set_receive_callback',
    title: { zh: '设置专区接收回调事件', en: 'Choose the program that receives events' },
    group: 'program',
    pages: [99850],
    request: programId,
    errcodes: programErrcodes,
    notes: ['One program of an app receives events; a second call replaces the first.'],
    example: { request: { program_id: '$PROGRAM_ID' }, response: ok },
  }),
  define({
    path: 'chatdata/set_public_key',
    title: { zh: '设置公钥', en: 'Set the public key of the archive' },
    group: 'settings',
    pages: [99845],
    request: {
      public_key: required(text({ minChars: 1 }), 'PEM; RSA, 2048 bits', 40211),
      public_key_ver: required(int({ min: 1 }), 'greater than that of the former key', 40212),
    },
    errcodes: [40211, 40212],
    notes: [
      'Self-built apps set their key on the admin site.',
      "`$PUBLIC_KEY` is the key's PEM text with `\\n` for each end of line, as JSON has it.",
    ],
    example: {
      request: { public_key: '$PUBLIC_KEY', public_key_ver: 2 },
      response: ok,
    },
  }),
  define({
    path: 'chatdata/set_hide_sensitiveinfo_config',
    title: { zh: '设置成员会话组件敏感信息隐藏配置', en: 'Set masking for a member' },
    group: 'settings',
    pages: [100055],
    request: {
      userid: required(text({ minChars: 1 })),
      config: required(struct(maskingRequest)),
    },
    errcodes: [710608],
    example: { request: { userid: '$USERID', config: { hide_mobile: true } }, response: ok },
  }),
  define({
    path: 'chatdata/get_hide_sensitiveinfo_config',
    title: { zh: '获取成员会话组件敏感信息隐藏配置', en: 'Get masking of a member' },
    group: 'settings',
    pages: [100055],
    request: { userid: required(text({ minChars: 1 })) },
    response: { config: required(struct(maskingResponse)) },
    errcodes: [710608],
    example: {
      request: { userid: '$USERID' },
      response: {
        ...ok,
        config: { hide_mobile: true, hide_idcard: false, hide_bankno: false },
      },
    },
  }),
  define({
    path: 'chatdata/set_log_level',
    title: { zh: '设置专区程序日志级别', en: "Set a program's log level" },
    group: 'settings',
    pages: [100106],
    request: { ...programId, log_level: required(logLevel) },
    errcodes: programErrcodes,
    notes: ['Decides which records the platform collects. Not for official models.'],
    example: { request: { program_id: '$PROGRAM_ID', log_level: 3 }, response: ok },
  }),
  define({
    path: 'chatdata/get_log_level',
    title: { zh: '获取专区程序日志级别', en: "Get a program's log level" },
    group: 'settings',
    pages: [100106],
    request: programId,
    response: { log_level: required(logLevel, '2 unless it was set') },
    errcodes: programErrcodes,
    example: { request: { program_id: '$PROGRAM_ID' }, response: { ...ok, log_level: 3 } },
  }),
  define({
    path: 'chatdata/get_auth_user_list',
    title: { zh: '获取授权存档的成员列表', en: 'Members whose conversations are archived' },
    group: 'licence',
    pages: [99846],
    request: page,
    response: {
      auth_user_list: required(
        list(
          named('AuthUser', 'A member with a licence.', {
            userid: required(text()),
            edition_list: required(list(edition)),
          }),
        ),
      ),
      ...nextPage,
    },
    errcodes: [710611],
    notes: [
      'The table of the page says 0 or 1 for has_more, its example true; the sandbox answers as the example.',
    ],
    example: {
      request: { limit: 2 },
      response: {
        ...ok,
        auth_user_list: [{ userid: 'wo-staff-1', edition_list: [2] }],
        next_cursor: 'c-1',
        has_more: true,
      },
    },
  }),
  define({
    path: 'chatdata/get_corp_auth_info',
    title: { zh: '获取企业授权信息', en: "The corp's licences" },
    group: 'licence',
    pages: [101354],
    appTypes: ['third-party', 'provider-developed'],
    response: { auth_edition_list: required(list(authEdition)) },
    errcodes: [710640],
    notes: ['It has no body. Not for self-built apps.'],
    example: {
      response: {
        ...ok,
        auth_edition_list: [
          {
            edition: 2,
            auth_scope: { userid_list: [], department_id_list: [1], tag_id_list: [] },
            status: 3,
            begin_time: 1_760_000_000,
            end_time: 1_790_000_000,
            msg_duration_days: 180,
            auth_user_count: 100,
          },
        ],
      },
    },
  }),
  define({
    path: 'docdata/get_auth_user_list',
    title: { zh: '获取文档授权的成员列表', en: 'Members with a document licence' },
    group: 'licence',
    pages: [],
    request: page,
    response: {
      auth_user_list: required(list(struct({ userid: required(text()) }))),
      ...nextPage,
    },
    errcodes: [710611],
    example: {
      request: { limit: 2 },
      response: {
        ...ok,
        auth_user_list: [{ userid: 'wo-staff-1' }],
        next_cursor: 'c-1',
        has_more: true,
      },
    },
  }),
  define({
    path: 'docdata/get_auth_info',
    title: { zh: '获取文档授权信息', en: 'The document licence' },
    group: 'licence',
    pages: [],
    appTypes: ['third-party'],
    response: {
      status: required(int({ values: { 1: 'trial', 2: 'trial over' } })),
      auth_scope: required(authScope),
      begin_time: required(unixSeconds(), 'unix seconds'),
      end_time: required(unixSeconds(), 'unix seconds'),
      auth_user_count: required(int(), 'how many members it is for'),
    },
    errcodes: [710640],
    notes: ['Third-party apps only.'],
    example: {
      request: {},
      response: {
        ...ok,
        status: 1,
        auth_scope: { userid_list: [], department_id_list: [1], tag_id_list: [] },
        begin_time: 1_760_000_000,
        end_time: 1_790_000_000,
        auth_user_count: 100,
      },
    },
  }),
  define({
    path: 'chatdata/upload_media',
    title: { zh: '上传临时素材', en: 'Upload a temporary file' },
    group: 'media',
    pages: [],
    query: { type: required(text({ values: ['file'] }), '', 40005) },
    fileField: 'media',
    response: {
      type: required(text({ values: ['file'] })),
      media_id: required(text(), 'good for 3 days, for this corp and app, in the zone only'),
      created_at: required(text(), 'unix seconds'),
    },
    errcodes: [40005, 40006, 40058],
    limits: ['6 bytes to 60 MB'],
    notes: [
      'The type of created_at is not documented; here it is a text, as in the answer of media/upload.',
    ],
    example: {
      query: { type: 'file' },
      response: { ...ok, type: 'file', media_id: 'm-1', created_at: '1760000000' },
    },
  }),
  define({
    path: 'chatdata/open_debug_mode',
    title: { zh: '开启调试模式', en: 'Open debug mode' },
    group: 'debug mode',
    pages: [],
    request: {
      ...programId,
      debug_token: required(text({ minChars: 1 }), "from the program's page on the admin site"),
    },
    errcodes: [...programErrcodes, 710671, 710672],
    notes: [
      'The program must call SpecOpenDebugMode as well.',
      'On the platform, third-party apps may do so in corps that have installed them for a test, provider-developed ones in the test corp of the provider; in the sandbox `state.grants.isDebugModeForbidden` says that this is not one.',
      'From then on calls and events go to the debug server (接收事件服务器) of the program: in the sandbox to `sandbox.programs.debugServer`, if that is set.',
    ],
    example: {
      request: { program_id: '$PROGRAM_ID', debug_token: '$DEBUG_TOKEN' },
      response: ok,
    },
  }),
  define({
    path: 'chatdata/check_debug_mode',
    title: { zh: '查询调试模式状态', en: 'Look whether debug mode is open' },
    group: 'debug mode',
    pages: [],
    request: programId,
    response: { debug_mode_status: required(int({ values: { 1: 'off', 2: 'on' } })) },
    errcodes: programErrcodes,
    example: {
      request: { program_id: '$PROGRAM_ID' },
      response: { ...ok, debug_mode_status: 2 },
    },
  }),
  define({
    path: 'chatdata/close_debug_mode',
    title: { zh: '关闭调试模式', en: 'Close debug mode' },
    group: 'debug mode',
    pages: [],
    request: programId,
    errcodes: [...programErrcodes, 710673],
    example: { request: { program_id: '$PROGRAM_ID' }, response: ok },
  }),
];

/** The interface that a path below `/cgi-bin/` belongs to. */
export function serverInterface(path: string): ServerInterfaceDefinition | undefined {
  return serverInterfaces.find(
    (definition) => definition.path === path || definition.aliases.includes(path),
  );
}
