import type { CreateModelTaskRequest, CreateProgramTaskRequest } from '../../../interfaces/types';
import type { SandboxLimits } from '../../common/limits';
import { PlatformError } from '../../common/platform-error';
import type { Message, TagGroup } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import type { ModelFunctions } from '../../models/model-functions';
import type { AbilityProtocols } from '../../programs/ability-protocols';
import type { ReportedJob } from '../../programs/call-result';
import type { JobKind } from '../../programs/jobs';
import type { ProgramJobs } from '../../programs/program-jobs';
import type { Programs } from '../../programs/programs';
import type { InvokeCall } from '../../wire/invoke-call';
import type { InterfaceResponse, ZoneHandler } from '../common/handler';
import type { KnowledgeBaseStore } from '../knowledge/knowledge-base-store';
import { grantedKnowledgeBase } from '../knowledge/knowledge-bases';
import { tagGroupsOf } from '../models/model-tasks';
import { checkLength, openMessages, type TaskMessages } from '../models/task-messages';
import type { OwnProgramStore, ProgramState } from './own-program-store';

const NOT_DELIVERED = 710638;
const NOT_IN_DEBUG_MODE = 710673;

/** The sandbox's input protocol for abilities without one. */
const DEFAULT_TEMPLATE: Readonly<Record<OwnTask, string>> = {
  create_program_task: '{"chat":"{chat}","chatcontent":"{chatcontent}"}',
  create_model_task:
    '{"chat":"{chat}","chatcontent":"{chatcontent}","knowledge":"{knowledge}","tagjson":{tagjson}}',
};

// An escaped line break in a JSON string.
const LINE_BREAK = '\\n';

/** The replacement of each placeholder, escaped for JSON. */
type PlaceholderTexts = Readonly<Record<'chat' | 'chatcontent' | 'knowledge' | 'tagjson', string>>;

type OwnTaskRequest = CreateProgramTaskRequest | CreateModelTaskRequest;

type OwnTask = Extract<JobKind, 'create_program_task' | 'create_model_task'>;

/** The parts of the state that these interfaces use. */
export interface OwnTaskState {
  readonly corp: Corp;
  readonly knowledgeBases: KnowledgeBaseStore;
  readonly limits: SandboxLimits;
  readonly models: Pick<ModelFunctions, 'knowledge'>;
  readonly ownPrograms: OwnProgramStore;
}

/** What the interfaces of own models and programs use. */
export interface OwnTaskParts {
  readonly state: OwnTaskState;
  readonly jobs: ProgramJobs;
  readonly programs: Programs;
  readonly protocols: AbilityProtocols;
}

/**
 * `create_program_task`: calls an own program with the texts of messages in its input protocol (P99873,
 * https://developer.work.weixin.qq.com/document/path/99873). The response does not wait for the program, because a program may
 * create a task for itself. errcodes as for {@link openMessages}, {@link dataOf}, {@link checkAbility}, {@link AbilityProtocols.checkRequest}, and
 *
 * | errcode | when |
 * |---|---|
 * | 710645 | the sandbox knows no such program, or its `state.ownPrograms.states` is missing or not deployed |
 * | 790020, 790021, 790023 | its state is: not linked, abnormal, running another request |
 * | 710673 | there is a `debug_info`, and the called program is not in debug mode |
 */
export function createProgramTask(parts: OwnTaskParts): ZoneHandler<'create_program_task'> {
  return (request, context) => {
    const { program_id: programId } = request;
    if (!parts.programs.has(programId)) throw new PlatformError(710645);
    checkState(parts.state.ownPrograms, programId, { missing: 710645, 'not deployed': 710645 });
    checkAbility(parts.state.ownPrograms, request.ability_id, 710636);
    return start(parts, 'create_program_task', request, {
      programId,
      agentId: context.agentId,
      context,
    });
  };
}

/**
 * `create_model_task` and its old name `create_private_task`: calls an own model (P99835,
 * https://developer.work.weixin.qq.com/document/path/99835). An own model is a program that `sandbox.programs.add` registers under
 * its model_id. Its request has agentid 0, as the platform allows. errcodes as for {@link openMessages},
 * {@link grantedKnowledgeBase}, {@link dataOf}, 790040, and
 *
 * | errcode | when |
 * |---|---|
 * | 800001 | the sandbox knows no such model |
 * | 800003 | `state.ownPrograms.inputTemplates` has entries, but not for the ability |
 * | 710635, 800002 | its `state.ownPrograms.states` is: missing, not deployed |
 * | 790020, 790021, 790023 | its state is: not linked, abnormal, running another request |
 * | 710673 | there is a `debug_info`, and the called model is not in debug mode |
 */
