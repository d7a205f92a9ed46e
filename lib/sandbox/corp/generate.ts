import { Random, seededBytes } from '../../common/random';
import { type Cast, defaultCast, generatedCast } from './cast';
import type { CorpContent, Customer, Group, Message, Party } from './content';
import { fictitiousBankCard, fictitiousIdCard, fictitiousMobile } from './fictitious';
import { type Line, type Topic, type TopicKind, topics, WORDS } from './topics';

/** Options of a sandbox's corp; all have defaults. */
export interface CorpOptions {
  /** Number of archived messages, 0 to 1000000; 260 by default. */
  readonly messages?: number;
  /**
   * Number of employees, 1 to 20000. Without `staff` and `customers` the sandbox has a small corp written by hand: eight people with a
   * factory of 4000, four customers, three groups.
   */
  readonly staff?: number;
  /** Number of customers, 1 to 100000; ten for each employee by default. */
  readonly customers?: number;
  /** The same seed, options and start time give the same corp, except for its RSA keys; 1 by default. */
  readonly seed?: number;
  /** Number of days up to now over which the messages are spread, 1 to 365; 4 by default. `sync_msg` reaches five days back. */
  readonly days?: number;
}

const DAY_SECONDS = 86_400;
const NEWEST_SECONDS = 60;
const MAX_CALL_SECONDS = 3600;
const SECRET_BYTES = 16;
const MIN_MSGID_DIGITS = 4;
const CALLS: ReadonlySet<number> = new Set([21, 22]);

// The tenth message goes to all of the staff.
const ALL_STAFF_MESSAGE = 9;
const ANNOUNCEMENT = '@所有人 各位同事，本周五下午三点消防演练，请提前保存工作。收到请回复📣';

/** Number of conversations that run at the same time. */
const OPEN_THREADS = 6;

/** Behaviours that type and text of a generated message do not show. */
const QR_CODE = 5;
const WELCOME = 12;
/** One of this many pictures has a QR code, on average. */
const QR_CODE_EVERY = 4;

/**
 * Generates a corp with its archive.
 *
 * @param now - the platform's time in milliseconds since 1970
 */
export function generateCorp(
  now: number,
  { messages: count, staff, customers, seed, days }: GeneratorOptions,
): CorpContent {
  const nowSeconds = Math.floor(now / 1000);
  const random = new Random(seed);
  const cast =
    staff === undefined
      ? defaultCast(nowSeconds)
      : generatedCast(nowSeconds, random, { staff, customers: customers ?? staff * 10 });
  return { ...cast, messages: generateMessages(cast, random, { count, seed, days, nowSeconds }) };
}

/** {@link CorpOptions} with defaults. */
export interface GeneratorOptions {
  readonly messages: number;
  readonly staff: number | undefined;
  readonly customers: number | undefined;
  readonly seed: number;
  readonly days: number;
}

function generateMessages(
  cast: Cast,
  random: Random,
  {
    count,
    seed,
    days,
    nowSeconds,
  }: {
    readonly count: number;
    readonly seed: number;
    readonly days: number;
    readonly nowSeconds: number;
  },
): Message[] {
  const first = nowSeconds - days * DAY_SECONDS;
  const step = (days * DAY_SECONDS - NEWEST_SECONDS) / Math.max(count - 1, 1);
  const digits = Math.max(MIN_MSGID_DIGITS, String(count).length);
  const secrets = seededBytes(seed, count * SECRET_BYTES);
  const conversations = new Conversations(cast, random);
  return Array.from({ length: count }, (_, index) => ({
    msgid: `msg-${String(index + 1).padStart(digits, '0')}`,
    ...conversations.next(index),
    sendTime: Math.floor(first + index * step),
    secretKey: secrets.toString('hex', index * SECRET_BYTES, (index + 1) * SECRET_BYTES),
    publicKeyVersion: 1,
  }));
}

type Said = Omit<Message, 'msgid' | 'sendTime' | 'secretKey' | 'publicKeyVersion'>;
type Parties = Pick<Message, 'sender' | 'receivers'>;

/** A conversation of two parties about a topic, alone or in a group, and its progress. */
interface Thread {
  readonly topic: Topic;
  readonly staff: Party;
  readonly other: Party;
  readonly group: Group | undefined;
  /** The words for the placeholders in braces; each is chosen once, on first use. */
  readonly words: Map<string, string>;
  line: number;
}

/** Generates messages of conversations that run at the same time. */
class Conversations {
  readonly #cast: Cast;
  readonly #random: Random;
  readonly #names: ReadonlyMap<string, string>;
  readonly #followed: readonly Customer[];
  readonly #internalGroups: readonly Group[];
  readonly #externalGroups: readonly Group[];
  readonly #topicsLeft = new Map<TopicKind, { left: Topic[]; readonly isOrdered: boolean }>();
  readonly #open: Thread[] = [];
  readonly #parties = new Map<string, Parties>();
  #started = 0;

