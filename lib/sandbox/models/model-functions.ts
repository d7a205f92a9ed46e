import type { Message, TagGroup } from '../corp/content';
import type { Corp } from '../corp/corp';
import type { KnowledgeBase } from './knowledge-base';

/** The input of a model. */
export interface ModelInput {
  /** The messages that could be decrypted, in the order of the request, with their texts. */
  readonly messages: readonly Message[];
  /** The corp, to look up the people and groups of the messages. */
  readonly corp: Corp;
  /** The knowledge base named in the request. */
  readonly knowledgeBase?: KnowledgeBase | undefined;
  /** Texts of the documents that are named in the request or contain its keywords; only for the general model. */
  readonly documents?: readonly string[] | undefined;
  /** The complete request, with fields that only some models have. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** A matching tag. */
export interface MatchedTag {
  /** The tag group, one of those in the request. */
  readonly group_id: string;
  /** The tag of that group. */
  readonly tag_id: string;
}

/**
 * The models of the platform. The sandbox's models count words: their results depend on the messages and are deterministic. If a
 * function throws, its task fails (status 2).
 *
 * @example
 * ```ts
 * sandbox.state.models.summary = ({ messages }) => `${messages.length} messages`;
 * ```
 */
export interface ModelFunctions {
  /** `create_summary_task`. */
  summary: (input: ModelInput) => string | Promise<string>;
  /** `create_recommend_dialog_task`: the recommended reply. */
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
  /** The replacement of `{knowledge}` in the input protocol of an own model. */
  knowledge: (input: ModelInput) => string;
  /** Whether a document of a knowledge base can be learnt. */
  learn: (document: { readonly name: string; readonly webUrl?: string }) => boolean;
}
