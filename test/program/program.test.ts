import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as valibot from 'valibot';
import { AbilityError, type Call, ZoneProgram } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import * as zod from 'zod';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, newProgram, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';
import { thrownBy } from '../support/thrown';

let sandbox: ZoneSandbox;
silenceLog();
const newDir = tempDirs();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const newMessage = {
  event_type: 'conversation_new_message',
  timestamp: 1_760_000_000,
  conversation_new_message: { token: 't-1' },
};

async function sendEvent(data: unknown): Promise<unknown> {
  const { outcome } = await sandbox.wire.send(sandbox.wire.seal({ callType: 2, data }));
  return outcome.kind === 'response' ? JSON.parse(outcome.text) : outcome;
}

describe('an ability', () => {
  test('gets the parsed request and returns an object', async () => {
    await serveProgram(sandbox, (program) =>
      program.ability('greet', ({ name }: { name: string }) => ({ hello: name })),
    );
    const { response, errcode } = await sandbox.call('greet', { name: '李强👩‍💻' });
    expect([errcode, response]).toEqual([0, { hello: '李强👩‍💻' }]);
  });

  test('can return a string, which is sent unchanged', async () => {
    await serveProgram(sandbox, (program) => program.ability('text', async () => ' 纯文本 '));
    expect((await sandbox.call('text', {})).response_data).toBe(' 纯文本 ');
  });

  test('gets a call with the details of the request', async () => {
    let seen: Call | undefined;
    await serveProgram(sandbox, (program) =>
      program.ability('who', (_, call) => {
        seen = call;
        return {};
      }),
    );
    const data = '{ "raw" : [1] }';
    const who = { corpId: 'ww-other', agentId: 4_294_967_295, notifyId: 'n-7' };
    await sandbox.wire.send(sandbox.wire.seal({ ...who, abilityId: 'who', data }));
    expect(seen).toMatchObject({
      corpId: 'ww-other',
      agentId: 4_294_967_295,
      abilityId: 'who',
      notifyId: 'n-7',
      isAsync: false,
      callType: 1,
      jobInfo: '',
      attempt: 1,
      data,
    });
    expect(seen?.requestId).toMatch(/^[0-9a-f]{8}$/);
    expect(seen?.signal.aborted).toBe(false);
  });

  test('calls the zone on behalf of the application', async () => {
    await serveProgram(sandbox, (program) =>
      program.ability('count', async (_, call) => {
        const { msg_list } = await call.zone.invoke('sync_msg', { limit: 7 });
        return { count: msg_list?.length };
      }),
    );
    const { response } = await sandbox.call('count', {}, { corpId: 'ww-c', agentId: 5 });
    expect(response).toEqual({ count: 7 });
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      interfaceName: 'sync_msg',
      corpId: 'ww-c',
      agentId: 5,
      abilityId: 'count',
    });
  });

  test('cannot be registered twice', () => {
    const program = new ZoneProgram().ability('a', () => ({}));
    expect(thrownBy(() => program.ability('a', () => ({}))).code).toBe('ERR_SPEC_HANDLER_EXISTS');
    program.event('e', () => {});
    expect(thrownBy(() => program.event('e', () => {})).code).toBe('ERR_SPEC_HANDLER_EXISTS');
    program.relayEvents({ ability: 'fetch' });
    expect(thrownBy(() => program.relayEvents()).code).toBe('ERR_SPEC_HANDLER_EXISTS');
    expect(thrownBy(() => program.ability('fetch', () => ({}))).code).toBe(
      'ERR_SPEC_HANDLER_EXISTS',
    );
  });

  test.each<[string, (program: ZoneProgram) => unknown]>([
    ['an empty id', (program) => program.ability('', () => ({}))],
    ['an id of another type', (program) => program.ability(1 as never, () => ({}))],
    ['no handler', (program) => program.ability('a', undefined as never)],
    ['a number as schema', (program) => program.ability('a', 1 as never, () => ({}))],
    ['an input that is not a schema', (p) => p.ability('a', { input: {} as never }, () => ({}))],
    ['an event without a handler', (program) => program.event('e', undefined as never)],
    ['interfaces that are not a list', (p) => p.passThrough({ interfaces: 'sync_msg' as never })],
    ['a store without its methods', (program) => program.relayEvents({ store: {} as never })],
  ])('is not registered with %s', (_, register) => {
    expect(thrownBy(() => register(new ZoneProgram())).code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  });

  test.each([
    { bodyLimit: 0 },
    { handlerTimeout: 0 },
    { closeTimeout: -1 },
    { unverifiedStatus: 100 },
    { jobs: { concurrency: 0 } },
    { jobs: { maxPending: 0.5 } },
    { zone: { timeout: 0 } },
    { zone: { retry: { retries: -1 } } },
  ])('needs a program whose options are in range, not %j', (options) => {
    const error = thrownBy(() => new ZoneProgram(options));
    expect(error.code).toBe('ERR_SPEC_OUT_OF_RANGE');
    expect(error.message).toMatch(/^The value of "options\.[\w.]+" is out of range\. /);
  });
});

