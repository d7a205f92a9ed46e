import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withMermaid } from 'vitepress-plugin-mermaid';
import { guide, reference } from '../pages.json';

type Chapter = (typeof guide)[number];

const pages = join(import.meta.dirname, '..', 'pages');

/** The heading of a page is its entry in the sidebar, so that there is one text for both. */
function titleOf(path: string): string {
  const [, title] = /^# (.*)$/m.exec(readFileSync(join(pages, `${path}.md`), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${path}.md has no heading`);
  return title.replaceAll('`', '');
}

/** @param folder - `zh/` for the Chinese pages; a page that exists in English only is linked in English */
function sidebar(chapters: readonly Chapter[], language: 'en' | 'zh') {
  return chapters.map(({ title, paths }) => ({
    text: title[language],
    items: paths.map((path) => {
      const translated = language === 'zh' && existsSync(join(pages, 'zh', `${path}.md`));
      const file = translated ? `zh/${path}` : path;
      return { text: titleOf(file), link: `/${file}` };
    }),
  }));
}

const api = () => JSON.parse(readFileSync(join(pages, 'api', 'typedoc-sidebar.json'), 'utf8'));

const sidebarOf = (language: 'en' | 'zh') => [
  ...sidebar(guide, language),
  ...sidebar(reference, language),
  { text: 'API', collapsed: true, items: api() },
];

const navOf = (folder: string, guideTitle: string, interfacesTitle: string) => [
  { text: guideTitle, link: `${folder}guide/first-program` },
  { text: interfacesTitle, link: `${folder}interfaces` },
  { text: 'API', link: '/api/' },
];

export default withMermaid({
  title: 'wework-spec-sdk',
  description: 'Node.js SDK for programs in the WeCom data & intelligence zone',
  srcDir: 'pages',
  outDir: '../out/site',
  cacheDir: '../out/site-cache',
  cleanUrls: false,
  // A dead link fails the build.
  ignoreDeadLinks: false,
  // The messages of errors contain placeholders such as <version>.
  markdown: { html: false },
  themeConfig: {
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        locales: {
          zh: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                noResultsText: '没有找到',
                resetButtonTitle: '清除',
                footer: { selectText: '打开', navigateText: '选择', closeText: '关闭' },
              },
            },
          },
        },
        miniSearch: {
          options: {
            // Chinese has no spaces between words. The function is sent to the browser as text, so it must be self-contained.
            tokenize: (text: string) => {
              const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
              return [...segments].filter((part) => part.isWordLike).map((part) => part.segment);
            },
          },
        },
      },
    },
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      themeConfig: {
        nav: navOf('/', 'Guide', 'Interfaces'),
        sidebar: sidebarOf('en'),
      },
    },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      description: '企业微信数据与智能专区程序的 Node.js SDK',
      themeConfig: {
        nav: navOf('/zh/', '指南', '接口'),
        sidebar: sidebarOf('zh'),
        outline: { label: '本页内容', level: [2, 3] },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
      },
    },
  },
});
