// The languages of the generated pages. The texts of the definitions are English; chinese.json translates each of them.
import { readFileSync } from 'node:fs';

const translations = JSON.parse(readFileSync(new URL('chinese.json', import.meta.url), 'utf8'));
const used = new Set();

function translated(text) {
  if (!Object.hasOwn(translations, text)) {
    throw new Error(`scripts/generate/chinese.json lacks ${JSON.stringify(text)}`);
  }
  used.add(text);
  return translations[text];
}

/** Translations of texts that no page contains any more. */
export const unusedTranslations = () => Object.keys(translations).filter((text) => !used.has(text));

const countInEnglish = (min, max, [one, many]) => {
  if (min > 0 && max !== undefined)
    return min === max ? `${min} ${one}` : `${min} to ${max} ${many}`;
  if (max !== undefined) return `at most ${max} ${max === 1 ? one : many}`;
  return min > 0 ? `at least ${min} ${min === 1 ? one : many}` : '';
};

const countInChinese = (min, max, unit) => {
  if (min > 0 && max !== undefined)
    return min === max ? `${min} ${unit}` : `${min} 至 ${max} ${unit}`;
  if (max !== undefined) return `最多 ${max} ${unit}`;
  return min > 0 ? `至少 ${min} ${unit}` : '';
};

export const english = {
  /** A text of the definitions. */
  text: (text) => text,
  sentence: (text) => {
    if (text === '') return '';
    const first = /^[a-z]\w*_|^`|^[a-z]\w*\./.test(text) ? text[0] : text[0].toUpperCase();
    return /[.!?…]$/.test(text) ? first + text.slice(1) : `${first}${text.slice(1)}.`;
  },
  /** Between sentences, and between the parts of one. */
  space: ' ',
  comma: ', ',
  count: countInEnglish,
  units: {
    characters: ['character', 'characters'],
    bytes: ['byte', 'bytes'],
    entries: ['entry', 'entries'],
  },
  range: (min, max) => (max === undefined ? `at least ${min}` : `${min} to ${max}`),
  each: (text) => `each ${text}`,
  yesOrNo: '0 no, 1 yes',
  presence: { required: 'required', always: 'always', optional: 'optional' },
  fieldHead: '| field | type | presence | meaning |',
  noFields: 'No fields.',
  undocumented: 'Not documented.',
  title: ({ zh, en }) => `**${zh}** · ${en}`,
  groupTitle: ({ zh, en }) => `${en} (${zh})`,
  groupName: ({ zh, en }) => `**${zh} · ${en}**`,
  indexHead: '| interface | 中文 | English |',
  request: 'Request:',
  response: 'Response, besides `errcode` and `errmsg`:',
  rules: 'Rules:',
  limits: 'Limits:',
  officialPages: (links) => `Official pages: ${links.join(', ')}`,
  malformed:
    'the request is malformed (own choice of the sandbox: no page names an errcode for this)',
  errcode: (code, text) => `${code}: ${text}`,
  otherwise: (text, errcode) => `${text}${errcode ? `, otherwise ${errcode}` : ''}`,
};

export const chinese = {
  text: translated,
  sentence: (text) => (text === '' || /[。！？…]$/.test(text) ? text : `${text}。`),
  space: '',
  comma: '，',
  count: countInChinese,
  units: { characters: '个字符', bytes: '字节', entries: '项' },
  range: (min, max) => (max === undefined ? `至少 ${min}` : `${min} 至 ${max}`),
  each: (text) => `每项${text}`,
  yesOrNo: '0 否，1 是',
  presence: { required: '必填', always: '总是返回', optional: '可选' },
  fieldHead: '| 字段 | 类型 | 是否必有 | 说明 |',
  noFields: '没有字段。',
  undocumented: '没有文档。',
  title: ({ zh }) => `**${zh}**`,
  groupTitle: ({ zh }) => zh,
  groupName: ({ zh }) => `**${zh}**`,
  indexHead: '| 接口 | 中文 | English |',
  request: '请求：',
  response: '响应，除 `errcode` 和 `errmsg` 之外：',
  rules: '规则：',
  limits: '限制：',
  officialPages: (links) => `官方文档：${links.join('、')}`,
  malformed: '请求格式有误（沙箱自行选择的错误码：官方文档没有规定）',
  errcode: (code, text) => `${code}：${text}`,
  otherwise: (text, errcode) => `${text}${errcode ? `，否则 ${errcode}` : ''}`,
};