  constructor(cast: Cast, random: Random) {
    this.#cast = cast;
    this.#random = random;
    this.#names = new Map([
      ...cast.members.map(({ userid, name }) => [userid, name] as const),
      ...cast.customers.map(({ externalUserid, name }) => [externalUserid, name] as const),
    ]);
    this.#followed = cast.customers.filter(({ followers }) => followers.length > 0);
    // The group of all staff is only for announcements.
    this.#internalGroups = cast.groups.slice(1).filter(({ internal }) => internal);
    this.#externalGroups = cast.groups.filter(({ internal }) => !internal);
  }

  next(index: number): Said {
    const everybody = this.#cast.groups[0];
    if (index === ALL_STAFF_MESSAGE && everybody !== undefined) {
      const sender: Party = { type: 1, id: everybody.creator };
      return {
        ...this.#inGroup(sender, everybody),
        chatid: everybody.chatid,
        msgtype: 1,
        text: ANNOUNCEMENT,
      };
    }
    while (this.#open.length < OPEN_THREADS) this.#open.push(this.#start());
    const position = this.#random.below(this.#open.length);
    const thread = this.#open[position] as Thread;
    const line = thread.topic.lines[thread.line] as Line;
    thread.line += 1;
    if (thread.line === thread.topic.lines.length) this.#open.splice(position, 1);
    return this.#say(thread, line);
  }

  #start(): Thread {
    // The first threads use every kind of topic, so that small corps have some of each.
    const order = this.#started;
    this.#started += 1;
    const turn = order < 4 ? order : 4 + this.#random.below(20);
    if (turn === 1 || turn === 23) return this.#withCustomer('audit');
    if (turn === 2 || turn === 4) return this.#withCustomer('welcome');
    if (turn === 3 || (turn > 4 && turn < 12)) return this.#amongStaff();
    return this.#withCustomer('customer');
  }

  #withCustomer(kind: TopicKind): Thread {
    const random = this.#random;
    const group =
      kind === 'customer' && random.below(5) === 0
        ? this.#pickGroup(this.#externalGroups)
        : undefined;
    if (group !== undefined) {
      const staff = random.pick(group.members.filter(({ type }) => type === 1));
      const other = random.pick(group.members.filter(({ type }) => type === 2));
      return this.#thread(kind, { type: 1, id: staff.id }, { type: 2, id: other.id }, group);
    }
    const customer = random.pick(this.#followed);
    const { userid } = random.pick(customer.followers);
    const other: Party = { type: 2, id: customer.externalUserid };
    return this.#thread(kind, { type: 1, id: userid }, other, undefined);
  }

  #amongStaff(): Thread {
    const group = this.#pickGroup(this.#internalGroups);
    const members = group?.members.filter(({ type }) => type === 1) ?? [];
    // A single employee can only talk to customers.
    if (group === undefined || members.length < 2) return this.#withCustomer('customer');
    const staff = this.#random.pick(members);
    const other = this.#random.pick(members.filter(({ id }) => id !== staff.id));
    return this.#thread('internal', { type: 1, id: staff.id }, { type: 1, id: other.id }, group);
  }

  /**
   * Every topic of a kind is used before one repeats. The first round follows the order of the list, which begins with topics that
   * have rare message types.
   */
  #nextTopic(kind: TopicKind): Topic {
    let { left, isOrdered } = this.#topicsLeft.get(kind) ?? { left: [], isOrdered: false };
    if (left.length === 0) {
      isOrdered = !this.#topicsLeft.has(kind);
      left = topics().filter((topic) => topic.kind === kind);
      this.#topicsLeft.set(kind, { left, isOrdered });
    }
    return left.splice(isOrdered ? 0 : this.#random.below(left.length), 1)[0] as Topic;
  }

  #pickGroup(groups: readonly Group[]): Group | undefined {
    return groups.length === 0 ? undefined : this.#random.pick(groups);
  }

  #thread(kind: TopicKind, staff: Party, other: Party, group: Group | undefined): Thread {
    const random = this.#random;
    const topic = this.#nextTopic(kind);
    const words = new Map<string, string>([
      ['staff', this.#names.get(staff.id) ?? ''],
      ['customer', this.#names.get(other.id) ?? ''],
      ['order', `A${random.digits(6)}`],
      ['phone', fictitiousMobile(random)],
      ['idcard', fictitiousIdCard(random)],
      ['bank', fictitiousBankCard(random)],
      ['email', `contact${random.digits(4)}@example.com`],
    ]);
    return { topic, staff, other, group, words, line: 0 };
  }

  #say(thread: Thread, { byStaff, msgtype, wordings }: Line): Said {
    const { staff, other, group, topic, words } = thread;
    const sender = byStaff ? staff : other;
    const behaviours: number[] = [];
    if (msgtype === 2 && this.#random.below(QR_CODE_EVERY) === 0) behaviours.push(QR_CODE);
    if (topic.kind === 'welcome' && thread.line === 1) behaviours.push(WELCOME);
    return {
      ...(group === undefined
        ? this.#inPair(sender, byStaff ? other : staff)
        : { ...this.#inGroup(sender, group), chatid: group.chatid }),
      msgtype,
      text: this.#random.pick(wordings).replace(/\{(\w+)\}/g, (_, name) => this.#word(words, name)),
      ...(behaviours.length === 0 ? {} : { behaviours }),
      ...(CALLS.has(msgtype) ? { callDuration: 30 + this.#random.below(MAX_CALL_SECONDS) } : {}),
    };
  }

  #word(words: Map<string, string>, name: string): string {
    let word = words.get(name);
    if (word === undefined) {
      word = this.#random.pick<string>(WORDS[name as keyof typeof WORDS]);
      words.set(name, word);
    }
    return word;
  }

  /** Messages between the same parties share these objects, because there may be a million messages. */
  #inPair(sender: Party, receiver: Party): Parties {
    return this.#share(`${sender.id} ${receiver.id}`, () => ({ sender, receivers: [receiver] }));
  }

  #inGroup(sender: Party, group: Group): Parties {
    return this.#share(`${sender.id} ${group.chatid}`, () => ({
      sender,
      receivers: group.members
        .filter(({ id }) => id !== sender.id)
        .map(({ type, id }): Party => ({ type, id })),
    }));
  }

  #share(key: string, make: () => Parties): Parties {
    let parties = this.#parties.get(key);
    if (parties === undefined) {
      parties = make();
      this.#parties.set(key, parties);
    }
    return parties;
  }
}
