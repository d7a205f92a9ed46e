import type { Random } from '../../common/random';
import type { CorpContent, Customer, Group, Party, StaffMember, TagGroup } from './content';
import { nameOf, pinyinOf } from './names';

/** The people, groups and documents of a corp, without messages. */
export type Cast = Omit<CorpContent, 'messages'>;

// Real ids are opaque. Those of the sandbox are readable on purpose and contain Chinese names and emoji: they show at a glance who
// talks to whom, and whether every layer transfers text unchanged.
const STAFF = ['张伟', '王芳', '李强', '刘洋', '陈静', '赵敏🍵', '黄磊', '周婷'] as const;
const CUSTOMERS = ['李娜🌸', '孙悦', '吴昊🚀', '郑爽👩‍💻'] as const;
const ROBOT: Party = { type: 3, id: 'robot-小助手🤖' };

// Together with STAFF, this makes a receiver_list of more than 100 KB, in bytes and in characters: at this size the costs of copying
// and transcoding a record become measurable.
const FACTORY_STAFF = 4000;

const DAY_SECONDS = 86_400;
const GROUP_AGE_SECONDS = 30 * DAY_SECONDS;
const DEPARTMENTS = [
  '总部',
  '销售一部',
  '销售二部',
  '客户服务部',
  '技术部',
  '市场部',
  '财务部',
  '人力资源部',
];
const FACTORY_DEPARTMENT = 9;
const REMARKS = ['老客户', '重点客户', '意向客户', '渠道商', '朋友介绍'];
const STAFF_PER_INTERNAL_GROUP = 8;
const CUSTOMERS_PER_EXTERNAL_GROUP = 25;

const TAG_GROUPS: readonly TagGroup[] = [
  {
    id: 'tag-group-意向',
    name: '购买意向',
    tags: [
      {
        id: 'tag-高意向',
        name: '高意向',
        words: ['签合同', '就按这个价格', '已付款', '报两个名额', '就续两年', '什么价格'],
      },
      { id: 'tag-观望', name: '观望', words: ['考虑', '商量', '有点贵', '预算'] },
      { id: 'tag-无意向', name: '无意向', words: ['不会再买', '不需要', '退款'] },
    ],
  },
  {
    id: 'tag-group-服务',
    name: '服务状态',
    tags: [
      { id: 'tag-投诉', name: '投诉', words: ['投诉', '退款', '太差', '生气', '失望'] },
      { id: 'tag-待跟进', name: '待跟进', words: ['什么时候', '多久', '催', '着急'] },
      { id: 'tag-满意', name: '满意', words: ['满意', '谢谢', '好评', '专业', '及时'] },
    ],
  },
  {
    id: 'tag-group-行业',
    name: '行业',
    tags: [
      { id: 'tag-教育', name: '教育', words: ['孩子', '课', '老师', '报名'] },
      { id: 'tag-房产', name: '房产', words: ['户型', '看房', '业主', '三居'] },
      { id: 'tag-软件', name: '软件', words: ['接口', '系统', '功能', '账号', '权限'] },
    ],
  },
];

/** The default corp: eight people and a factory's workforce, four customers, three groups. */
export function defaultCast(nowSeconds: number): Cast {
  const people = STAFF.map((name, index) => member(`wo-${name}`, name, [1, 2 + (index % 7)]));
  const factory = Array.from({ length: FACTORY_STAFF }, (_, index) => {
    const name = `工厂${String(index + 1).padStart(4, '0')}`;
    return member(`wo-${name}`, name, [FACTORY_DEPARTMENT]);
  });
  const members = [...people, ...factory];
  const customers = CUSTOMERS.map(
    (name, index): Customer => ({
      externalUserid: `wm-${name}`,
      name,
      // Each of the eight follows two of the four customers, so that the others are not accessible to them.
      followers: people
        .filter((_, position) => position % 4 === index || position % 4 === (index + 1) % 4)
        .map(({ userid }) => ({ userid, remark: `${name}·${REMARKS[index]}` })),
    }),
  );
  const leader = people[0] as StaffMember;
  const group = groupMaker(nowSeconds, leader.userid);
  const first = people.slice(0, 3).map(employee);
  return {
    members,
    customers,
    departments: departments(),
    groups: [
      group('wr-全员群📣', '全员群📣', true, members.map(employee)),
      group('wr-项目组', '项目组', true, [...people.map(employee), ROBOT]),
      group('wr-客户群🌸', '客户群🌸', false, [...first, ...customers.map(external)]),
    ],
    tagGroups: TAG_GROUPS,
    documents: documents(
      nowSeconds,
      leader.userid,
      people.slice(0, 4).map(({ userid }) => userid),
    ),
  };
}

