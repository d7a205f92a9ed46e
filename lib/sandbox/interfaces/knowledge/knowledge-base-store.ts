import { sandboxError } from '../../../errors';
import type { KnowledgeBase } from '../../models/knowledge-base';
import type { EventStore } from '../../state/event-store';
import { DataStore } from '../../state/store';

/** Saved data of {@link KnowledgeBaseStore}. */
export interface KnowledgeBaseData {
  /** Number of the last kb_id. */
  serial: number;
  /** Knowledge bases by kb_id, including deleted ones. */
  readonly bases: Map<string, KnowledgeBase>;
}

/** Knowledge bases, and what the corp's administrator does with them. */
export class KnowledgeBaseStore extends DataStore<KnowledgeBaseData> {
  readonly #events: EventStore;

  constructor(events: EventStore) {
    super({ serial: 0, bases: new Map() });
    this.#events = events;
  }

  /** All knowledge bases by kb_id, oldest first, including deleted ones. */
  get all(): ReadonlyMap<string, KnowledgeBase> {
    return this.data.bases;
  }

  /** Those that are not deleted, oldest first. */
  get existing(): readonly KnowledgeBase[] {
    return [...this.data.bases.values()].filter(({ isDeleted }) => !isDeleted);
  }

  /**
   * Creates an empty knowledge base that is granted to the app.
   *
   * @param agentId - agentid of the app that creates it; omitted for the administrator.
   */
  create(name: string, agentId?: number): KnowledgeBase {
    this.data.serial += 1;
    const base: KnowledgeBase = {
      id: `kb-${this.data.serial}`,
      name,
      ...(agentId === undefined ? {} : { agentId }),
      isGranted: true,
      isDeleted: false,
      nextDocid: 1,
      documents: [],
    };
    this.data.bases.set(base.id, base);
    return base;
  }

  /** Creates a knowledge base as the corp's administrator and grants it to the app, with `auth_knowledge_base`. Returns its kb_id. */
  grant(name: string): string {
    const { id } = this.create(name);
    this.#events.emit('auth_knowledge_base', { knowledge_base_id: id, knowledge_base_name: name });
    return id;
  }

  /**
   * Revokes the grant of a knowledge base as the administrator, with `unauth_knowledge_base`.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_ID` there is no knowledge base with this kb_id.
   */
  revoke(id: string): void {
    const base = this.#existing(id);
    base.isGranted = false;
    this.#events.emit('unauth_knowledge_base', {
      knowledge_base_id: id,
      knowledge_base_name: base.name,
    });
  }

  /**
   * Deletes a knowledge base as the administrator, with `delete_knowledge_base`.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_ID` there is no knowledge base with this kb_id.
   */
  delete(id: string): void {
    const base = this.#existing(id);
    base.isDeleted = true;
    this.#events.emit('delete_knowledge_base', {
      knowledge_base_id: id,
      knowledge_base_name: base.name,
    });
  }

  #existing(id: string): KnowledgeBase {
    const base = this.data.bases.get(id);
    if (base === undefined || base.isDeleted) {
      throw sandboxError('ERR_SANDBOX_UNKNOWN_ID', [
        'knowledge base',
        id,
        'sandbox.state.knowledgeBases',
      ]);
    }
    return base;
  }
}