test.each([
  ['jobs.retry', { jobs: { retry: 5 } }],
  ['zone', { zone: 5 }],
  ['zone.retry', { zone: { retry: 5 } }],
])('a program refuses the option %s if it is not an object', (name, options) => {
  const error = thrownBy(() => new ZoneProgram(options as never));
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  expect(error.message).toContain(`"options.${name}"`);
});

describe('a schema', () => {
  const libraries = {
    zod: zod.object({
      limit: zod.coerce.number().int().max(10),
      tag: zod.string().default('none'),
    }),
    valibot: valibot.object({
      limit: valibot.pipe(valibot.unknown(), valibot.transform(Number), valibot.maxValue(10)),
      tag: valibot.optional(valibot.string(), 'none'),
    }),
  };

  test.each(['zod', 'valibot'] as const)(
    'of %s determines the type of the request, which the handler gets parsed',
    async (name) => {
      await serveProgram(sandbox, (program) =>
        name === 'zod'
          ? program.ability('a', libraries.zod, ({ limit, tag }) => ({
              sum: limit + 1,
              tag: tag.trim(),
            }))
          : program.ability('a', { input: libraries.valibot }, ({ limit, tag }) => ({
              sum: limit + 1,
              tag: tag.trim(),
            })),
      );
      expect((await sandbox.call('a', { limit: '4' })).response).toEqual({ sum: 5, tag: 'none' });
    },
  );

  test.each(['zod', 'valibot'] as const)(
    'of %s keeps requests that do not match from the handler',
    async (name) => {
      let calls = 0;
      const log = logForTest();
      await serveProgram(sandbox, (program) =>
        program.ability('a', libraries[name], () => {
          calls += 1;
          return {};
        }),
      );
      const { response } = await sandbox.call('a', { limit: 11, tag: { secret: '秘密' } });
      expect(response).toMatchObject({ errcode: 710647, request_id: expect.any(String) });
      expect((response as { errmsg: string }).errmsg).toMatch(/limit: .*10.*tag: /);
      expect(calls).toBe(0);
      expect(log.text).not.toContain('秘密');
    },
  );

  test('that throws results in 710660 and does not end the process', async () => {
    const broken = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate(): never {
          throw new Error('broken schema');
        },
      },
    };
    await serveProgram(sandbox, (program) => program.ability('a', broken, () => ({})));
    expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710660 });
  });
});