export function createModelTask(parts: OwnTaskParts): ZoneHandler<'create_model_task'> {
  return (request, context) => {
    const { model_id: modelId } = request;
    if (!parts.programs.has(modelId)) throw new PlatformError(800001);
    checkState(parts.state.ownPrograms, modelId, { missing: 710635, 'not deployed': 800002 });
    checkAbility(parts.state.ownPrograms, request.ability_id, 800003);
    const signal = AbortSignal.timeout(parts.state.limits.modelResponseMs);
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
 * @throws PlatformError 40088 there is no such task; 710616 it was created by the other interface; 710642 it has no report yet; 710638
 * the program could not be called.
 */
function resultOf(
  { state, jobs }: OwnTaskParts,
  jobid: string,
  kind: OwnTask,
): InterfaceResponse<'get_model_task_result' | 'get_program_task_result'> {
  const { report, details } = reportedJob(jobs, state.ownPrograms, jobid, kind);
  return {
    fail_list: details.fail_list as TaskMessages['failed'],
    response_errcode: report.errcode,
    ...(report.result === undefined ? {} : { response_data: report.result }),
  };
}

function reportedJob(
  jobs: ProgramJobs,
  ownPrograms: OwnProgramStore,
  jobid: string,
  kind: OwnTask,
): ReportedJob {
  try {
    return jobs.result(jobid, kind);
  } catch (error) {
    // ProgramJobs deletes a job whose delivery failed, unless the program reported its result nevertheless.
    const undelivered = ownPrograms.undelivered(jobid);
    if (undelivered?.createdBy === kind) throw new PlatformError(undelivered.errcode);
    throw error;
  }
}

/** Which program is called, and on behalf of which app. */
interface CalledProgram {
  readonly programId: string;
  /** agentid of the request that the program gets. */
  readonly agentId: number;
  readonly context: InvokeCall;
  /** Aborts the delivery. */
  readonly signal?: AbortSignal;
}

function start(
  { state, jobs, programs, protocols }: OwnTaskParts,
  kind: OwnTask,
  request: OwnTaskRequest,
  { programId, agentId, context, signal }: CalledProgram,
): InterfaceResponse<OwnTask> {
  // The debug guide requires debug mode of the caller, too; the request does not identify the calling program.
  if (request.debug_info !== undefined && !programs.isInDebugMode(programId)) {
    throw new PlatformError(NOT_IN_DEBUG_MODE);
  }
  const groups = 'tag_group_list' in request ? (request.tag_group_list ?? []) : [];
  const { known, unknown } = tagGroupsOf(state.corp, groups);
  // In debug mode `msg_list` is required but ignored.
  const opened =
    request.debug_info === undefined
      ? openMessages(state.corp, request.msg_list)
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
    state.ownPrograms.addUndelivered(jobid, { createdBy: kind, errcode: NOT_DELIVERED });
  delivered.then(({ errcode }) => {
    if (errcode !== 0) fail();
  }, fail);
  return { jobid, fail_list: opened.refused, fail_tag_group_id_list: unknown };
}

/** The sources of the placeholders' replacements besides the request. */
interface TaskInput {
  readonly opened: TaskMessages;
  readonly tagGroups: readonly TagGroup[];
  /** agentid of the app to which a knowledge base must be granted. */
  readonly agentId: number;
}

/**
 * The input protocol with its placeholders replaced.
 *
 * @throws PlatformError 790015 the result is not JSON; 790040 the input of a model is too long.
 */
function dataOf(
  state: OwnTaskState,
  kind: OwnTask,
  request: OwnTaskRequest,
  input: TaskInput,
): string {
  const escaped = request.escape_type === 1 ? quoted : blanked;
  const texts =
    request.debug_info === undefined
      ? textsOf(state, request, input, escaped)
      : debugTextsOf(request.debug_info, escaped);
  if (kind === 'create_model_task') checkLength(state.limits, [texts.chatcontent, texts.knowledge]);
  const data = fill(
    state.ownPrograms.inputTemplates.get(request.ability_id) ?? DEFAULT_TEMPLATE[kind],
    texts,
  );
  try {
    JSON.parse(data);
  } catch {
    throw new PlatformError(790015);
  }
  return data;
}

function textsOf(
  state: OwnTaskState,
  request: OwnTaskRequest,
  { opened: { messages }, tagGroups, agentId }: TaskInput,
  escaped: (text: string) => string,
): PlaceholderTexts {
  const baseId = 'kb_id' in request ? (request.kb_id ?? request.service_kb_id) : undefined;
  const knowledgeBase =
    baseId === undefined ? undefined : grantedKnowledgeBase(state.knowledgeBases, baseId, agentId);
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
      // `tagjson` is JSON, which must be escaped inside a JSON string.
      const isInString = before !== '' && after !== '';
      const text = name === 'tagjson' && isInString ? quoted(texts.tagjson) : texts[name];
      return `${before}${text}${after}`;
    },
  );
}

/** "A说：…" for each message; senders get letters in the order of their first message. */
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
  // A backslash would escape the character after it.
  return text.replace(/[\p{Cc}"'\\]/gu, ' ');
}

function checkAbility(
  { inputTemplates }: OwnProgramStore,
  abilityId: string,
  errcode: number,
): void {
  if (inputTemplates.size > 0 && !inputTemplates.has(abilityId)) throw new PlatformError(errcode);
}

function checkState(
  { states }: OwnProgramStore,
  id: string,
  errcodes: { readonly [State in 'missing' | 'not deployed']: number },
): void {
  const all: Readonly<Record<ProgramState, number>> = {
    ...errcodes,
    'not linked': 790020,
    abnormal: 790021,
    'running another request': 790023,
  };
  const state = states.get(id);
  if (state !== undefined) throw new PlatformError(all[state]);
}
