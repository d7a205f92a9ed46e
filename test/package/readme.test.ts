import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../support/child';

const root = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The code under a marker such as `<!-- zone.mjs -->`. */
function example(readme: string, name: string): string {
  const code = new RegExp(`<!-- ${name} -->\\n\`\`\`js\\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (code === undefined) throw new Error(`no example ${name}`);
  return code;
}

/** What an example prints, run in the checkout's folder, as a reader would do it: from there the package can import itself. */
function outputOf(readme: string, name: string): string {
  const program = join(root, name.replace('.', `-${process.pid}.`));
  writeFileSync(program, example(readme, name));
  try {
    return execFileSync(process.execPath, [program], { encoding: 'utf8' });
  } finally {
    rmSync(program);
  }
}

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const readme = read(file);

  test('has a program that calls the zone and prints the output shown', () => {
    expect(readme).toContain(`\`\`\`\n${outputOf(readme, 'zone.mjs')}\`\`\``);
  });
});

test('every block about calling the zone compiles', async () => {
  const pages = ['zone-interfaces', 'messages', 'tasks-and-keys', 'events'];
  const page = pages.map((name) => read(`docs/guide/${name}.md`)).join('\n');
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);
  expect(blocks.length).toBeGreaterThan(5);
  // Inside the checkout, so that the package can import itself.
  const folder = mkdtempSync(join(root, 'out', 'docs-'));
  try {
    for (const [index, code] of blocks.entries()) writeFileSync(join(folder, `${index}.ts`), code);
    const config = { extends: join(root, 'test', 'types', 'tsconfig.json'), include: ['.'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const ended = await runProgram(process.execPath, [tsc, '-p', folder]);
    expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['README.md', 'README.zh-CN.md'])(
  '%s names only npm scripts and files that exist',
  (file) => {
    const readme = read(file);
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script] of readme.matchAll(/npm run ([\w:]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
    for (const [, path] of readme.matchAll(/\]\(([^):#]+)\)/g)) {
      expect(read(path as string)).not.toBe('');
    }
    for (const [path] of readme.matchAll(/scripts\/[\w.-]*\w/g)) expect(read(path)).not.toBe('');
  },
);
