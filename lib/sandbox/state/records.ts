import type { RuleSemantics, UpdateRuleRequest } from '../../interfaces/types';

/** A keyword rule. */
export interface StoredRule extends Omit<UpdateRuleRequest, 'name'> {
  name: string;
  /** Unix seconds. */
  createTime: number;
}

/** A message that hit rules. */
export interface Hit {
  readonly msgid: string;
  /** Unix seconds. */
  readonly sendTime: number;
  readonly rules: readonly {
    readonly rule_id: string;
    readonly has_hit_keyword: boolean;
    readonly semantics_list: readonly RuleSemantics[];
  }[];
}

/** What a token of an event is good for. */
export type TokenUse = 'sync_msg' | 'get_hit_msg_list';
/** A message that a task could not use. */
export interface FailedMessage {
  readonly errcode: number;
  readonly errmsg: string;
  readonly msgid: string;
}

/** A task of a model of the platform. */
export interface StoredTask {
  /** The interface that made it. */
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly doneAt: number;
  /** Whether the model has not said anything yet. */
  isWorking: boolean;
  /** What its result has beside `status`; absent when the model failed. */
  result?: Readonly<Record<string, unknown>>;
}

/** An own model's or program's task that could not be delivered. */
export interface UndeliveredTask {
  readonly createdBy: string;
  readonly errcode: number;
}

/** What the button of the display component gave out. */
export interface ExportCode {
  readonly msgids: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** An export job. */
export interface ExportJob {
  readonly createdAt: number;
  readonly doneAt: number;
  readonly resultId: string;
  readonly text: string;
}

/** A temporary file of the zone. */
export interface MediaFile {
  readonly name: string;
  /** base64. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** `config` of the display component for a member. */
export interface Masking {
  readonly hide_mobile: boolean;
  readonly hide_idcard: boolean;
  readonly hide_bankno: boolean;
}

/** How an own model or program stands to the app, unless it runs as it should. */
export type ProgramState =
  | 'missing'
  | 'not linked'
  | 'not deployed'
  | 'abnormal'
  | 'running another request';
/** What the corp has paid for and granted; all of it at first. */
export interface Grants {
  /** Else the general model answers 710644. */
  generalModel: boolean;
  /** Else document retrieval answers 710728. */
  documents: boolean;
  /** Else document retrieval answers 710726. */
  documentPermission: boolean;
  /** Set: the general model answers 710682. */
  isModelBusy: boolean;
  /** Set: `open_debug_mode` answers 710672, as where the app may not be tested. */
  isDebugModeForbidden: boolean;
}
