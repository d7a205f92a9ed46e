import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { command, Home, outputOf } from '../support/home';
import { tempDirs } from '../support/temp-dir';

// Each test starts up to thirty processes.
jest.setTimeout(180_000);
const newDir = tempDirs();

/** A user with several folders; each sandbox is started in one of them. */
class Desk {
  readonly runtime = newDir();
  readonly top = newDir();

  folder(name: string): string {
    const folder = join(this.top, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts a sandbox, and gives its description. */
  async start(name: string, ...args: string[]) {
    const running = startProgram(process.execPath, [command, 'sandbox', '--json', ...args], {
      cwd: this.folder(name),
      env: { XDG_RUNTIME_DIR: this.runtime },
    });
    onTestEnd(async () => {
      running.process.kill('SIGKILL');
      await running.ended;
    });
    const output = outputOf(running);
    await running.printed('\n}\n');
    const text = output();
    const { serverUrl } = JSON.parse(text.slice(0, text.indexOf('\n}\n') + 2));
    const end = async (signal: NodeJS.Signals) => {
      running.process.kill(signal);
      await running.ended;
    };
    return { url: serverUrl as string, end, pid: running.process.pid };
  }

  run(name: string, ...args: string[]) {
    return runProgram(process.execPath, [command, ...args], {
      cwd: this.folder(name),
      env: { XDG_RUNTIME_DIR: this.runtime },
    });
  }

  /** The URL of the sandbox that a command in this folder reaches. */
  async reached(name: string): Promise<string> {
    const ended = await this.run(name, 'ps', '--json');
    const found = JSON.parse(ended.stdout).filter((one: { isDefault: boolean }) => one.isDefault);
    expect(found.length).toBeLessThanOrEqual(1);
    const { stderr } = await this.run(name, 'fault', 'sync_msg', '--drop');
    const url = found[0]?.url ?? '';
    expect(stderr).toEqual(url === '' ? expect.stringContaining('ERR_SANDBOX_') : '');
    return url;
  }
}

test('commands reach the sandbox of their folder, and the first again when the second ends', async () => {
  const desk = new Desk();
  const first = await desk.start('a');
  expect(await desk.reached('elsewhere')).toBe(first.url);
  const second = await desk.start('b');
  expect(await desk.reached('a')).toBe(first.url);
  expect(await desk.reached('a/src/deep')).toBe(first.url);
  expect(await desk.reached('b')).toBe(second.url);
  // "a-2" is not in "a".
  expect(await desk.reached('a-2')).toBe('');
  const inner = await desk.start('a/src');
  expect(await desk.reached('a/src/deep')).toBe(inner.url);
  expect(await desk.reached('a')).toBe(first.url);
  const same = await desk.start('a');
  expect(await desk.reached('a')).toBe(same.url);
  await same.end('SIGTERM');
  expect(await desk.reached('a')).toBe(first.url);
  await inner.end('SIGKILL');
  await second.end('SIGKILL');
  expect(await desk.reached('b')).toBe(first.url);
  // Those that were killed are forgotten.
  expect(readdirSync(join(desk.runtime, 'wework-spec'))).toHaveLength(1);
});

test('without a matching folder, several sandboxes are an error that lists them', async () => {
  const desk = new Desk();
  const [first, second] = [await desk.start('a'), await desk.start('b')];
  const { code, stderr } = await desk.run('elsewhere', 'fault');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^wework-spec: ERR_SANDBOX_AMBIGUOUS: Several sandboxes are running/);
  expect(stderr).toContain(first.url);
  expect(await desk.run('elsewhere', 'fault', '--url', `${second.url}/`)).toMatchObject({
    code: 0,
    stdout: 'no active faults\n',
  });
});

test('a sandbox is also found by the folder of its program', async () => {
  const desk = new Desk();
  const home = new Home(newDir);
  const other = await desk.start('', '--watch', home.program);
  await desk.start('b');
  expect(
    await runProgram(process.execPath, [command, 'ps', '--json'], {
      cwd: join(home.folder, 'app'),
      env: { XDG_RUNTIME_DIR: desk.runtime },
    }).then(({ stdout }) => JSON.parse(stdout)),
  ).toMatchObject([{ isDefault: false }, { isDefault: true, url: other.url }]);
});

test('ps lists the running sandboxes without their tokens', async () => {
  const desk = new Desk();
  expect(await desk.run('a', 'ps')).toMatchObject({ code: 0, stdout: 'no running sandbox\n' });
  const { url, pid } = await desk.start('a');
  const { stdout } = await desk.run('a', 'ps');
  const [head, line] = stdout.split('\n');
  expect(head).toMatch(/^ +URL +PID +STARTED +FOLDER +PROGRAM$/);
  expect(line).toMatch(new RegExp(`^\\* +${url} +${pid} +\\d{4}-\\d\\d-\\d\\d [\\d:]+ +.*/a$`));
  const json = await desk.run('a', 'ps', '--json');
  expect(JSON.parse(json.stdout)).toEqual([
    {
      ...{ url, pid, folder: desk.folder('a'), isDefault: true },
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  ]);
});

test('--watch of a program that does not exist ends at once and takes no place', async () => {
  const desk = new Desk();
  const { url } = await desk.start('a');
  const { code, stdout, stderr } = await desk.run('a', 'sandbox', '--watch', 'missing.js');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^wework-spec: sandbox: --watch: there is no program .*missing\.js\n$/);
  expect(await desk.reached('a')).toBe(url);
  // As with node, the extension may be missing.
  const home = new Home(newDir);
  await desk.start('c', '--watch', join(home.folder, 'app', 'app'));
});
