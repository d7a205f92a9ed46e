import { DataStore, setBounded } from '../../state/store';

const KEPT_TASKS = 10_000;

/** Why an own model or program cannot run a task. */
export type ProgramState =
  | 'missing'
  | 'not linked'
  | 'not deployed'
  | 'abnormal'
  | 'running another request';

/** A task of an own model or program that could not be delivered. */
export interface UndeliveredTask {
  /** The interface that created it. */
  readonly createdBy: string;
  /** Why: the errcode that the result interface returns. */
  readonly errcode: number;
}

/** Saved data of {@link OwnProgramStore}. */
export interface OwnProgramData {
  /** As {@link OwnProgramStore.states}. */
  readonly states: Map<string, ProgramState>;
  /** As {@link OwnProgramStore.inputTemplates}. */
  readonly inputTemplates: Map<string, string>;
  /** Undelivered tasks by jobid. */
  readonly undelivered: Map<string, UndeliveredTask>;
}

/** Own models and programs: their states, input protocols and undelivered tasks. */
export class OwnProgramStore extends DataStore<OwnProgramData> {
  constructor() {
    super({ states: new Map(), inputTemplates: new Map(), undelivered: new Map() });
  }

  /** Why own models and programs cannot run a task, by model_id or program_id. Those without an entry run normally. */
  get states(): Map<string, ProgramState> {
    return this.data.states;
  }

  /**
   * Input protocols of own models and programs by ability_id: JSON texts with the placeholders `{chat}`, `{chatcontent}`,
   * `{knowledge}` and `{tagjson}`. When there is at least one, abilities without an entry are unknown.
   */
  get inputTemplates(): Map<string, string> {
    return this.data.inputTemplates;
  }

  /** The undelivered task with this jobid. */
  undelivered(jobid: string): UndeliveredTask | undefined {
    return this.data.undelivered.get(jobid);
  }

  /** Records that a task could not be delivered; the 10,000 newest are kept. */
  addUndelivered(jobid: string, task: UndeliveredTask): void {
    setBounded(this.data.undelivered, jobid, task, KEPT_TASKS);
  }
}
