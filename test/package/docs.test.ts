import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const guide = join(root, 'docs', 'guide');
const docs = ['first-program.md', 'tests.md']
  .map((page) => readFileSync(join(guide, page), 'utf8'))
  .join('\n');

/** The code under a marker such as `<!-- app.mjs -->`. */
function block(name: string): string {
  const code = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1];
  if (code === undefined) throw new Error(`no block ${name}`);
  return code;
}

/** A folder with the program of the page, in which this package is installed. */
function newProject(): { folder: string; env: Record<string, string> } {
  const folder = newDir();
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  writeFileSync(join(folder, 'app.mjs'), block('app.mjs'));
  return { folder, env: { XDG_RUNTIME_DIR: newDir() } };
}

/** A line of the page; npx would look for the package elsewhere when it is only a link. */
function line(name: string): string {
  return block(name).replace(
    'npx wework-spec',
    `exec node ${join(root, 'dist/tools/cli/main.js')}`,
  );
}

test('the commands of docs/guide print the response that it shows', async () => {
  const { folder, env } = newProject();
  const sandbox = startProgram('bash', ['-c', line('terminal 1')], { cwd: folder, env });
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
  const call = await runProgram('bash', ['-c', line('terminal 2')], { cwd: folder, env });
  expect(call).toMatchObject({ code: 0, stdout: block('response') });
});

test('the test in docs/guide passes', async () => {
  const { folder, env } = newProject();
  writeFileSync(join(folder, 'app.test.mjs'), block('app.test.mjs'));
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

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => !page.startsWith('docs/api/') && existsSync(join(root, page)));

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
