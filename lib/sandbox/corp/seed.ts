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
const MESSAGES = 260;
const ALL_STAFF_MESSAGE = 10;

const DAY_SECONDS = 86_400;
const MSGTYPES = [1, 1, 1, 2, 1, 8, 1, 6, 1, 22] as const;

// sync_msg reaches five days back: a day to spare, so that all messages outlive a long test.
const OLDEST_SECONDS = 4 * DAY_SECONDS;
const NEWEST_SECONDS = 60;

/**
 * The corp that every sandbox starts with: eight people and a factory's workforce, four customers,
 * three groups, and 260 messages of the last four days, so that the default page of 200 is not the
 * only one. The tenth goes to everybody.
 *
 * @param now - the platform's time in milliseconds since 1970.
 */
export function seedCorp(now: number): Corp {
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
    messages: seedMessages(nowSeconds, groups),
  });
}

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

function seedMessages(nowSeconds: number, groups: SeedGroups): Message[] {
  const first = nowSeconds - OLDEST_SECONDS;
  const step = (OLDEST_SECONDS - NEWEST_SECONDS) / (MESSAGES - 1);
  return Array.from({ length: MESSAGES }, (_, index) => {
    const number = index + 1;
    const group = groupOf(number, groups);
    const [sender, receivers] =
      group === undefined ? pairOf(number) : partiesOf(group, STAFF[number % 3] ?? STAFF[0]);
    const msgtype = MSGTYPES[number % MSGTYPES.length] ?? 1;
    return {
      msgid: `msg-${String(number).padStart(4, '0')}`,
      sender,
      receivers,
      sendTime: Math.floor(first + index * step),
      msgtype,
      secretKey: randomBytes(16).toString('hex'),
      ...(group === undefined ? {} : { chatid: group.chatid }),
      ...(msgtype === 22 ? { callDuration: 30 + number } : {}),
    };
  });
}

function groupOf(number: number, groups: SeedGroups): Group | undefined {
  if (number === ALL_STAFF_MESSAGE) return groups.all;
  if (number % 5 === 0) return groups.project;
  if (number % 7 === 0) return groups.customers;
  return undefined;
}

/** One employee and one customer; who of them writes changes from message to message. */
function pairOf(number: number): [sender: Party, receivers: Party[]] {
  const inside = employee(STAFF[number % STAFF.length] ?? STAFF[0]);
  const outside = customer(CUSTOMERS[number % CUSTOMERS.length] ?? CUSTOMERS[0]);
  return number % 2 === 0 ? [inside, [outside]] : [outside, [inside]];
}

function partiesOf(group: Group, senderId: string): [sender: Party, receivers: Party[]] {
  const receivers = group.members
    .filter(({ id }) => id !== senderId)
    .map(({ type, id }): Party => ({ type, id }));
  return [employee(senderId), receivers];
}

function employee(id: string): Party {
  return { type: 1, id };
}

function customer(id: string): Party {
  return { type: 2, id };
}
