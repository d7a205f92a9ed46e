import { createHash, randomBytes } from 'node:crypto';
import { sandboxError } from '../../errors';
import type { SandboxClock } from '../common/clock';
import type { SandboxLimits } from '../common/limits';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { ConsentOf, CorpContent, Message } from '../corp/content';
import { Corp } from '../corp/corp';
import type { KnowledgeBase } from '../models/knowledge-base';
import type { ModelFunctions } from '../models/model-functions';
import { type DueEvent, newData, type StateData, withMaps } from './data';
import type {
  ExportCode,
  ExportJob,
  Grants,
  Hit,
  Masking,
  MediaFile,
  ProgramState,
  StoredRule,
  StoredTask,
  TokenUse,
  UndeliveredTask,
} from './records';
import { hitsOf } from './rule-matching';

const TOKEN_MS = 10 * 60_000;
const CODE_MS = 5 * 60_000;
const MEDIA_MS = 3 * 86_400_000;
const RESULT_MS = 14 * 86_400_000;
const KEPT_TASKS = 10_000;
const KEPT_FILES = 1000;
// Calls without token are counted over a minute: enough to remember.
const KEPT_PULLS = 10_000;

/** What the state needs of the platform around it. */
export interface StateOptions {
  readonly content: CorpContent;
  readonly clock: SandboxClock;
  readonly limits: SandboxLimits;
  readonly models: ModelFunctions;
  /** Sends an event to the program that receives them, if one does. */
  readonly emit: <Type extends ZoneEventType>(type: Type, content: ZoneEventContent<Type>) => void;
}

/** Everything that the platform knows: the corp, and what programs and applications have made of it. */
export class ZoneState {
  /** The corp whose conversations the interfaces serve. */
  readonly corp: Corp;
  readonly clock: SandboxClock;
  readonly limits: SandboxLimits;
  /** What the sandbox's models answer; each may be replaced. */
  readonly models: ModelFunctions;
  readonly #options: StateOptions;
  readonly #models: ModelFunctions;
  #start: StateData;
  #data: StateData;

