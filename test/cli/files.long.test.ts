import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Ended, type Running, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const command = join(root, 'dist', 'tools', 'cli', 'main.js');
const modeOf = (file: string) => statSync(file).mode & 0o777;
const isRoot = process.getuid?.() === 0;
/** The name of a discovery file. */
const NAME = 'sandbox-0123456789abcdef.json';

silenceLog();

describe('a saved state', () => {
  let sandbox: ZoneSandbox;
  beforeAll(async () => {
    sandbox = await ZoneSandbox.start({ corp: { messages: 5 } });
  });
  afterAll(() => sandbox.stop());

  /** Saves with the command, and with the method. */
  const saving: [how: string, save: (file: string) => Promise<unknown>][] = [
    [
      'state save',
      async (file) => {
        const args = [command, 'state', 'save', file, '--url', sandbox.urls.server];
        const env = { WEWORK_SPEC_SANDBOX_TOKEN: sandbox.controlToken };
        expect(await runProgram(process.execPath, args, { env })).toMatchObject({ code: 0 });
      },
    ],
    ['sandbox.save()', (file) => sandbox.save(file)],
  ];

  test.each(saving)('%s makes a file that others could read private', async (_, save) => {
    const dir = newDir();
    const file = join(dir, 'state.json');
    writeFileSync(file, 'before');
    chmodSync(file, 0o666);
    await save(file);
    expect(modeOf(file)).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8')).keyPair.privateKeyPem).toContain('PRIVATE KEY');
    expect(readdirSync(dir)).toEqual(['state.json']);
  });

  test.each(saving)('%s replaces a symbolic link and does not follow it', async (_, save) => {
    const dir = newDir();
    const target = join(dir, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, join(dir, 'state.json'));
    await save(join(dir, 'state.json'));
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(lstatSync(join(dir, 'state.json')).isFile()).toBe(true);
  });

  test.each(saving)('%s does not use a draft that somebody else has prepared', async (_, save) => {
    const dir = newDir();
    const file = join(dir, 'state.json');
    const target = join(dir, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, `${file}.${process.pid}.tmp`);
    await save(file);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(lstatSync(file).isFile()).toBe(true);
  });

  test('can be written to the standard output, which stays a device', async () => {
    const before = lstatSync('/dev/stdout');
    // A pipe of the shell: that of child_process is a socket, which cannot be opened by its name.
    const line = `"${process.execPath}" "${command}" state save /dev/stdout --url ${sandbox.urls.server} | cat`;
    const env = { WEWORK_SPEC_SANDBOX_TOKEN: sandbox.controlToken };
    const { stdout } = await runProgram('bash', ['-c', line], { env });
    expect(stdout).toMatch(/^{"format":.*}\n/);
    expect(lstatSync('/dev/stdout').ino).toBe(before.ino);
  });
});

