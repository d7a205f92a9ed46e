import type { CreateRuleRequest, UpdateRuleRequest } from '../../../interfaces/types';
import { PlatformError } from '../../common/platform-error';
import type { Corp } from '../../corp/corp';
import { isBankCard, isMobile } from '../../corp/fictitious';
import { recordsOf } from '../archive/message-records';
import { checkPull, KEPT_SECONDS, type PullParts } from '../archive/pull';
import type { ZoneHandler } from '../common/handler';
import { firstSince, IndexCursor } from '../common/index-cursor';
import type { RuleStore, StoredRule } from './rule-store';

const DEFAULT_LIMIT = 100;
const DEFAULT_HIT_LIMIT = 200;

const ruleCursors = new IndexCursor('rules');
const hitCursors = new IndexCursor('hits');

/** The parts of the state that these interfaces use. */
export interface RuleParts extends PullParts {
  readonly corp: Corp;
  readonly rules: RuleStore;
}

/**
 * `create_rule` (P99829, https://developer.work.weixin.qq.com/document/path/99829).
 *
 * | errcode | when |
 * |---|---|
 * | 710610, 710615, 710648, 710649, 710650 | by the definition of the interface |
 * | 710619 | there are 500 rules already |
 * | 710606, 710607, 710608, 710609 | a chat, department, employee or customer is unknown or out of scope; a customer is out of scope if all its followers are |
 * | 710621, 710622 | an excluded phone or bank card number is invalid |
 */
export function createRule({ corp, limits, rules }: RuleParts): ZoneHandler<'create_rule'> {
  return (request, { now }) => {
    checkRange(corp, request);
    if (rules.all.size >= limits.rules) throw new PlatformError(710619);
    const rule = { ...structuredClone(request), createTime: Math.floor(now / 1000) };
    return { rule_id: rules.add(rule as StoredRule) };
  };
}

/** `get_rule_list`. Returns 40058 for an unknown cursor. */
export function getRuleList({ rules }: RuleParts): ZoneHandler<'get_rule_list'> {
  return ({ cursor, limit = DEFAULT_LIMIT }) => {
    const { items, hasMore, next } = ruleCursors.page([...rules.all], { cursor, limit });
    return {
      rule_list: items.map(([rule_id, { name, createTime }]) => ({
        rule_id,
        name,
        create_time: createTime,
      })),
      has_more: hasMore,
      next_cursor: next,
    };
  };
}

/** `get_rule_detail`; errcodes as for {@link ruleOf}. */
export function getRuleDetail({ rules }: RuleParts): ZoneHandler<'get_rule_detail'> {
  return ({ rule_id: ruleId }) => {
    const { name, keyword, semantics, applicable_range: range } = ruleOf(rules, ruleId);
    return {
      name,
      keyword: {
        word_list: keyword?.word_list ?? [],
        is_case_sensitive: keyword?.is_case_sensitive ?? 1,
        match_rule: keyword?.match_rule ?? 0,
        is_trim_msg: keyword?.is_trim_msg ?? 0,
      },
      semantics: { semantics_list: semantics?.semantics_list ?? [] },
      ...(range === undefined ? {} : { applicable_range: range }),
    };
  };
}

/**
 * `update_rule`: fields of the request replace fields of the rule. In `applicable_range`, each condition is replaced
 * separately; an empty list removes it. errcodes as for {@link ruleOf} and `create_rule`.
 */
export function updateRule({ corp, rules }: RuleParts): ZoneHandler<'update_rule'> {
  return (request) => {
    const rule = ruleOf(rules, request.rule_id);
    checkRange(corp, request);
    const { name = rule.name, keyword, semantics, applicable_range } = structuredClone(request);
    const changed = {
      keyword: { ...rule.keyword, ...keyword },
      semantics: { ...rule.semantics, ...semantics },
      applicable_range: { ...rule.applicable_range, ...applicable_range },
    };
    const hasWords = (changed.keyword.word_list ?? []).length > 0;
    if (!hasWords && (changed.semantics.semantics_list ?? []).length === 0) {
      throw new PlatformError(710610);
    }
    const { word_list: _, ...howToMatch } = keyword ?? {};
    if (!hasWords && Object.keys(howToMatch).length > 0) throw new PlatformError(710650);
    Object.assign(rule, { name, ...changed });
    return {};
  };
}