  /** @internal */
  constructor(options: StateOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.limits = options.limits;
    this.models = { ...options.models };
    this.#models = { ...options.models };
    this.#start = newData();
    this.#data = structuredClone(this.#start);
    this.corp = new Corp(options.content, {
      now: () => this.clock.now(),
      newSecret: (msgid) => secretOf(this.#data.pageIdKey, msgid),
      onArchived: (message) => this.#archived(message),
      onAgreed: (who) => this.#agreed(who),
    });
    this.corp.restore(this.#data.corp);
  }

  /** Keyword rules by rule_id, oldest first. */
  get rules(): Map<string, StoredRule> {
    return this.#data.rules;
  }

  /** Hits of keyword rules, oldest first. */
  get hits(): readonly Hit[] {
    return this.#data.hits;
  }

  /** Knowledge bases by kb_id, those that were deleted, too. */
  get knowledgeBases(): Map<string, KnowledgeBase> {
    return this.#data.knowledgeBases;
  }

  /** A task of a model of the platform. */
  task(jobid: string): StoredTask | undefined {
    return this.#data.tasks.get(jobid);
  }

  /** Keeps a task under a new jobid, and forgets those behind the 10,000 newest. */
  addTask(task: StoredTask): string {
    const jobid = this.newId('task');
    keep(this.#data.tasks, jobid, task, KEPT_TASKS);
    return jobid;
  }

  /** A task of an own model or program that could not be delivered. */
  undeliveredTask(jobid: string): UndeliveredTask | undefined {
    return this.#data.undelivered.get(jobid);
  }

  /** Remembers that a task could not be delivered. */
  addUndeliveredTask(jobid: string, task: UndeliveredTask): void {
    keep(this.#data.undelivered, jobid, task, KEPT_TASKS);
  }

  /** An export job. */
  exportJob(jobid: string): ExportJob | undefined {
    return this.#data.exports.get(jobid);
  }

  /** Keeps an export job under a new jobid, and forgets those behind the 1000 newest. */
  addExportJob(job: Omit<ExportJob, 'resultId'>): string {
    const jobid = this.newId('export');
    keep(this.#data.exports, jobid, { ...job, resultId: `result-${jobid}` }, KEPT_FILES);
    return jobid;
  }

  /** Masking in the display component, by userid. */
  get masking(): Map<string, Masking> {
    return this.#data.masking;
  }

  /** How own models and programs stand to the app, by id; those that run as they should are not here. */
  get programStates(): Map<string, ProgramState> {
    return this.#data.programStates;
  }

  /**
   * Input protocols of own models and programs by ability_id: JSON texts with `{chat}`, `{chatcontent}`, `{knowledge}` and
   * `{tagjson}` in them. As soon as there is one, abilities that are not here are unknown.
   */
  get inputTemplates(): Map<string, string> {
    return this.#data.inputTemplates;
  }

  /** user_doc_tickets that are good; without any, every ticket is. */
  get tickets(): Set<string> {
    return this.#data.tickets;
  }

  /** What the corp has paid for and granted. */
  get grants(): Grants {
    return this.#data.grants;
  }

  /** Key of the signatures in page ids. */
  get pageIdKey(): string {
    return this.#data.pageIdKey;
  }

  /** A new id that begins so. */
  newId(kind: string): string {
    this.#data.serial += 1;
    return `${kind}-${this.#data.serial}`;
  }

  /** A token for the event that lets a program pull; good for 10 minutes. */
  issueToken(use: TokenUse): string {
    const token = `token-${randomBytes(16).toString('hex')}`;
    const now = this.clock.now();
    for (const [old, { expiresAt }] of this.#data.tokens) {
      // Kept for a while longer, so that one that has expired is not taken for a made-up one.
      if (expiresAt + TOKEN_MS >= now) break;
      this.#data.tokens.delete(old);
    }
    this.#data.tokens.set(token, { use, expiresAt: now + TOKEN_MS });
    return token;
  }

  /** Whether a token is good, has expired, or was never issued for this use. */
  checkToken(token: string, use: TokenUse): 'good' | 'expired' | 'unknown' {
    const issued = this.#data.tokens.get(token);
    if (issued === undefined || issued.use !== use) return 'unknown';
    return issued.expiresAt >= this.clock.now() ? 'good' : 'expired';
  }

  /** How many pulls without token there were in the last minute, with this one. */
  countPull(): number {
    const now = this.clock.now();
    const pulls = this.#data.pulls.filter((time) => time > now - 60_000).slice(-KEPT_PULLS);
    pulls.push(now);
    this.#data.pulls = pulls;
    return pulls.length;
  }

  /** Counts a call of a corp on this day, and gives how many there were, with this one. */
  countCall(name: string, corpId: string): number {
    // The platform's day is that of China.
    const day = Math.floor((this.clock.now() / 3_600_000 + 8) / 24);
    const key = JSON.stringify([name, corpId, day]);
    const count = (this.#data.calls.get(key) ?? 0) + 1;
    this.#data.calls.set(key, count);
    return count;
  }

  /** Keeps a file as `upload_media` does; good for three days, unless 1000 newer ones come. Gives its media_id. */
  addMedia(name: string, content: string | Uint8Array): string {
    const mediaId = `media-${randomBytes(16).toString('hex')}`;
    const data = Buffer.from(content as Uint8Array).toString('base64');
    keep(this.#data.media, mediaId, { name, data, createdAt: this.clock.now() }, KEPT_FILES);
    return mediaId;
  }

  /** A file that is still good. */
  media(mediaId: string): MediaFile | undefined {
    const file = this.#data.media.get(mediaId);
    return file !== undefined && this.clock.now() <= file.createdAt + MEDIA_MS ? file : undefined;
  }

  /** What the export button of the display component gives the application: good for one use within 5 minutes. */
  exportCode(msgids: readonly string[]): string {
    const code = `code-${randomBytes(16).toString('hex')}`;
    const expiresAt = this.clock.now() + CODE_MS;
    keep(this.#data.exportCodes, code, { msgids: [...msgids], expiresAt }, KEPT_FILES);
    return code;
  }

  /** Uses a code up. */
  takeExportCode(code: string): ExportCode | undefined {
    const found = this.#data.exportCodes.get(code);
    this.#data.exportCodes.delete(code);
    return found !== undefined && this.clock.now() <= found.expiresAt ? found : undefined;
  }

  /** The file behind a result_id, as the component ww-open-result-link shows it; good for 14 days. */
  exportResult(resultId: string): string | undefined {
    const now = this.clock.now();
    for (const job of this.#data.exports.values()) {
      if (job.resultId === resultId && job.doneAt <= now && now <= job.doneAt + RESULT_MS) {
        return job.text;
      }
    }
    return undefined;
  }

  /** Creates a knowledge base as the corp's administrator does, and grants it to the app. Gives its kb_id. */
  grantKnowledgeBase(name: string): string {
    const id = this.newId('kb');
    this.#data.knowledgeBases.set(id, {
      id,
      name,
      isGranted: true,
      isDeleted: false,
      nextDocid: 1,
      documents: [],
    });
    this.emit('auth_knowledge_base', { knowledge_base_id: id, knowledge_base_name: name });
    return id;
  }

  /** Takes the grant of a knowledge base back, as the administrator does. */
  revokeKnowledgeBase(id: string): void {
    const base = this.#knowledgeBase(id);
    base.isGranted = false;
    this.emit('unauth_knowledge_base', { knowledge_base_id: id, knowledge_base_name: base.name });
  }

  /** Deletes a knowledge base, as the administrator does. */
  deleteKnowledgeBase(id: string): void {
    const base = this.#knowledgeBase(id);
    base.isDeleted = true;
    this.emit('delete_knowledge_base', { knowledge_base_id: id, knowledge_base_name: base.name });
  }

  /** Sends an event now. */
  emit<Type extends ZoneEventType>(type: Type, content: ZoneEventContent<Type>): void {
    this.#options.emit(type, content);
  }

  /** Sends an event when the clock shows this time. */
  emitAt<Type extends ZoneEventType>(
    time: number,
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): void {
    const event: DueEvent = { time, eventType, content };
    this.#data.due.push(event);
    this.#arrange(event);
  }

  /** Back to the state at start, models and clock included; `sandbox.reset` is the whole of it. */
  reset(): void {
    this.clock.reset();
    Object.assign(this.models, this.#models);
    this.#data = structuredClone(this.#start);
    this.corp.restore(this.#data.corp);
    this.#arrangeAll();
  }

  /** All that has changed, as JSON can hold it; `sandbox.save` is the whole of it. */
  save(): unknown {
    return JSON.parse(JSON.stringify(this.#data, withMaps));
  }

  /**
   * Takes a saved state of this corp, as {@link readData} has read it; it becomes the state at start. Set the clock first.
   *
   * @internal
   */
  load(content: CorpContent, data: StateData): void {
    this.#start = data;
    Object.assign(this.models, this.#models);
    this.#data = structuredClone(this.#start);
    this.corp.become(content, this.#data.corp);
    this.#arrangeAll();
  }

  #arrangeAll(): void {
    for (const event of [...this.#data.due]) this.#arrange(event);
  }

  #arrange(event: DueEvent): void {
    this.clock.at(event.time, () => {
      this.#data.due.splice(this.#data.due.indexOf(event), 1);
      this.emit(event.eventType, event.content as never);
    });
  }

  #archived(message: Message): void {
    const hit = hitsOf(this, message);
    if (hit !== undefined) {
      this.#data.hits.push(hit);
      this.emit('hit_keyword', { token: this.issueToken('get_hit_msg_list') });
    }
    this.emit('conversation_new_message', { token: this.issueToken('sync_msg') });
  }

  #agreed(who: ConsentOf): void {
    const external_userid = who.externalUserid;
    if ('userid' in who) {
      this.emit('chat_archive_audit_approved_single', { userid: who.userid, external_userid });
    } else {
      this.emit('chat_archive_audit_approved_room', { chatid: who.chatid, external_userid });
    }
  }

  #knowledgeBase(id: string): KnowledgeBase {
    const base = this.#data.knowledgeBases.get(id);
    if (base === undefined || base.isDeleted) {
      throw sandboxError('ERR_SANDBOX_OPTION', '', 'There is no knowledge base with this kb_id.');
    }
    return base;
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function secretOf(key: string, msgid: string): string {
  return createHash('sha256').update(`${key} ${msgid}`).digest('hex').slice(0, 32);
}
