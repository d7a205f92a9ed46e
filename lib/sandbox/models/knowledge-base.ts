import type { KnowledgeDocument } from '../../interfaces/types';

/** A content of a knowledge base. */
export interface StoredDocument {
  readonly docid: number;
  readonly name: string;
  readonly type: KnowledgeDocument['type'];
  readonly mediaId?: string;
  readonly webUrl?: string;
  /** When it will be learnt, in milliseconds since 1970. */
  readonly learntAt: number;
  readonly isLearnable: boolean;
}

/** A knowledge base. */
export interface KnowledgeBase {
  readonly id: string;
  name: string;
  /** agentid of the app that has created it; none: the corp's administrator has. */
  readonly agentId?: number;
  isGranted: boolean;
  isDeleted: boolean;
  nextDocid: number;
  documents: StoredDocument[];
}
