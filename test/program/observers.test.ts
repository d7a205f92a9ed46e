import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Call, JobQueue, ProgramLog } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { node, portOf, root, runChild, runProgram, startChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';

// What observes a program decides nothing: neither its log, nor a tracer, nor a subscriber of a diagnostics channel.

const newDir = tempDirs();
silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

function fail(): never {
  throw new TypeError('broken on purpose');
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const unreadable = {
  'an inspect of its own that throws': () => ({ [inspect.custom]: fail }),
  'a toString() that throws': () => ({ toString: fail }),
  'a getter that throws': () =>
    Object.defineProperty({ a: 1 }, 'constructor', { enumerable: true, get: fail }),
  'an error whose stack throws': () =>
    Object.defineProperty(new Error('x'), 'stack', { get: fail }),
  'an inspect that throws what cannot be read': () => ({
    [inspect.custom]() {
      throw revoked();
    },
  }),
  'a revoked Proxy': revoked,
};

describe('a log call with', () => {
  const methods: [string, (log: ProgramLog, value: never) => unknown][] = [
    ['info', (log, value) => log.info('value', value)],
    ['log', (log, value) => log.log('value %s', value)],
    ['warn', (log, value) => log.warn(value)],
    ['error', (log, value) => log.error('value %o', value)],
    ['debug', (log, value) => log.debug('value %d', value)],
    ['trace', (log, value) => log.trace('value %j', value)],
    ['dir', (log, value) => log.dir(value)],
    ['table', (log, value) => log.table([value])],
    ['assert', (log, value) => log.assert(false, value)],
    ['group', (log, value) => log.group(value)],
    ['count', (log, value) => log.count(value)],
    ['time', (log, value) => log.time(value)],
    ['write', (log, value) => log.write(value)],
  ];
  test.each(Object.entries(unreadable))('%s does not change the response', async (_, make) => {
    const log = logForTest();
    await serveProgram(sandbox, (program) =>
      program.ability('a', (_request, call) => {
        for (const [, use] of methods) {
          use(call.log, make() as never);
          use(program.log, make() as never);
        }
        call.log.info('the last one');
        return { done: true };
      }),
    );
    expect((await sandbox.call('a', {})).response).toEqual({ done: true });
    expect(log.text).toContain('the last one');
  });

  test('a record that cannot be formatted is replaced by its format and the reason', async () => {
    const log = logForTest();
    await serveProgram(sandbox, (program) =>
      program.ability('a', (_request, call) => {
        call.log.error('of %d: %o', 7, { [inspect.custom]: fail });
        call.log.table([{ a: { [inspect.custom]: fail } }]);
        return {};
      }),
    );
    await sandbox.call('a', {});
    expect(log.records.map(({ level, file, custom }) => [level, file, custom.slice(11)])).toEqual([
      [
        'ERR',
        'observers.test.ts',
        expect.stringMatching(/^of %d: %o \(arguments cannot be formatted: TypeError: broken on/),
      ],
      [
        'INFO',
        'observers.test.ts',
        expect.stringMatching(/^table \(arguments cannot be formatted: TypeError: broken on/),
      ],
    ]);
  });

  test('a line of pino without a valid level is logged with level INFO', async () => {
    const log = logForTest();
    await serveProgram(sandbox, (program) =>
      program.ability('a', (_request, call) => ({
        written: call.log.write('{"level":{"toString":1},"msg":"x"}'),
      })),
    );
    expect((await sandbox.call('a', {})).response).toEqual({ written: true });
    const [{ level, custom } = {}] = log.records;
    expect([level, custom?.slice(11)]).toEqual(['INFO', '{"level":{"toString":1},"msg":"x"}']);
  });
});

describe('a handler that throws', () => {
  test.each(Object.entries(unreadable))(
    '%s gets the same response as any other exception',
    async (_, make) => {
      const handler = (): never => {
        throw make();
      };
      const choose = (_failure: unknown, _call: Call): never => {
        throw make();
      };
      const { program } = await serveProgram(
        sandbox,
        (p) => p.ability('a', handler).event('e', handler),
        { onError: choose },
      );
      expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710660 });
      const event = sandbox.wire.seal({ callType: 2, data: { event_type: 'e' } });
      expect((await sandbox.wire.send(event)).status).toBe(200);
      const { result } = await sandbox.callAsync('a', {});
      expect(await result()).toMatchObject({ response_errcode: 710660 });
      expect((await program.metrics()).requests).toMatchObject({ a: { failed: 1, accepted: 1 } });
    },
  );
});

test('a job is refused as busy when its queue throws an unreadable value', async () => {
  const queue: JobQueue = {
    mayHaveJobs: () => false,
    open: async () => {},
    add: async () => {
      throw revoked();
    },
    start: async () => {},
    counts: async () => ({ waiting: 0, running: 0, delayed: 0, dead: 0 }),
    listDead: async () => [],
    retryDead: async () => false,
    discardDead: async () => false,
    stop: async () => {},
    close: async () => {},
  };
  const { program } = await serveProgram(sandbox, (p) => p.ability('a', () => ({})), {
    jobs: { queue },
  });
  const request = sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'a' });
  expect((await sandbox.wire.send(request)).status).toBe(503);
  expect((await program.metrics()).requests).toEqual({ a: { busy: 1 } });
});