describe('the response to a failure is', () => {
  async function responseOf(
    register: (program: ZoneProgram) => unknown,
    data: unknown = {},
  ): Promise<{ response: unknown; log: { text: string } }> {
    const log = logForTest();
    await serveProgram(sandbox, register, { handlerTimeout: 50 });
    const { response, errcode } = await sandbox.call('a', data);
    expect(errcode).toBe(0);
    return { response, log };
  }

  test('710660 without details when the handler throws; the log has the error, its place and the request id', async () => {
    const { response, log } = await responseOf((program) =>
      program.ability('a', () => {
        throw Object.assign(new RangeError('out of paper'), { code: 'E_PAPER' });
      }),
    );
    const { errcode, errmsg, request_id: id } = response as Record<string, string>;
    expect(errcode).toBe(710660);
    expect(JSON.stringify(response)).not.toMatch(/paper|RangeError|\.ts|at /i);
    expect(errmsg).toContain(id);
    expect(log.text).toMatch(
      new RegExp(
        `,ERR,.*,\\[${id}\\] ability a failed: RangeError E_PAPER: out of paper at program\\.test\\.ts:\\d+\n`,
      ),
    );
  });

  test('710660 for any thrown value', async () => {
    let thrown: unknown;
    await serveProgram(sandbox, (program) =>
      program.ability('a', () => {
        throw thrown;
      }),
    );
    for (thrown of [
      undefined,
      null,
      'text',
      1n,
      Symbol('s'),
      {},
      Object.create(null),
      new Proxy({}, {}),
    ]) {
      expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710660 });
    }
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['true', true],
    ['a BigInt inside', { n: 1n }],
    ['a lone surrogate', '\ud800'],
    ['a toJSON() that gives nothing', { toJSON: () => undefined }],
  ])('710660 when the handler returns %s', async (_, value) => {
    const { response, log } = await responseOf((program) =>
      program.ability('a', () => value as never),
    );
    expect(response).toMatchObject({ errcode: 710660 });
    expect(log.text).toContain('ERR_SPEC_BAD_RESULT');
  });

  test('710660 when an object has a cycle', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(
      (await responseOf((program) => program.ability('a', () => cycle))).response,
    ).toMatchObject({
      errcode: 710660,
    });
  });

  test('710675 when the handler takes too long; its signal is aborted', async () => {
    let signal: AbortSignal | undefined;
    const { response } = await responseOf((program) =>
      program.ability('a', (_, call) => {
        signal = call.signal;
        return new Promise<never>(() => {});
      }),
    );
    expect(response).toMatchObject({ errcode: 710675 });
    expect(signal?.reason).toMatchObject({ code: 'ERR_SPEC_TIMEOUT' });
  });

  test('710636 when there is no such ability', async () => {
    const { response } = await responseOf((program) => program.ability('b', () => ({})));
    expect(response).toMatchObject({ errcode: 710636 });
  });

  test('790015 when the data is not JSON, which is not logged', async () => {
    const { response, log } = await responseOf((p) => p.ability('a', () => ({})), '机密 {');
    expect(response).toMatchObject({ errcode: 790015 });
    expect(log.text).not.toContain('机密');
  });

  test('the errcode and errmsg of an AbilityError', async () => {
    const { response, log } = await responseOf((program) =>
      program.ability('a', async () => {
        throw new AbilityError(40001, '没有这份报告');
      }),
    );
    expect(response).toMatchObject({ errcode: 40001, errmsg: '没有这份报告' });
    expect(log.text).not.toContain(',ERR,');
  });

  test('the result of onError', async () => {
    await serveProgram(
      sandbox,
      (program) => program.ability('a', () => Promise.reject(new Error('x'))),
      {
        onError: ({ kind, error }, call) => ({
          ok: false,
          kind,
          is: error instanceof Error,
          in: call.abilityId,
        }),
      },
    );
    expect((await sandbox.call('a', {})).response).toEqual({
      ok: false,
      kind: 'failed',
      is: true,
      in: 'a',
    });
  });

  test('the default response when onError fails', async () => {
    await serveProgram(sandbox, () => {}, {
      onError: () => {
        throw new Error('x');
      },
    });
    expect((await sandbox.call('a', {})).response).toMatchObject({ errcode: 710636 });
  });

  test('without the message of JSON.parse in the log, because it quotes content', async () => {
    const { log } = await responseOf((program) =>
      program.ability('a', () => {
        JSON.parse('聊天内容');
        return {};
      }),
    );
    expect(log.text).toContain('ability a failed: SyntaxError');
    expect(log.text).not.toContain('聊');
  });
});

