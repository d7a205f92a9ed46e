import type { SandboxClock } from '../common/clock';
import type { SandboxLimits } from '../common/limits';
import { noCorpChanges } from '../corp/changes';
import type { ConsentOf, CorpContent, Message } from '../corp/content';
import { Corp } from '../corp/corp';
import type { ModelFunctions } from '../models/model-functions';
import { CallStore } from '../state/call-store';
import { CorpStore } from '../state/corp-store';
import { type EventSender, EventStore } from '../state/event-store';
import type { Store } from '../state/store';
import { type Snapshots, StoreSet } from '../state/store-set';
import { ArchiveStore } from './archive/archive-store';
import { ExportStore } from './exports/export-store';
import { KnowledgeBaseStore } from './knowledge/knowledge-base-store';
import { MaskingStore } from './masking/masking-store';
import { MediaStore } from './media/media-store';
import { GrantStore } from './models/grant-store';
import { TaskStore } from './models/task-store';
import { OwnProgramStore } from './own-programs/own-program-store';
import { hitOf } from './rules/rule-matching';
import { RuleStore } from './rules/rule-store';

/** What the state needs from the platform. */
export interface StateOptions {
  /** The corp at the beginning. */
  readonly content: CorpContent;
  /** The platform's time. */
  readonly clock: SandboxClock;
  /** Quotas of the platform, see {@link SandboxLimits}. */
  readonly limits: SandboxLimits;
  /** The models that run tasks. */
  readonly models: ModelFunctions;
  /** The asynchronous jobs of programs: saved, loaded and reset with the stores. */
  readonly jobs: Store;
  /** Sends events to the program that receives them. */
  readonly emit: EventSender;
}

/** The name of every store of {@link ZoneState}. */
type StoreName = {
  [Name in keyof ZoneState]: ZoneState[Name] extends Store ? Name : never;
}[keyof ZoneState];

/** The state of the platform: the corp, and one store for each family of interfaces. */
export class ZoneState {
  /** The corp whose conversations the interfaces serve. */
  readonly corp: Corp;
  /** The platform's clock, `sandbox.clock`. */
  readonly clock: SandboxClock;
  /** The limits and durations of the option `limits`. */
  readonly limits: SandboxLimits;
  /** The simulated models. Each can be replaced; `reset` and `load` restore them. */
  readonly models: ModelFunctions;
  /** Tokens of events and pulls from the archive. */
  readonly archive: ArchiveStore;
  /** Keyword rules and their hits. */
  readonly rules = new RuleStore();
  /** Knowledge bases. */
  readonly knowledgeBases: KnowledgeBaseStore;
  /** Tasks of the platform's models. */
  readonly tasks = new TaskStore();
  /** What the corp has licensed and permitted. */
  readonly grants = new GrantStore();
  /** Own models and programs. */
  readonly ownPrograms = new OwnProgramStore();
  /** Export codes and export jobs. */
  readonly exports: ExportStore;
  /** Uploaded files. */
  readonly media: MediaStore;
  /** Masking in the display component. */
  readonly masking = new MaskingStore();
  /** Calls that count towards a limit per day. */
  readonly calls: CallStore;
  /** Events that the platform sends later. */
  readonly events: EventStore;

  readonly #stores: StoreSet;
  readonly #modelsAtStart: ModelFunctions;

  constructor({ content, clock, limits, models, jobs, emit }: StateOptions) {
    this.clock = clock;
    this.limits = limits;
    this.models = { ...models };
    this.#modelsAtStart = { ...models };
    this.events = new EventStore(clock, emit);
    this.archive = new ArchiveStore(clock);
    this.knowledgeBases = new KnowledgeBaseStore(this.events);
    this.exports = new ExportStore(clock);
    this.media = new MediaStore(clock);
    this.calls = new CallStore(clock);
    this.corp = new Corp(content, {
      now: () => clock.now(),
      newSecret: (msgid) => this.archive.secretOf(msgid),
      onArchived: (message) => this.#archived(message),
      onAgreed: (who) => this.#agreed(who),
    });
    // The type requires every store. `events` is last because restoring it sends the events that are due.
    const stores: Readonly<Record<StoreName | 'corp' | 'jobs', Store>> = {
      corp: new CorpStore(this.corp),
      jobs,
      archive: this.archive,
      rules: this.rules,
      knowledgeBases: this.knowledgeBases,
      tasks: this.tasks,
      grants: this.grants,
      ownPrograms: this.ownPrograms,
      exports: this.exports,
      media: this.media,
      masking: this.masking,
      calls: this.calls,
      events: this.events,
    };
    this.#stores = new StoreSet(stores);
  }

  /** Restores the state at start, including models and clock. Use `sandbox.reset`, which also clears faults and records. */
  reset(): void {
    this.clock.reset();
    Object.assign(this.models, this.#modelsAtStart);
    this.#stores.reset();
  }

  /** The data of all stores as JSON data. Use `sandbox.save`, which also saves the corp's content. */
  save(): unknown {
    return this.#stores.save();
  }

  /** Checks what {@link save} returned: `undefined` if it is not the data of all stores. Changes nothing. */
  read(saved: unknown): Snapshots | undefined {
    return this.#stores.read(saved);
  }

  /**
   * Replaces the corp's content and the data of all stores; {@link reset} restores them from now on. Set the clock first.
   * Use `sandbox.load`, which also clears faults and records.
   */
  load(content: CorpContent, snapshots: Snapshots): void {
    Object.assign(this.models, this.#modelsAtStart);
    this.corp.become(content, noCorpChanges());
    this.#stores.load(snapshots);
  }

  #archived(message: Message): void {
    const hit = hitOf(this.rules.all, this.corp, message);
    if (hit !== undefined) {
      this.rules.addHit(hit);
      this.events.emit('hit_keyword', { token: this.archive.issueToken('get_hit_msg_list') });
    }
    this.events.emit('conversation_new_message', { token: this.archive.issueToken('sync_msg') });
  }

  #agreed(who: ConsentOf): void {
    const external_userid = who.externalUserid;
    if ('userid' in who) {
      const { userid } = who;
      this.events.emit('chat_archive_audit_approved_single', { userid, external_userid });
    } else {
      const { chatid } = who;
      this.events.emit('chat_archive_audit_approved_room', { chatid, external_userid });
    }
  }
}