describe('a program with a', () => {
  test.each([
    ['tracer that throws', 'throws', 1],
    ['tracer that throws after the work has begun', 'throwsLate', 1],
    ['tracer whose spans throw', 'span', 1],
    ['tracer without spans', 'noSpan', 1],
    ['tracer that runs nothing', 'runsNothing', 1],
    ['tracer that runs the work twice', 'runsTwice', 1],
    ['tracer whose own promise is rejected', 'rejects', 1],
    ['subscriber that freezes messages', 'frozen', 0],
  ])('%s responds, runs its jobs, and warns once', async (_, scenario, warnings) => {
    const env = { ...sandbox.env, DATA_DIR: newDir(), WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null' };
    const child = startChild('observed-program.mjs', [scenario], { env });
    onTestEnd(() => child.process.kill('SIGKILL'));
    sandbox.programs.address = `http://127.0.0.1:${await portOf(child)}`;
    expect((await sandbox.call('a', {})).response).toEqual({ runs: 1 });
    const { errcode, result } = await sandbox.callAsync('a', {});
    expect(errcode).toBe(0);
    expect(await result()).toMatchObject({ response: { runs: 2 } });
    const changed = { ...sandbox.wire.seal({}), body: 'AAAA' };
    expect((await sandbox.wire.send(changed)).outcome).toMatchObject({ kind: 'refusal' });
    child.process.kill('SIGTERM');
    const { code, stderr } = await child.ended;
    expect(code).toBe(0);
    expect(stderr.match(/Warning|ERR_SPEC_\w+/g) ?? []).toEqual(
      Array(warnings).fill('ERR_SPEC_OBSERVER_FAILED'),
    );
  });

  test('wrong WEWORK_SPEC_LOG_LONG_TEXT responds, cuts long texts, and warns once', async () => {
    const file = `${newDir()}/log`;
    const env = {
      ...sandbox.env,
      DATA_DIR: newDir(),
      WEWORK_SPEC_SANDBOX_LOG_FILE: file,
      WEWORK_SPEC_LOG_LONG_TEXT: 'nonsense',
    };
    const child = startChild('observed-program.mjs', [], { env });
    onTestEnd(() => child.process.kill('SIGKILL'));
    sandbox.programs.address = `http://127.0.0.1:${await portOf(child)}`;
    for (const runs of [1, 2]) {
      expect((await sandbox.call('a', {})).response).toEqual({ runs });
    }
    expect(readFileSync(file, 'utf8')).toMatch(/INFO,.*\] run 1\n.*\] run 2\n$/s);
    child.process.kill('SIGTERM');
    const { stderr } = await child.ended;
    expect(stderr.match(/ERR_SPEC_\w+/g)).toEqual(['ERR_SPEC_INVALID_ARG_VALUE']);
  });
});

describe('the log of a process without an SDK', () => {
  const env = { WEWORK_SPEC_SDK: 'nonsense' };

  test('is written to standard error, after one warning', async () => {
    const { code, stdout, stderr } = await runChild('observed-program.mjs', ['log'], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'start: ERR_SPEC_UNKNOWN_SDK\n' });
    expect(stderr.match(/ERR_SPEC_UNKNOWN_SDK/g)).toHaveLength(1);
    const records = stderr.match(
      /^[\d-]+T[\d:.]+Z,ERR,observed-program\.mjs,\d+,without an SDK \d+$/gm,
    );
    expect(records).toHaveLength(100);
    expect(stderr).not.toContain('left out');
  });

  test('does not end the process when standard error cannot be written either', async () => {
    const child = `${root}/test/children/observed-program.mjs`;
    const command = `exec "${node}" "${child}" log 2>/dev/full`;
    const { code, stdout } = await runProgram('sh', ['-c', command], { cwd: root, env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'start: ERR_SPEC_UNKNOWN_SDK\n' });
  });
});
