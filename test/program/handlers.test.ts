import type { StandardSchemaV1 } from '@standard-schema/spec';
import { AbilityError, type ProgramFailure, ZoneProgram } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, serveProgram } from '../support/served-program';
import { thrownBy } from '../support/thrown';

// What a program accepts as a handler, and what becomes of a handler's input and result.

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** A schema of no library. */
function schemaWith(
  validate: (value: unknown) => StandardSchemaV1.Result<unknown>,
): StandardSchemaV1 {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

const messageOf = ({ response }: { response?: unknown }) => (response as { errmsg: string }).errmsg;

describe('the issues of a schema', () => {
  async function wordsOf(issues: readonly StandardSchemaV1.Issue[]): Promise<string> {
    const schema = schemaWith(() => ({ issues }));
    await serveProgram(sandbox, (program) => program.ability('a', schema, () => ({})));
    return messageOf(await sandbox.call('a', {}));
  }
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ message: `issue-${n}` }));

  test('are reported with their path, whose parts can be objects', async () => {
    const words = await wordsOf([
      { message: 'too long', path: ['list', 0, { key: 'name' }] },
      { message: 'in\nlines' },
      { message: 'at the top', path: [] },
    ]);
    expect(words).toMatch(/: list\.0\.name: too long; in lines; at the top$/);
  });

  test.each([
    [5, /: issue-0; issue-1; issue-2; issue-3; issue-4$/],
    [8, /; issue-4; and 3 more$/],
  ])('are limited to five: of %d', async (count, words) => {
    expect(await wordsOf(numbered(count))).toMatch(words);
  });

  test('are reported for a schema that is a function, too', async () => {
    const schema = Object.assign(
      () => {},
      schemaWith(() => ({ value: { made: true } })),
    );
    await serveProgram(sandbox, (program) =>
      program.ability('a', schema as StandardSchemaV1, (input) => input as object),
    );
    expect((await sandbox.call('a', {})).response).toEqual({ made: true });
  });
});

test.each<[string, (program: ZoneProgram) => unknown, string]>([
  ['an event type that is empty', (p) => p.event('' as never, () => {}), 'INVALID_ARG_TYPE'],
  ['an event type of 5', (p) => p.event(5 as never, () => {}), 'INVALID_ARG_TYPE'],
  [
    'null in place of a schema',
    (p) => p.ability('a', null as never, () => ({})),
    'INVALID_ARG_TYPE',
  ],
  ['a timeout of 0', (p) => p.ability('a', { handlerTimeout: 0 }, () => ({})), 'OUT_OF_RANGE'],
  [
    'a timeout of 2 ** 31',
    (p) => p.ability('a', { handlerTimeout: 2 ** 31 }, () => ({})),
    'OUT_OF_RANGE',
  ],
  ['an interface with a slash', (p) => p.passThrough({ interfaces: ['a/b'] }), 'INVALID_ARG_TYPE'],
  [
    'an interface that is a number',
    (p) => p.passThrough({ interfaces: [5 as never] }),
    'INVALID_ARG_TYPE',
  ],
  [
    'a list of interfaces with a hole',
    (p) => p.passThrough({ interfaces: new Array(1) }),
    'INVALID_ARG_TYPE',
  ],
  [
    'an event to relay that is a number',
    (p) => p.relayEvents({ events: [5 as never] }),
    'INVALID_ARG_TYPE',
  ],
  ['an interface with a space', (p) => p.passThrough({ interfaces: [' a'] }), 'INVALID_ARG_TYPE'],
  [
    'a prefix that is not a string',
    (p) => p.passThrough({ interfaces: ['a'], prefix: 5 as never }),
    'INVALID_ARG_TYPE',
  ],
])('a program refuses %s', (_, register, code) => {
  expect(thrownBy(() => register(new ZoneProgram())).code).toBe(`ERR_SPEC_${code}`);
});

test.each<[string, (program: ZoneProgram) => unknown]>([
  ['an ability', (program) => program.ability('a', () => ({}))],
  ['an event', (program) => program.event('hit_keyword', () => {})],
  ['relayEvents()', (program) => program.relayEvents()],
  ['passThrough()', (program) => program.passThrough({ interfaces: ['a'] })],
])('%s cannot be registered twice', (_, register) => {
  const program = new ZoneProgram();
  register(program);
  expect(thrownBy(() => register(program)).code).toBe('ERR_SPEC_HANDLER_EXISTS');
});

