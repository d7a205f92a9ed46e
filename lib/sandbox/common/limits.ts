import { MODEL_CALLS_PER_DAY } from '../../interfaces';

/**
 * Limits and delays of the simulated platform. The defaults are those that the zone's pages document. Where no page has a number, a
 * limit is off by default, and a delay is short enough for development.
 */
export interface SandboxLimits {
  /** Calls of one model interface per corp and day (P99832), beyond which it returns 45009; 10000. */
  readonly modelCallsPerDay: number;
  /** Export jobs per corp and day (P99838), beyond which it returns 45009; 1000. */
  readonly exportsPerDay: number;
  /** Message ids in an export (P99838), beyond which it returns 710629; 100000. */
  readonly exportMessages: number;
  /** Keyword rules (P99829), beyond which it returns 710619; 500. */
  readonly rules: number;
  /** Knowledge bases per corp (P99836), beyond which it returns 790027; 1000. */
  readonly knowledgeBases: number;
  /** Documents of a knowledge base (P99836), beyond which it returns 790026; 1000. */
  readonly knowledgeDocuments: number;
  /** Characters of all messages that a model reads (P99832), beyond which it returns 790040; 30000. */
  readonly modelCharacters: number;
  /** Hours after which a waiting task fails (P99832); 24. */
  readonly taskHours: number;
  /**
   * Whether `sync_msg` and `get_hit_msg_list` return 40058 for a token that was never issued; false. The platform's behaviour is not
   * documented.
   */
  readonly strictTokens: boolean;
  /** Pulls without a token per minute, beyond which they return 45009; off: the platform's "strict" limit is not documented. */
  readonly pullsWithoutTokenPerMinute: number;
  /** Whether knowledge bases learn only from files that were uploaded as media; false. */
  readonly strictMedia: boolean;
  /** Characters of a summary, beyond which the task returns 710628; off: the limit is not documented. */
  readonly summaryCharacters: number;
  /** Milliseconds that a model task takes; 300. */
  readonly taskMs: number;
  /** Milliseconds until a knowledge base has learnt a document; 1000. */
  readonly learningMs: number;
  /** Milliseconds that an export takes; 1000. */
  readonly exportMs: number;
  /** Milliseconds of real time for the response of a developer's own model (P99835); 5000. */
  readonly modelResponseMs: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  modelCallsPerDay: MODEL_CALLS_PER_DAY,
  exportsPerDay: 1000,
  exportMessages: 100_000,
  rules: 500,
  knowledgeBases: 1000,
  knowledgeDocuments: 1000,
  modelCharacters: 30_000,
  taskHours: 24,
  strictTokens: false,
  pullsWithoutTokenPerMinute: Number.POSITIVE_INFINITY,
  strictMedia: false,
  summaryCharacters: Number.POSITIVE_INFINITY,
  taskMs: 300,
  learningMs: 1000,
  exportMs: 1000,
  modelResponseMs: 5000,
};
