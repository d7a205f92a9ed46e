import { integerOption, stringOption, wrongType, wrongValue } from '../../common/options';
import { MAX_UNIX_SECONDS } from '../../common/timers';
import { sandboxError } from '../../errors';
import { type CorpChanges, noCorpChanges } from './changes';
import type {
  Consent,
  ConsentOf,
  CorpContent,
  Customer,
  Group,
  Message,
  NewMessage,
  Party,
  StaffMember,
} from './content';
import { type CorpKeyPair, type EncryptInfo, KeyRing } from './key-ring';

/** What a corp needs from the platform. */
export interface CorpSurroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Returns a random secret key for a message. */
  readonly newSecret: (msgid: string) => string;
  /** Called when a message was archived. */
  readonly onArchived: (message: Message) => void;
  /** Called when a customer has agreed. */
  readonly onAgreed: (who: ConsentOf) => void;
}

const CALLS: ReadonlySet<number> = new Set([21, 22]);

/** The simulated corp whose conversations the interfaces return. */
export class Corp {
  readonly #keys = new KeyRing();
  readonly #surroundings: CorpSurroundings;
  readonly #messages: Message[] = [];
  #content!: CorpContent;
  #staff!: readonly string[];
  #customerIds!: readonly string[];
  #members!: ReadonlyMap<string, StaffMember>;
  #customers!: ReadonlyMap<string, Customer>;
  #groups!: ReadonlyMap<string, Group>;
  #robots!: ReadonlySet<string>;
  readonly #indexes = new Map<string, number>();
  #indexed = 0;
  #changes = noCorpChanges();

