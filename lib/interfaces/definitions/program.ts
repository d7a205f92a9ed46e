import {
  define,
  int,
  integer,
  optional,
  publicId,
  required,
  struct,
  text,
  type ZoneInterfaceDefinition,
} from '../schema';
import {
  createdTask,
  escapeType,
  exampleCreated,
  exampleMsgList,
  failedTagGroups,
  jobId,
  jobIdRequest,
  maskedUser,
  maskingRequest,
  maskingResponse,
  ok,
  programDebugInfo,
  reportedResult,
  taskMessages,
} from './shared';

const exportPages = [99987, 99838, 100037];
const taskPages = [99988, 99873, 100038];
const maskingPages = [100139, 100055, 100054];

export const exportInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'create_chatdata_export_job',
    title: { zh: '创建会话内容导出任务', en: 'Create export job' },
    group: 'export',
    pages: exportPages,
    effect: 'create',
    request: {
      code: required(
        text({ minChars: 1 }),
        'from the export button of the display component; valid for one use within 5 minutes',
      ),
      media_id: required(
        text({ minChars: 1 }),
        'the template: temporary media of the application; doc, docx, xls, xlsx or txt',
        40007,
      ),
    },
    response: { jobid: required(jobId, 'the export, for get_chatdata_export_job_status') },
    errcodes: [710629, 40007],
    limits: [
      '1000 exports per corp per day',
      '100000 message ids in a file',
      '64 MB after conversion',
    ],
    example: {
      request: { code: 'code-1', media_id: 'media-1' },
      response: { ...ok, jobid: 'j-1' },
    },
  }),
  define({
    name: 'get_chatdata_export_job_status',
    title: { zh: '获取会话内容导出任务结果', en: 'Get export job status' },
    group: 'export',
    pages: exportPages,
    effect: 'read',
    request: jobIdRequest,
    response: {
      status: required(
        int({ values: { 1: 'waiting', 2: 'running', 3: 'done' } }),
        'the state of the export; poll again until it is 3',
      ),
      result_id: optional(
        text(),
        'if done and `result_errcode` is 0; valid for 14 days; only for the component ww-open-result-link',
      ),
      result_errcode: optional(int(), 'if done: 0, or why the export failed'),
      result_errmsg: optional(text(), 'if done: a text for people'),
    },
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        status: 3,
        result_id: 'res-1',
        result_errcode: 0,
        result_errmsg: 'ok',
      },
    },
  }),
];

export const programInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'create_program_task',
    title: { zh: '创建自有分析程序任务', en: 'Create own-program task' },
    group: 'program',
    pages: taskPages,
    effect: 'create',
    request: {
      program_id: required(
        publicId({ minChars: 1 }),
        'the program; it must be linked to the application',
      ),
      ability_id: required(publicId({ minChars: 1 }), 'the ability of the program', 710636),
      msg_list: taskMessages,
      debug_info: programDebugInfo,
      escape_type: escapeType,
    },
    response: { ...createdTask, fail_tag_group_id_list: failedTagGroups },
    errcodes: [710645, 710636, 790015, 790016, 790020, 790021, 790023],
    notes: [
      'The called program receives an asynchronous request of call type 1. Its data is the input protocol with `{chat}` and `{chatcontent}` filled in.',
    ],
    example: {
      request: {
        program_id: 'p-1',
        ability_id: 'a-1',
        msg_list: exampleMsgList,
        escape_type: 0,
      },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_program_task_result',
    title: { zh: '获取自有分析程序结果', en: 'Get own-program result' },
    group: 'program',
    pages: taskPages,
    effect: 'read',
    request: jobIdRequest,
    response: reportedResult('program'),
    errcodes: [710642],
    limits: ['no status field: errcode 710642 means that there is no result yet'],
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        fail_list: [],
        response_errcode: 0,
        response_data: '{"output":"x"}',
      },
    },
  }),
  define({
    name: 'program_async_job_call_back',
    title: { zh: '上报异步任务结果', en: 'Report the result of an asynchronous call' },
    group: 'program',
    pages: [99989, 99847],
    effect: 'write',
    request: {
      errcode: required(int(), '0: the task has succeeded'),
      result: optional(text(), 'must match the output protocol of the ability'),
    },
    errcodes: [790010, 790013, 790014, 790017, 790022, 710639],
    limits: ['must be called with the job_info and the agentid (possibly 0) of the request'],
    example: {
      request: { errcode: 0, result: '{"output":"x"}' },
      response: ok,
    },
  }),
  define({
    name: 'spec_notify_app',
    title: { zh: '专区通知应用', en: 'Notify the application' },
    group: 'program',
    pages: [99990, 99849, 100040],
    effect: 'write',
    request: {
      notify_id: optional(
        publicId({ minChars: 1, maxBytes: 64 }),
        'an id from GenerateNotifyId(); absent: the platform generates one',
        710646,
      ),
      notify_scene: optional(
        integer('int32'),
        '0 to 255, passed to the application; other values are ignored',
      ),
    },
    response: {
      notify_id: required(
        publicId(),
        'valid for 10 minutes; the application receives the same id in program_notify',
      ),
    },
    errcodes: [710646],
    example: {
      request: { notify_id: 'n-1', notify_scene: 1 },
      response: { ...ok, notify_id: 'n-1' },
    },
  }),
];

export const displayComponentInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'set_hide_sensitiveinfo_config',
    title: { zh: '设置成员会话组件敏感信息隐藏配置', en: 'Set masking for a member' },
    group: 'display component',
    pages: maskingPages,
    confidence: 'secondary',
    effect: 'write',
    request: { userid: maskedUser, config: required(struct(maskingRequest), 'what to mask') },
    notes: ['Documented only as a server interface; its fields are taken from there.'],
    example: {
      request: { userid: 'wo-staff-1', config: { hide_mobile: true } },
      response: ok,
    },
  }),
  define({
    name: 'get_hide_sensitiveinfo_config',
    title: { zh: '获取成员会话组件敏感信息隐藏配置', en: 'Get masking of a member' },
    group: 'display component',
    pages: maskingPages,
    confidence: 'secondary',
    effect: 'read',
    request: { userid: maskedUser },
    response: {
      config: required(struct(maskingResponse), 'what is masked'),
    },
    notes: ['Documented only as a server interface; its fields are taken from there.'],
    example: {
      request: { userid: 'wo-staff-1' },
      response: {
        ...ok,
        config: { hide_mobile: false, hide_idcard: true, hide_bankno: true },
      },
    },
  }),
];