test('passThrough() registers abilities with its prefix, which return the response of the platform', async () => {
  await serveProgram(sandbox, (program) =>
    program.passThrough({ interfaces: ['get_rule_list'], prefix: 'zone.' }),
  );
  const request = { limit: 1 };
  expect((await sandbox.call('zone.get_rule_list', request)).response).toMatchObject({
    errcode: 0,
  });
  expect((await sandbox.call('invoke_get_rule_list', request)).response).toMatchObject({
    errcode: 710636,
  });
});

test('an ability can have its own timeout; others have that of the program', async () => {
  const never = () => new Promise<object>(() => {});
  await serveProgram(
    sandbox,
    (program) => program.ability('own', { handlerTimeout: 1 }, never).ability('other', never),
    { handlerTimeout: 20 },
  );
  for (const id of ['own', 'other']) {
    expect((await sandbox.call(id, {})).response).toMatchObject({ errcode: 710675 });
  }
});

describe('a result that cannot be sent', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  test.each<[string, () => unknown, string]>([
    ['null', () => null, 'null'],
    ['undefined', () => undefined, 'undefined'],
    ['a number', () => 5, 'number'],
    ['a lone surrogate', () => '\ud800', 'a lone'],
    ['an object without a JSON form', () => ({ toJSON: () => undefined }), 'JSON'],
    ['an object with a cycle', () => circular, 'Converting'],
    [
      'an object whose toJSON() throws',
      () => ({
        toJSON() {
          throw 'not an Error';
        },
      }),
      'toJSON() threw',
    ],
  ])('results in 710660 and the reason in the log: %s', async (_, make, why) => {
    const log = logForTest();
    await serveProgram(sandbox, (program) => program.ability('a', make as never));
    expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710660 });
    expect(log.text).toContain('ERR_SPEC_BAD_RESULT');
    expect(log.text).toContain(why);
  });
});

test.each([0, 1.5, Number.NaN])(
  'an AbilityError with the invalid errcode %p results in 710660',
  async (errcode) => {
    await serveProgram(sandbox, (program) =>
      program.ability('a', () => {
        throw new AbilityError(errcode, 'x');
      }),
    );
    expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710660 });
  },
);

describe('a failure', () => {
  test('by an AbilityError is logged with level INFO', async () => {
    const log = logForTest();
    await serveProgram(sandbox, (program) =>
      program.ability('a', () => {
        throw new AbilityError(40_001, 'no such report');
      }),
    );
    await sandbox.call('a', {});
    expect(log.records).toMatchObject([
      { level: 'INFO', custom: expect.stringMatching(/ability a.*40001/) },
    ]);
  });

  test('without an exception is logged with its errmsg', async () => {
    const log = logForTest();
    await serveProgram(sandbox, (program) => program.passThrough({ interfaces: ['sync_msg'] }));
    const fault = sandbox.faults.inject(() => ({ ret: -10004 }));
    await sandbox.call('invoke_sync_msg', {});
    fault.remove();
    const { custom } = log.records.find(({ level }) => level === 'ERR') ?? {};
    expect(custom).toContain('Invoke of sync_msg returned -10004');
  });

  test('is passed to onError with what was thrown, if anything', async () => {
    const failures: ProgramFailure[] = [];
    const thrown = new Error('x');
    await serveProgram(
      sandbox,
      (program) =>
        program
          .ability('a', () => {
            throw thrown;
          })
          .ability('late', { handlerTimeout: 1 }, () => new Promise<object>(() => {})),
      {
        onError: (failure) => {
          failures.push(failure);
          return { chosen: true };
        },
      },
    );
    await sandbox.call('a', {});
    await sandbox.call('late', {});
    await sandbox.call('none', {});
    expect(failures).toStrictEqual([
      { kind: 'failed', errcode: 710660, errmsg: expect.any(String), error: thrown },
      {
        kind: 'timeout',
        errcode: 710675,
        errmsg: expect.any(String),
        error: expect.objectContaining({ code: 'ERR_SPEC_TIMEOUT' }),
      },
      { kind: 'unknown-ability', errcode: 710636, errmsg: expect.any(String) },
    ]);
  });
});

