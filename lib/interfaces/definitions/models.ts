import {
  boolean,
  define,
  type Field,
  int,
  list,
  named,
  optional,
  publicId,
  required,
  struct,
  text,
  unixSeconds,
  type VariantsSchema,
  type ZoneInterfaceDefinition,
} from '../schema';
import {
  createdTask,
  escapeType,
  exampleCreated,
  exampleMsgid,
  exampleMsgList,
  failedTagGroups,
  hasItems,
  jobIdRequest,
  MODEL_CALLS_PER_DAY,
  MODEL_DAILY_LIMIT,
  MODEL_INPUT_LIMIT,
  MODEL_QUEUE_LIMIT,
  messageKey,
  messageStatus,
  modelDebugInfo,
  objectAt,
  ok,
  reportedResult,
  tagGroups,
  taskMessages,
  taskStatus,
  undocumented,
} from './shared';

const modelId = publicId({ minChars: 1 });
const kbId = publicId({ minChars: 1 });
const taskLimits = [MODEL_INPUT_LIMIT, MODEL_DAILY_LIMIT, MODEL_QUEUE_LIMIT];
const resultLimits = [MODEL_DAILY_LIMIT, MODEL_QUEUE_LIMIT];

const exampleText = { ...ok, status: 1, fail_list: [], response_data: 'text' };

const docRetrievalParams = named(
  'DocRetrievalParams',
  'The documents that the model searches. In gradual rollout (灰度); requires the document archive permission.',
  {
    oper_userid: required(text({ minChars: 1 }), 'the searching staff member', 710722),
    user_doc_ticket: required(text({ minChars: 1 }), 'from the OAuth user identity call', 710803),
    keywords: optional(
      list(text(), { max: 20 }),
      'at most 300 characters in total; if present, the search is by keyword',
      710737,
    ),
    docid_list: optional(
      list(text(), { max: 1000 }),
      'without `keywords` the full text is searched',
    ),
    wedrive_fileid_list: optional(
      list(text(), { max: 1000 }),
      'wedrive files to search, like `docid_list`',
    ),
    doc_type: optional(
      int({
        values: { 8: 'doc', 9: 'sheet', 19: 'smart sheet', 20: 'mind map', 21: 'smart doc' },
      }),
      'searches documents of this type only',
    ),
    create_time_start: optional(unixSeconds(), 'documents created since then, in unix seconds'),
    create_time_end: optional(unixSeconds(), 'documents created until then, in unix seconds'),
    creator_userid_list: optional(list(text(), { max: 20 }), 'documents of these creators only'),
    retrieved_knowledge_list: optional(
      list(
        struct({
          fragment: required(
            text({ maxChars: 10_000 }),
            'a text that the caller found itself, for the model to use',
          ),
          ref_id: required(text(), "the caller's own reference"),
        }),
        { max: 100 },
      ),
      'at least one of `keywords`, `docid_list`, `wedrive_fileid_list` and this list is required',
    ),
  },
);

const wwModelFields: Readonly<Record<string, Field>> = {
  kb_id: optional(kbId, 'knowledge base'),
  msg_list: optional(
    list(messageKey, { max: 1000 }),
    'at least one of `msg_list` and `doc_retrieval_params` is required; of duplicates only the first is used',
  ),
  model_id: optional(
    modelId,
    'from the admin site: Hunyuan or DeepSeek, each as a fast or deep-thinking variant; default Hunyuan fast',
  ),
  need_think_result: optional(
    boolean,
    'default false; true makes deep-thinking models prefix <think>…</think>',
  ),
  doc_retrieval_params: optional(docRetrievalParams, 'documents for the model to search'),
};

