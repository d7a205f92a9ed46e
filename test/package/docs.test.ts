import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { namedBlock } from '../support/markdown';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const docs = readFileSync(join(root, 'docs', 'sandbox.md'), 'utf8');
const block = (name: string) => namedBlock('docs/sandbox.md', name);

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

test('the commands of docs/sandbox.md print the response that it shows', async () => {
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

test('the test in docs/sandbox.md passes', async () => {
  const { folder, env } = newProject();
  writeFileSync(join(folder, 'app.test.mjs'), block('app.test.mjs'));
  const ended = await runProgram(process.execPath, ['--test', 'app.test.mjs'], {
    cwd: folder,
    env,
  });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass 2\b/) });
});

test('every file that docs/sandbox.md links to exists', () => {
  for (const [, path] of docs.matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)) {
    expect(readFileSync(join(root, 'docs', path as string), 'utf8')).not.toBe('');
  }
});
