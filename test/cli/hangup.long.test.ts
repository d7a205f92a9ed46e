import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { command, Home } from '../support/home';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

// A sandbox whose terminal is closed, or whose output nobody reads any more, ends as with Ctrl-C.

const newDir = tempDirs();
const node = process.execPath;

/** A program that takes a while to end, and writes down its process id. */
const PROGRAM = `
const { writeFileSync } = require('node:fs');
for (const signal of ['SIGHUP', 'SIGTERM']) {
  process.on(signal, () => setTimeout(() => process.exit(), 300));
}
require('node:http').createServer(() => {}).listen(8080, () => writeFileSync('pid', String(process.pid)));
`;

function newHome(): Home {
  const home = new Home(newDir);
  writeFileSync(home.program, PROGRAM);
  return home;
}

/** Fulfilled when the program listens. @returns its process id */
async function programOf(home: Home): Promise<number> {
  const file = join(home.folder, 'pid');
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const announced = ({ runtime }: Home) => readdirSync(join(runtime, 'wework-spec'));

test.each<NodeJS.Signals>(['SIGHUP', 'SIGTERM', 'SIGINT'])(
  '%s ends the sandbox and its program, and removes its discovery file',
  async (signal) => {
    const home = newHome();
    const running = home.start('sandbox', '--watch', 'app/app.js');
    const program = await programOf(home);
    expect(announced(home)).toHaveLength(1);
    running.process.kill(signal);
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    expect(announced(home)).toEqual([]);
    expect(isRunning(program)).toBe(false);
  },
);

test('a terminal that is closed ends the sandbox of its shell and the program', async () => {
  const home = newHome();
  // The shell sends the signal once more.
  const line = `bash -ic '${node} ${command} sandbox --watch app/app.js; true'`;
  const terminal = startProgram('script', ['-qec', line, '/dev/null'], {
    cwd: home.folder,
    env: { XDG_RUNTIME_DIR: home.runtime },
  });
  onTestEnd(() => terminal.process.kill('SIGKILL'));
  const program = await programOf(home);
  const [file = ''] = announced(home);
  const { pid } = JSON.parse(readFileSync(join(home.runtime, 'wework-spec', file), 'utf8'));
  terminal.process.kill('SIGKILL');
  await until(() => !isRunning(pid) && !isRunning(program));
  expect(announced(home)).toEqual([]);
});

test('a reader that goes away ends the sandbox and its program', async () => {
  const home = newHome();
  const line = `{ ${node} ${command} sandbox --json --watch app/app.js; echo "code $?" >&2; } | head -n 1`;
  const running = startProgram('bash', ['-c', line], {
    cwd: home.folder,
    env: { XDG_RUNTIME_DIR: home.runtime },
  });
  const program = await programOf(home);
  writeFileSync(home.program, `${PROGRAM}console.log('restarted');`);
  const { stderr } = await running.ended;
  expect(stderr).toContain('code 0\n');
  expect(announced(home)).toEqual([]);
  expect(isRunning(program)).toBe(false);
});
