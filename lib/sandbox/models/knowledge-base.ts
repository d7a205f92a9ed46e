import type { KnowledgeDocument } from '../../interfaces/types';

/** A document of a knowledge base. */
export interface StoredDocument {
  /** Id inside the knowledge base, from 1. */
  readonly docid: number;
  /** `doc_name` of the interfaces. */
  readonly name: string;
  /** What the document is; 101 is a web page. */
  readonly type: KnowledgeDocument['type'];
  /** `file_media_id` of an uploaded file; absent for other types. */
  readonly mediaId?: string;
  /** `web_url` of a web page; absent for other types. */
  readonly webUrl?: string;
  /** When learning ends, in milliseconds since 1970. */
  readonly learntAt: number;
  /** Whether learning succeeds at {@link learntAt}; otherwise the status becomes 1 (failed). */
  readonly isLearnable: boolean;
}

/** A knowledge base. */
export interface KnowledgeBase {
  /** `kb_id` of the interfaces. */
  readonly id: string;
  /** `kb_name` of the interfaces; 1 to 20 characters. */
  name: string;
  /** agentid of the app that created it; absent if the corp's administrator did. */
  readonly agentId?: number;
  /** Whether it is granted to the app; the interfaces refuse any other. */
  isGranted: boolean;
  /** Whether it was deleted; it is kept, so that the interfaces return 790034 instead of 800000. */
  isDeleted: boolean;
  /** `docid` of the next document. */
  nextDocid: number;
  /** Its documents, oldest first. */
  documents: StoredDocument[];
}
