import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { withSandbox } from 'wework-spec-sdk/testing';
import { root, runProgram } from '../support/child';
import { type CodeBlock, codeBlocks, markdownPages, namedBlock } from '../support/markdown';
import { tool } from '../support/package-tools';
import { commandsOf, faultOfCommand } from '../support/shell-block';
import { tempDirs } from '../support/temp-dir';

// Every code block of every page compiles, runs, or names only what exists. A block of a kind that is not listed here is a failure.

jest.setTimeout(120_000);
const newDir = tempDirs();
const pages = markdownPages();
const blocks = pages.flatMap(codeBlocks);
const place = ({ page, line }: CodeBlock) => `${page}:${line}`;
const isIn = (block: CodeBlock, ...languages: string[]) => languages.includes(block.language);

/** What the snippets that are no whole modules use. */
const AMBIENT = `import type { ZoneClient, ZoneProgram } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
declare global {
  const program: ZoneProgram;
  const sandbox: ZoneSandbox;
  const zone: ZoneClient;
}
`;

/**
 * Packages of the examples that are not installed here, because they need a server to be of use, or whose own declarations cannot be
 * imported by ES modules.
 */
const PACKAGES = `declare module '@keyv/redis' {
  import type { KeyvStoreAdapter } from 'keyv';
  const KeyvRedis: new (uri: string) => KeyvStoreAdapter;
  export default KeyvRedis;
}
${['commonjs', 'json', 'node-resolve']
  .map(
    (name) => `declare module '@rollup/plugin-${name}' {
  import type { Plugin } from 'rollup';
  const plugin: (options?: { exportConditions?: string[]; preferBuiltins?: boolean }) => Plugin;
  export default plugin;
  export const nodeResolve: typeof plugin;
}
`,
  )
  .join('')}`;

