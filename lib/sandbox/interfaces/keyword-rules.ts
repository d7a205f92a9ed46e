import type { CreateRuleRequest, UpdateRuleRequest } from '../../interfaces/types';
import { PlatformError } from '../common/platform-error';
import type { Corp } from '../corp/corp';
import { isBankCard, isMobile } from '../corp/fictitious';
import type { StoredRule } from '../state/records';
import type { ZoneState } from '../state/state';
import type { ZoneHandler } from './interface';
import { recordsOf } from './message-records';
import { checkPull, firstSince, IndexCursor, KEPT_SECONDS } from './pull';

const DEFAULT_LIMIT = 100;
const DEFAULT_HIT_LIMIT = 200;

const ruleCursors = new IndexCursor('rules');
const hitCursors = new IndexCursor('hits');

/**
 * `create_rule` (P99829, https://developer.work.weixin.qq.com/document/path/99829).
 *
 * | errcode | when |
 * |---|---|
 * | 710610, 710615, 710648, 710649, 710650 | by the definition of the interface |
 * | 710619 | there are 500 rules already |
 * | 710606, 710607, 710608, 710609 | a chat, department, employee or customer (or all who follow it) is unknown or out of scope |
 * | 710621, 710622 | what shall not count as a phone or card number is none |
 */
export function createRule(state: ZoneState): ZoneHandler<'create_rule'> {
  return (request, { now }) => {
    checkRange(state.corp, request);
    if (state.rules.size >= state.limits.rules) throw new PlatformError(710619);
    const ruleId = state.newId('rule');
    state.rules.set(ruleId, {
      ...structuredClone(request),
      name: request.name,
      createTime: Math.floor(now / 1000),
    } as StoredRule);
    return { rule_id: ruleId };
  };
}

/** `get_rule_list`. A cursor that was not given out is answered with 40058. */
export function getRuleList(state: ZoneState): ZoneHandler<'get_rule_list'> {
  return ({ cursor, limit = DEFAULT_LIMIT }) => {
    const { items, hasMore, next } = ruleCursors.page([...state.rules], { cursor, limit });
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
export function getRuleDetail(state: ZoneState): ZoneHandler<'get_rule_detail'> {
  return ({ rule_id: ruleId }) => {
    const { name, keyword, semantics, applicable_range: range } = ruleOf(state, ruleId);
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
 * `update_rule`: what the request has replaces what the rule has, field by field; in the range part by part, of which an empty list
 * clears one. errcodes as for {@link ruleOf} and `create_rule`.
 */
export function updateRule(state: ZoneState): ZoneHandler<'update_rule'> {
  return (request) => {
    const rule = ruleOf(state, request.rule_id);
    checkRange(state.corp, request);
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
export function deleteRule(state: ZoneState): ZoneHandler<'delete_rule'> {
  return ({ rule_id: ruleId }) => {
    ruleOf(state, ruleId);
    state.rules.delete(ruleId);
    return {};
  };
}

/**
 * `get_hit_msg_list`: messages of the last five days that hit rules when they came (P99830,
 * https://developer.work.weixin.qq.com/document/path/99830).
 *
 * | errcode | when |
 * |---|---|
 * | 710611 | the cursor is none that was given out |
 * | 40058, 45009 | see {@link checkPull} |
 */
export function getHitMsgList(state: ZoneState): ZoneHandler<'get_hit_msg_list'> {
  const { corp } = state;
  return async (request, { now }) => {
    checkPull(state, request.token, 'get_hit_msg_list');
    const {
      cursor,
      limit = DEFAULT_HIT_LIMIT,
      need_detail: needsDetail,
      begin_time: begin = 0,
    } = request;
    const { hits } = state;
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
      msg_list: page.map(({ msgid, rules }) => {
        const detail = details.get(msgid);
        return { msgid, ...(detail && { msg_detail: detail }), hit_rule_list: rules };
      }),
    };
  };
}

/**
 * The rule with this id.
 *
 * @throws PlatformError 710620 it is no id of a rule; 710612 there is no such rule (any more).
 */
function ruleOf({ rules }: ZoneState, ruleId: string): StoredRule {
  if (!/^rule-\d+$/.test(ruleId)) throw new PlatformError(710620);
  const rule = rules.get(ruleId);
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