describe('an event', () => {
  const newMessage = { event_type: 'conversation_new_message', timestamp: 1 };
  const withToken = { ...newMessage, conversation_new_message: { token: 't' } };
  const send = (data: object) => sandbox.wire.send(sandbox.wire.seal({ callType: 2, data }));

  test('is counted by its type if it has a handler, and under (other) if not', async () => {
    const long = 'e'.repeat(100);
    const { program } = await serveProgram(sandbox, (p) =>
      p.event('conversation_new_message', () => {}).event(long as never, () => {}),
    );
    await send(withToken);
    await send({ event_type: 'brand_new' });
    await send({ event_type: long });
    const { requests } = await program.metrics();
    expect(requests).toEqual({
      'event conversation_new_message': { ok: 1 },
      [`event ${long}`]: { ok: 1 },
      '(other)': { ok: 1 },
    });
  });

  test('with an invalid event_type is counted as not-json under (other)', async () => {
    const { program } = await serveProgram(sandbox, (p) => p);
    await send({ event_type: '' });
    expect((await program.metrics()).requests).toEqual({ '(other)': { 'not-json': 1 } });
  });

  test('has call type 2, no job_info and attempt 1', async () => {
    const seen: unknown[] = [];
    await serveProgram(sandbox, (program) =>
      program.event('conversation_new_message', (_, call) => {
        seen.push(call.callType, call.isAsync, call.jobInfo, call.attempt);
      }),
    );
    await send(withToken);
    expect(seen).toEqual([2, false, '', 1]);
  });
});

test('call.zone and call.log are the same objects on each access', async () => {
  await serveProgram(sandbox, (program) =>
    program.ability('a', (_, call) => {
      const { zone, log, corpId, agentId } = call;
      return {
        zone: call.zone === zone,
        log: call.log === log,
        corpId: zone.corpId === corpId,
        agentId: zone.agentId === agentId,
      };
    }),
  );
  expect((await sandbox.call('a', {})).response).toEqual({
    zone: true,
    log: true,
    corpId: true,
    agentId: true,
  });
});

test.each([-1, 256, 0.5])('notifyApp() rejects the scene %p', async (scene) => {
  await serveProgram(sandbox, (program) =>
    program.relayEvents().ability('a', async (_, call) => {
      try {
        await call.notifyApp({ text: 'x' }, scene);
        return { code: 'none' };
      } catch (error) {
        return { code: (error as { code: string }).code };
      }
    }),
  );
  expect((await sandbox.call('a', {})).response).toEqual({ code: 'ERR_SPEC_OUT_OF_RANGE' });
});

test.each([
  [10, 'DBG', ''],
  [29, 'DBG', ''],
  [30, 'INFO', ''],
  [39, 'INFO', ''],
  [40, 'INFO', 'warn: '],
  [49, 'INFO', ''],
  [50, 'ERR', ''],
  [60, 'ERR', ''],
  ['trace', 'DBG', ''],
  ['debug', 'DBG', ''],
  ['info', 'INFO', ''],
  ['warn', 'INFO', 'warn: '],
  ['error', 'ERR', ''],
  ['fatal', 'ERR', ''],
  ['brand new', 'INFO', ''],
])('a line of pino with the level %p is a record of level %s', (level, expected, prefix) => {
  const log = logForTest();
  setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_LOG_LEVEL: '3' });
  const program = new ZoneProgram();
  const line = { level, time: 1, pid: 2, hostname: 'h', msg: 'words', more: 3 };
  expect(program.log.write(`${JSON.stringify(line)}\n`)).toBe(true);
  expect(log.records).toMatchObject([{ level: expected, custom: `${prefix}words {"more":3}` }]);
});

test.each([
  ['{"level":30,"msg":"words"}', 'words'],
  ['{"level":30}', ''],
  ['{"msg":"no level"}', '{"msg":"no level"}'],
  ['["level"]', '["level"]'],
  ['null', 'null'],
  ['plain words  \n', 'plain words'],
])('the line %p becomes the record %p', (line, custom) => {
  const log = logForTest();
  new ZoneProgram().log.write(line);
  expect(log.records).toMatchObject([{ level: 'INFO', custom }]);
});
