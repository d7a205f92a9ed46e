import type { CreateModelTaskRequest, CreateProgramTaskRequest } from '../../interfaces/types';
import { PlatformError } from '../common/platform-error';
import type { Message, TagGroup } from '../corp/content';
import type { AbilityProtocols } from '../programs/ability-protocols';
import type { ReportedJob } from '../programs/call-result';
import type { ProgramJobs } from '../programs/program-jobs';
import type { Programs } from '../programs/programs';
import type { JobKind } from '../state/jobs';
import type { ProgramState } from '../state/records';
import type { ZoneState } from '../state/state';
import type { InvokeContext, ZoneAnswer, ZoneHandler } from './interface';
import { grantedKnowledgeBase } from './knowledge-bases';
import { tagGroupsOf } from './model-tasks';
import { checkLength, openMessages, type TaskMessages } from './task-messages';

const NOT_DELIVERED = 710638;
const NOT_IN_DEBUG_MODE = 710673;

/** The sandbox's input protocol for abilities that have none. */
const DEFAULT_TEMPLATE: Readonly<Record<OwnTask, string>> = {
  create_program_task: '{"chat":"{chat}","chatcontent":"{chatcontent}"}',
  create_model_task:
    '{"chat":"{chat}","chatcontent":"{chatcontent}","knowledge":"{knowledge}","tagjson":{tagjson}}',
};

// A line break inside a JSON text.
const LINE_BREAK = '\\n';

/** What stands for each placeholder, ready to be put into JSON. */
type PlaceholderTexts = Readonly<Record<'chat' | 'chatcontent' | 'knowledge' | 'tagjson', string>>;

type OwnTaskRequest = CreateProgramTaskRequest | CreateModelTaskRequest;

type OwnTask = Extract<JobKind, 'create_program_task' | 'create_model_task'>;

/** What the interfaces of own models and programs work on. */
export interface OwnTaskParts {
  readonly state: ZoneState;
  readonly jobs: ProgramJobs;
  readonly programs: Programs;
  readonly protocols: AbilityProtocols;
}

/**
 * `create_program_task`: calls an own program with the texts of messages in its input protocol (P99873,
 * https://developer.work.weixin.qq.com/document/path/99873). The answer does not wait for the program: it may be the very one
 * that asks. errcodes as for {@link openMessages}, {@link dataOf}, {@link checkAbility}, {@link AbilityProtocols.checkRequest}, and
 *
 * | errcode | when |
 * |---|---|
 * | 710645 | the sandbox knows no such program, or `state.programStates` says that it is missing or not deployed |
 * | 790020, 790021, 790023 | `state.programStates` says: not linked, abnormal, running another request |
 * | 710673 | there is a `debug_info`, and the program that is called is not in debug mode |
 */
export function createProgramTask(parts: OwnTaskParts): ZoneHandler<'create_program_task'> {
  return (request, context) => {
    const { program_id: programId } = request;
    if (!parts.programs.has(programId)) throw new PlatformError(710645);
    checkState(parts.state, programId, { missing: 710645, 'not deployed': 710645 });
    checkAbility(parts.state, request.ability_id, 710636);
    return start(parts, 'create_program_task', request, {
      programId,
      agentId: context.agentId,
      context,
    });
  };
}

/**
 * `create_model_task` and its old name `create_private_task`: calls an own model (P99835,
 * https://developer.work.weixin.qq.com/document/path/99835). The sandbox's programs play models, too: `sandbox.programs.add` makes one
 * known by its model_id. Its request has agentid 0, as the platform's may have. errcodes as for {@link openMessages},
 * {@link grantedKnowledgeBase}, {@link dataOf}, 790040, and
 *
 * | errcode | when |
 * |---|---|
 * | 800001 | the sandbox knows no such model |
 * | 800003 | the ability is not one of `state.inputTemplates`, if there are any |
 * | 710635, 800002 | `state.programStates` says: missing, not deployed |
 * | 790020, 790021, 790023 | it says: not linked, abnormal, running another request |
 * | 710673 | there is a `debug_info`, and the model that is called is not in debug mode |
 */
