import { sandboxError } from '../../errors';
import type { Message, NewMessage } from '../corp/content';
import type { Corp } from '../corp/corp';
import type { CorpKeyPair } from '../corp/key-ring';
import type { AppNotification } from '../interfaces/notifications/app-notification';
import type { SeenRequest } from '../wire/seen-request';
import type { ControlledSandbox } from './controlled-sandbox';

/** Request and response of the commands that show and change the zone: people, messages, notifications, requests, time and key. */
export interface ZoneCommands {
  people: { request: { search?: string; limit?: number }; response: PeopleReport };
  say: { request: SayCommand; response: MessageReport };
  messages: { request: { chat?: string; limit?: number }; response: MessageReport[] };
  notifications: { request: Record<string, never>; response: NotificationReport[] };
  requests: { request: { limit?: number }; response: RequestReport[] };
  clock: { request: ClockCommand; response: ClockReport };
  'private-key': { request: Record<string, never>; response: CorpKeyPair };
}

/** Staff, customers and groups, at most `limit` of each. */
export interface PeopleReport {
  readonly staff: readonly {
    readonly id: string;
    readonly name: string;
    readonly inScope: boolean;
  }[];
  readonly customers: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly internal: boolean;
    readonly members: readonly string[];
  }[];
  /** Whether there are more than the limit. */
  readonly hasMore: boolean;
}

/** A message to be archived; sender and receiver are ids, or names that only one has. */
export interface SayCommand {
  readonly from: string;
  /** A person or a group. */
  readonly to: string;
  readonly text: string;
  readonly msgtype?: number;
}

/** An archived message, without its key. */
export type MessageReport = Omit<
  Message,
  'secretKey' | 'publicKeyVersion' | 'sender' | 'receivers'
> & {
  readonly from: string;
  readonly to: readonly string[];
};

/** A notification, and the HTTP status of the application's response. */
export type NotificationReport = Omit<AppNotification, 'delivered'> & { readonly status?: number };

/** A request; an exception as a text. */
export type RequestReport = Omit<SeenRequest, 'error'> & { readonly error?: string };

/** One change of the clock, or none. */
export interface ClockCommand {
  /** Milliseconds since 1970. */
  readonly set?: number;
  /** Milliseconds. */
  readonly advance?: number;
  readonly resume?: true;
}

/** What the clock shows. */
export interface ClockReport {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly isStopped: boolean;
}

type Handlers = {
  readonly [Name in keyof ZoneCommands]: (
    request: ZoneCommands[Name]['request'],
  ) => Promise<ZoneCommands[Name]['response']> | ZoneCommands[Name]['response'];
};

const DEFAULT_LIMIT = 100;

/** The handlers of {@link ZoneCommands}. */
export function zoneHandlersOf(sandbox: ControlledSandbox): Handlers {
  return {
    people: ({ search = '', limit = DEFAULT_LIMIT }) => peopleOf(sandbox.corp, search, limit),
    say: ({ from, to, text, msgtype }) => {
      const { corp } = sandbox;
      const sender = personOf(corp, from);
      const chat = groupOf(corp, to);
      const where = chat === undefined ? { to: personOf(corp, to) } : { chatid: chat };
      const message: NewMessage = { from: sender, text, ...where };
      return reportOf(corp.addMessage(msgtype === undefined ? message : { ...message, msgtype }));
    },
    messages: ({ chat, limit = DEFAULT_LIMIT }) => {
      const { corp } = sandbox;
      const chatid = chat === undefined ? undefined : (groupOf(corp, chat) ?? chat);
      const wanted = corp.messages.filter(
        (message) => chatid === undefined || message.chatid === chatid,
      );
      return wanted.slice(-limit).map(reportOf);
    },
    notifications: () =>
      Promise.all(
        sandbox.application.notifications.map(async ({ delivered, ...notification }) => {
          const status = (await delivered)?.status;
          return { ...notification, ...(status === undefined ? {} : { status }) };
        }),
      ),
    requests: ({ limit = DEFAULT_LIMIT }) =>
      sandbox.requests.slice(-limit).map(({ error, ...request }) => ({
        ...request,
        ...(error === undefined ? {} : { error: String(error) }),
      })),
    clock: ({ set, advance, resume }) => {
      const { clock } = sandbox;
      if (set !== undefined) clock.set(set);
      if (advance !== undefined) clock.advance(advance);
      if (resume) clock.resume();
      return { now: clock.now(), isStopped: clock.isStopped };
    },
    'private-key': () => sandbox.corp.keyPair(),
  };
}

function peopleOf(corp: Corp, search: string, limit: number): PeopleReport {
  const { members, customers } = corp.content;
  const wanted = search.toLowerCase();
  const matches = (...names: string[]) => names.some((name) => name.toLowerCase().includes(wanted));
  const staff = members.filter(({ userid, name, alias }) => matches(userid, name, alias));
  const externals = customers.filter(({ externalUserid, name }) => matches(externalUserid, name));
  const groups = [...corp.groups].filter(({ chatid, name }) => matches(chatid, name));
  return {
    staff: staff
      .slice(0, limit)
      .map(({ userid: id, name }) => ({ id, name, inScope: corp.isInScope(id) })),
    customers: externals.slice(0, limit).map(({ externalUserid: id, name }) => ({ id, name })),
    groups: groups.slice(0, limit).map(({ chatid: id, name, internal, members: inside }) => ({
      id,
      name,
      internal,
      members: inside.map((member) => member.id),
    })),
    hasMore: [staff, externals, groups].some((list) => list.length > limit),
  };
}

/** The id of a person that is given by id or name. An unknown id is returned unchanged; the corp refuses it. */
function personOf(corp: Corp, text: string): string {
  if (corp.member(text) !== undefined || corp.customer(text) !== undefined) return text;
  const { members, customers } = corp.content;
  return oneOf(text, [
    ...members
      .filter(({ name, alias }) => [name, alias].includes(text))
      .map(({ userid }) => userid),
    ...customers.filter(({ name }) => name === text).map(({ externalUserid }) => externalUserid),
  ]);
}

/** The id of a group that is given by id or name; `undefined` if there is none. */
function groupOf(corp: Corp, text: string): string | undefined {
  if (corp.group(text) !== undefined) return text;
  const named = [...corp.groups].filter(({ name }) => name === text && name !== '');
  return named.length === 0
    ? undefined
    : oneOf(
        text,
        named.map(({ chatid }) => chatid),
      );
}

function oneOf(name: string, ids: readonly string[]): string {
  if (ids.length > 1) throw sandboxError('ERR_SANDBOX_NAME', [name, ids.slice(0, 10).join(', ')]);
  return ids[0] ?? name;
}

function reportOf({
  secretKey: _,
  publicKeyVersion: __,
  sender,
  receivers,
  ...message
}: Message): MessageReport {
  return { ...message, from: sender.id, to: receivers.map(({ id }) => id) };
}
