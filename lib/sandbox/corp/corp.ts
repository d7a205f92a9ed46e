import { type SandboxError, sandboxError } from '../../errors';
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

/** What a corp asks of the platform around it. */
export interface CorpSurroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Something random for the key of a message. */
  readonly newSecret: (msgid: string) => string;
  /** A message has been archived. */
  readonly onArchived: (message: Message) => void;
  /** A customer has agreed. */
  readonly onAgreed: (who: ConsentOf) => void;
}

const CALLS: ReadonlySet<number> = new Set([21, 22]);

/** The corp whose conversations the sandbox serves. */
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

  /** What it was made of; nothing in it ever changes. */
  get content(): CorpContent {
    return this.#content;
  }

  /** userids of the staff. */
  get staff(): readonly string[] {
    return this.#staff;
  }

  /** external_userids of the customers. */
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

  /** Takes an employee out of the archive's scope, or back into it. */
  setInScope(userid: string, isInScope: boolean): void {
    this.#known(userid, this.#members);
    if (isInScope) this.#changes.outOfScope.delete(userid);
    else this.#changes.outOfScope.add(userid);
  }

  /** Whether all of the staff are in scope, so that nobody need be asked about. */
  get isAllInScope(): boolean {
    return this.#changes.outOfScope.size === 0;
  }

  /** Whether a message has a sender or receiver in scope: others are not shown. */
  isVisible(message: Message): boolean {
    return this.isAllInScope || this.#concernsScope(message);
  }

  /** Whether at least one member of a group is in scope. */
  isGroupInScope({ members }: Group): boolean {
    return members.some((member) => this.#isInScope(member));
  }

  /** Whether the archive has expired, as `get_group_chat` then says with 301052. */
  get isArchiveExpired(): boolean {
    return this.#changes.isArchiveExpired;
  }

  set isArchiveExpired(isExpired: boolean) {
    this.#changes.isArchiveExpired = isExpired;
  }

  /** Whether a customer agreed. Nine of ten customers of a new corp have, at their first contact. */
  consent(who: ConsentOf): Consent {
    return this.#changes.consents.get(consentKey(who)) ?? firstConsent(who, this.#content.messages);
  }

  /** Lets a customer agree or disagree; who agrees makes an event of the platform. */
  setConsent(who: ConsentOf, status: Consent['status']): void {
    this.#known(who.externalUserid, this.#customers);
    if ('userid' in who) this.#known(who.userid, this.#members);
    else this.#known(who.chatid, this.#groups);
    const before = this.consent(who);
    if (before.status === status) return;
    const changeTime = Math.floor(this.#surroundings.now() / 1000);
    this.#changes.consents.set(consentKey(who), { status, changeTime });
    if (status === 'Agree') this.#surroundings.onAgreed(who);
  }

  /**
   * Archives a text that somebody says; `addMessage` takes other messages.
   *
   * @param where - `to`: whom, in a single chat; or `chatid`.
   * @throws SandboxError `ERR_SANDBOX_OPTION`, as `addMessage`.
   */
  say(
    from: string,
    where: { readonly to: string } | { readonly chatid: string },
    text: string,
  ): Message {
    return this.addMessage({ from, text, ...where });
  }

  /**
   * Archives a message. Keyword rules see it, and the program that receives events gets `conversation_new_message`.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION` when somebody in it is unknown, nobody in it is in scope, the msgid is taken or the
   * time lies before the newest message.
   */
  addMessage(fields: NewMessage): Message {
    const newest = this.#messages.at(-1)?.sendTime ?? 0;
    const msgid = fields.msgid ?? `msg-new-${this.#changes.messages.length + 1}`;
    const {
      msgtype = 1,
      sendTime = Math.max(newest, Math.floor(this.#surroundings.now() / 1000)),
    } = fields;
    checkNewMessage(fields);
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
    if (!Number.isInteger(sendTime) || sendTime < newest) {
      throw misused('sendTime must be whole seconds and not lie before the newest message.');
    }
    if (this.message(msgid) !== undefined) throw misused('msgid is that of another message.');
    if (!this.#concernsScope(message)) {
      throw misused(
        'nobody in it is in the scope of the archive: the platform would not archive it.',
      );
    }
    this.#changes.messages.push(message);
    this.#messages.push(message);
    this.#surroundings.onArchived(message);
    return message;
  }

  /**
   * The corp's RSA-2048 key pair in use: give `privateKeyPem` to `DecryptSecretKey`.
   *
   * The first one is made when first asked for, here or by `sync_msg`, off the main thread: that takes up to a few
   * hundred milliseconds, which nobody should wait for at start.
   */
  keyPair(): Promise<CorpKeyPair> {
    return this.#keys.keyPair();
  }

  /** All key pairs of which the sandbox has the private key, oldest first. */
  keyPairs(): Promise<CorpKeyPair[]> {
    return this.#keys.keyPairs();
  }

  /** Makes a new key pair, with the next version, for the messages that come from now on. */
  async rotateKey(): Promise<CorpKeyPair> {
    const pair = await this.#keys.rotate();
    this.#changes.publicKeys = this.#keys.added();
    return pair;
  }

  /**
   * Takes a public key of the application for the messages that come from now on, as `set_public_key` does (P99845,
   * https://developer.work.weixin.qq.com/document/path/99845).
   *
   * @param publicKeyPem - RSA, 2048 bits; PEM.
   * @throws PlatformError 40211 it is no such key; 40212 the version is not higher than the one in use.
   */
  setPublicKey(publicKeyPem: string, publicKeyVersion: number): void {
    this.#keys.add({ publicKeyPem, publicKeyVersion });
    this.#changes.publicKeys = this.#keys.added();
  }

  /**
   * A function that gives `service_encrypt_info` of a message (P99824). Each key is encrypted when it
   * is first asked for, which takes some 20 µs, and then kept.
   */
  encryption(): Promise<(message: Message) => EncryptInfo> {
    return this.#keys.encryption();
  }

  /** Becomes another corp, for a saved state; from now on `changes` are the corp's own. @internal */
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

  /** Puts other changes in place of those there are; from now on they are the corp's own. @internal */
  restore(changes: CorpChanges): void {
    const kept = this.#content.messages.length;
    // What the index knows of messages that go would be found again.
    for (const { msgid } of this.#messages.slice(kept)) this.#indexes.delete(msgid);
    this.#indexed = Math.min(this.#indexed, kept);
    this.#changes = changes;
    this.#messages.length = kept;
    for (const message of changes.messages) this.#messages.push(message);
    this.#keys.restore(changes.publicKeys);
  }

  /** The first key pair, which is made rather than added: for a saved state. */
  firstKeyPair(): Promise<CorpKeyPair> {
    return this.#keys.first();
  }

  /** Takes a first key pair from a saved state. */
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
    throw misused('the corp knows nobody with one of the ids.');
  }

  #receivers(sender: Party, { to, chatid }: NewMessage): readonly Party[] {
    if (chatid === undefined) {
      const ids = typeof to === 'string' ? [to] : (to ?? []);
      if (ids.length === 0) throw misused('it needs receivers: `to` or `chatid`.');
      return ids.map((id) => this.#party(id));
    }
    const group = this.#known(chatid, this.#groups);
    if (!group.members.some(({ id }) => id === sender.id)) {
      throw misused('who sends it is not in the group.');
    }
    return group.members
      .filter(({ id }) => id !== sender.id)
      .map(({ type, id }): Party => ({ type, id }));
  }

  #known<T>(id: string, known: ReadonlyMap<string, T>): T {
    const found = known.get(id);
    if (found === undefined) throw misused('the corp does not know one of the ids.');
    return found;
  }
}

function checkNewMessage({ msgtype, text, behaviours, callDuration, msgid }: NewMessage): void {
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  if (msgtype !== undefined && !isCount(msgtype))
    throw misused('msgtype must be a number of P99824.');
  if (text !== undefined && typeof text !== 'string') throw misused('text must be a text.');
  if (behaviours !== undefined && !(Array.isArray(behaviours) && behaviours.every(isCount))) {
    throw misused('behaviours must be a list of numbers.');
  }
  if (callDuration !== undefined && !isCount(callDuration)) {
    throw misused('callDuration must be whole seconds.');
  }
  if (msgid !== undefined && (typeof msgid !== 'string' || msgid === '')) {
    throw misused('msgid must be a text that is not empty.');
  }
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

function misused(what: string): SandboxError {
  return sandboxError('ERR_SANDBOX_OPTION', '', `The corp cannot take this: ${what}`);
}
