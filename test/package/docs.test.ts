import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { codeBlocks, markdownPages, namedBlock } from '../support/markdown';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();

/** A folder with the program of the page, in which this package is installed. */
function newProject(page: string): { folder: string; env: Record<string, string> } {
  const folder = newDir();
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  writeFileSync(join(folder, 'app.mjs'), namedBlock(page, 'app.mjs'));
  return { folder, env: { XDG_RUNTIME_DIR: newDir() } };
}

/** A line of the page; npx would look for the package elsewhere when it is only a link. */
function line(page: string, name: string): string {
  return namedBlock(page, name).replace(
    'npx wework-spec',
    `exec node ${join(root, 'dist/tools/cli/main.js')}`,
  );
}

test.each([
  'README.md',
  'README.zh-CN.md',
  'docs/guide/first-program.md',
  'docs/zh/guide/first-program.md',
])('the commands of %s print the response that it shows', async (page) => {
  const { folder, env } = newProject(page);
  const sandbox = startProgram('bash', ['-c', line(page, 'terminal 1')], { cwd: folder, env });
  onTestEnd(async () => {
    sandbox.process.kill();
    await sandbox.ended;
  });
  await new Promise<void>((resolve) => {
    sandbox.process.stderr?.on('data', (text) => {
      if (String(text).includes('listens at')) resolve();
    });
    sandbox.process.once('close', () => resolve());
  });
  const call = await runProgram('bash', ['-c', line(page, 'terminal 2')], { cwd: folder, env });
  expect(call).toMatchObject({ code: 0, stdout: namedBlock(page, 'response') });
});

test.each([
  ['docs/guide/first-program.md', 'docs/guide/tests.md'],
  ['docs/zh/guide/first-program.md', 'docs/zh/guide/tests.md'],
])('the program of %s passes the test of %s', async (page, testPage) => {
  const { folder, env } = newProject(page);
  writeFileSync(join(folder, 'app.test.mjs'), namedBlock(testPage, 'app.test.mjs'));
  const ended = await runProgram(process.execPath, ['--test', 'app.test.mjs'], {
    cwd: folder,
    env,
  });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass 2\b/) });
});

/** The anchors of a page: GitHub's form of its headings. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const pages = markdownPages().filter((page) => existsSync(join(root, page)));

// The release writes published.json; until then no registry has the package.
test.each(pages)('%s installs this package only from a file that a clone makes', (page) => {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const text = readFileSync(join(root, page), 'utf8');
  const installed = [...text.matchAll(/\b(?:npm|pnpm|yarn) (?:install|i|add) ([^\n`#&|]+)/g)]
    .flatMap(([, words = '']) => words.split(/[\s,]+/))
    .filter((word) => word.includes(name));
  // The folder of a clone, and a later version, which the template leaves open.
  const made = new RegExp(`^\\.{1,2}/(?:.*/)?${name}(?:-(?:${version}|<[^>]+>)\\.tgz)?$`);
  expect(installed.filter((what) => !made.test(what))).toEqual([]);
});

test.each(['README.md', 'README.zh-CN.md'])('%s says where the package comes from', (page) => {
  const [install] = codeBlocks(page);
  expect(install?.code).toMatch(
    /^npm install \.\/wework-spec-sdk-[\d.]+\.tgz +# .*scripts\/demo && npm pack/,
  );
});

test.each(pages)('%s links only to files and headings that exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  const dead = [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)].filter(
    ([, path = '', anchor]) => {
      if (path.includes('://')) return false;
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
    },
  );
  expect(dead.map(([link]) => link)).toEqual([]);
});
