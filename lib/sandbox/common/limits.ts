import { MODEL_CALLS_PER_DAY } from '../../interfaces';

/**
 * How the sandbox's platform is strict and how long it takes. The defaults are what the pages of the zone document; where no page
 * gives a figure, the limit is off and the time is one that is good to develop with.
 */
export interface SandboxLimits {
  /** Calls of one model interface per corp and day (P99832), beyond which it answers 45009; 10000. */
  readonly modelCallsPerDay: number;
  /** Export jobs per corp and day (P99838), beyond which it answers 45009; 1000. */
  readonly exportsPerDay: number;
  /** Message ids in an export (P99838), beyond which it answers 710629; 100000. */
  readonly exportMessages: number;
  /** Keyword rules (P99829), beyond which it answers 710619; 500. */
  readonly rules: number;
  /** Knowledge bases per corp (P99836), beyond which it answers 790027; 1000. */
  readonly knowledgeBases: number;
  /** Contents of a knowledge base (P99836), beyond which it answers 790026; 1000. */
  readonly knowledgeDocuments: number;
  /** Characters of all messages that a model reads (P99832), beyond which it answers 790040; 30000. */
  readonly modelCharacters: number;
  /** Hours that a task may wait before it fails (P99832); 24. */
  readonly taskHours: number;
  /** `sync_msg` and `get_hit_msg_list` answer 40058 for a token that was never issued; false. What the platform answers is not documented. */
  readonly strictTokens: boolean;
  /** Pulls without token in a minute, beyond which 45009 comes; off: the platform's "strict" figure is not documented. */
  readonly pullsWithoutTokenPerMinute: number;
  /** Knowledge bases learn only from files that were uploaded as media; false. */
  readonly strictMedia: boolean;
  /** Characters of a summary, beyond which the task answers 710628; off: the figure is not documented. */
  readonly summaryCharacters: number;
  /** Milliseconds that a model task takes; 300. */
  readonly taskMs: number;
  /** Milliseconds until a content of a knowledge base is learnt; 1000. */
  readonly learningMs: number;
  /** Milliseconds that an export takes; 1000. */
  readonly exportMs: number;
  /** Milliseconds in which an own model must answer its request (P99835); 5000, of real time. */
  readonly modelAnswerMs: number;
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
  modelAnswerMs: 5000,
};
