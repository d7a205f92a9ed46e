import { setImmediate } from 'node:timers/promises';
import type { MessageKey, ZoneInterfaces } from '../../../interfaces/types';
import type { SandboxClock } from '../../common/clock';
import type { SandboxLimits } from '../../common/limits';
import { errmsgOf, PlatformError } from '../../common/platform-error';
import type { Message, TagGroup } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import type { ModelFunctions, ModelInput } from '../../models/model-functions';
import type { InvokeCall } from '../../wire/invoke-call';
import type { InterfaceResponse, ZoneHandler } from '../common/handler';
import type { KnowledgeBaseStore } from '../knowledge/knowledge-base-store';
import { grantedKnowledgeBase } from '../knowledge/knowledge-bases';
import { retrieve } from './document-retrieval';
import type { GrantStore } from './grant-store';
import {
  checkLength,
  clipped,
  type FailedMessage,
  openMessages,
  type TaskMessages,
} from './task-messages';
import type { StoredTask, TaskStore } from './task-store';

const STATUS = { running: 0, done: 1, failed: 2 } as const;
const HOUR_MS = 3_600_000;

/** The parts of the state that these interfaces use. */
export interface ModelParts {
  readonly clock: SandboxClock;
  readonly corp: Corp;
  readonly grants: GrantStore;
  readonly knowledgeBases: KnowledgeBaseStore;
  readonly limits: SandboxLimits;
  readonly models: ModelFunctions;
  readonly tasks: TaskStore;
}

/**
 * `create_summary_task` (P99832, https://developer.work.weixin.qq.com/document/path/99832). Text beyond 30000 characters is
 * ignored. errcodes as for {@link openMessages}; 710628 if the summary exceeds `limits.summaryCharacters`.
 */
export function createSummaryTask(parts: ModelParts): ZoneHandler<'create_summary_task'> {
  return async (request) => {
    const opened = openMessages(parts.corp, request.msg_list);
    const input = inputOf(parts.corp, request, clipped(parts.limits, opened.messages));
    const { jobid } = await createTask(parts, 'create_summary_task', async () => {
      const summary = await parts.models.summary(input);
      if ([...summary].length > parts.limits.summaryCharacters) throw new PlatformError(710628);
      return { fail_list: opened.failed, response_data: summary };
    });
    return { jobid, fail_list: opened.refused };
  };
}

/**
 * `create_recommend_dialog_task` (P99834, https://developer.work.weixin.qq.com/document/path/99834). errcodes as for
 * {@link openMessages}, {@link grantedKnowledgeBase}, and 790040.
 */
