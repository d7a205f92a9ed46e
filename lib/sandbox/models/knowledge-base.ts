import type { KnowledgeDocument } from '../../interfaces/types';

/** A document of a knowledge base. */
export interface StoredDocument {
  readonly docid: number;
  readonly name: string;
  readonly type: KnowledgeDocument['type'];
  readonly mediaId?: string;
  readonly webUrl?: string;
  /** When learning ends, in milliseconds since 1970. */
  readonly learntAt: number;
  readonly isLearnable: boolean;
}

/** A knowledge base. */
export interface KnowledgeBase {
  readonly id: string;
  name: string;
  /** agentid of the app that created it; absent if the corp's administrator did. */
  readonly agentId?: number;
  isGranted: boolean;
  isDeleted: boolean;
  nextDocid: number;
  documents: StoredDocument[];
}
