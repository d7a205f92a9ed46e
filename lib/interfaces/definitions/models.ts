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
  'Which documents the model looks into. On a grey release; needs the document-archive permission.',
  {
    oper_userid: required(text({ minChars: 1 }), 'who searches', 710722),
    user_doc_ticket: required(text({ minChars: 1 }), 'from the OAuth user identity call', 710803),
    keywords: optional(
      list(text(), { max: 20 }),
      'at most 300 characters in all; when given, the search is by keyword',
      710737,
    ),
    docid_list: optional(
      list(text(), { max: 1000 }),
      'without `keywords` the search is in the full text',
    ),
    wedrive_fileid_list: optional(list(text(), { max: 1000 })),
    doc_type: optional(
      int({
        values: { 8: 'doc', 9: 'sheet', 19: 'smart sheet', 20: 'mind map', 21: 'smart doc' },
      }),
    ),
    create_time_start: optional(unixSeconds(), 'unix seconds'),
    create_time_end: optional(unixSeconds(), 'unix seconds'),
    creator_userid_list: optional(list(text(), { max: 20 })),
    retrieved_knowledge_list: optional(
      list(
        struct({
          fragment: required(text({ maxChars: 10_000 })),
          ref_id: required(text(), "the caller's own reference"),
        }),
        { max: 100 },
      ),
      'of `keywords`, `docid_list`, `wedrive_fileid_list` and this at least one',
    ),
  },
);

const wwModelFields: Readonly<Record<string, Field>> = {
  kb_id: optional(kbId, 'knowledge base'),
  msg_list: optional(
    list(messageKey, { max: 1000 }),
    'of `msg_list` and `doc_retrieval_params` at least one; of duplicates the first counts',
  ),
  model_id: optional(
    modelId,
    'from the admin site: Hunyuan or DeepSeek, quick or deep; default Hunyuan quick',
  ),
  need_think_result: optional(
    boolean,
    'default false; true lets deep models put <think>…</think> in front',
  ),
  doc_retrieval_params: optional(docRetrievalParams),
};