export function createRecommendDialogTask(
  parts: ModelParts,
): ZoneHandler<'create_recommend_dialog_task'> {
  return async (request, { agentId }) => {
    const knowledgeBase = grantedKnowledgeBase(parts.knowledgeBases, request.kb_id, agentId);
    const opened = openReadable(parts, request.msg_list);
    const input = { ...inputOf(parts.corp, request, opened.messages), knowledgeBase };
    const { jobid } = await createTask(parts, 'create_recommend_dialog_task', async () => ({
      fail_list: opened.failed,
      response_data: await parts.models.recommendDialog(input),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/**
 * `create_customer_tag_task` (P99833, https://developer.work.weixin.qq.com/document/path/99833). errcodes as for
 * {@link openMessages}, and 790040. Tag groups unknown to the corp are ignored.
 */
export function createCustomerTagTask(parts: ModelParts): ZoneHandler<'create_customer_tag_task'> {
  return async (request) => {
    const opened = openReadable(parts, request.msg_list);
    const { known } = tagGroupsOf(parts.corp, request.tag_group_list);
    const input = inputOf(parts.corp, request, opened.messages);
    const { jobid } = await createTask(parts, 'create_customer_tag_task', async () => ({
      fail_list: opened.failed,
      tag_result_list: await parts.models.tags(input, known),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/** `create_sentiment_task` (P100034, https://developer.work.weixin.qq.com/document/path/100034). errcodes as for {@link openMessages}. */
export function createSentimentTask(parts: ModelParts): ZoneHandler<'create_sentiment_task'> {
  return async (request) => {
    const opened = openMessages(parts.corp, request.msg_list);
    const { jobid } = await createTask(parts, 'create_sentiment_task', () => ({
      analyze_result_list: eachMessage(request.msg_list, opened, (message) => ({
        sentiment_result: message === undefined ? 0 : parts.models.sentiment(message),
      })),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/** `create_spam_task` (P100036, https://developer.work.weixin.qq.com/document/path/100036). errcodes as for {@link openMessages}. */
export function createSpamTask(parts: ModelParts): ZoneHandler<'create_spam_task'> {
  return async (request) => {
    const opened = openMessages(parts.corp, request.msg_list);
    const { jobid } = await createTask(parts, 'create_spam_task', () => ({
      analyze_result_list: eachMessage(request.msg_list, opened, (message) => ({
        spam_result: message === undefined ? 0 : parts.models.spam(message),
      })),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/**
 * `create_ww_model_task` (P99875, https://developer.work.weixin.qq.com/document/path/99875). errcodes as for {@link openMessages},
 * {@link grantedKnowledgeBase}, {@link retrieve}, 790040, and
 *
 * | errcode | when |
 * |---|---|
 * | 710644 | the general model is not licensed: `state.grants.generalModel` |
 * | 710682 | the model is busy: `state.grants.isModelBusy` |
 */
export function createWwModelTask(parts: ModelParts): ZoneHandler<'create_ww_model_task'> {
  return async (request, { agentId }) => {
    if (!parts.grants.generalModel) throw new PlatformError(710644);
    if (parts.grants.isModelBusy) throw new PlatformError(710682);
    const knowledgeBase =
      request.kb_id === undefined
        ? undefined
        : grantedKnowledgeBase(parts.knowledgeBases, request.kb_id, agentId);
    const retrieved =
      request.doc_retrieval_params === undefined
        ? { texts: [], filtered: [] }
        : retrieve(parts.corp, parts.grants, request.doc_retrieval_params);
    const keys = request.msg_list ?? [];
    const opened: TaskMessages =
      keys.length === 0
        ? { messages: [], refused: [], failed: [] }
        : openMessages(parts.corp, keys);
    checkLength(parts.limits, [...opened.messages.map(({ text }) => text), ...retrieved.texts]);
    const groups = 'tag_group_list' in request ? (request.tag_group_list ?? []) : [];
    const { unknown } = tagGroupsOf(parts.corp, groups);
    const documents = retrieved.texts;
    const input = { ...inputOf(parts.corp, request, opened.messages), knowledgeBase, documents };
    const { jobid } = await createTask(parts, 'create_ww_model_task', async () => ({
      fail_list: opened.failed,
      response_data: await parts.models.general(input),
      filtered_content_list: retrieved.filtered,
    }));
    return { jobid, fail_list: opened.refused, fail_tag_group_id_list: unknown };
  };
}

type ResultName = {
  [Name in keyof ZoneInterfaces]: ZoneInterfaces[Name]['response'] extends {
    status: number;
    analyze_result_list?: unknown;
  }
    ? Name
    : never;
}[keyof ZoneInterfaces];

/**
 * The interfaces that return the result of a task: status 0 while it runs, then 1 with the result, or 2 if the model failed or
 * the task took more than `limits.taskHours`.
 *
 * | errcode | when |
 * |---|---|
 * | 40088 | there is no such task |
 * | 710616 | it was created by another interface |
 */
export function taskResult<Name extends ResultName>(
  { limits, tasks }: ModelParts,
  createdBy: string,
): ZoneHandler<Name> {
  return ({ jobid }: { readonly jobid: string }, { now }: InvokeCall) => {
    const task = tasks.get(jobid);
    if (task === undefined) throw new PlatformError(40088);
    if (task.createdBy !== createdBy) throw new PlatformError(710616);
    // The function that created the task built the fields of its result.
    return statusOf(task, now, limits.taskHours * HOUR_MS) as InterfaceResponse<Name>;
  };
}

function statusOf(task: StoredTask, now: number, longest: number): object {
  const failsAt = task.createdAt + longest;
  if ((task.isWorking || task.doneAt > failsAt) && now >= failsAt) return { status: STATUS.failed };
  if (task.isWorking || now < task.doneAt) return { status: STATUS.running };
  return task.result === undefined
    ? { status: STATUS.failed }
    : { status: STATUS.done, ...task.result };
}

/**
 * Runs the model and adds a task, which is done after `limits.taskMs` or when the model returns, whichever is later. A
 * PlatformError that the model throws immediately rejects the request; with any other exception the task fails.
 */
async function createTask(
  { clock, limits, tasks }: ModelParts,
  createdBy: string,
  work: () => object | Promise<object>,
): Promise<{ readonly jobid: string }> {
  const createdAt = clock.now();
  const doneAt = createdAt + limits.taskMs;
  const task: StoredTask = { createdBy, createdAt, doneAt, isWorking: true };
  let refusal: PlatformError | undefined;
  const working = (async () => {
    try {
      // JSON data, as in the response: replaced models can return values that a snapshot cannot copy.
      task.result = JSON.parse(JSON.stringify(await work())) as NonNullable<StoredTask['result']>;
    } catch (error) {
      if (error instanceof PlatformError) refusal = error;
    }
    task.isWorking = false;
  })();
  await Promise.race([working, setImmediate()]);
  if (refusal !== undefined) throw refusal;
  return { jobid: tasks.add(task) };
}

function openReadable(parts: ModelParts, keys: readonly MessageKey[]): TaskMessages {
  const opened = openMessages(parts.corp, keys);
  checkLength(
    parts.limits,
    opened.messages.map(({ text }) => text),
  );
  return opened;
}

function inputOf(corp: Corp, request: object, messages: ModelInput['messages']): ModelInput {
  return { messages, corp, request: { ...request } };
}

/** The named tag groups of the corp, and the ids of unknown ones. */
export function tagGroupsOf(
  corp: Corp,
  groups: readonly { readonly group_id: string }[],
): { readonly known: readonly TagGroup[]; readonly unknown: readonly string[] } {
  const ids = groups.map(({ group_id: id }) => id);
  const known = corp.content.tagGroups.filter(({ id }) => ids.includes(id));
  const knownIds = new Set(known.map(({ id }) => id));
  return { known, unknown: ids.filter((id) => !knownIds.has(id)) };
}

/** One entry for each message of the request. Every entry has a verdict, including those of messages that could not be decrypted. */
function eachMessage<Verdict extends object>(
  keys: readonly MessageKey[],
  { messages, failed }: TaskMessages,
  judge: (message: Message | undefined) => Verdict,
): (FailedMessage & Verdict)[] {
  const entries = new Map<string, FailedMessage & Verdict>();
  for (const one of failed) entries.set(one.msgid, { ...one, ...judge(undefined) });
  for (const message of messages) {
    const { msgid } = message;
    entries.set(msgid, { errcode: 0, errmsg: errmsgOf(0), msgid, ...judge(message) });
  }
  return [...new Set(keys.map(({ msgid }) => msgid))].flatMap((msgid) => entries.get(msgid) ?? []);
}