/** A generated corp: employees, customers with followers, and groups. */
export function generatedCast(
  nowSeconds: number,
  random: Random,
  { staff, customers: customerCount }: { readonly staff: number; readonly customers: number },
): Cast {
  const members = Array.from({ length: staff }, (_, index) => {
    const name = nameOf(index);
    const departmentCount = DEPARTMENTS.length - 1;
    return member(`wo-${name}-${index + 1}`, name, [1, 2 + (index % departmentCount)]);
  });
  const customers = Array.from({ length: customerCount }, (_, index): Customer => {
    const name = nameOf(index + staff);
    const followers = new Set([random.pick(members), random.pick(members)]);
    return {
      externalUserid: `wm-${name}-${index + 1}`,
      name,
      followers: [...followers].map(({ userid }) => ({
        userid,
        remark: `${name}·${random.pick(REMARKS)}`,
      })),
    };
  });
  const leader = members[0] as StaffMember;
  const group = groupMaker(nowSeconds, leader.userid);
  const internal = Array.from(
    { length: Math.ceil(staff / STAFF_PER_INTERNAL_GROUP) },
    (_, index) => {
      const name = `${DEPARTMENTS[1 + (index % (DEPARTMENTS.length - 1))]}${index + 1}组`;
      const from = index * STAFF_PER_INTERNAL_GROUP;
      const parties = members.slice(from, from + STAFF_PER_INTERNAL_GROUP).map(employee);
      return group(`wr-${name}`, name, true, [...parties, ROBOT]);
    },
  );
  const outside = Array.from(
    { length: Math.ceil(customerCount / CUSTOMERS_PER_EXTERNAL_GROUP) },
    (_, index) => {
      const name = `客户交流${index + 1}群`;
      const from = index * CUSTOMERS_PER_EXTERNAL_GROUP;
      const guests = customers.slice(from, from + CUSTOMERS_PER_EXTERNAL_GROUP);
      const hosts = new Set(guests.slice(0, 3).flatMap(({ followers }) => followers));
      const userids = new Set([...hosts].map(({ userid }) => userid));
      return group(`wr-${name}`, name, false, [
        ...[...userids].map((id): Party => ({ type: 1, id })),
        ...guests.map(external),
      ]);
    },
  );
  return {
    members,
    customers,
    departments: departments(),
    groups: [group('wr-全员群', '全员群', true, members.map(employee)), ...internal, ...outside],
    tagGroups: TAG_GROUPS,
    documents: documents(
      nowSeconds,
      leader.userid,
      members.slice(0, 4).map(({ userid }) => userid),
    ),
  };
}

function member(userid: string, name: string, departmentIds: readonly number[]): StaffMember {
  return {
    userid,
    name,
    alias: pinyinOf(name).slice(0, 1).toUpperCase() + name.slice(1),
    departments: departmentIds,
    editions: [2],
  };
}

function departments(): Cast['departments'] {
  return [...DEPARTMENTS, '工厂'].map((name, index) => ({ id: index + 1, name }));
}

function groupMaker(nowSeconds: number, creator: string) {
  const createTime = nowSeconds - GROUP_AGE_SECONDS;
  return (chatid: string, name: string, internal: boolean, parties: readonly Party[]): Group => ({
    chatid,
    name,
    internal,
    creator,
    createTime,
    members: parties.map((party) => ({ ...party, joinTime: createTime })),
  });
}

/** A document that all `readers` may read, one for its creator only, one of a type that no model reads, and a file of the drive. */
function documents(
  nowSeconds: number,
  creator: string,
  readers: readonly string[],
): Cast['documents'] {
  const createTime = nowSeconds - 10 * DAY_SECONDS;
  const base = { creator, createTime };
  return [
    {
      ...base,
      docid: 'doc-报价政策',
      isWedriveFile: false,
      name: '报价政策',
      type: 8,
      readers,
      text: '满十套九折，满五十套八折，老客户续两年八五折。',
    },
    {
      ...base,
      docid: 'doc-薪酬',
      isWedriveFile: false,
      name: '薪酬方案',
      type: 9,
      readers: [creator],
      text: '仅限人力资源部查阅。',
    },
    {
      ...base,
      docid: 'doc-收集表',
      isWedriveFile: false,
      name: '客户收集表',
      type: 12,
      readers,
      text: '',
    },
    {
      ...base,
      docid: 'file-售后手册',
      isWedriveFile: true,
      name: '售后手册',
      type: 8,
      readers,
      text: '七天内免费换货，运费由我方承担；维修工程师三个工作日内上门。',
    },
  ];
}

function employee({ userid }: StaffMember): Party {
  return { type: 1, id: userid };
}

function external({ externalUserid }: Customer): Party {
  return { type: 2, id: externalUserid };
}
