import type { Message, TagGroup } from '../corp/content';
import type { Corp } from '../corp/corp';
import type { KnowledgeBase } from './knowledge-base';

/** What a model gets to read. */
export interface ModelInput {
  /** The messages that could be opened, in the order of the request, with their texts. */
  readonly messages: readonly Message[];
  readonly corp: Corp;
  /** The knowledge base that the request names. */
  readonly knowledgeBase?: KnowledgeBase | undefined;
  /** Texts of documents that the request names, or in which its keywords are; for the general model. */
  readonly documents?: readonly string[] | undefined;
  /** The whole request, for what only some models know. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** A tag that fits. */
export interface MatchedTag {
  readonly group_id: string;
  readonly tag_id: string;
}

/**
 * The models of the platform. The sandbox's count words; they are there to give programs answers that depend on what was said, and
 * are the same every time. A function that throws makes its task fail (status 2).
 *
 * @example
 * ```ts
 * sandbox.state.models.summary = ({ messages }) => `${messages.length} messages`;
 * ```
 */
export interface ModelFunctions {
  /** `create_summary_task`. */
  summary: (input: ModelInput) => string | Promise<string>;
  /** `create_recommend_dialog_task`: what to reply. */
  recommendDialog: (input: ModelInput) => string | Promise<string>;
  /** `create_sentiment_task`: 0 none, 1 positive, 2 negative. */
  sentiment: (message: Message) => 0 | 1 | 2;
  /** `create_spam_task`: 0 clean, 1 political, 2 porn. */
  spam: (message: Message) => 0 | 1 | 2;
  /** `create_customer_tag_task`: at most one tag of each group. */
  tags: (
    input: ModelInput,
    groups: readonly TagGroup[],
  ) => readonly MatchedTag[] | Promise<readonly MatchedTag[]>;
  /** `create_ww_model_task`. */
  general: (input: ModelInput) => string | Promise<string>;
  /** What `{knowledge}` stands for in the input protocol of an own model. */
  knowledge: (input: ModelInput) => string;
  /** Whether a content of a knowledge base can be learnt. */
  learn: (document: { readonly name: string; readonly webUrl?: string }) => boolean;
}