/** `delete_rule`; errcodes as for {@link ruleOf}. */
export function deleteRule({ rules }: RuleParts): ZoneHandler<'delete_rule'> {
  return ({ rule_id: ruleId }) => {
    ruleOf(rules, ruleId);
    rules.delete(ruleId);
    return {};
  };
}

/**
 * `get_hit_msg_list`: messages of the last five days that hit rules on arrival (P99830,
 * https://developer.work.weixin.qq.com/document/path/99830).
 *
 * | errcode | when |
 * |---|---|
 * | 710611 | the cursor is unknown |
 * | 40058, 45009 | see {@link checkPull} |
 */
export function getHitMsgList(parts: RuleParts): ZoneHandler<'get_hit_msg_list'> {
  const { corp, rules } = parts;
  return async (request, { now }) => {
    checkPull(parts, request.token, 'get_hit_msg_list');
    const {
      cursor,
      limit = DEFAULT_HIT_LIMIT,
      need_detail: needsDetail,
      begin_time: begin = 0,
    } = request;
    const { hits } = rules;
    const oldest = firstSince(hits, Math.floor(now / 1000) - KEPT_SECONDS);
    const start =
      cursor === undefined ? firstSince(hits, begin) : hitCursors.read(cursor, hits.length, 710611);
    const from = Math.max(oldest, start);
    const end = Math.min(from + limit, hits.length);
    const page = hits.slice(from, end);
    const messages = page.flatMap(({ msgid }) => corp.message(msgid) ?? []);
    const records = needsDetail === 1 ? await recordsOf(corp, messages) : [];
    const details = new Map(records.map(({ msgid, extra_info: _, ...detail }) => [msgid, detail]));
    return {
      has_more: end < hits.length ? 1 : 0,
      next_cursor: hitCursors.at(end),
      msg_list: page.map(({ msgid, rules: hit_rule_list }) => {
        const detail = details.get(msgid);
        return { msgid, ...(detail && { msg_detail: detail }), hit_rule_list };
      }),
    };
  };
}

/**
 * The rule with this id.
 *
 * @throws PlatformError 710620 it is not a rule_id; 710612 there is no such rule.
 */
function ruleOf(rules: RuleStore, ruleId: string): StoredRule {
  if (!/^rule-\d+$/.test(ruleId)) throw new PlatformError(710620);
  const rule = rules.all.get(ruleId);
  if (rule === undefined) throw new PlatformError(710612);
  return rule;
}

function checkRange(
  corp: Corp,
  { applicable_range: range = {} }: CreateRuleRequest | UpdateRuleRequest,
): void {
  const check = <T>(
    list: readonly T[] | undefined,
    isKnown: (one: T) => boolean,
    errcode: number,
  ): void => {
    if (list?.some((one) => !isKnown(one))) throw new PlatformError(errcode);
  };
  const departments = new Set(corp.content.departments.map(({ id }) => id));
  check(range.department?.id_list, (id) => departments.has(id), 710607);
  check(range.user?.id_list, (id) => corp.isInScope(id), 710608);
  check(range.external_contact?.id_list, (id) => isFollowed(corp, id), 710609);
  check(range.chat?.id_list, (id) => isChatInScope(corp, id), 710606);
  check(range.exclude_mobile?.mobile_list, isMobile, 710621);
  check(range.exclude_bank_card?.bank_card_list, isBankCard, 710622);
}

function isFollowed(corp: Corp, externalUserid: string): boolean {
  const followers = corp.customer(externalUserid)?.followers ?? [];
  return followers.some(({ userid }) => corp.isInScope(userid));
}

function isChatInScope(corp: Corp, chatid: string): boolean {
  const group = corp.group(chatid);
  return group !== undefined && corp.isGroupInScope(group);
}
