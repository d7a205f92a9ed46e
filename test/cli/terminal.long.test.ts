import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Ended, root, runProgram, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const command = join(root, 'dist', 'tools', 'cli', 'main.js');

/** Clears the screen, sets the title, begins C1 sequences, reverses and hides text. */
const HOSTILE =
  '\x1b[2J\x1b]0;title\x07\x9b31m\x85\x7f\r\b\u202emoc\u2066\u2069\u200f\u061c\u2028\u2029';
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function run(...args: string[]): Promise<Ended> {
  return runProgram(process.execPath, [command, ...args], {
    env: { WEWORK_SPEC_SANDBOX_TOKEN: sandbox.controlToken, XDG_RUNTIME_DIR: newDir() },
  });
}

const inSandbox = (...args: string[]) => run(...args, '--url', sandbox.urls.server);

function expectHarmless({ stdout, stderr }: Ended): void {
  expect(stdout).not.toMatch(CONTROL);
  expect(stderr).not.toMatch(CONTROL);
}

test.each([
  ['text', HOSTILE],
  ['JSON', JSON.stringify({ [HOSTILE]: HOSTILE })],
])('a response that is %s does not control the terminal', async (_, response) => {
  const program = await HttpProgram.serve(() => response);
  sandbox.programs.address = program.address;
  const shown = await inSandbox('call', 'a');
  expectHarmless(shown);
  expect(shown.stdout).toContain('\\u001b[2J');
  expect(shown.stdout).toContain('\\u202emoc');
  const json = await inSandbox('call', 'a', '--json');
  expectHarmless(json);
  expect(JSON.parse(json.stdout).response_data).toBe(response);
});

test('a log record does not control the terminal', async () => {
  const record = `<1,1>,2026-01-31 12:00:00.000,ERR,0123456789abcdef,${HOSTILE.replace(/[\r,]/g, '')},1,${HOSTILE}`;
  appendFileSync(sandbox.env.WEWORK_SPEC_SANDBOX_LOG_COLLECT as string, `${record}\n`);
  const shown = await inSandbox('logs');
  expectHarmless(shown);
  expect(shown.stdout).toContain('\\u001b[2J');
  for (const option of [[], ['--text', '\x9b']]) {
    const json = await inSandbox('logs', '--json', ...option);
    expectHarmless(json);
    expect(JSON.parse(json.stdout)).toMatchObject([{ text: HOSTILE }]);
  }
});

test('errors and lists do not control the terminal, whatever they quote', async () => {
  for (const args of [
    [HOSTILE],
    ['help', HOSTILE],
    [`--${HOSTILE}`],
    ['call', HOSTILE],
    ['emit', HOSTILE],
    ['state', 'load', HOSTILE],
    ['fault', HOSTILE, '--drop'],
    ['fault'],
    ['fault', '--json'],
    ['fault', '--clear'],
  ]) {
    expectHarmless(await inSandbox(...args));
  }
  expectHarmless(await run('jobs', 'list', '--data-dir', HOSTILE));
  expectHarmless(await run('call', 'a', '--url', `http://127.0.0.1:1/${HOSTILE}`));
  expectHarmless(await run('build', '--sdk-dir', HOSTILE));
  expectHarmless(await run('doctor', '--sdk-dir', HOSTILE));
});

test('what a watched program writes does not control the terminal', async () => {
  const folder = newDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  const text = JSON.stringify(`${HOSTILE} \u597d\n`);
  writeFileSync(
    join(folder, 'app.js'),
    `process.stdout.write(${text}); process.stderr.write(${text});
     require('node:http').createServer().listen(8080);`,
  );
  const running = startProgram(process.execPath, [command, 'sandbox', '--watch', 'app.js'], {
    cwd: folder,
    env: { XDG_RUNTIME_DIR: newDir() },
  });
  onTestEnd(async () => {
    running.process.kill('SIGKILL');
    await running.ended;
  });
  await new Promise<void>((resolve) => {
    running.process.stderr?.on('data', (more: string) => {
      if (more.includes('listens at')) resolve();
    });
    running.process.once('close', () => resolve());
  });
  running.process.kill('SIGINT');
  const ended = await running.ended;
  expect(ended.code).toBe(0);
  expectHarmless(ended);
  for (const output of [ended.stdout, ended.stderr]) expect(output).toContain('\\u001b[2J');
  expect(ended.stdout).toContain('\u597d\n');
});
