import { randomBytes } from 'node:crypto';
import type { Group, Message, Party } from './corp';
import { Corp } from './corp';

// Real ids are opaque. The sandbox's are readable on purpose, with Chinese names and emoji in them:
// they show at a glance who talks to whom, and whether text survives every layer byte for byte.
const STAFF = [
  'wo-张伟',
  'wo-王芳',
  'wo-李强',
  'wo-刘洋',
  'wo-陈静',
  'wo-赵敏🍵',
  'wo-黄磊',
  'wo-周婷',
] as const;
const CUSTOMERS = ['wm-李娜🌸', 'wm-孙悦', 'wm-吴昊🚀', 'wm-郑爽👩‍💻'] as const;
const ROBOT = 'robot-小助手🤖';

// Together with STAFF large enough for a receiver_list of more than 100 KB, counted in bytes or in
// characters: the size at which copying and transcoding a record starts to show.
const FACTORY_STAFF = 4000;
const ALL_STAFF_MESSAGE = 10;

const DAY_SECONDS = 86_400;
const MAX_CALL_SECONDS = 3600;
const SECRET_BYTES = 16;
const MSGTYPES = [1, 1, 1, 2, 1, 8, 1, 6, 1, 22] as const;

const MIN_MSGID_DIGITS = 4;

// sync_msg reaches five days back: a day to spare, so that all messages outlive a long test.
const OLDEST_SECONDS = 4 * DAY_SECONDS;
const NEWEST_SECONDS = 60;

/** What the corp of a sandbox shall be like; everything has a default. */
export interface CorpOptions {
  /** How many messages are archived, 0 to 1000000; 260 by default. */
  readonly messages?: number;
}

/**
 * The corp that every sandbox starts with: eight people and a factory's workforce, four customers,
 * three groups, and messages of the last four days. The tenth message goes to everybody.
 *
 * @param now - the platform's time in milliseconds since 1970.
 */
export function seedCorp(now: number, options: Required<CorpOptions>): Corp {
  const nowSeconds = Math.floor(now / 1000);
  const factory = Array.from(
    { length: FACTORY_STAFF },
    (_, index) => `wo-工厂${String(index + 1).padStart(4, '0')}`,
  );
  const staff = [...STAFF, ...factory];
  const groups = seedGroups(nowSeconds, staff);
  return new Corp({
    staff,
    customers: CUSTOMERS,
    groups: [groups.all, groups.project, groups.customers],
    messages: seedMessages(nowSeconds, options.messages, groups),
  });
}

type Parties = Pick<Message, 'sender' | 'receivers'>;

interface SeedGroups {
  readonly all: Group;
  readonly project: Group;
  readonly customers: Group;
}

function seedGroups(nowSeconds: number, staff: readonly string[]): SeedGroups {
  const createTime = nowSeconds - 30 * DAY_SECONDS;
  const group = (chatid: string, internal: boolean, parties: readonly Party[]): Group => ({
    chatid,
    internal,
    creator: STAFF[0],
    createTime,
    members: parties.map((party) => ({ ...party, joinTime: createTime })),
  });
  return {
    all: group('wr-全员群📣', true, staff.map(employee)),
    project: group('wr-项目组', true, [...STAFF.map(employee), { type: 3, id: ROBOT }]),
    customers: group('wr-客户群🌸', false, [
      ...STAFF.slice(0, 3).map(employee),
      ...CUSTOMERS.map(customer),
    ]),
  };
}

function seedMessages(nowSeconds: number, count: number, groups: SeedGroups): Message[] {
  const first = nowSeconds - OLDEST_SECONDS;
  const step = (OLDEST_SECONDS - NEWEST_SECONDS) / Math.max(count - 1, 1);
  const msgidDigits = Math.max(MIN_MSGID_DIGITS, String(count).length);
  const secrets = randomBytes(count * SECRET_BYTES);
  const parties = new SharedParties();
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const group = groupOf(number, groups);
    const { sender, receivers } =
      group === undefined ? parties.ofPair(number) : parties.ofGroup(number, group);
    const msgtype = MSGTYPES[number % MSGTYPES.length] ?? 1;
    return {
      msgid: `msg-${String(number).padStart(msgidDigits, '0')}`,
      sender,
      receivers,
      sendTime: Math.floor(first + index * step),
      msgtype,
      secretKey: secrets.toString('hex', index * SECRET_BYTES, number * SECRET_BYTES),
      ...(group === undefined ? {} : { chatid: group.chatid }),
      ...(msgtype === 22 ? { callDuration: 30 + (number % MAX_CALL_SECONDS) } : {}),
    };
  });
}

function groupOf(number: number, groups: SeedGroups): Group | undefined {
  if (number === ALL_STAFF_MESSAGE) return groups.all;
  if (number % 5 === 0) return groups.project;
  if (number % 7 === 0) return groups.customers;
  return undefined;
}

/** Who writes to whom. Messages between the same parties share the objects: there may be a million. */
class SharedParties {
  readonly #known = new Map<string, Parties>();

  /** One employee and one customer; who of them writes changes from message to message. */
  ofPair(number: number): Parties {
    const inside = STAFF[number % STAFF.length] ?? STAFF[0];
    const outside = CUSTOMERS[number % CUSTOMERS.length] ?? CUSTOMERS[0];
    return number % 2 === 0
      ? this.#share(inside, outside, () => ({
          sender: employee(inside),
          receivers: [customer(outside)],
        }))
      : this.#share(outside, inside, () => ({
          sender: customer(outside),
          receivers: [employee(inside)],
        }));
  }

  /** An employee and all other members of a group. */
  ofGroup(number: number, group: Group): Parties {
    const writer = STAFF[number % 3] ?? STAFF[0];
    return this.#share(writer, group.chatid, () => ({
      sender: employee(writer),
      receivers: group.members
        .filter(({ id }) => id !== writer)
        .map(({ type, id }): Party => ({ type, id })),
    }));
  }

  #share(from: string, to: string, make: () => Parties): Parties {
    const key = `${from} ${to}`;
    let parties = this.#known.get(key);
    if (parties === undefined) {
      parties = make();
      this.#known.set(key, parties);
    }
    return parties;
  }
}

function employee(id: string): Party {
  return { type: 1, id };
}

function customer(id: string): Party {
  return { type: 2, id };
}
