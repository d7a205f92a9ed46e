import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Ended, root, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

jest.setTimeout(60_000);
const newDir = tempDirs();
const cli = (name: string) => join(root, 'dist', 'tools', 'cli', `${name}.js`);
/** `wework-spec init`, and the command of create-wework-program. */
const commands = {
  init: [cli('main'), 'init'],
  create: [cli('create-main')],
} as const;

function run(
  cwd: string,
  args: readonly string[],
  command: keyof typeof commands = 'init',
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return runProgram(process.execPath, [...commands[command], ...args], { cwd, env });
}

const quick = ['--no-install', '--sdk', '^1.2.3'];
const filesOf = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' });
const contentOf = (folder: string) =>
  filesOf(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')])
    .sort();
const packageOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

test('both commands write the same program', async () => {
  const cwd = newDir();
  const args = ['--name', 'p', '--abilities', 'a,b-c', '--job', 'j', ...quick];
  expect(await run(cwd, ['one', ...args])).toMatchObject({ code: 0, stderr: '' });
  expect(await run(cwd, ['two', ...args], 'create')).toMatchObject({ code: 0, stderr: '' });
  const written = contentOf(join(cwd, 'one'));
  expect(contentOf(join(cwd, 'two'))).toEqual(written);
  expect(written.map(([name]) => name)).toEqual([
    '.dockerignore',
    '.gitattributes',
    '.gitignore',
    'Dockerfile',
    'README.md',
    'biome.json',
    'package.json',
    'src/abilities.ts',
    'src/main.ts',
    'src/program.ts',
    'start.sh',
    'test/program.test.ts',
    'tsconfig.build.json',
    'tsconfig.json',
  ]);
  const text = written.map(([, content]) => content).join('');
  expect(text).not.toMatch(/\{\{|\}\}\}/);
  expect(text).toContain("program.ability('b-c', async ({ limit }, call) => {");
  expect(text).toContain("  'b-c': {\n");
  expect(text).toContain("sandbox.callAsync('j', {})");
  expect(statSync(join(cwd, 'one', 'start.sh')).mode & 0o111).toBe(0o111);
});

test('without options, the name is that of the folder, and the README is in English', async () => {
  const cwd = newDir();
  const { code, stdout } = await run(cwd, quick);
  expect(code).toBe(0);
  expect(stdout).toContain(`cd ${join(cwd, 'my-program')}\n  npm install\n  npm test\n`);
  expect(packageOf(join(cwd, 'my-program'))).toMatchObject({
    name: 'my-program',
    dependencies: { 'wework-spec-sdk': '^1.2.3' },
  });
  const readme = readFileSync(join(cwd, 'my-program', 'README.md'), 'utf8');
  expect(readme).toContain('`^1.2.3` of the registry');
});

test('--lang zh writes the README in Chinese, --json prints what was done', async () => {
  const cwd = newDir();
  const { code, stdout } = await run(cwd, ['p', '--lang', 'zh', '--json', ...quick]);
  const folder = join(cwd, 'p');
  expect(code).toBe(0);
  const files = filesOf(folder).filter((name) => statSync(join(folder, name)).isFile());
  expect(JSON.parse(stdout)).toEqual({ folder, name: 'p', sdk: '^1.2.3', files: files.sort() });
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('专区程序');
});

test('the empty folder itself, with .git, can become the program', async () => {
  const cwd = join(newDir(), 'here');
  mkdirSync(join(cwd, '.git'), { recursive: true });
  const { code, stdout } = await run(cwd, ['.', ...quick]);
  expect(code).toBe(0);
  expect(stdout).not.toContain('cd ');
  expect(packageOf(cwd).name).toBe('here');
});

describe('exit code 2, in one line and without any file, for', () => {
  test.each<[string, string[], string]>([
    ['a name with capitals', ['My'], '"My" cannot be the name of a program'],
    ['a name with spaces', ['p', '--name', 'a b'], '"a b" cannot be the name of a program'],
    ['the name of the SDK', ['wework-spec-sdk'], '"wework-spec-sdk" cannot be the name'],
    ['a name that leaves the folder', ['p', '--name', '../x'], '"../x" cannot be the name'],
    ['an ability that is code', ['p', '--abilities', "a'b"], '"a\'b" cannot be the id'],
    ['an ability without a name', ['p', '--abilities', 'a,,b'], '"" cannot be the id'],
    ['a long ability', ['p', '--abilities', 'a'.repeat(41)], 'at most 40 characters'],
    ['a repeated ability', ['p', '--abilities', 'a,b,a'], 'the ability "a" is repeated'],
    [
      'a job that is an ability',
      ['p', '--abilities', 'a', '--job', 'a'],
      '"a" is the asynchronous',
    ],
    ['a wrong job', ['p', '--job', '1'], '"1" cannot be the id'],
    ['another language', ['p', '--lang', 'fr'], '--lang is en or zh, not "fr"'],
    ['two folders', ['p', 'q'], 'expected one folder'],
    ['a tarball that is not there', ['p', '--sdk', 'x.tgz'], 'there is no file'],
    ['a folder as the SDK', ['p', '--sdk', '.'], '--sdk takes a tarball'],
    ['no source of the SDK', ['p'], 'wework-spec-sdk is not on a registry yet'],
    ['an unknown option', ['p', '--nmae', 'x'], "Unknown option '--nmae'"],
  ])('%s', async (_, args, message) => {
    const sdk = args.includes('--sdk') || message.includes('registry') ? [] : ['--sdk', '^1.2.3'];
    for (const [command, prefix] of [
      ['init', 'wework-spec: init: '],
      ['create', 'create-wework-program: '],
    ] as const) {
      const cwd = newDir();
      const ended = await run(cwd, [...args, '--no-install', ...sdk], command);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr.startsWith(prefix)).toBe(true);
      expect(ended.stderr.trimEnd()).not.toContain('\n');
      expect(readdirSync(cwd)).toEqual([]);
    }
  });
});