/** Two official pages document different requests. */
const wwModelRequest: VariantsSchema = {
  kind: 'variants',
  typeName: 'CreateWwModelTaskRequest',
  note: 'The official pages document two variants: with and without `ability_id`. Try in a real zone which one a corp needs.',
  choose: (request) => (request.ability_id === undefined ? 0 : 1),
  of: [
    named(
      'CreateWwModelTaskByProtocol',
      'The variant of page 99875: the protocol set on the admin site determines the prompt.',
      wwModelFields,
    ),
    named(
      'CreateWwModelTaskByAbility',
      'The variant of page 100289: `ability_id` selects the input protocol, which is the prompt.',
      {
        ability_id: required(publicId({ minChars: 1 }), 'selects the input protocol'),
        ...wwModelFields,
        tag_group_list: optional(tagGroups, 'customer tag groups for the prompt'),
        kb_retrieval_words: optional(text(), 'search words for the knowledge base'),
        var_args: optional(
          list(
            struct({
              name: required(text({ minChars: 1 }), 'the variable in the prompt'),
              value: required(text(), 'what replaces it'),
            }),
          ),
          'variables of the prompt',
        ),
      },
    ),
  ],
};

const RETRIEVAL_ERRCODES = [
  710722, 710723, 710724, 710725, 710726, 710728, 710729, 710730, 710731, 710732, 710733, 710734,
  710736, 710737, 710738, 710803,
];

const filteredContent = list(
  named('FilteredContent', 'A document that was not passed to the model.', {
    docid: optional(text(), 'this or `wedrive_fileid`'),
    wedrive_fileid: optional(text(), 'this or `docid`'),
    errcode: required(int(), 'the reason, for example 710728 or 710729'),
    errmsg: required(text(), 'a text for people'),
  }),
);

/** The result list of sentiment and spam tasks. */
const analysed = (typeName: string, note: string, verdict: Readonly<Record<string, Field>>) =>
  optional(
    list(
      named(typeName, note, {
        ...messageStatus,
        ...verdict,
      }),
    ),
    'one entry for each message',
  );

const manyMessages = { ...taskMessages, errcode: 710623 };

