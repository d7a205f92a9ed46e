import { execFileSync } from 'node:child_process';
import { cleanEnd, type Ended, node, startChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { HoldingPlatform } from '../support/holding-platform';

// Each process ends while four calls are inside the SDK and eight more wait for a thread. Nobody responds to them, so that waiting for one
// is a hang, which ends with SIGKILL after 50 s.

jest.setTimeout(120_000);

async function end(way: string, nodeArgs: readonly string[] = []): Promise<Ended> {
  const platform = await HoldingPlatform.start();
  onTestEnd(() => platform.stop());
  const { printed, ended } = startChild('process-end.mjs', [way], { env: platform.env, nodeArgs });
  void printed('release').then(() => platform.stopHolding());
  return ended;
}

const signalled = (signal: NodeJS.Signals) => ({ code: null, signal });
const exited = (code: number) => ({ code, signal: null });

test.each<[way: string, expected: object]>([
  ['exit', exited(3)],
  ['exitCode', exited(4)],
  ['reallyExit', exited(5)],
  ['abort', signalled('SIGABRT')],
  ['uncaughtException', exited(1)],
  ['unhandledRejection', exited(1)],
  ['uncaughtHandler', exited(6)],
  ['domainError', exited(7)],
  ['SIGTERM', signalled('SIGTERM')],
  ['SIGINT', signalled('SIGINT')],
  ['SIGHUP', signalled('SIGHUP')],
  ['SIGQUIT', signalled('SIGQUIT')],
  ['SIGKILL', signalled('SIGKILL')],
  ['SIGSEGV', signalled('SIGSEGV')],
  ['exitInWorkerThenMain', exited(8)],
  ['exitWhileWorkerCalls', exited(9)],
  ['exitInPromiseOfInvoke', exited(10)],
  ['exitBetweenVerificationAndResponse', exited(11)],
  ['exitInExitListener', exited(12)],
  ['exitInBeforeExit', exited(13)],
  ['endOfEventLoop', exited(14)],
  ['exitDuringClose', exited(15)],
  ['exitWhileListening', exited(16)],
  ['stackOverflow', exited(1)],
  ['clusterDisconnect', exited(17)],
])('%s', async (way, expected) => {
  const { code, signal, stderr } = await end(way);
  expect({ code, signal, stderr }).toMatchObject(expected);
  if (code !== 1 && signal !== 'SIGABRT') expect(stderr).toBe('');
});

test('outOfMemory', async () => {
  const { signal, stderr } = await end('outOfMemory', ['--max-old-space-size=64']);
  expect(signal).toBe('SIGABRT');
  expect(stderr).toContain('heap out of memory');
});

test('200 Workers are terminated one after another, each with calls inside the SDK and queued', async () => {
  const platform = await HoldingPlatform.start();
  onTestEnd(() => platform.stop());
  const args = ['terminateOneAfterAnother', 'stay', '200'];
  const ended = await startChild('workers.mjs', args, { env: platform.env, timeout: 900_000 })
    .ended;
  expect(ended).toEqual(cleanEnd(`${'1\n'.repeat(200)}main thread\n`));
}, 900_000);

/** The flags that this version of Node.js knows. */
const known = new Set(
  execFileSync(node, ['-p', '[...process.allowedNodeEnvironmentFlags].join()'], {
    encoding: 'utf8',
  })
    .trim()
    .split(','),
);
const permitted = ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--allow-worker'];
const permission = [
  ...['--permission', '--experimental-permission'].filter((flag) => known.has(flag)).slice(0, 1),
  ...[...permitted, '--allow-net'].filter((flag) => known.has(flag.replace('=*', ''))),
];

describe('flags that change the language or forbid access', () => {
  test.each<[flags: string, way: string, expected: object]>([
    ['--frozen-intrinsics', 'exit', exited(3)],
    ['--frozen-intrinsics', 'endOfEventLoop', exited(14)],
    ['--disable-proto=throw', 'exit', exited(3)],
    ['--disable-proto=delete', 'endOfEventLoop', exited(14)],
    ['--disallow-code-generation-from-strings', 'endOfEventLoop', exited(14)],
    ['--unhandled-rejections=none', 'endOfEventLoop', exited(14)],
    ['--jitless', 'exit', exited(3)],
    ['--stack-size=400', 'exit', exited(3)],
    [permission.join(' '), 'endOfEventLoop', exited(14)],
  ])('%s: %s', async (flags, way, expected) => {
    const { code, signal, stderr } = await end(way, ['--no-warnings', ...flags.split(' ')]);
    expect({ code, signal, stderr }).toMatchObject(expected);
  });
});
