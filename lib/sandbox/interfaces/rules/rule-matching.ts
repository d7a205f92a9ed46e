import type { RuleSemantics } from '../../../interfaces/types';
import type { Message, Party } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import { isBankCard, isIdCard, isMobile } from '../../corp/fictitious';
import type { Hit, StoredRule } from './rule-store';

// P99830 lists the message types that can hit. Words of voice (6) and audio archives (21) count only for rules with `voice_match_msgtype`.
const CAN_HIT: ReadonlySet<number> = new Set([1, 2, 4, 5, 6, 8, 9, 13, 20, 21]);
const SPOKEN: ReadonlySet<number> = new Set([6, 21]);
const AUDIO_ARCHIVE = 21;

/** Behaviours implied by the message type. */
const BY_TYPE: Readonly<Record<number, RuleSemantics>> = { 13: 1, 9: 4, 8: 9, 4: 10, 5: 11 };

/** The rules that a message hits, or `undefined` when it hits none. */
export function hitOf(
  rules: ReadonlyMap<string, StoredRule>,
  corp: Corp,
  message: Message,
): Hit | undefined {
  if (rules.size === 0 || !CAN_HIT.has(message.msgtype)) return undefined;
  const hits = [...rules].flatMap(([rule_id, rule]) => {
    if (!applies(rule, message, corp)) return [];
    const has_hit_keyword = hasWord(rule, message);
    const shown = behavioursOf(rule, message);
    const semantics_list = (rule.semantics?.semantics_list ?? []).filter((one) => shown.has(one));
    return has_hit_keyword || semantics_list.length > 0
      ? [{ rule_id, has_hit_keyword, semantics_list }]
      : [];
  });
  if (hits.length === 0) return undefined;
  return { msgid: message.msgid, sendTime: message.sendTime, rules: hits };
}

function applies(
  { applicable_range: range = {} }: StoredRule,
  message: Message,
  corp: Corp,
): boolean {
  const { chatid, sender, receivers, msgtype } = message;
  const parties = [sender, ...receivers];

  const chatTypes = range.chat_type?.type_list ?? [];
  if (chatTypes.length > 0 && !chatTypes.includes(chatid === undefined ? 1 : 2)) return false;

  const sessionTypes = range.session_type?.session_type_list ?? [];
  const isExternal =
    parties.some(({ type }) => type === 2) ||
    (chatid !== undefined && corp.group(chatid)?.internal === false);
  if (sessionTypes.length > 0 && !sessionTypes.includes(isExternal ? 2 : 1)) return false;

  const chats = range.chat?.id_list ?? [];
  const isInChats = chats.length === 0 || msgtype === AUDIO_ARCHIVE || chats.includes(chatid ?? '');
  if (!isInChats) return false;

  const scope = range.msg_scope ?? 1;
  const subjects = scope === 1 ? [sender] : scope === 2 ? receivers : parties;
  return subjects.some((party) => isMeant(party, parties, range, corp));
}

type Range = NonNullable<StoredRule['applicable_range']>;

/** Whether a rule applies to this party of a message. */
function isMeant(party: Party, parties: readonly Party[], range: Range, corp: Corp): boolean {
  const types = range.target_type?.type_list ?? [];
  if (party.type === 3 || (types.length > 0 && !types.includes(party.type as 1 | 2))) return false;

  const departments = range.department?.id_list ?? [];
  const users = range.user?.id_list ?? [];
  const externals = range.external_contact?.id_list ?? [];
  if (departments.length + users.length + externals.length === 0) return true;

  const isNamed = ({ type, id }: Party): boolean =>
    type === 1 &&
    (users.includes(id) ||
      (corp.member(id)?.departments ?? []).some((one) => departments.includes(one)));
  if (party.type === 1) return isNamed(party);
  if (externals.includes(party.id)) return true;
  // Unless `target_type` excludes customers, a rule for employees also applies to their customers (P99829).
  return externals.length === 0 && parties.some(isNamed);
}

function hasWord(
  { keyword = {}, applicable_range: range = {} }: StoredRule,
  message: Message,
): boolean {
  const words = keyword.word_list ?? [];
  const { msgtype } = message;
  if (words.length === 0 || message.text === '') return false;
  if (SPOKEN.has(msgtype)) {
    const spoken: readonly number[] = range.voice_match_msgtype?.type_list ?? [];
    if (!spoken.includes(msgtype)) return false;
  }
  const fold = (text: string): string =>
    keyword.is_case_sensitive === 0 ? text.toLowerCase() : text;
  let text = fold(message.text);
  if (keyword.match_rule === 1) {
    if (keyword.is_trim_msg === 1) text = text.trim();
    return words.some((word) => fold(word) === text);
  }
  for (const word of range.exclude_keyword?.word_list ?? [])
    text = text.replaceAll(fold(word), ' ');
  return words.some((word) => text.includes(fold(word)));
}

function behavioursOf(
  { applicable_range: range = {} }: StoredRule,
  { msgtype, text, behaviours = [] }: Message,
): ReadonlySet<number> {
  const shown = new Set<number>(behaviours);
  const byType = BY_TYPE[msgtype];
  if (byType !== undefined) shown.add(byType);
  const has = (
    behaviour: RuleSemantics,
    pattern: RegExp,
    excluded: readonly string[] = [],
    isOne: (found: string) => boolean = () => true,
  ): void => {
    const found = text.match(pattern) ?? [];
    if (found.some((one) => isOne(one) && !excluded.includes(one))) shown.add(behaviour);
  };
  const alone = (digits: string): RegExp => new RegExp(`(?<![0-9])${digits}(?![0-9])`, 'g');
  has(2, alone('1[0-9]{10}'), range.exclude_mobile?.mobile_list, isMobile);
  has(3, /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, range.exclude_email?.email_list);
  has(7, alone('[0-9]{16,19}'), range.exclude_bank_card?.bank_card_list, isBankCard);
  has(8, alone('[0-9]{17}[0-9Xx]'), [], isIdCard);
  has(10, /https?:\/\/\S+/g);
  return shown;
}
