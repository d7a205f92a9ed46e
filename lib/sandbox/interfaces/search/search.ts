import type { SearchMsgRequest } from '../../../interfaces/types';
import type { Customer, Message, StaffMember } from '../../corp/content';
import type { Corp } from '../../corp/corp';
import { pinyinOf } from '../../corp/names';
import type { ZoneHandler } from '../common/handler';
import { firstSince, IndexCursor } from '../common/index-cursor';

const DEFAULT_LIMIT = 50;
const SEARCHED_SECONDS = 31 * 86_400;
const SEARCHABLE: ReadonlySet<number> = new Set([1, 4, 5, 8, 18, 20, 23]);
// The platform's stop words are not documented. These words carry no meaning.
const STOP_WORDS = /的|了|吗|呢|啊|吧|呀|哦|\b(?:the|an?|of|to|and|is)\b/giu;

const messageCursors = new IndexCursor('search-msg');
const chatCursors = new IndexCursor('search-chat');
const userCursors = new IndexCursor('search-user');

/**
 * `search_chat`: groups whose current name contains the query (P99802,
 * https://developer.work.weixin.qq.com/document/path/99802). Returns 40058 for an unknown cursor.
 */
export function searchChat(corp: Corp): ZoneHandler<'search_chat'> {
  return ({ query_word: query, limit = DEFAULT_LIMIT, cursor }) => {
    const found = [...corp.groups].filter(
      (group) => includes(group.name, query) && corp.isGroupInScope(group),
    );
    const { items, hasMore, next } = chatCursors.page(found, { cursor, limit });
    return {
      has_more: hasMore ? 1 : 0,
      next_cursor: next,
      chat_list: items.map(({ chatid }) => ({ chatid })),
    };
  };
}

/**
 * `search_contact_or_customer`: staff and customers by name, pinyin, alias or remark (P100235,
 * https://developer.work.weixin.qq.com/document/path/100235). Employees out of scope are not found, nor are
 * customers whose followers are all out of scope.
 */
export function searchContactOrCustomer(corp: Corp): ZoneHandler<'search_contact_or_customer'> {
  return ({ query_word: query, query_user_type: type = 0, limit = DEFAULT_LIMIT, cursor }) => {
    const { members, customers } = corp.content;
    const staff = type === 2 ? [] : members.filter((member) => isStaffFound(corp, member, query));
    const outside =
      type === 1 ? [] : customers.filter((customer) => isCustomerFound(corp, customer, query));
    const found = [
      ...staff.map(({ userid: id }) => ({ type: 1 as const, id })),
      ...outside.map(({ externalUserid: id }) => ({ type: 2 as const, id })),
    ];
    const { items, hasMore, next } = userCursors.page(found, { cursor, limit });
    return { has_more: hasMore ? 1 : 0, next_cursor: next, user_list: items };
  };
}

/**
 * `search_msg`: messages whose text contains the query, newest first (P99818,
 * https://developer.work.weixin.qq.com/document/path/99818). Whitespace in the query separates words; all of them must
 * occur, in any order. Case is ignored.
 */
export function searchMsg(corp: Corp): ZoneHandler<'search_msg'> {
  return (request, { now }) => {
    const { query_word: query, skip_stop_words: skips, limit = DEFAULT_LIMIT, cursor } = request;
    const { messages } = corp;
    const endTime = request.end_time ?? Math.floor(now / 1000);
    const first = firstSince(messages, request.start_time ?? endTime - SEARCHED_SECONDS);
    const words = wordsOf(query, skips === true);
    const isMeant = filterOf(request);
    let index = firstSince(messages, endTime + 1);
    if (cursor !== undefined && cursor !== '') {
      index = Math.min(index, messageCursors.read(cursor, messages.length));
    }
    const found: Message[] = [];
    // has_more needs one match more than the limit.
    while (index > first) {
      const message = messages[index - 1] as Message;
      if (
        isMeant(message) &&
        words.every((word) => includes(message.text, word)) &&
        corp.isVisible(message)
      ) {
        if (found.length === limit) break;
        found.push(message);
      }
      index -= 1;
    }
    const hasMore = index > first;
    return {
      has_more: hasMore ? 1 : 0,
      next_cursor: hasMore ? messageCursors.at(index) : '',
      msg_list: found.map(({ msgid }) => ({ msgid })),
    };
  };
}

function filterOf({ chat_info: info = {} }: SearchMsgRequest): (message: Message) => boolean {
  const types = new Set<number>(info.msg_type_list ?? SEARCHABLE);
  const pair = info.chat_type === 1 ? (info.id_list ?? []).map(idOf) : undefined;
  const senders = (info.sender_list ?? (info.sender === undefined ? [] : [info.sender])).map(idOf);
  return ({ msgtype, sender, receivers, chatid }) => {
    if (!types.has(msgtype)) return false;
    if (senders.length > 0 && !senders.includes(sender.id)) return false;
    if (pair !== undefined) {
      const [receiver] = receivers;
      return (
        chatid === undefined &&
        receivers.length === 1 &&
        pair.includes(sender.id) &&
        pair.includes(receiver?.id ?? '')
      );
    }
    if (info.chat_type === 2 && chatid === undefined) return false;
    return info.chat_id === undefined || chatid === info.chat_id;
  };
}

function idOf(who: {
  readonly open_userid?: string | undefined;
  readonly external_userid?: string | undefined;
}): string {
  return who.open_userid ?? who.external_userid ?? '';
}

function wordsOf(query: string, skipsStopWords: boolean): string[] {
  const words = query.split(/\s+/u).filter((word) => word !== '');
  // A query of whitespace is searched literally: without words, every message would match.
  const all = words.length > 0 ? words : [query];
  if (!skipsStopWords) return all;
  const left = query
    .replace(STOP_WORDS, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');
  return left.length > 0 ? left : all;
}

function isStaffFound(corp: Corp, { userid, name, alias }: StaffMember, query: string): boolean {
  return (
    [name, pinyinOf(name), alias].some((text) => includes(text, query)) && corp.isInScope(userid)
  );
}

function isCustomerFound(corp: Corp, { name, followers }: Customer, query: string): boolean {
  const inScope = followers.filter(({ userid }) => corp.isInScope(userid));
  if (inScope.length === 0) return false;
  return [name, pinyinOf(name), ...inScope.map(({ remark }) => remark)].some((text) =>
    includes(text, query),
  );
}

function includes(text: string, words: string): boolean {
  return text.includes(words) || text.toLowerCase().includes(words.toLowerCase());
}
