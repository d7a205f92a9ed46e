import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { startChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { LogFile } from '../support/log-records';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { newProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';

// How a program begins and ends.

let sandbox: ZoneSandbox;
silenceLog();
const newDir = tempDirs();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function startProgram(more: Record<string, string> = {}) {
  const child = startChild('draining-program.mjs', [], {
    env: { ...sandbox.env, DATA_DIR: newDir(), DRAIN: '30000', ...more },
  });
  onTestEnd(() => child.process.kill('SIGKILL'));
  const { stdout } = child.process;
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: stdout })) {
    const port = /^port (\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    sandbox.programs.address = `http://127.0.0.1:${port}`;
    return child;
  }
  throw new Error((await child.ended).stderr);
}

test('close() during listen() closes the port again', async () => {
  const program = newProgram();
  const listening = program.listen({ port: 0, host: '127.0.0.1' });
  const closing = program.close();
  await expect(listening).rejects.toMatchObject({ code: 'ERR_SPEC_STOPPED' });
  await closing;
  await expect(program.listen({ port: 0 })).rejects.toMatchObject({ code: 'ERR_SPEC_STOPPED' });
});

test('after a failed listen(), listen() works with another port', async () => {
  const first = newProgram();
  const { port } = await first.listen({ port: 0, host: '127.0.0.1' });
  const second = newProgram();
  await expect(second.listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'ERR_SPEC_LISTEN',
  });
  expect((await second.listen({ port: 0, host: '127.0.0.1' })).port).not.toBe(port);
});

test.each<[NodeJS.Signals, number]>([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
])('%s drains the program; a second one ends the process with code %d', async (signal, code) => {
  const child = await startProgram();
  const arrived = new Promise<void>((resolve) => {
    sandbox.use('arrived', () => {
      resolve();
      return { errcode: 0, errmsg: 'ok' };
    });
  });
  const call = sandbox.call('stuck', {}).catch(() => undefined);
  await arrived;
  child.process.kill(signal);
  // It drains as soon as it refuses new connections.
  while (
    await fetch(sandbox.programs.address ?? '').then(
      () => true,
      () => false,
    )
  );
  expect(child.process.exitCode).toBeNull();
  child.process.kill(signal);
  expect((await child.ended).code).toBe(code);
  await call;
});

test('an exception outside a handler is logged by the SDK before the process ends', async () => {
  const log = new LogFile();
  onTestEnd(() => log.remove());
  const child = await startProgram({ WEWORK_SPEC_SANDBOX_LOG_FILE: log.path });
  await sandbox.call('throw later', {}).catch(() => undefined);
  const { code, stderr } = await child.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('RangeError: in a timer');
  expect(readFileSync(log.path, 'utf8')).toMatch(
    /,ERR,.*uncaughtException: RangeError: in a timer at draining-program/,
  );
});

test.each([
  [{ bodyLimt: 1 }, 'bodyLimt'],
  [{ jobs: { concurency: 1 } }, 'jobs.concurency'],
])('a misspelt option is refused by its name: %j', (options, name) => {
  expect(() => newProgram(options as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_SPEC_UNKNOWN_OPTION',
      message: expect.stringContaining(`"${name}"`),
    }),
  );
});
