import { setImmediate } from 'node:timers/promises';
import type { MessageKey, ZoneInterfaces } from '../../interfaces/types';
import { errmsgOf, PlatformError } from '../common/platform-error';
import type { Message, TagGroup } from '../corp/content';
import type { ModelInput } from '../models/model-functions';
import type { FailedMessage, StoredTask } from '../state/records';
import type { ZoneState } from '../state/state';
import { retrieve } from './document-retrieval';
import type { InvokeContext, ZoneAnswer, ZoneHandler } from './interface';
import { grantedKnowledgeBase } from './knowledge-bases';
import { checkLength, clipped, openMessages, type TaskMessages } from './task-messages';

const STATUS = { running: 0, done: 1, failed: 2 } as const;
const HOUR_MS = 3_600_000;

/**
 * `create_summary_task` (P99832, https://developer.work.weixin.qq.com/document/path/99832): what lies beyond 30000 characters is
 * not read. errcodes as for {@link openMessages}; 710628 where a limit for summaries is set.
 */
export function createSummaryTask(state: ZoneState): ZoneHandler<'create_summary_task'> {
  return async (request) => {
    const opened = openMessages(state, request.msg_list);
    const input = inputOf(state, request, clipped(state, opened.messages));
    const { jobid } = await createTask(state, 'create_summary_task', async () => {
      const summary = await state.models.summary(input);
      if ([...summary].length > state.limits.summaryCharacters) throw new PlatformError(710628);
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
  state: ZoneState,
): ZoneHandler<'create_recommend_dialog_task'> {
  return async (request, { agentId }) => {
    const knowledgeBase = grantedKnowledgeBase(state, request.kb_id, agentId);
    const opened = openReadable(state, request.msg_list);
    const input = { ...inputOf(state, request, opened.messages), knowledgeBase };
    const { jobid } = await createTask(state, 'create_recommend_dialog_task', async () => ({
      fail_list: opened.failed,
      response_data: await state.models.recommendDialog(input),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/**
 * `create_customer_tag_task` (P99833, https://developer.work.weixin.qq.com/document/path/99833). errcodes as for
 * {@link openMessages}, and 790040. Groups that the corp does not have match nothing.
 */
export function createCustomerTagTask(state: ZoneState): ZoneHandler<'create_customer_tag_task'> {
  return async (request) => {
    const opened = openReadable(state, request.msg_list);
    const { known } = tagGroupsOf(state, request.tag_group_list);
    const input = inputOf(state, request, opened.messages);
    const { jobid } = await createTask(state, 'create_customer_tag_task', async () => ({
      fail_list: opened.failed,
      tag_result_list: await state.models.tags(input, known),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/** `create_sentiment_task` (P100034, https://developer.work.weixin.qq.com/document/path/100034). errcodes as for {@link openMessages}. */
export function createSentimentTask(state: ZoneState): ZoneHandler<'create_sentiment_task'> {
  return async (request) => {
    const opened = openMessages(state, request.msg_list);
    const { jobid } = await createTask(state, 'create_sentiment_task', () => ({
      analyze_result_list: eachMessage(request.msg_list, opened, (message) => ({
        sentiment_result: message === undefined ? 0 : state.models.sentiment(message),
      })),
    }));
    return { jobid, fail_list: opened.refused };
  };
}

/** `create_spam_task` (P100036, https://developer.work.weixin.qq.com/document/path/100036). errcodes as for {@link openMessages}. */
export function createSpamTask(state: ZoneState): ZoneHandler<'create_spam_task'> {
  return async (request) => {
    const opened = openMessages(state, request.msg_list);
    const { jobid } = await createTask(state, 'create_spam_task', () => ({
      analyze_result_list: eachMessage(request.msg_list, opened, (message) => ({
        spam_result: message === undefined ? 0 : state.models.spam(message),
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
 * | 710644 | the general model is not granted: `state.grants.generalModel` |
 * | 710682 | the model is busy: `state.grants.isModelBusy` |
 */
export function createWwModelTask(state: ZoneState): ZoneHandler<'create_ww_model_task'> {
  return async (request, { agentId }) => {
    if (!state.grants.generalModel) throw new PlatformError(710644);
    if (state.grants.isModelBusy) throw new PlatformError(710682);
    const knowledgeBase =
      request.kb_id === undefined ? undefined : grantedKnowledgeBase(state, request.kb_id, agentId);
    const retrieved =
      request.doc_retrieval_params === undefined
        ? { texts: [], filtered: [] }
        : retrieve(state, request.doc_retrieval_params);
    const keys = request.msg_list ?? [];
    const opened: TaskMessages =
      keys.length === 0 ? { messages: [], refused: [], failed: [] } : openMessages(state, keys);
    checkLength(state, [...opened.messages.map(({ text }) => text), ...retrieved.texts]);
    const groups = 'tag_group_list' in request ? (request.tag_group_list ?? []) : [];
    const { unknown } = tagGroupsOf(state, groups);
    const documents = retrieved.texts;
    const input = { ...inputOf(state, request, opened.messages), knowledgeBase, documents };
    const { jobid } = await createTask(state, 'create_ww_model_task', async () => ({
      fail_list: opened.failed,
      response_data: await state.models.general(input),
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
 * The interfaces that read the result of a task: status 0 as long as it takes, then 1 with the result, or 2 when the model has
 * failed or the task has waited for more than a day.
 *
 * | errcode | when |
 * |---|---|
 * | 40088 | there is no such task |
 * | 710616 | it was made by another interface |
 */
export function taskResult<Name extends ResultName>(
  state: ZoneState,
  createdBy: string,
): ZoneHandler<Name> {
  return ({ jobid }: { readonly jobid: string }, { now }: InvokeContext) => {
    const task = state.task(jobid);
    if (task === undefined) throw new PlatformError(40088);
    if (task.createdBy !== createdBy) throw new PlatformError(710616);
    // What a result has is put together where the task is created, next to the interface that says so.
    return statusOf(task, now, state.limits.taskHours * HOUR_MS) as ZoneAnswer<Name>;
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
 * Lets the model work, and keeps what it says until the task has taken its time. A model that needs longer is not waited for: the task
 * is not finished until it has. errcodes that come at once refuse the task; with anything else it fails.
 */
async function createTask(
  state: ZoneState,
  createdBy: string,
  work: () => object | Promise<object>,
): Promise<{ readonly jobid: string }> {
  const createdAt = state.clock.now();
  const doneAt = createdAt + state.limits.taskMs;
  const task: StoredTask = { createdBy, createdAt, doneAt, isWorking: true };
  let refusal: PlatformError | undefined;
  const working = (async () => {
    try {
      task.result = { ...(await work()) };
    } catch (error) {
      if (error instanceof PlatformError) refusal = error;
    }
    task.isWorking = false;
  })();
  await Promise.race([working, setImmediate()]);
  if (refusal !== undefined) throw refusal;
  return { jobid: state.addTask(task) };
}

function openReadable(state: ZoneState, keys: readonly MessageKey[]): TaskMessages {
  const opened = openMessages(state, keys);
  checkLength(
    state,
    opened.messages.map(({ text }) => text),
  );
  return opened;
}

function inputOf(
  { corp }: ZoneState,
  request: object,
  messages: ModelInput['messages'],
): ModelInput {
  return { messages, corp, request: { ...request } };
}

/** Tag groups of the corp, and the ids that are none. */
export function tagGroupsOf(
  { corp }: ZoneState,
  groups: readonly { readonly group_id: string }[],
): { readonly known: readonly TagGroup[]; readonly unknown: readonly string[] } {
  const ids = groups.map(({ group_id: id }) => id);
  const known = corp.content.tagGroups.filter(({ id }) => ids.includes(id));
  const knownIds = new Set(known.map(({ id }) => id));
  return { known, unknown: ids.filter((id) => !knownIds.has(id)) };
}

/** One line for each message of the request. Every line has a verdict, also that of a message which could not be opened. */
function eachMessage<Verdict extends object>(
  keys: readonly MessageKey[],
  { messages, failed }: TaskMessages,
  judge: (message: Message | undefined) => Verdict,
): (FailedMessage & Verdict)[] {
  const lines = new Map<string, FailedMessage & Verdict>();
  for (const one of failed) lines.set(one.msgid, { ...one, ...judge(undefined) });
  for (const message of messages) {
    const { msgid } = message;
    lines.set(msgid, { errcode: 0, errmsg: errmsgOf(0), msgid, ...judge(message) });
  }
  return [...new Set(keys.map(({ msgid }) => msgid))].flatMap((msgid) => lines.get(msgid) ?? []);
}