describe('exit code 1 for', () => {
  test.each(Object.keys(commands) as (keyof typeof commands)[])(
    'a folder with files: %s',
    async (command) => {
      const cwd = newDir();
      mkdirSync(join(cwd, 'p'));
      writeFileSync(join(cwd, 'p', 'mine.txt'), 'mine');
      const ended = await run(cwd, ['p', ...quick], command);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain('is not empty: it has mine.txt');
      expect(filesOf(join(cwd, 'p'))).toEqual(['mine.txt']);
    },
  );

  test('a file of that name', async () => {
    const cwd = newDir();
    writeFileSync(join(cwd, 'p'), '');
    const { code, stderr } = await run(cwd, ['p', ...quick]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not a folder\n$/);
  });

  test('an installation that fails; the files are there', async () => {
    const cwd = newDir();
    const env = {
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: newDir(),
    };
    const { code, stderr } = await run(cwd, ['p', '--sdk', '^1.2.3'], 'init', env);
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).toMatch(/npm install failed in .*; the files are there\n$/);
    expect(existsSync(join(cwd, 'p', 'package.json'))).toBe(true);
  });
});

describe('without --sdk, the SDK comes from', () => {
  const tarball = 'wework-spec-sdk-9.9.9.tgz';
  const sdkOf = async (cwd: string) => {
    const ended = await run(cwd, ['p', '--no-install']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return packageOf(join(cwd, 'p')).dependencies['wework-spec-sdk'];
  };
  const manifest = (spec: string) => JSON.stringify({ dependencies: { 'wework-spec-sdk': spec } });

  test('where the project above gets it: a version', async () => {
    const above = newDir();
    writeFileSync(join(above, 'package.json'), manifest('~1.2.3'));
    const cwd = join(above, 'packages');
    mkdirSync(cwd);
    expect(await sdkOf(cwd)).toBe('~1.2.3');
  });

  test('where the project here gets it: a tarball, which is copied', async () => {
    const cwd = newDir();
    mkdirSync(join(cwd, 'vendor'));
    writeFileSync(join(cwd, 'vendor', tarball), 'packed');
    writeFileSync(join(cwd, 'package.json'), manifest(`file:vendor/${tarball}`));
    expect(await sdkOf(cwd)).toBe(`file:${tarball}`);
    expect(readFileSync(join(cwd, 'p', tarball), 'utf8')).toBe('packed');
    expect(readFileSync(join(cwd, 'p', 'Dockerfile'), 'utf8')).toContain(
      `COPY package.json package-lock.json ${tarball} ./`,
    );
  });

  test('a tarball in this folder, if it is the only one', async () => {
    const cwd = newDir();
    writeFileSync(join(cwd, tarball), 'packed');
    expect(await sdkOf(cwd)).toBe(`file:${tarball}`);
    writeFileSync(join(cwd, 'wework-spec-sdk-9.9.8.tgz'), 'older');
    expect(await run(cwd, ['q', '--no-install'])).toMatchObject({ code: 2 });
  });

  test('nowhere, if the project has only a link, which no image can contain', async () => {
    const cwd = newDir();
    writeFileSync(join(cwd, 'package.json'), manifest('file:../sdk'));
    expect(await run(cwd, ['p', '--no-install'])).toMatchObject({ code: 2 });
  });
});

test('on a terminal, it asks for what is missing', async () => {
  const { run: runCli } = require(cli('run')) as typeof import('../../lib/tools/cli/run');
  const cwd = newDir();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const answers = ['asked', ' x , y ', '^1.2.3'];
  let asked = '';
  const stderr = {
    write(text: string) {
      asked += text;
      stdin.write(`${answers.shift()}\n`);
    },
  };
  let printed = '';
  const stdout = { write: (text: string) => (printed += text) };
  const interrupted = () => new AbortController().signal;
  const around = { stdin, stdout, stderr, cwd, env: {}, interrupted };
  expect(await runCli(['init', '--no-install'], around)).toBe(0);
  expect(asked).toBe(
    'Folder (my-program): Ids of the abilities, separated by commas (who_wrote): Tarball of wework-spec-sdk: ',
  );
  expect(printed).toContain(join(cwd, 'asked'));
  expect(packageOf(join(cwd, 'asked')).dependencies['wework-spec-sdk']).toBe('^1.2.3');
  const program = readFileSync(join(cwd, 'asked', 'src', 'program.ts'), 'utf8');
  expect(program.match(/ability\('\w+'/g)).toEqual([
    "ability('x'",
    "ability('y'",
    "ability('count_messages'",
  ]);
});