  /** @internal */
  constructor(content: CorpContent, surroundings: CorpSurroundings) {
    this.#surroundings = surroundings;
    this.become(content, this.#changes);
  }

  /** The content that the corp was created with; it never changes. */
  get content(): CorpContent {
    return this.#content;
  }

  /** The userids of the staff. */
  get staff(): readonly string[] {
    return this.#staff;
  }

  /** The external_userids of the customers. */
  get customers(): readonly string[] {
    return this.#customerIds;
  }

  /** All archived messages, in ascending order of `sendTime`; a live view. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** All groups, internal and external. */
  get groups(): Iterable<Group> {
    return this.#groups.values();
  }

  /** The group with this id, if there is one. */
  group(chatid: string): Group | undefined {
    return this.#groups.get(chatid);
  }

  /** The employee with this id, if there is one. */
  member(userid: string): StaffMember | undefined {
    return this.#members.get(userid);
  }

  /** The customer with this id, if there is one. */
  customer(externalUserid: string): Customer | undefined {
    return this.#customers.get(externalUserid);
  }

  /** The message with this id, if there is one. */
  message(msgid: string): Message | undefined {
    for (; this.#indexed < this.#messages.length; this.#indexed += 1) {
      this.#indexes.set((this.#messages[this.#indexed] as Message).msgid, this.#indexed);
    }
    const index = this.#indexes.get(msgid);
    return index === undefined ? undefined : this.#messages[index];
  }

  /** Whether the conversations of this employee are archived. */
  isInScope(userid: string): boolean {
    return this.#members.has(userid) && !this.#changes.outOfScope.has(userid);
  }

  /** Adds an employee to the archive's scope, or removes one. @throws SandboxError `ERR_SANDBOX_UNKNOWN_ID` */
  setInScope(userid: string, isInScope: boolean): void {
    this.#member(userid);
    if (isInScope) this.#changes.outOfScope.delete(userid);
    else this.#changes.outOfScope.add(userid);
  }

  /** Whether all of the staff are in scope, so that no single check is needed. */
  get isAllInScope(): boolean {
    return this.#changes.outOfScope.size === 0;
  }

  /** Whether a message has a sender or receiver in scope; programs do not see others. */
  isVisible(message: Message): boolean {
    return this.isAllInScope || this.#concernsScope(message);
  }

  /** Whether at least one member of a group is in scope. */
  isGroupInScope({ members }: Group): boolean {
    return members.some((member) => this.#isInScope(member));
  }

  /** Whether the archive has expired: `get_group_chat` then returns 301052. */
  get isArchiveExpired(): boolean {
    return this.#changes.isArchiveExpired;
  }

  set isArchiveExpired(isExpired: boolean) {
    this.#changes.isArchiveExpired = isExpired;
  }

  /** Whether a customer agreed to the archive. In a new corp, nine of ten customers agree on first contact. */
  consent(who: ConsentOf): Consent {
    return this.#changes.consents.get(consentKey(who)) ?? firstConsent(who, this.#content.messages);
  }

  /**
   * Sets the consent of a customer; agreeing triggers an event of the platform.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_ID`
   */
  setConsent(who: ConsentOf, status: Consent['status']): void {
    known('customer', who.externalUserid, this.#customers, 'sandbox.corp.customers');
    if ('userid' in who) this.#member(who.userid);
    else this.#group(who.chatid);
    const before = this.consent(who);
    if (before.status === status) return;
    const changeTime = Math.floor(this.#surroundings.now() / 1000);
    this.#changes.consents.set(consentKey(who), { status, changeTime });
    if (status === 'Agree') this.#surroundings.onAgreed(who);
  }

  /**
   * Archives a text message; `addMessage` archives messages of any type.
   *
   * @param where - `to`: the receiver of a single chat; or `chatid`: the group
   * @throws as `addMessage`
   */
  say(
    from: string,
    where: { readonly to: string } | { readonly chatid: string },
    text: string,
  ): Message {
    return this.addMessage({ from, text, ...where });
  }

  /**
   * Archives a message. Keyword rules are applied, and the program that receives events gets `conversation_new_message`.
   *
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_ID`, `ERR_SANDBOX_NOT_IN_GROUP`, `ERR_SANDBOX_NOT_IN_SCOPE`; TypeError
   * `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE` for a msgid that is taken; RangeError `ERR_SPEC_OUT_OF_RANGE` for a
   * time before the newest message, or in milliseconds
   */
  addMessage(fields: NewMessage): Message {
    const newest = this.#messages.at(-1)?.sendTime ?? 0;
    const msgid = fields.msgid ?? `msg-new-${this.#changes.messages.length + 1}`;
    const present = Math.max(newest, Math.floor(this.#surroundings.now() / 1000));
    const { msgtype = 1, sendTime = present } = fields;
    checkNewMessage({ ...fields, sendTime }, newest, Math.max(present, MAX_UNIX_SECONDS));
    const sender = this.#party(fields.from);
    const message: Message = {
      msgid,
      sender,
      receivers: this.#receivers(sender, fields),
      ...(fields.chatid === undefined ? {} : { chatid: fields.chatid }),
      sendTime,
      msgtype,
      text: fields.text ?? '',
      ...(fields.behaviours === undefined ? {} : { behaviours: [...fields.behaviours] }),
      ...(CALLS.has(msgtype) ? { callDuration: fields.callDuration ?? 60 } : {}),
      secretKey: this.#surroundings.newSecret(msgid),
      publicKeyVersion: this.#keys.version,
    };
    if (this.message(msgid) !== undefined) {
      throw wrongValue('fields.msgid', 'must not be the id of another message', msgid);
    }
    if (!this.#concernsScope(message)) throw sandboxError('ERR_SANDBOX_NOT_IN_SCOPE');
    this.#changes.messages.push(message);
    this.#messages.push(message);
    this.#surroundings.onArchived(message);
    return message;
  }

  /**
   * The corp's RSA-2048 key pair in use: give `privateKeyPem` to `DecryptSecretKey`.
   *
   * The first pair is generated on first use, here or by `sync_msg`, off the main thread. This takes up to a few hundred
   * milliseconds, which would otherwise delay every start.
   */
  keyPair(): Promise<CorpKeyPair> {
    return this.#keys.keyPair();
  }

  /** All key pairs whose private key the sandbox has, oldest first. */
  keyPairs(): Promise<CorpKeyPair[]> {
    return this.#keys.keyPairs();
  }

  /** Generates a key pair with the next version; new messages use it. */
  async rotateKey(): Promise<CorpKeyPair> {
    const pair = await this.#keys.rotate();
    this.#changes.publicKeys = this.#keys.added();
    return pair;
  }

  /**
   * Sets a public key of the application for new messages, as `set_public_key` does (P99845,
   * https://developer.work.weixin.qq.com/document/path/99845).
   *
   * @param publicKeyPem - RSA, 2048 bits; PEM.
   * @throws PlatformError 40211 for another key; 40212 if the version is not higher than the one in use
   */
  setPublicKey(publicKeyPem: string, publicKeyVersion: number): void {
    this.#keys.add({ publicKeyPem, publicKeyVersion });
    this.#changes.publicKeys = this.#keys.added();
  }

  /**
   * Returns a function that makes `service_encrypt_info` of a message (P99824). It encrypts each key on first use, in about 20 µs,
   * and caches the result.
   */
  encryption(): Promise<(message: Message) => EncryptInfo> {
    return this.#keys.encryption();
  }

  /** Replaces the whole corp by that of a saved state. The corp then owns `changes`. @internal */
  become(content: CorpContent, changes: CorpChanges): void {
    this.#content = content;
    this.#staff = content.members.map(({ userid }) => userid);
    this.#customerIds = content.customers.map(({ externalUserid }) => externalUserid);
    this.#members = new Map(content.members.map((member) => [member.userid, member]));
    this.#customers = new Map(content.customers.map((one) => [one.externalUserid, one]));
    this.#groups = new Map(content.groups.map((group) => [group.chatid, group]));
    this.#robots = new Set(
      content.groups.flatMap(({ members }) =>
        members.filter(({ type }) => type === 3).map(({ id }) => id),
      ),
    );
    this.#indexes.clear();
    this.#indexed = 0;
    this.#messages.length = 0;
    for (const message of content.messages) this.#messages.push(message);
    this.restore(changes);
  }

  /** Replaces all changes. The corp then owns `changes`. @internal */
  restore(changes: CorpChanges): void {
    const kept = this.#content.messages.length;
    // Otherwise the index would still find the messages that are removed.
    for (const { msgid } of this.#messages.slice(kept)) this.#indexes.delete(msgid);
    this.#indexed = Math.min(this.#indexed, kept);
    this.#changes = changes;
    this.#messages.length = kept;
    for (const message of changes.messages) this.#messages.push(message);
    this.#keys.restore(changes.publicKeys);
  }

  /** The first key pair, for a saved state; the others are part of the changes. */
  firstKeyPair(): Promise<CorpKeyPair> {
    return this.#keys.first();
  }

  /** Sets the first key pair, from a saved state. */
  setFirstKeyPair(pair: CorpKeyPair): void {
    this.#keys.setFirst(pair);
  }

  #concernsScope({ sender, receivers }: Message): boolean {
    return this.#isInScope(sender) || receivers.some((party) => this.#isInScope(party));
  }

  #isInScope({ type, id }: Party): boolean {
    return type === 1 && this.isInScope(id);
  }

  #party(id: string): Party {
    if (this.#members.has(id)) return { type: 1, id };
    if (this.#customers.has(id)) return { type: 2, id };
    if (this.#robots.has(id)) return { type: 3, id };
    const lists = 'sandbox.corp.staff, customers or groups (`wework-spec people`)';
    throw sandboxError('ERR_SANDBOX_UNKNOWN_ID', ['staff member, customer or robot', id, lists]);
  }

  #receivers(sender: Party, { to, chatid }: NewMessage): readonly Party[] {
    if (chatid === undefined) {
      const ids = typeof to === 'string' ? [to] : (to ?? []);
      if (ids.length === 0) {
        throw wrongValue('fields.to', 'must name a receiver, unless chatid names a group', to);
      }
      return ids.map((id) => this.#party(id));
    }
    const group = this.#group(chatid);
    if (!group.members.some(({ id }) => id === sender.id)) {
      throw sandboxError('ERR_SANDBOX_NOT_IN_GROUP', [sender.id, chatid]);
    }
    return group.members
      .filter(({ id }) => id !== sender.id)
      .map(({ type, id }): Party => ({ type, id }));
  }

  #member(userid: string): StaffMember {
    return known('staff member', userid, this.#members, 'sandbox.corp.staff');
  }

  #group(chatid: string): Group {
    return known('group', chatid, this.#groups, 'sandbox.corp.groups');
  }
}

function known<T>(kind: string, id: string, map: ReadonlyMap<string, T>, list: string): T {
  const found = map.get(id);
  if (found === undefined) throw sandboxError('ERR_SANDBOX_UNKNOWN_ID', [kind, id, list]);
  return found;
}

function checkNewMessage(
  fields: NewMessage & { sendTime: number },
  earliest: number,
  latest: number,
): void {
  const { msgtype = 1, text = '', behaviours = [], callDuration = 0, msgid, sendTime } = fields;
  const max = Number.MAX_SAFE_INTEGER;
  integerOption('fields.msgtype', msgtype, 0, max);
  if (typeof text !== 'string') throw wrongType('fields.text', 'of type string', text);
  if (!Array.isArray(behaviours)) {
    throw wrongType('fields.behaviours', 'an instance of Array', behaviours);
  }
  for (const [index, behaviour] of behaviours.entries()) {
    integerOption(`fields.behaviours[${index}]`, behaviour, 0, max);
  }
  integerOption('fields.callDuration', callDuration, 0, max);
  if (msgid !== undefined) stringOption('fields.msgid', msgid);
  integerOption('fields.sendTime', sendTime, earliest, latest, 'Unix time in seconds');
}

function consentKey(who: ConsentOf): string {
  const place = 'userid' in who ? `user ${who.userid}` : `chat ${who.chatid}`;
  return JSON.stringify([place, who.externalUserid]);
}

function firstConsent(who: ConsentOf, messages: readonly Message[]): Consent {
  let hash = 0;
  for (const character of consentKey(who)) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return {
    status: hash % 10 === 0 ? 'Disagree' : 'Agree',
    changeTime: messages[0]?.sendTime ?? 0,
  };
}