export function createModelTask(parts: OwnTaskParts): ZoneHandler<'create_model_task'> {
  return (request, context) => {
    const { model_id: modelId } = request;
    if (!parts.programs.has(modelId)) throw new PlatformError(800001);
    checkState(parts.state, modelId, { missing: 710635, 'not deployed': 800002 });
    checkAbility(parts.state, request.ability_id, 800003);
    const signal = AbortSignal.timeout(parts.state.limits.modelAnswerMs);
    return start(parts, 'create_model_task', request, {
      programId: modelId,
      agentId: 0,
      context,
      signal,
    });
  };
}

/** `get_program_task_result`; errcodes as for {@link resultOf}. */
export function getProgramTaskResult(parts: OwnTaskParts): ZoneHandler<'get_program_task_result'> {
  return ({ jobid }) => resultOf(parts, jobid, 'create_program_task');
}

/** `get_model_task_result` and its old name `get_private_task_result`; errcodes as for {@link resultOf}. */
export function getModelTaskResult(parts: OwnTaskParts): ZoneHandler<'get_model_task_result'> {
  return ({ jobid }) => resultOf(parts, jobid, 'create_model_task');
}

/**
 * @throws PlatformError 40088 there is no such task; 710616 it was made by the other interface; 710642 nothing is reported yet; 710638
 * the program could not be called.
 */
function resultOf(
  { state, jobs }: OwnTaskParts,
  jobid: string,
  kind: OwnTask,
): ZoneAnswer<'get_model_task_result' | 'get_program_task_result'> {
  const { report, details } = reportedJob(jobs, state, jobid, kind);
  return {
    fail_list: details.fail_list as TaskMessages['failed'],
    response_errcode: report.errcode,
    ...(report.result === undefined ? {} : { response_data: report.result }),
  };
}

function reportedJob(
  jobs: ProgramJobs,
  state: ZoneState,
  jobid: string,
  kind: OwnTask,
): ReportedJob {
  try {
    return jobs.result(jobid, kind);
  } catch (error) {
    // A job that could not be delivered is forgotten, unless the program has reported all the same.
    const undelivered = state.undeliveredTask(jobid);
    if (undelivered?.createdBy === kind) throw new PlatformError(undelivered.errcode);
    throw error;
  }
}

/** Who is called, and in whose name. */
interface CalledProgram {
  readonly programId: string;
  /** agentid of the request that the program gets. */
  readonly agentId: number;
  readonly context: InvokeContext;
  /** Gives the delivery up. */
  readonly signal?: AbortSignal;
}

function start(
  { state, jobs, programs, protocols }: OwnTaskParts,
  kind: OwnTask,
  request: OwnTaskRequest,
  { programId, agentId, context, signal }: CalledProgram,
): ZoneAnswer<OwnTask> {
  // The caller must be in debug mode as well (the debug guide); a request does not say which program it comes from.
  if (request.debug_info !== undefined && !programs.isInDebugMode(programId)) {
    throw new PlatformError(NOT_IN_DEBUG_MODE);
  }
  const groups = 'tag_group_list' in request ? (request.tag_group_list ?? []) : [];
  const { known, unknown } = tagGroupsOf(state, groups);
  // In debug mode `msg_list` must be there and is ignored.
  const opened =
    request.debug_info === undefined
      ? openMessages(state, request.msg_list)
      : { messages: [], refused: [], failed: [] };
  const data = dataOf(state, kind, request, {
    opened,
    tagGroups: known,
    agentId: context.agentId,
  });
  protocols.checkRequest(request.ability_id, data);
  const { jobid, delivered } = jobs.start({
    kind,
    abilityId: request.ability_id,
    data,
    programId,
    corpId: context.corpId,
    agentId,
    details: { fail_list: opened.failed },
    ...(signal && { signal }),
  });
  const fail = (): void =>
    state.addUndeliveredTask(jobid, { createdBy: kind, errcode: NOT_DELIVERED });
  delivered.then(({ errcode }) => {
    if (errcode !== 0) fail();
  }, fail);
  return { jobid, fail_list: opened.refused, fail_tag_group_id_list: unknown };
}