describe('an event', () => {
  test('is passed to the handler of its type, which finishes before the response', async () => {
    const tokens: string[] = [];
    await serveProgram(sandbox, (program) =>
      program
        .event('hit_keyword', () => Promise.reject(new Error('not this one')))
        .event('conversation_new_message', async (event, call) => {
          await call.zone.invoke('sync_msg', { token: event.conversation_new_message.token });
          tokens.push(event.conversation_new_message.token);
        }),
    );
    expect(await sendEvent(newMessage)).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(tokens).toEqual(['t-1']);
  });

  test('gets the result of the handler as response', async () => {
    await serveProgram(sandbox, (program) =>
      program.event('something_new', (event, call) => ({
        type: event.event_type,
        kind: call.callType,
      })),
    );
    expect(await sendEvent({ event_type: 'something_new' })).toEqual({
      type: 'something_new',
      kind: 2,
    });
  });

  test('without a handler gets errcode 0', async () => {
    await serveProgram(sandbox, () => {});
    expect(await sendEvent(newMessage)).toEqual({ errcode: 0, errmsg: 'ok' });
  });

  test.each(['no JSON', '[]', '{}', { ...newMessage, conversation_new_message: {} }])(
    'that is malformed gets errcode 790015: %j',
    async (data) => {
      await serveProgram(sandbox, (program) => program.event('conversation_new_message', () => {}));
      expect(await sendEvent(data)).toMatchObject({ errcode: 790015 });
    },
  );

  test('whose handler throws gets errcode 710660', async () => {
    await serveProgram(sandbox, (program) =>
      program.event('conversation_new_message', () => Promise.reject(new Error('x'))),
    );
    expect(await sendEvent(newMessage)).toMatchObject({ errcode: 710660 });
  });
});

test('notFound() serves abilities and events without a handler', async () => {
  await serveProgram(sandbox, (program) =>
    program
      .ability('known', () => ({ from: 'ability' }))
      .notFound((request, call) => ({ request, ability: call.abilityId, type: call.callType })),
  );
  expect((await sandbox.call('known', {})).response).toEqual({ from: 'ability' });
  expect((await sandbox.call('else', [1])).response).toEqual({
    request: [1],
    ability: 'else',
    type: 1,
  });
  expect(await sendEvent(newMessage)).toEqual({ request: newMessage, ability: '', type: 2 });
});

