import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, root, runProgram } from '../support/child';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function weworkSpec(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return runProgram(process.execPath, [join(root, 'dist', 'tools', 'cli', 'main.js'), ...args], {
    env,
  });
}

const names = async () => {
  const { stdout } = await weworkSpec(['--help']);
  const list = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Options:'));
  return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name as string);
};

test.each(['--version', '-v'])('%s prints the version', async (option) => {
  expect(await weworkSpec([option])).toEqual({
    code: 0,
    signal: null,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test.each([['--help'], ['-h'], ['help']])('%s lists the commands', async (option) => {
  const { code, stdout, stderr } = await weworkSpec([option]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: wework-spec <command>/);
  expect(stdout).toMatch(/^ {2}build {2,}\S/m);
});

test('without arguments the help goes to the standard error, and that is a failure', async () => {
  const { code, stdout, stderr } = await weworkSpec([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: /);
});

test('each command explains itself, with examples that begin as it is called', async () => {
  for (const name of await names()) {
    const [help, option] = await Promise.all([
      weworkSpec(['help', name]),
      weworkSpec([name, '--help']),
    ]);
    expect(help).toEqual(option);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: wework-spec ${name} \\[options\\]`));
    expect(help.stdout).toContain('--help');
    const examples = help.stdout.slice(help.stdout.indexOf('Examples:'));
    expect(examples).toMatch(new RegExp(`^ {2}.*wework-spec ${name}\\b`, 'm'));
  }
});

test.each([
  [['biuld'], 'wework-spec: unknown command "biuld"; see wework-spec --help\n'],
  [['help', 'biuld'], 'wework-spec: unknown command "biuld"; see wework-spec --help\n'],
  [['--biuld'], 'wework-spec: unknown option --biuld; see wework-spec --help\n'],
  [['build', '--sdk'], "wework-spec: build: Unknown option '--sdk'; see wework-spec help build\n"],
  [
    ['build', '--sdk-dir'],
    /^wework-spec: build: .*'--sdk-dir <value>' argument missing; see .*\n$/,
  ],
  [['build', 'folder'], /^wework-spec: build: Unexpected argument 'folder'.*; see .*\n$/],
])('the wrong command line %j is told in one line, exit code 2', async (args, expected) => {
  const { code, stdout, stderr } = await weworkSpec(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  if (typeof expected === 'string') expect(stderr).toBe(expected);
  else expect(stderr).toMatch(expected);
});

test('output that cannot be written is a failure in one line, a closed pipe is none', async () => {
  const line = (redirected: string) =>
    runProgram('bash', [
      '-c',
      `"${process.execPath}" "${join(root, 'dist', 'tools', 'cli', 'main.js')}" ${redirected}`,
    ]);
  expect(await line('--help >/dev/full')).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: expect.stringMatching(/^wework-spec: the output cannot be written: ENOSPC.*\n$/),
  });
  expect(await line('unknown 2>/dev/full')).toMatchObject({ code: 2, stdout: '' });
  expect(await line('--help | true; exit $PIPESTATUS')).toMatchObject({ code: 0, stderr: '' });
});

test('loads nothing native by itself', async () => {
  const { code, stderr } = await runProgram(process.execPath, [
    '-e',
    `process.dlopen = () => { throw new Error('native'); };
     process.argv.splice(1, 0, 'x', '--help');
     require(${JSON.stringify(join(root, 'dist', 'tools', 'cli', 'main.js'))});`,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
