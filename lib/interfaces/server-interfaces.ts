import { maskedUser, maskingRequest, maskingResponse, ok } from './definitions/shared';
import { MALFORMED_REQUEST } from './errcodes';
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

/** The sections of docs/server-interfaces.md. */
export const serverInterfaceGroups = {
  'access token': { zh: '获取access_token', en: 'Access token' },
  program: { zh: '调用专区程序', en: 'Calling programs' },
  settings: { zh: '应用与企业设置', en: 'Settings of application and corp' },
  licence: { zh: '授权信息', en: 'Licences' },
  media: { zh: '临时素材', en: 'Temporary media' },
  'debug mode': { zh: '调试模式', en: 'Debug mode' },
} as const;

/** The type of an application; some interfaces are only for some types. */
export type AppType = 'self-built' | 'third-party' | 'provider-developed';

/** A server interface of the platform: applications call it over HTTP. */
export interface ServerInterfaceDefinition {
  /** Below `/cgi-bin/`. */
  readonly path: string;
  /** Other paths under which clients call it. */
  readonly aliases: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly title: { readonly zh: string; readonly en: string };
  readonly group: keyof typeof serverInterfaceGroups;
  /** Numbers of the official pages; empty if unknown. */
  readonly pages: readonly number[];
  /** Whether the query string must have an `access_token`. */
  readonly needsToken: boolean;
  /** The query parameters besides `access_token`. */
  readonly query: StructSchema;
  /** The JSON body; without fields if `fileField` is set. */
  readonly request: StructSchema;
  /** Name of the form field with the file, for a multipart body; absent: the body is JSON. */
  readonly fileField?: string;
  /** The types of application that may call it; absent: all. */
  readonly appTypes?: readonly AppType[];
  /** Without `errcode` and `errmsg`, which every response has. */
  readonly response: StructSchema;
  readonly rules: readonly Rule[];
  /** The errcodes of the sandbox besides the general ones. */
  readonly errcodes: readonly number[];
  readonly limits: readonly string[];
  readonly notes: readonly string[];
  /**
   * A request that succeeds in a sandbox. A string such as `$JOBID` is a shell variable, set by `wework-spec sandbox` or
   * from an earlier response.
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

const programId = {
  program_id: required(text({ minChars: 1 }), 'the program; it must be linked to the application'),
};
const call = {
  ...programId,
  ability_id: required(text({ minChars: 1 }), 'the ability of the program'),
  request_data: required(text(), 'JSON; it must match the input protocol of the ability'),
};
/** Failures of the exchange between platform and program. */
const exchangeErrcodes = [710674, 710675, 710676, 710677];
const programErrcodes = [710645];

const page = {
  cursor: optional(text(), '`next_cursor` of the previous response'),
  limit: optional(int({ min: 1, max: 1000 }), 'default 200'),
};
const nextPage = {
  next_cursor: required(text(), '`cursor` of the next request'),
  has_more: required(boolean, 'whether there are more entries'),
};

const edition = int({
  values: { 1: 'internal', 2: 'internal and external', 3: 'with voice calls' },
});

const logLevel = int({ values: { 1: 'ERR', 2: 'INFO', 3: 'DBG' } });

const authScope = named('AuthScope', 'The members that a licence covers.', {
  userid_list: required(list(text()), 'single members'),
  department_id_list: required(list(int()), 'all members of these departments'),
  tag_id_list: required(list(int()), 'all members with these tags'),
});

const authEdition = named('AuthEdition', 'A licence of the corp.', {
  edition: required(edition, 'which conversations are archived'),
  auth_scope: required(authScope, 'whose conversations are archived'),
  status: required(
    int({
      values: {
        1: 'trial',
        2: 'trial expired',
        3: 'paid',
        4: 'paid expired',
        5: 'free',
        6: 'free expired',
        7: 'paid from a later date',
      },
    }),
    'the state of the licence',
  ),
  begin_time: required(unixSeconds(), 'start of the licence in unix seconds'),
  end_time: required(unixSeconds(), 'end of the licence in unix seconds'),
  msg_duration_days: required(int(), 'how long messages are stored, in days'),
  auth_user_count: required(int(), 'the number of members that it covers'),
});

/** The server interfaces of the zone, and `gettoken`. */
export const serverInterfaces: readonly ServerInterfaceDefinition[] = [
  define({
    path: 'gettoken',
    method: 'GET',
    needsToken: false,
    title: { zh: '获取access_token', en: 'Get an access token' },
    group: 'access token',
    pages: [91039],
    query: {
      corpid: required(text({ minChars: 1 }), 'the corp'),
      corpsecret: required(text({ minChars: 1 }), 'the secret of the application'),
    },
    response: {
      access_token: required(text({ maxBytes: 512 }), 'the same token until it expires'),
      expires_in: required(int(), 'lifetime in seconds'),
    },
    errcodes: [40001, 40013],
    notes: [
      'For self-built applications. On the platform, third-party and provider-developed applications get their tokens in other ways (suite tickets and permanent codes); the sandbox offers this one to all types.',
    ],
    example: {
      query: { corpid: '$CORPID', corpsecret: '$CORPSECRET' },
      response: { ...ok, access_token: 'a-1', expires_in: 7200 },
    },
  }),
  define({
    path: 'chatdata/sync_call_program',
    title: { zh: '同步调用专区程序', en: 'Call a program synchronously' },
    group: 'program',
    pages: [99811],
    request: {
      ...call,
      notify_id: optional(
        text({ minChars: 1, maxBytes: 128 }),
        'from the program_notify event, if the call is the reaction to one; valid for 10 minutes',
        710646,
      ),
    },
    response: { response_data: required(text(), 'the response of the program, JSON') },
    errcodes: [...exchangeErrcodes, ...programErrcodes, 710646, 710647, 790012, 790013, 790014],
    limits: [
      'the time-out and the size limits are not documented; in the sandbox they are options',
    ],
    example: {
      request: { program_id: '$PROGRAM_ID', ability_id: 'echo', request_data: '{"days":3}' },
      response: { ...ok, response_data: '{"errcode":0}' },
    },
  }),
  define({
    path: 'chatdata/async_program_task',
    aliases: ['chatdata/async_call_program'],
    title: { zh: '异步调用专区程序', en: 'Call a program asynchronously' },
    group: 'program',
    pages: [99812],
    request: call,
    response: { jobid: required(text(), 'the task') },
    errcodes: [...exchangeErrcodes, ...programErrcodes, 710647, 790012],
    notes: [
      'Whether the platform waits until the program has accepted the task is not documented. The sandbox waits, so that the response reports a program that cannot be reached.',
      'Some clients call it chatdata/async_call_program; the sandbox accepts both names.',
    ],
    example: {
      request: { program_id: '$PROGRAM_ID', ability_id: 'echo', request_data: '{"days":3}' },
      response: { ...ok, jobid: 'j-1' },
    },
  }),
  define({
    path: 'chatdata/async_program_result',
    title: { zh: '获取异步任务结果', en: 'Get the result of a task' },
    group: 'program',
    pages: [99812],
    request: { jobid: required(text({ minChars: 1 }), 'from async_program_task') },
    response: {
      response_errcode: required(int(), 'as reported by the program'),
      response_data: required(text(), 'as reported by the program'),
    },
    errcodes: [40088, 710616, 710642],
    example: {
      request: { jobid: '$JOBID' },
      response: { ...ok, response_errcode: 0, response_data: '{"done":true}' },
    },
  }),
  define({
    path: 'chatdata/set_receive_callback',
    title: { zh: '设置专区接收回调事件', en: 'Set the program that receives events' },
    group: 'program',
    pages: [99850],
    request: programId,
    errcodes: programErrcodes,
    notes: [
      'Only one program of an application receives events: each call replaces the previous program.',
    ],
    example: { request: { program_id: '$PROGRAM_ID' }, response: ok },
  }),
  define({
    path: 'chatdata/set_public_key',
    title: { zh: '设置公钥', en: 'Set the public key of the archive' },
    group: 'settings',
    pages: [99845],
    request: {
      public_key: required(text({ minChars: 1 }), 'RSA with 2048 bits, PEM', 40211),
      public_key_ver: required(
        int({ min: 1 }),
        'must be greater than that of the previous key',
        40212,
      ),
    },
    errcodes: [40211, 40212],
    notes: [
      'Self-built applications set their key on the admin site instead.',
      '`$PUBLIC_KEY` is the key in PEM with each line break escaped as `\\n`.',
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
      userid: maskedUser,
      config: required(struct(maskingRequest), 'what to mask'),
    },
    errcodes: [710608],
    example: { request: { userid: '$USERID', config: { hide_mobile: true } }, response: ok },
  }),
  define({
    path: 'chatdata/get_hide_sensitiveinfo_config',
    title: { zh: '获取成员会话组件敏感信息隐藏配置', en: 'Get masking of a member' },
    group: 'settings',
    pages: [100055],
    request: { userid: maskedUser },
    response: { config: required(struct(maskingResponse), 'what is masked') },
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
    request: {
      ...programId,
      log_level: required(logLevel, 'the least severe level that is collected'),
    },
    errcodes: programErrcodes,
    notes: ['Controls which log records the platform collects. Not available for official models.'],
    example: { request: { program_id: '$PROGRAM_ID', log_level: 3 }, response: ok },
  }),
  define({
    path: 'chatdata/get_log_level',
    title: { zh: '获取专区程序日志级别', en: "Get a program's log level" },
    group: 'settings',
    pages: [100106],
    request: programId,
    response: {
      log_level: required(logLevel, 'the least severe level that is collected; default 2'),
    },
    errcodes: programErrcodes,
    example: { request: { program_id: '$PROGRAM_ID' }, response: { ...ok, log_level: 3 } },
  }),
  define({
    path: 'chatdata/get_auth_user_list',
    title: { zh: '获取授权存档的成员列表', en: 'List members whose conversations are archived' },
    group: 'licence',
    pages: [99846],
    request: page,
    response: {
      auth_user_list: required(
        list(
          named('AuthUser', 'A member with a licence.', {
            userid: required(text(), 'the member'),
            edition_list: required(list(edition), 'the editions that cover the member'),
          }),
        ),
        'the members of this page',
      ),
      ...nextPage,
    },
    errcodes: [710611],
    notes: [
      'The page documents has_more as 0 or 1 in its table and as true in its example. The sandbox follows the example.',
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
    title: { zh: '获取企业授权信息', en: "Get the corp's licences" },
    group: 'licence',
    pages: [101354],
    appTypes: ['third-party', 'provider-developed'],
    response: { auth_edition_list: required(list(authEdition), 'the licences of the corp') },
    errcodes: [710640],
    notes: ['The request has no body. Not available for self-built applications.'],
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
    title: { zh: '获取文档授权的成员列表', en: 'List members with a document licence' },
    group: 'licence',
    pages: [],
    request: page,
    response: {
      auth_user_list: required(
        list(struct({ userid: required(text(), 'the member') })),
        'the members of this page',
      ),
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
    title: { zh: '获取文档授权信息', en: 'Get the document licence' },
    group: 'licence',
    pages: [],
    appTypes: ['third-party'],
    response: {
      status: required(
        int({ values: { 1: 'trial', 2: 'trial expired' } }),
        'the state of the licence',
      ),
      auth_scope: required(authScope, 'whose documents can be searched'),
      begin_time: required(unixSeconds(), 'start of the licence in unix seconds'),
      end_time: required(unixSeconds(), 'end of the licence in unix seconds'),
      auth_user_count: required(int(), 'the number of members that it covers'),
    },
    errcodes: [710640],
    notes: ['Only for third-party applications.'],
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
    query: { type: required(text({ values: ['file'] }), 'the kind of media', 40005) },
    fileField: 'media',
    response: {
      type: required(text({ values: ['file'] }), 'as in the request'),
      media_id: required(
        text(),
        'valid for 3 days, for this corp and application, in the zone only',
      ),
      created_at: required(text(), 'time of the upload in unix seconds'),
    },
    errcodes: [40005, 40006, MALFORMED_REQUEST],
    limits: ['6 bytes to 60 MB'],
    notes: [
      'The type of created_at is not documented; the sandbox returns a string, like media/upload.',
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
      'The program must also call SpecOpenDebugMode.',
      'On the platform, third-party applications can open it in corps with a test installation, provider-developed applications in the test corp of the provider. In the sandbox, `state.grants.isDebugModeForbidden` simulates any other corp.',
      'Afterwards calls and events are sent to the debug server (接收事件服务器) of the program: in the sandbox to `sandbox.programs.debugServer`, if it is set.',
    ],
    example: {
      request: { program_id: '$PROGRAM_ID', debug_token: '$DEBUG_TOKEN' },
      response: ok,
    },
  }),
  define({
    path: 'chatdata/check_debug_mode',
    title: { zh: '查询调试模式状态', en: 'Check whether debug mode is open' },
    group: 'debug mode',
    pages: [],
    request: programId,
    response: {
      debug_mode_status: required(
        int({ values: { 1: 'off', 2: 'on' } }),
        'whether requests go to the debug server',
      ),
    },
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

/** Finds a server interface by its path below `/cgi-bin/` or an alias. */
export function serverInterface(path: string): ServerInterfaceDefinition | undefined {
  return serverInterfaces.find(
    (definition) => definition.path === path || definition.aliases.includes(path),
  );
}