describe('relayEvents()', () => {
  test('stores the event, notifies the application, and returns the event for its notify_id', async () => {
    const { program } = await serveProgram(sandbox, (p) => p.relayEvents({ scene: 9 }));
    let atNotification: unknown;
    // As an application that is faster than the program: it asks before spec_notify_app has returned.
    sandbox.faults.inject(async ({ interfaceName, request }) => {
      if (interfaceName !== 'spec_notify_app') return undefined;
      const { notify_id: notifyId } = JSON.parse(request);
      const { response } = await sandbox.call('get_callback_data', {}, { notifyId });
      atNotification = response;
      return undefined;
    });
    expect(await sendEvent(newMessage)).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(atNotification).toEqual(newMessage);
    const sent = JSON.parse(
      sandbox.wire.exchanges.find((e) => e.interfaceName === 'spec_notify_app')?.request ?? '',
    );
    expect(sent).toEqual({ notify_id: expect.any(String), notify_scene: 9 });
    // Again, and by the request's own field.
    const again = await sandbox.call('get_callback_data', { notify_id: sent.notify_id });
    expect(again.response).toEqual(newMessage);
    expect((await program.metrics()).requests).toMatchObject({
      'event conversation_new_message': { ok: 1 },
      get_callback_data: { ok: 2 },
    });
  });

  test('does not return an event to another corp, nor for an unknown notify_id', async () => {
    await serveProgram(sandbox, (p) => p.relayEvents({ ability: 'fetch' }));
    await sendEvent(newMessage);
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    const refused = [
      await sandbox.call('fetch', {}, { notifyId, corpId: 'ww-thief' }),
      await sandbox.call('fetch', {}),
      await sandbox.call('fetch', { notify_id: { $gt: '' } }),
      await sandbox.call('fetch', null),
    ];
    for (const { response } of refused) expect(response).toMatchObject({ errcode: 710646 });
    // The sandbox's platform would not let this one through.
    const unknown = sandbox.wire.seal({ abilityId: 'fetch', data: {}, notifyId: 'unknown' });
    const { outcome } = await sandbox.wire.send(unknown);
    expect(outcome).toMatchObject({ text: expect.stringContaining('"errcode":710646') });
    expect((await sandbox.call('fetch', {}, { notifyId })).response).toEqual(newMessage);
  });

  test('keeps stored events across a restart, until they expire', async () => {
    const dataDir = newDir();
    const first = await serveProgram(sandbox, (p) => p.relayEvents({ ttl: 60_000 }), { dataDir });
    await sendEvent(newMessage);
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    await first.program.close();
    await serveProgram(sandbox, (p) => p.relayEvents({ ttl: 1 }), { dataDir });
    expect((await sandbox.call('get_callback_data', {}, { notifyId })).response).toEqual(
      newMessage,
    );
    await sendEvent(newMessage);
    const gone = sandbox.application.notifications[1]?.notifyId ?? '';
    const isThere = async () =>
      (await sandbox.call('get_callback_data', {}, { notifyId: gone })).response_data.includes(
        't-1',
      );
    while (await isThere());
  });

  test('stores events in any Keyv', async () => {
    const { Keyv } = await import('keyv');
    const map = new Map<string, unknown>();
    await serveProgram(sandbox, (p) => p.relayEvents({ store: new Keyv({ store: map }) }));
    await sendEvent(newMessage);
    expect(map.size).toBe(1);
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    expect((await sandbox.call('get_callback_data', {}, { notifyId })).response).toEqual(
      newMessage,
    );
  });

  test('responds with busy, not "unknown notify_id", when a Keyv only emits its errors', async () => {
    const { Keyv } = await import('keyv');
    const map = new Map<string, unknown>();
    let isDown = false;
    const fails = () => Promise.reject(new Error('the server is down'));
    const adapter = {
      opts: {},
      get: async (key: string) => (isDown ? fails() : map.get(key)),
      set: async (key: string, value: unknown) => (isDown ? fails() : map.set(key, value)),
      delete: async () => true,
      clear: async () => {},
    };
    const store = new Keyv({ store: adapter as never });
    store.on('error', () => {});
    await serveProgram(sandbox, (p) => p.relayEvents({ store }));
    await sendEvent(newMessage);
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    const fetchIt = async () =>
      (await sandbox.call('get_callback_data', {}, { notifyId })).response as { errcode?: number };
    isDown = true;
    expect(await fetchIt()).toMatchObject({ errcode: -1 });
    expect(await sendEvent(newMessage)).toMatchObject({ errcode: -1 });
    expect(sandbox.application.notifications).toHaveLength(1);
    isDown = false;
    expect(await fetchIt()).toEqual(newMessage);
  });

  test('counts events of unknown types together', async () => {
    const { program } = await serveProgram(sandbox, (p) => p.relayEvents());
    await sendEvent(newMessage);
    for (const type of ['unknown_1', 'unknown_2', 'unknown_3']) {
      await sendEvent({ event_type: type, timestamp: 1 });
    }
    expect((await program.metrics()).requests).toEqual({
      'event conversation_new_message': { ok: 1 },
      'event (other)': { ok: 3 },
    });
  });

  test('does not notify the application of an event that could not be stored', async () => {
    const log = logForTest();
    const store = { get: async () => undefined, set: () => Promise.reject(new Error('disk full')) };
    await serveProgram(sandbox, (p) => p.relayEvents({ store }));
    expect(await sendEvent(newMessage)).toMatchObject({ errcode: -1 });
    expect(sandbox.application.notifications).toEqual([]);
    expect(log.text).toMatch(/event busy: .*disk full/);
  });

  test('does not notify the application when the folder for events cannot be created', async () => {
    const dataDir = join(newDir(), 'folder');
    await serveProgram(sandbox, (p) => p.relayEvents(), { dataDir });
    // No folder can be made in place of a file.
    writeFileSync(dataDir, '');
    expect(await sendEvent(newMessage)).toMatchObject({ errcode: -1 });
    expect(sandbox.application.notifications).toEqual([]);
  });

  test('repeats a notification that failed, with the same notify_id', async () => {
    await serveProgram(sandbox, (p) => p.relayEvents());
    let failures = 2;
    sandbox.faults.inject(({ interfaceName }) =>
      interfaceName === 'spec_notify_app' && failures-- > 0 ? { status: 500 } : undefined,
    );
    expect(await sendEvent(newMessage)).toEqual({ errcode: 0, errmsg: 'ok' });
    const ids = sandbox.wire.exchanges.map(({ request }) => JSON.parse(request).notify_id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  test('does not relay events that have a handler or are not listed', async () => {
    const handled: string[] = [];
    await serveProgram(sandbox, (p) =>
      p
        .relayEvents({ events: ['conversation_new_message', 'hit_keyword'] })
        .event('hit_keyword', (event) => void handled.push(event.event_type))
        .notFound((event) => {
          handled.push((event as { event_type: string }).event_type);
          return {};
        }),
    );
    await sendEvent({ event_type: 'hit_keyword', timestamp: 1, hit_keyword: { token: 't' } });
    await sendEvent({ event_type: 'something_new' });
    expect([handled, sandbox.application.notifications.length]).toEqual([
      ['hit_keyword', 'something_new'],
      0,
    ]);
    await sendEvent(newMessage);
    expect(sandbox.application.notifications).toHaveLength(1);
  });

  test('lets handlers offer data to the application with notifyApp()', async () => {
    await serveProgram(sandbox, (p) =>
      p.relayEvents().event('hit_keyword', async (_, call) => {
        await call.notifyApp({ hits: 3 }, 12);
      }),
    );
    await sendEvent({ event_type: 'hit_keyword', timestamp: 1, hit_keyword: { token: 't' } });
    expect(sandbox.application.notifications).toMatchObject([{ notifyScene: 12 }]);
    const { notifyId } = sandbox.application.notifications[0] ?? { notifyId: '' };
    expect((await sandbox.call('get_callback_data', {}, { notifyId })).response).toEqual({
      hits: 3,
    });
  });

  test('is needed for notifyApp()', async () => {
    let code: unknown;
    await serveProgram(sandbox, (p) =>
      p.ability('a', async (_, call) => {
        await call.notifyApp({}).catch((error) => {
          code = error.code;
        });
        return {};
      }),
    );
    await sandbox.call('a', {});
    expect(code).toBe('ERR_SPEC_NO_RELAY');
  });
});

describe('passThrough()', () => {
  test('passes requests and responses of the listed interfaces through, including errcodes', async () => {
    await serveProgram(sandbox, (p) => p.passThrough({ interfaces: ['sync_msg'] }));
    const good = await sandbox.call('invoke_sync_msg', { limit: 2 }, { corpId: 'ww-c' });
    expect(good.response).toMatchObject({ errcode: 0, msg_list: [{}, {}] });
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      corpId: 'ww-c',
      abilityId: 'invoke_sync_msg',
    });
    expect((await sandbox.call('invoke_sync_msg', { limit: 0 })).response).toMatchObject({
      errcode: 40058,
    });
  });

  test('does not pass other interfaces through', async () => {
    await serveProgram(sandbox, (p) => p.passThrough({ interfaces: ['sync_msg'], prefix: 'do_' }));
    for (const ability of ['invoke_sync_msg', 'do_get_group_chat', 'sync_msg']) {
      expect((await sandbox.call(ability, {})).response).toMatchObject({ errcode: 710636 });
    }
    expect(sandbox.wire.exchanges).toHaveLength(0);
  });

  test('reports the return value of Invoke when the exchange failed', async () => {
    await serveProgram(sandbox, (p) => p.passThrough({ interfaces: ['sync_msg'] }));
    sandbox.faults.inject(() => ({ status: 500 }));
    const { response } = await sandbox.call('invoke_sync_msg', {});
    expect(response).toMatchObject({ errcode: 710660, errmsg: expect.stringContaining('-10003') });
  });
});

describe('a request that fails verification', () => {
  test.each([200, 403])(
    'gets the headers of the SDK with status %i, and a log line without content',
    async (status) => {
      const log = logForTest();
      const { program } = await serveProgram(sandbox, (p) => p.ability('a', () => ({})), {
        unverifiedStatus: status,
      });
      const request = sandbox.wire.seal({ abilityId: 'a', data: { secret: 1 } });
      request.headers['ww-signature'] = `${'A'.repeat(43)}=`;
      const response = await sandbox.wire.send(request);
      expect(response.status).toBe(status);
      expect(response.outcome).toEqual({ kind: 'refusal', reason: 'signature', authentic: true });
      const ours = log.records.filter(({ file }) => file === 'dispatcher.js');
      expect(ours).toMatchObject([
        { level: 'ERR', custom: expect.stringMatching(/^\[[0-9a-f]{8}\] request refused/) },
      ]);
      expect(log.text).not.toContain(request.body.slice(0, 20));
      expect((await program.metrics()).requests).toEqual({ '(unverified)': { unverified: 1 } });
    },
  );
});

describe('listen()', () => {
  test('reports that the port is in use', async () => {
    const { port } = await serveProgram(sandbox, () => {});
    await expect(newProgram().listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'ERR_SPEC_LISTEN',
      message: expect.stringContaining('EADDRINUSE'),
    });
  });

  test('fails before it serves requests when no SDK can be loaded', async () => {
    setEnvironmentForTest({ WEWORK_SPEC_ADDON: '/nowhere/addon.node' });
    const { ZoneProgram: Fresh } = await freshPackage();
    await expect(new Fresh().listen({ port: 0, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'ERR_SPEC_NOT_BUILT',
    });
  });

  test.each([
    ['the option', { dataDir: join(__filename, 'folder') }, {}],
    ['the variable', {}, { WEWORK_SPEC_DATA_DIR: __filename }],
  ])('does not start when %s sets a data folder that cannot be one', async (_, options, env) => {
    setEnvironmentForTest(env);
    const program = new ZoneProgram(options);
    await expect(program.listen({ port: 0, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'ERR_SPEC_STORE',
      message: expect.stringContaining('is not a folder'),
    });
    await program.close();
  });

  test('handles signals only when asked to', async () => {
    const handlers = (): number[] => [
      process.listenerCount('SIGTERM'),
      process.listenerCount('SIGINT'),
    ];
    const [terms = 0, ints = 0] = handlers();
    await serveProgram(sandbox, () => {});
    expect(handlers()).toEqual([terms, ints]);
    const asked = newProgram();
    await asked.listen({ port: 0, host: '127.0.0.1', signals: true });
    expect(handlers()).toEqual([terms + 1, ints + 1]);
    await asked.close();
    expect(handlers()).toEqual([terms, ints]);
  });

  test('creates no files for a program that stores nothing', async () => {
    const dataDir = join(newDir(), 'unused');
    const { program } = await serveProgram(sandbox, (p) => p.ability('a', () => ({})), { dataDir });
    await sandbox.call('a', {});
    await program.close();
    expect(existsSync(dataDir)).toBe(false);
  });
});

/** The package as a new process would import it. */
async function freshPackage(): Promise<typeof import('wework-spec-sdk')> {
  let fresh: typeof import('wework-spec-sdk') | undefined;
  jest.isolateModules(() => {
    fresh = require('wework-spec-sdk');
  });
  return fresh as typeof import('wework-spec-sdk');
}