/** A folder in the checkout, where TypeScript and the packages of the examples are found, in which this package is installed. */
function newProject(): string {
  const folder = mkdtempSync(join(root, 'out', 'blocks-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

describe('blocks in JavaScript and TypeScript', () => {
  let project: string;
  const written = new Map<string, CodeBlock>();

  beforeAll(() => {
    project = newProject();
    writeFileSync(join(project, 'ambient.ts'), AMBIENT);
    writeFileSync(join(project, 'packages.d.ts'), PACKAGES);
    for (const name of ['esbuild', 'rollup', 'webpack']) {
      symlinkSync(tool(name), join(project, 'node_modules', name));
    }
    const config = {
      extends: join(root, 'test', 'types', 'tsconfig.json'),
      // Of the options that check more than `strict`, those that the examples of others do not switch on either.
      compilerOptions: {
        rootDir: root,
        noUnusedLocals: false,
        noUncheckedIndexedAccess: false,
        // The declarations of Koa and Hono; test/package/types.test.ts checks those of this package.
        skipLibCheck: true,
      },
      include: ['.'],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    for (const block of blocks.filter((each) => isIn(each, 'js', 'ts'))) {
      const name = block.name.replace(/\.m?[jt]s$/, '') || `line-${block.line}`;
      const file = join(project, block.page, `${name}.ts`);
      if (written.has(file)) throw new Error(`${place(block)}: the page has two ${block.name}`);
      written.set(file, block);
      mkdirSync(dirname(file), { recursive: true });
      // Without an import or export it would be a script, whose names are those of all others.
      writeFileSync(file, `${block.code}export {};\n`);
    }
  });

  afterAll(() => rmSync(project, { recursive: true }));

  test.each(['typescript-5.4', 'typescript'])('compile as strict TypeScript: %s', async (name) => {
    expect(written.size).toBeGreaterThan(80);
    const tsc = join(root, 'node_modules', name, 'bin', 'tsc');
    const ended = await runProgram(process.execPath, [tsc, '-p', project]);
    expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });
});

describe('the interface of docs/guide/abilities.md', () => {
  const names = ['abilities.ts', 'greeter.ts', 'greeter.test.ts', 'application.ts'];
  let folder: string;
  beforeAll(async () => {
    folder = newProject();
    for (const name of names) {
      writeFileSync(join(folder, name), namedBlock('docs/guide/abilities.md', name));
    }
    const config = {
      extends: join(root, 'test', 'types', 'tsconfig.json'),
      compilerOptions: { rootDir: '.', noEmit: false },
      include: ['.'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const compiled = await runProgram(process.execPath, [tsc, '-p', folder]);
    expect(compiled).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('types a test that passes', async () => {
    const ended = await runProgram(process.execPath, ['--test', 'greeter.test.js'], {
      cwd: folder,
    });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass 1\b/) });
  });

  test('types an application that calls the program', async () => {
    const sandbox = await withSandbox(join(folder, 'greeter.js'), { output: false });
    const platform = {
      url: sandbox.urls.server,
      accessToken: sandbox.application.accessToken,
      programId: sandbox.programs.ownId,
    };
    const script = `import { callProgram } from './application.js';
      const platform = ${JSON.stringify(platform)};
      console.log((await callProgram(platform, 'greet', { name: '小明' })).greeting);`;
    try {
      const args = ['--input-type=module', '--eval', script];
      const ended = await runProgram(process.execPath, args, { cwd: folder });
      expect(ended).toMatchObject({ code: 0, stdout: '你好，小明\n' });
    } finally {
      await sandbox.stop();
    }
  });
});

/** Without what is different in each run: process, time and ids of a log record. */
function comparable(output: string): string {
  return output.replaceAll(
    /^<\d+,\d+>,[-\d]+ [:.\d]+,(\w+),[0-9a-f]{16},(.*),\[[0-9a-f]{8}\] /gm,
    '<pid,tid>,time,$1,id,$2,[request] ',
  );
}

const outputs = blocks.filter(({ name }) => name.startsWith('output of '));

test.each(outputs.map((block) => [place(block), block] as const))(
  '%s is what its program prints',
  async (_, { page, name, code }) => {
    const program = name.slice('output of '.length);
    const folder = newDir();
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
    writeFileSync(join(folder, program), namedBlock(page, program));
    const ended = await runProgram(process.execPath, [program], { cwd: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(comparable(ended.stdout)).toBe(comparable(code));
  },
);

test('both READMEs show what their programs print', () => {
  expect(outputs.map(({ page }) => page)).toEqual(
    expect.arrayContaining(['README.md', 'README.zh-CN.md']),
  );
});

/** The page that test/package/image.long.test.ts follows. */
const isOfImage = ({ page }: CodeBlock) => page.endsWith('/guide/image.md');

/** Tests that run the shell blocks of a page by their names. */
const followers: [pages: RegExp, test: string][] = [
  [/\/guide\/image\.md$/, 'image.long.test.ts'],
  [/\/guide\/bundlers\.md$/, 'bundlers.long.test.ts'],
];
const isFollowed = ({ page, name }: CodeBlock) =>
  name !== '' &&
  followers.some(
    ([followed, test]) =>
      followed.test(page) && readFileSync(join(__dirname, test), 'utf8').includes(`'${name}'`),
  );

const commands = blocks
  .filter((block) => isIn(block, 'sh', 'bash') && !isFollowed(block))
  .flatMap((block) => commandsOf(block.code).map((line) => [place(block), line, block] as const));

test.each(commands)('%s: %s names what exists', async (_, line, { heading }) => {
  expect(await faultOfCommand(line, heading)).toBeUndefined();
});

test('blocks in JSON are JSON', () => {
  const invalid = blocks.filter((block) => isIn(block, 'json')).filter(({ code }) => !isJson(code));
  expect(invalid.map(place)).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const folders = blocks.filter((block) => block.language === '' && !outputs.includes(block));

test.each(folders.map((block) => [place(block), block] as const))(
  '%s lists folders that exist',
  (_, { code }) => {
    const listed = code.match(/^\S+|(?<= )(?:lib|native)\/[\w/.]+/gm) ?? [];
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

/** Blocks that other tests cover: by language, the pages and names on which they do. */
const elsewhere: Record<string, (block: CodeBlock) => boolean> = {
  // test/package/image.long.test.ts follows its steps.
  dockerfile: (block) => isOfImage(block) && block.name === 'Dockerfile',
  gitignore: (block) => isOfImage(block) && block.name === '.dockerignore',
  // test/program/reverse-proxy.long.test.ts runs nginx with it.
  nginx: ({ page, name }) => page.endsWith('guide/debug-mode.md') && name === 'nginx.conf',
  // `npm run lint` compares them with the imports.
  mermaid: ({ page, name }) => page === 'docs/architecture.md' && name.startsWith('drawing: '),
  // test/sandbox/server-interfaces.test.ts sends it.
  xml: ({ page }) => page.endsWith('/server-interfaces.md'),
};

test('no block is of a kind that nothing covers', () => {
  // Drawings are `text`.
  const covered = ['js', 'ts', 'sh', 'bash', 'json', 'text', ''];
  const rest = blocks.filter((block) => !isIn(block, ...covered));
  expect(rest.filter((block) => !elsewhere[block.language]?.(block)).map(place)).toEqual([]);
});

const original = (page: string) => page.replace('.zh-CN.md', '.md').replace('docs/zh/', 'docs/');
const translated = pages.filter((page) => original(page) !== page);

test.each(translated)('%s has the blocks of the page that it translates', (page) => {
  const comparableBlock = ({ language, name, code }: CodeBlock) => ({
    language,
    name,
    // Comments and texts may be translated in programs, which are compiled and run on their own.
    code: ['js', 'ts', 'text', 'nginx', ''].includes(language) ? '' : commandsOf(code),
  });
  expect(codeBlocks(page).map(comparableBlock)).toEqual(
    codeBlocks(original(page)).map(comparableBlock),
  );
});