export const modelInterfaces: readonly ZoneInterfaceDefinition[] = [
  define({
    name: 'create_ww_model_task',
    title: { zh: '创建企微通用模型任务', en: 'Create general-model task' },
    group: 'models',
    pages: [99875, 100289],
    effect: 'create',
    request: wwModelRequest,
    rules: [
      {
        text: 'at least one of `msg_list` and `doc_retrieval_params` is present',
        isBroken: ({ msg_list: messages, doc_retrieval_params: retrieval }) =>
          !hasItems(messages) && retrieval === undefined,
      },
      {
        text: '`doc_retrieval_params` has at least one of `keywords`, `docid_list`, `wedrive_fileid_list` and `retrieved_knowledge_list`',
        isBroken: ({ doc_retrieval_params: retrieval }) => {
          if (retrieval === undefined) return false;
          const params = objectAt(retrieval);
          return ![
            params.keywords,
            params.docid_list,
            params.wedrive_fileid_list,
            params.retrieved_knowledge_list,
          ].some(hasItems);
        },
      },
      {
        errcode: 710737,
        text: '`keywords` have at most 300 characters in total',
        isBroken: ({ doc_retrieval_params: retrieval }) => {
          const { keywords } = objectAt(retrieval);
          return Array.isArray(keywords) && [...keywords.join('')].length > 300;
        },
      },
    ],
    response: { ...createdTask, fail_tag_group_id_list: failedTagGroups },
    errcodes: [710644, 710682, ...RETRIEVAL_ERRCODES, 790040, 790041],
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: [
      'text messages only according to the introduction of the page; its field note also names voice and audio archive',
      'only for self-built applications',
      ...taskLimits,
    ],
    notes: [
      'The two pages contradict each other about whether `ability_id` or the admin site selects the prompt: try it in a real zone.',
    ],
    example: {
      request: { msg_list: exampleMsgList, model_id: 'model-1', need_think_result: false },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_ww_model_result',
    title: { zh: '获取企微通用模型结果', en: 'Get general-model result' },
    group: 'models',
    pages: [99875, 100289],
    effect: 'read',
    request: jobIdRequest,
    response: {
      ...taskStatus,
      response_data: optional(text(), 'the output of the model'),
      filtered_content_list: optional(
        filteredContent,
        'documents that were not passed to the model; `filteredContent` reads this field and the next one',
      ),
      filtered_doc_list: optional(
        filteredContent,
        'the same list under the name in the example of the page',
      ),
    },
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: resultLimits,
    example: { request: { jobid: 'j-1' }, response: exampleText },
  }),
  define({
    name: 'create_recommend_dialog_task',
    title: { zh: '创建话术推荐任务', en: 'Create reply-suggestion task' },
    group: 'models',
    pages: [99977, 99834, 100031],
    effect: 'create',
    request: { kb_id: required(kbId, 'from knowledge_base_list', 800000), msg_list: taskMessages },
    response: { ...createdTask, fail_tag_group_id_list: failedTagGroups },
    errcodes: [710643, 790024, 790040, 790041, 800000],
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: taskLimits,
    example: {
      request: { kb_id: 'kb-1', msg_list: exampleMsgList },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_recommend_dialog_result',
    title: { zh: '获取话术推荐结果', en: 'Get reply-suggestion result' },
    group: 'models',
    pages: [99977, 99834, 100031],
    effect: 'read',
    request: jobIdRequest,
    response: { ...taskStatus, response_data: optional(text(), 'the suggested reply') },
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: resultLimits,
    example: { request: { jobid: 'j-1' }, response: exampleText },
  }),
  define({
    name: 'create_customer_tag_task',
    title: { zh: '创建标签匹配任务', en: 'Create customer-tag task' },
    group: 'models',
    pages: [99979, 99833, 100032],
    effect: 'create',
    request: {
      tag_group_list: required(tagGroups, 'the tags of a group should be mutually exclusive'),
      msg_list: taskMessages,
      model_id: optional(modelId, 'default: the model of the platform'),
    },
    response: createdTask,
    errcodes: [790040, 790041],
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: taskLimits,
    example: {
      request: { tag_group_list: [{ group_id: 'g-1' }], msg_list: exampleMsgList },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_customer_tag_result',
    title: { zh: '获取标签任务结果', en: 'Get customer-tag result' },
    group: 'models',
    pages: [99979, 99833, 100032],
    effect: 'read',
    request: jobIdRequest,
    response: {
      ...taskStatus,
      tag_result_list: optional(
        list(
          named('MatchedTag', 'A tag that matches the conversation.', {
            group_id: required(text(), 'the customer tag group, as in the request'),
            tag_id: required(text(), 'the tag of the group that matches'),
          }),
        ),
        'groups without a matching tag are absent',
      ),
    },
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: resultLimits,
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        status: 1,
        fail_list: [],
        tag_result_list: [{ group_id: 'g-1', tag_id: 'tag-1' }],
      },
    },
  }),
  define({
    name: 'create_summary_task',
    title: { zh: '创建摘要提取任务', en: 'Create summary task' },
    group: 'models',
    pages: [99980, 99832],
    effect: 'create',
    request: { msg_list: taskMessages },
    response: createdTask,
    errcodes: [790040, 790041, 710628],
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: ['text beyond 30000 characters in total is ignored', ...taskLimits],
    example: { request: { msg_list: exampleMsgList }, response: exampleCreated },
  }),
  define({
    name: 'get_summary_result',
    title: { zh: '获取摘要提取结果', en: 'Get summary result' },
    group: 'models',
    pages: [99980, 99832],
    effect: 'read',
    request: jobIdRequest,
    response: { ...taskStatus, response_data: optional(text(), 'the summary') },
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: resultLimits,
    example: { request: { jobid: 'j-1' }, response: exampleText },
  }),
  define({
    name: 'create_sentiment_task',
    title: { zh: '创建情感分析任务', en: 'Create sentiment task' },
    group: 'models',
    pages: [99983, 100034],
    confidence: 'secondary',
    effect: 'create',
    request: { msg_list: manyMessages },
    response: createdTask,
    errcodes: [710623, 790041],
    example: { request: { msg_list: exampleMsgList }, response: exampleCreated },
  }),
  define({
    name: 'get_sentiment_result',
    title: { zh: '获取情感分析结果', en: 'Get sentiment result' },
    group: 'models',
    pages: [99983, 100034],
    confidence: 'secondary',
    effect: 'read',
    request: jobIdRequest,
    response: {
      status: taskStatus.status,
      analyze_result_list: analysed('AnalyzedSentiment', 'The sentiment of one message.', {
        sentiment_result: required(
          int({ values: { 0: 'none', 1: 'positive', 2: 'negative' } }),
          'the verdict of the model',
        ),
      }),
    },
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        status: 1,
        analyze_result_list: [{ ...ok, msgid: exampleMsgid, sentiment_result: 1 }],
      },
    },
  }),
  define({
    name: 'create_spam_task',
    title: { zh: '会话反垃圾创建分析任务', en: 'Create anti-spam task' },
    group: 'models',
    pages: [99986, 100036],
    confidence: 'secondary',
    effect: 'create',
    request: { msg_list: manyMessages },
    response: createdTask,
    errcodes: [710623, 790041],
    example: { request: { msg_list: exampleMsgList }, response: exampleCreated },
  }),
  define({
    name: 'get_spam_result',
    title: { zh: '会话反垃圾获取任务结果', en: 'Get anti-spam result' },
    group: 'models',
    pages: [99986, 100036],
    confidence: 'secondary',
    effect: 'read',
    request: jobIdRequest,
    response: {
      status: taskStatus.status,
      analyze_result_list: analysed('AnalyzedSpam', 'Whether one message is spam.', {
        spam_result: required(
          int({ values: { 0: 'clean', 1: 'political', 2: 'porn' } }),
          'the verdict of the model',
        ),
      }),
    },
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        status: 1,
        analyze_result_list: [{ ...ok, msgid: exampleMsgid, spam_result: 0 }],
      },
    },
  }),
  define({
    name: 'create_model_task',
    title: { zh: '创建自定义模型任务', en: 'Create own-model task' },
    group: 'models',
    pages: [99985, 99835, 100035],
    effect: 'create',
    request: {
      model_id: required(modelId, 'the own model', 800001),
      ability_id: required(publicId({ minChars: 1 }), 'the ability of the model', 710636),
      kb_id: optional(kbId, 'takes precedence over `service_kb_id`'),
      service_kb_id: optional(
        kbId,
        'the knowledge base of the provider; only in the example of the page and its note on `kb_id`',
      ),
      tag_group_list: optional(tagGroups, 'for `{tagjson}`'),
      msg_list: taskMessages,
      debug_info: modelDebugInfo,
      escape_type: escapeType,
    },
    response: { ...createdTask, fail_tag_group_id_list: failedTagGroups },
    errcodes: [710635, 710636, 790020, 790021, 790023, 800001, 800002, 800003],
    callsPerDay: MODEL_CALLS_PER_DAY,
    limits: [
      MODEL_DAILY_LIMIT,
      'the model must respond to its request within 5 s (the body is ignored, but must be built by the SDK) and then report with program_async_job_call_back',
    ],
    notes: ['The Java SDK of 2024 calls it create_private_task.'],
    example: {
      request: { model_id: 'model-1', ability_id: 'a-1', msg_list: exampleMsgList },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_model_task_result',
    title: { zh: '获取自定义模型结果', en: 'Get own-model result' },
    group: 'models',
    pages: [99985, 99835, 100035],
    effect: 'read',
    request: jobIdRequest,
    response: reportedResult('model'),
    errcodes: [710642],
    limits: ['no status field: errcode 710642 means that there is no result yet'],
    notes: ['The Java SDK of 2024 calls it get_private_task_result.'],
    example: {
      request: { jobid: 'j-1' },
      response: {
        ...ok,
        fail_list: [],
        response_errcode: 0,
        response_data: '{"result":"x"}',
      },
    },
  }),
  define({
    name: 'create_private_task',
    title: { zh: '创建自定义模型任务（旧名）', en: 'Old name of create_model_task' },
    group: 'models',
    pages: [],
    confidence: 'name only',
    successor: 'create_model_task',
    effect: 'create',
    request: undocumented,
    response: undocumented,
    notes: ['The current pages list only the new name; the fields of the old one are unknown.'],
    example: { request: {}, response: ok },
  }),
  define({
    name: 'get_private_task_result',
    title: { zh: '获取自定义模型结果（旧名）', en: 'Old name of get_model_task_result' },
    group: 'models',
    pages: [],
    confidence: 'name only',
    successor: 'get_model_task_result',
    effect: 'read',
    request: undocumented,
    response: undocumented,
    notes: ['The current pages list only the new name; the fields of the old one are unknown.'],
    example: { request: {}, response: ok },
  }),
];
