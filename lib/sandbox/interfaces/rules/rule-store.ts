import type { RuleSemantics, UpdateRuleRequest } from '../../../interfaces/types';
import { DataStore } from '../../state/store';

/** A keyword rule. */
export interface StoredRule extends Omit<UpdateRuleRequest, 'name'> {
  /** The name of the rule; 1 to 20 characters. */
  name: string;
  /** Unix seconds. */
  createTime: number;
}

/** A message that hit rules. */
export interface Hit {
  /** The message. */
  readonly msgid: string;
  /** Unix seconds. */
  readonly sendTime: number;
  /** The rules that found it, in the form of `hit_rule_list` (P99830). */
  readonly rules: readonly {
    readonly rule_id: string;
    readonly has_hit_keyword: boolean;
    readonly semantics_list: readonly RuleSemantics[];
  }[];
}

/** Saved data of {@link RuleStore}. */
export interface RuleData {
  /** Number of the last rule_id. */
  serial: number;
  /** Rules by rule_id. */
  readonly rules: Map<string, StoredRule>;
  /** Messages found by rules, in order. */
  readonly hits: Hit[];
}

/** Keyword rules and the messages that hit them. */
export class RuleStore extends DataStore<RuleData> {
  constructor() {
    super({ serial: 0, rules: new Map(), hits: [] });
  }

  /** All rules by rule_id, oldest first. */
  get all(): ReadonlyMap<string, StoredRule> {
    return this.data.rules;
  }

  /** Messages that hit rules, oldest first. */
  get hits(): readonly Hit[] {
    return this.data.hits;
  }

  /** Adds a rule, and returns its rule_id. */
  add(rule: StoredRule): string {
    this.data.serial += 1;
    const ruleId = `rule-${this.data.serial}`;
    this.data.rules.set(ruleId, rule);
    return ruleId;
  }

  /** Deletes a rule. Its hits stay. */
  delete(ruleId: string): void {
    this.data.rules.delete(ruleId);
  }

  /** Records a message that hit rules. */
  addHit(hit: Hit): void {
    this.data.hits.push(hit);
  }
}
