import type { Message } from '../corp/content';
import type { MatchedTag, ModelFunctions, ModelInput } from './model-functions';

const POSITIVE = [
  '谢谢',
  '满意',
  '不错',
  '很好',
  '好评',
  '专业',
  '喜欢',
  '期待',
  '开心',
  '快乐',
  '及时',
  '太好了',
  '周到',
  '辛苦了',
  '感谢',
];
const NEGATIVE = [
  '投诉',
  '失望',
  '生气',
  '太差',
  '坏了',
  '退款',
  '着急',
  '不满',
  '卡顿',
  '诈骗',
  '没人接',
  '不会再买',
  '体验很不好',
  '发错',
  '有点贵',
];
const POLITICAL = ['颠覆政权', '煽动暴乱'];
const PORN = ['色情', '裸聊'];

/** Replies to messages that contain one of the words; the first match counts. */
const REPLIES: readonly (readonly [words: readonly string[], reply: string])[] = [
  [
    ['投诉', '生气', '失望', '退款'],
    '非常抱歉给您带来不好的体验，我已记录您的问题并升级处理，今天内给您明确答复。',
  ],
  [
    ['多少钱', '价格', '优惠', '便宜', '预算'],
    '我为您整理了一份报价，数量越多折扣越大，您看方便什么时候沟通细节？',
  ],
  [['发货', '物流', '快递', '送达'], '我马上为您核实物流进度，查到后第一时间回复您。'],
  [['发票', '专票'], '请提供发票抬头、税号和接收邮箱，我为您提交开票申请。'],
  [
    ['坏了', '报错', '打不开', '超时', '故障'],
    '请把现象截图和发生时间发给我，我马上安排工程师排查。',
  ],
  [['预约', '约个时间', '演示', '看房', '试听'], '好的，我为您安排时间，稍后把日程发给您确认。'],
  [['谢谢', '满意', '好评'], '感谢您的认可，后续有任何需要随时联系我。'],
];
const ANY_REPLY = '收到您的消息，我先了解一下情况，稍后给您详细回复。';

const CLIPPED_CHARACTERS = 40;

/** The sandbox's models. */
export const defaultModels: ModelFunctions = {
  summary: summaryOf,
  recommendDialog(input) {
    const words = input.messages.map(({ text }) => text).join('\n');
    const reply = REPLIES.find(([triggers]) => triggers.some((one) => words.includes(one)))?.[1];
    const sources = input.knowledgeBase?.documents.map(({ name }) => `《${name}》`).join('') ?? '';
    return `${reply ?? ANY_REPLY}${sources === '' ? '' : `（参考${sources}）`}`;
  },
  sentiment({ text }) {
    const balance = count(text, POSITIVE) - count(text, NEGATIVE);
    return balance > 0 ? 1 : balance < 0 ? 2 : 0;
  },
  spam({ text }) {
    return count(text, POLITICAL) > 0 ? 1 : count(text, PORN) > 0 ? 2 : 0;
  },
  tags({ messages }, groups) {
    const words = messages.map(({ text }) => text).join('\n');
    return groups.flatMap(({ id, tags }): MatchedTag[] => {
      const counts = tags.map((tag) => ({ tag, hits: count(words, tag.words) }));
      const [best] = counts.sort((a, b) => b.hits - a.hits);
      return best === undefined || best.hits === 0 ? [] : [{ group_id: id, tag_id: best.tag.id }];
    });
  },
  general(input) {
    const thinks = input.request.need_think_result === true;
    const think = thinks ? `<think>先读完${input.messages.length}条消息，再归纳要点。</think>` : '';
    const knowledge =
      input.knowledgeBase === undefined ? '' : `知识集：${input.knowledgeBase.name}。`;
    const count = input.documents?.length ?? 0;
    const documents = count === 0 ? '' : `参考文档${count}篇。`;
    return `${think}${summaryOf(input)}${knowledge}${documents}`;
  },
  knowledge({ knowledgeBase }) {
    return knowledgeBase?.documents.map(({ name }) => name).join('；') ?? '';
  },
  // No host exists below the top-level domain .invalid (RFC 2606).
  learn: ({ webUrl }) => webUrl === undefined || !new URL(webUrl).hostname.endsWith('.invalid'),
};

/** The number of messages and of people, the first customer message, the last message, and the sentiments. */
function summaryOf({ messages, corp }: ModelInput): string {
  const people = new Set(messages.map(({ sender }) => sender.id));
  const asked =
    messages.find(({ sender, text }) => sender.type === 2 && text !== '') ?? messages[0];
  const last = messages.findLast(({ text }) => text !== '');
  const moods = messages.map((message) => defaultModels.sentiment(message));
  const [good, bad] = [1, 2].map((mood) => moods.filter((one) => one === mood).length);
  const who = asked?.sender.type === 2 ? (corp.customer(asked.sender.id)?.name ?? '客户') : '员工';
  return [
    `共${messages.length}条消息，${people.size}人参与。`,
    asked === undefined ? '' : `${who}提到：“${clipped(asked)}”。`,
    last === undefined || last === asked ? '' : `最后说到：“${clipped(last)}”。`,
    `正面${good}条，负面${bad}条。`,
  ].join('');
}

function clipped({ text }: Message): string {
  const characters = [...text];
  return characters.length <= CLIPPED_CHARACTERS
    ? text
    : `${characters.slice(0, CLIPPED_CHARACTERS).join('')}…`;
}

function count(text: string, words: readonly string[]): number {
  return words.filter((word) => text.includes(word)).length;
}