/** Two official pages document two shapes of the request. */
const wwModelRequest: VariantsSchema = {
  kind: 'variants',
  typeName: 'CreateWwModelTaskRequest',
  note: 'The official pages know two variants: with and without `ability_id`. Which one a corp needs is to be tried in a real zone.',
  choose: (request) => (request.ability_id === undefined ? 0 : 1),
  of: [
    named(
      'CreateWwModelTaskByProtocol',
      'As page 99875 has it: the protocol that is set on the admin site decides about the prompt.',
      wwModelFields,
    ),
    named(
      'CreateWwModelTaskByAbility',
      'As page 100289 has it: `ability_id` chooses the input protocol, which is the prompt.',
      {
        ability_id: required(publicId({ minChars: 1 }), 'chooses the input protocol'),
        ...wwModelFields,
        tag_group_list: optional(tagGroups),
        kb_retrieval_words: optional(text(), 'words to look for in the knowledge base'),
        var_args: optional(
          list(struct({ name: required(text({ minChars: 1 })), value: required(text()) })),
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
  named('FilteredContent', 'A document that the model did not get to see.', {
    docid: optional(text(), 'this or `wedrive_fileid`'),
    wedrive_fileid: optional(text()),
    errcode: required(int(), 'for example 710728 or 710729'),
    errmsg: required(text()),
  }),
);

/** One line of the answer of sentiment and spam tasks. */
const analysed = (typeName: string, note: string, verdict: Readonly<Record<string, Field>>) =>
  optional(
    list(
      named(typeName, note, {
        errcode: required(int()),
        errmsg: required(text()),
        msgid: required(text()),
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
        text: 'of `msg_list` and `doc_retrieval_params` at least one is there',
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
        text: '`keywords` have at most 300 characters in all',
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
      'text messages only, says the introduction of the page; its field note also names voice and audio archive',
      'self-built apps only',
      ...taskLimits,
    ],
    notes: [
      'Whether `ability_id` or the admin site chooses the prompt is told differently by the two pages: try it in a real zone.',
    ],
    example: {
      request: { msg_list: exampleMsgList, model_id: 'model-1', need_think_result: false },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_ww_model_result',
    title: { zh: '获取企微通用模型结果', en: 'General-model result' },
    group: 'models',
    pages: [99875, 100289],
    effect: 'read',
    request: jobIdRequest,
    response: {
      ...taskStatus,
      response_data: optional(text(), "the model's words"),
      filtered_content_list: optional(
        filteredContent,
        'documents left out; `filteredContent` reads this name and the next',
      ),
      filtered_doc_list: optional(
        filteredContent,
        'the same under the name that the example of the page has',
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
    title: { zh: '获取话术推荐结果', en: 'Reply-suggestion result' },
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
      tag_group_list: required(tagGroups, 'tags within a group should exclude each other'),
      msg_list: taskMessages,
      model_id: optional(modelId, "default: the platform's model"),
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
    title: { zh: '获取标签任务结果', en: 'Customer-tag result' },
    group: 'models',
    pages: [99979, 99833, 100032],
    effect: 'read',
    request: jobIdRequest,
    response: {
      ...taskStatus,
      tag_result_list: optional(
        list(
          named('MatchedTag', 'A tag that fits the conversation.', {
            group_id: required(text()),
            tag_id: required(text()),
          }),
        ),
        'groups without a hit are absent',
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
    limits: ['text beyond 30000 characters in all is ignored', ...taskLimits],
    example: { request: { msg_list: exampleMsgList }, response: exampleCreated },
  }),
  define({
    name: 'get_summary_result',
    title: { zh: '获取摘要提取结果', en: 'Summary result' },
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
    title: { zh: '获取情感分析结果', en: 'Sentiment result' },
    group: 'models',
    pages: [99983, 100034],
    confidence: 'secondary',
    effect: 'read',
    request: jobIdRequest,
    response: {
      status: taskStatus.status,
      analyze_result_list: analysed('AnalyzedSentiment', 'The sentiment of one message.', {
        sentiment_result: required(int({ values: { 0: 'none', 1: 'positive', 2: 'negative' } })),
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
    title: { zh: '会话反垃圾获取任务结果', en: 'Anti-spam result' },
    group: 'models',
    pages: [99986, 100036],
    confidence: 'secondary',
    effect: 'read',
    request: jobIdRequest,
    response: {
      status: taskStatus.status,
      analyze_result_list: analysed('AnalyzedSpam', 'Whether one message is spam.', {
        spam_result: required(int({ values: { 0: 'clean', 1: 'political', 2: 'porn' } })),
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
      model_id: required(modelId, '', 800001),
      ability_id: required(publicId({ minChars: 1 }), 'of the model', 710636),
      kb_id: optional(kbId, 'wins over `service_kb_id`'),
      service_kb_id: optional(
        kbId,
        "the provider's knowledge base; in the example and in the note on `kb_id` only",
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
      'the model must answer its request within 5 s (the body is ignored, but the SDK must have built it) and then report by program_async_job_call_back',
    ],
    notes: ['The Java SDK of 2024 lists it as create_private_task.'],
    example: {
      request: { model_id: 'model-1', ability_id: 'a-1', msg_list: exampleMsgList },
      response: exampleCreated,
    },
  }),
  define({
    name: 'get_model_task_result',
    title: { zh: '获取自定义模型结果', en: 'Own-model result' },
    group: 'models',
    pages: [99985, 99835, 100035],
    effect: 'read',
    request: jobIdRequest,
    response: reportedResult('model'),
    errcodes: [710642],
    limits: ['no status field: errcode 710642 says that there is no result yet'],
    notes: ['The Java SDK of 2024 lists it as get_private_task_result.'],
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
    notes: ['The current pages know only the new name; fields of the old one are unknown.'],
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
    notes: ['The current pages know only the new name; fields of the old one are unknown.'],
    example: { request: {}, response: ok },
  }),
];