/** What the messages of a task, or its `debug_info`, give for the placeholders. */
interface TaskInput {
  readonly opened: TaskMessages;
  readonly tagGroups: readonly TagGroup[];
  /** agentid of the app, to which a knowledge base must be granted. */
  readonly agentId: number;
}

/**
 * The input protocol with its placeholders filled in.
 *
 * @throws PlatformError 790015 what results is not JSON; 790040 the input of a model is too long.
 */
function dataOf(
  state: ZoneState,
  kind: OwnTask,
  request: OwnTaskRequest,
  input: TaskInput,
): string {
  const escaped = request.escape_type === 1 ? quoted : blanked;
  const texts =
    request.debug_info === undefined
      ? textsOf(state, request, input, escaped)
      : debugTextsOf(request.debug_info, escaped);
  if (kind === 'create_model_task') checkLength(state, [texts.chatcontent, texts.knowledge]);
  const data = fill(state.inputTemplates.get(request.ability_id) ?? DEFAULT_TEMPLATE[kind], texts);
  try {
    JSON.parse(data);
  } catch {
    throw new PlatformError(790015);
  }
  return data;
}

function textsOf(
  state: ZoneState,
  request: OwnTaskRequest,
  { opened: { messages }, tagGroups, agentId }: TaskInput,
  escaped: (text: string) => string,
): PlaceholderTexts {
  const baseId = 'kb_id' in request ? (request.kb_id ?? request.service_kb_id) : undefined;
  const knowledgeBase =
    baseId === undefined ? undefined : grantedKnowledgeBase(state, baseId, agentId);
  const input = { messages, corp: state.corp, request: { ...request }, knowledgeBase };
  const tags = tagGroups.map((group) => ({
    group_id: group.id,
    group_name: group.name,
    tags: group.tags.map(({ id, name }) => ({ tag_id: id, tag_name: name })),
  }));
  return {
    chat: chatOf(messages, escaped),
    chatcontent: messages.map(({ text }) => escaped(text)).join(LINE_BREAK),
    knowledge: escaped(state.models.knowledge(input)),
    tagjson: JSON.stringify(tags),
  };
}

function debugTextsOf(
  debug: NonNullable<CreateModelTaskRequest['debug_info']>,
  escaped: (text: string) => string,
): PlaceholderTexts {
  return {
    chat: escaped(debug.chat),
    chatcontent: escaped(debug.chat_content),
    knowledge: escaped(debug.knowledge ?? ''),
    tagjson: debug.tagjson ?? '[]',
  };
}

function fill(template: string, texts: PlaceholderTexts): string {
  return template.replace(
    /("?)\{(chat|chatcontent|knowledge|tagjson)\}("?)/g,
    (_, before: string, name: keyof typeof texts, after: string) => {
      // JSON may stand by itself; between quotes it is a text.
      const isText = before !== '' && after !== '';
      const text = name === 'tagjson' && isText ? quoted(texts.tagjson) : texts[name];
      return `${before}${text}${after}`;
    },
  );
}

/** "A说：…", with a letter for each who talks, in the order in which they do. */
function chatOf(messages: readonly Message[], escaped: (text: string) => string): string {
  const letters = new Map<string, string>();
  return messages
    .map(({ sender: { id }, text }) => {
      const letter = letters.get(id) ?? letterOf(letters.size);
      letters.set(id, letter);
      return `${letter}说：${escaped(text)}`;
    })
    .join(LINE_BREAK);
}

function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function blanked(text: string): string {
  // A backslash would quote what follows it.
  return text.replace(/[\p{Cc}"'\\]/gu, ' ');
}

function checkAbility({ inputTemplates }: ZoneState, abilityId: string, errcode: number): void {
  if (inputTemplates.size > 0 && !inputTemplates.has(abilityId)) throw new PlatformError(errcode);
}

function checkState(
  { programStates }: ZoneState,
  id: string,
  errcodes: { readonly [State in 'missing' | 'not deployed']: number },
): void {
  const all: Readonly<Record<ProgramState, number>> = {
    ...errcodes,
    'not linked': 790020,
    abnormal: 790021,
    'running another request': 790023,
  };
  const state = programStates.get(id);
  if (state !== undefined) throw new PlatformError(all[state]);
}
