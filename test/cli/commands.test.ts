import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, root, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
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
  [
    ['biuld'],
    'wework-spec: unknown command "biuld"; see wework-spec --help. Did you mean "build"?\n',
  ],
  [
    ['help', 'biuld'],
    'wework-spec: unknown command "biuld"; see wework-spec --help. Did you mean "build"?\n',
  ],
  [['zzz'], 'wework-spec: unknown command "zzz"; see wework-spec --help\n'],
  [
    ['fault', '--eror', '1'],
    "wework-spec: fault: Unknown option '--eror'; see wework-spec help fault\n",
  ],
  [
    ['call', '--asinc'],
    'wework-spec: call: Unknown option \'--asinc\'; see wework-spec help call. Did you mean "async"?\n',
  ],
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

test('with --json, an error is one JSON document on the standard output as well', async () => {
  const none = { XDG_RUNTIME_DIR: newDir() };
  const usage = await weworkSpec(['call', 'a', 'no JSON', '--json'], none);
  expect([usage.code, JSON.parse(usage.stdout)]).toEqual([
    2,
    {
      error: {
        code: 'ERR_USAGE',
        message: expect.stringMatching(/^call: the request must be JSON/),
      },
    },
  ]);
  expect(usage.stderr).toMatch(/^wework-spec: call: the request must be JSON/);
  const failure = await weworkSpec(['call', 'a', '--json'], none);
  expect([failure.code, JSON.parse(failure.stdout)]).toEqual([
    1,
    {
      error: {
        code: 'ERR_SANDBOX_NOT_RUNNING',
        message: expect.stringMatching(/^No sandbox is running/),
      },
    },
  ]);
});

test.each([
  [['call', 'a', '--no-wait'], 'call: --no-wait requires --async'],
  [['sandbox', '--port', 'abc'], 'sandbox: --port must be an integer from 0 to 65535'],
  [['sandbox', '--port', '65536'], 'sandbox: --port must be an integer from 0 to 65535'],
  [
    ['sandbox', '--program', 'foo'],
    'sandbox: --program must be a URL such as http://127.0.0.1:8080',
  ],
  [['sandbox', '--debug-server', 'foo'], 'sandbox: --debug-server must be a URL such as'],
  [['sandbox', '--app-callback', 'foo'], 'sandbox: --app-callback must be a URL such as'],
  [['call', 'a', '--url', 'foo'], '--url must be a URL such as http://127.0.0.1:8080'],
  [
    ['emit', 'hit_keywrd'],
    'emit: unknown event "hit_keywrd"; see wework-spec help emit. Did you mean "hit_keyword"?',
  ],
  [['fault', '--remove', 'x'], 'fault: --remove must be an integer from 1'],
  [['fault', '--times', '-1', '--drop'], 'fault: '],
  [['fault', '--probability', '2', '--drop'], 'fault: '],
  [['fault', '--delay', 'soon'], 'fault: --delay must be a number'],
  [['fault', 'sync_msg'], 'fault: '],
  [['fault', '--clear', '--remove', '1'], 'fault: --clear and --remove cannot be combined'],
])('%j is a usage error', async (args, words) => {
  const { code, stdout, stderr } = await weworkSpec(args, { XDG_RUNTIME_DIR: newDir() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`wework-spec: ${words}`);
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