describe('the discovery file', () => {
  const start = (env: NodeJS.ProcessEnv, under: readonly string[] = []): Running => {
    const [file = process.execPath, ...args] = [...under, process.execPath, command, 'sandbox'];
    const running = startProgram(file, args, { cwd: newDir(), env: { TMPDIR: newDir(), ...env } });
    onTestEnd(async () => {
      running.process.kill('SIGKILL');
      await running.ended;
    });
    return running;
  };
  const run = (env: NodeJS.ProcessEnv, under: readonly string[], ...args: string[]) => {
    const [file = process.execPath, ...rest] = [...under, process.execPath, command, ...args];
    return runProgram(file, rest, { env });
  };

  /** Starts a sandbox that must be found by the other commands, also without a name for the user; gives where its token is. */
  async function expectFound(env: NodeJS.ProcessEnv, under: readonly string[] = []): Promise<void> {
    const running = start(env, under);
    await running.printed('in another terminal');
    expect(await run(env, under, 'fault')).toEqual({
      code: 0,
      signal: null,
      stdout: 'no active faults\n',
      stderr: '',
    });
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  }

  const shared = (tmp: string) => join(tmp, `wework-spec-${process.getuid?.()}`);

  test.each<[string, () => string]>([
    ['does not exist', () => join(newDir(), 'none')],
    ['is a file', () => join(root, 'package.json')],
    ['is a relative path', () => 'run'],
    [
      'lets others write',
      () => {
        const dir = newDir();
        chmodSync(dir, 0o777);
        return dir;
      },
    ],
    [
      'has a folder for commands that others can read',
      () => {
        const dir = newDir();
        mkdirSync(join(dir, 'wework-spec'));
        chmodSync(join(dir, 'wework-spec'), 0o755);
        return dir;
      },
    ],
    [
      'has a symbolic link instead of a folder',
      () => {
        const dir = newDir();
        symlinkSync(newDir(), join(dir, 'wework-spec'));
        return dir;
      },
    ],
    [
      'belongs to another user',
      () => {
        const dir = newDir();
        if (isRoot) chownSync(dir, 12345, 12345);
        return isRoot ? dir : '/';
      },
    ],
    ['cannot be written', () => '/proc'],
  ])('is in the temporary folder if XDG_RUNTIME_DIR %s', async (_, folder) => {
    const runtime = folder();
    const tmp = newDir();
    await expectFound({ XDG_RUNTIME_DIR: runtime, TMPDIR: tmp });
    expect(modeOf(shared(tmp))).toBe(0o700);
    const theirs = join(runtime, 'wework-spec');
    const files = existsSync(theirs) ? readdirSync(theirs) : [];
    expect(files).toEqual([]);
  });

  test('needs neither HOME nor a name of the user', async () => {
    const env = {
      TMPDIR: newDir(),
      HOME: '/nonexistent',
      USER: '',
      LOGNAME: '',
      // Another user cannot write coverage into the folder of this one.
      NODE_V8_COVERAGE: undefined,
    };
    if (!isRoot) return expectFound(env);
    chmodSync(env.TMPDIR, 0o777);
    // A number without an entry in /etc/passwd, as containers run with `--user 12345`.
    await expectFound(env, ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups']);
  });

  test('of another user is not believed', async () => {
    const tmp = newDir();
    mkdirSync(shared(tmp), { mode: 0o700 });
    const file = join(shared(tmp), NAME);
    writeFileSync(
      file,
      '{"url":"http://127.0.0.1:1","token":"t","pid":1,"folder":"/","startedAt":1}',
    );
    chmodSync(file, 0o644);
    const { code, stderr } = await run({ TMPDIR: tmp }, [], 'fault');
    expect([code, stderr]).toEqual([1, expect.stringContaining('ERR_SANDBOX_NOT_RUNNING')]);
  });

  test('that is damaged is as good as none', async () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"url":5,"token":"t","folder":"/"}',
      '{"token":"t"}',
    ]) {
      const tmp = newDir();
      mkdirSync(shared(tmp), { mode: 0o700 });
      writeFileSync(join(shared(tmp), NAME), text, { mode: 0o600 });
      const { code, stderr } = await run({ TMPDIR: tmp }, [], 'fault');
      expect([text, code, stderr]).toEqual([
        text,
        1,
        expect.stringContaining('ERR_SANDBOX_NOT_RUNNING'),
      ]);
    }
  });

  test('is not written where others could read it', async () => {
    const tmp = newDir();
    mkdirSync(shared(tmp));
    chmodSync(shared(tmp), 0o777);
    const ended: Ended = await start({ TMPDIR: tmp }).ended;
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^wework-spec: ERR_SANDBOX_RUNTIME_DIR: .*other users can access it.*\n$/,
      ),
    });
    expect(readdirSync(shared(tmp))).toEqual([]);
  });

  test('a temporary folder that does not exist is an error with a code', async () => {
    const ended = await start({ TMPDIR: '/nonexistent' }).ended;
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^wework-spec: ERR_SANDBOX_RUNTIME_DIR: .*nonexistent.*\n$/),
    });
    const inCode = await runProgram(
      process.execPath,
      [
        '-e',
        "require('wework-spec-sdk/sandbox').ZoneSandbox.start().catch(({ code }) => console.log(code))",
      ],
      { cwd: root, env: { TMPDIR: '/nonexistent' } },
    );
    expect(inCode).toMatchObject({ code: 0, stdout: 'ERR_SANDBOX_RUNTIME_DIR\n' });
  });
});
