import {
  type ArchivedMessage,
  type BatchOptions,
  GetSdkInfo,
  type MessageBatch,
  ZoneClient,
} from 'wework-spec-sdk';
import { type InvokeExchange, type InvokeFailure, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
let archive: readonly string[];

/** The platform and the client of the tests of a group. */
function useArchive(messages: number): void {
  beforeAll(async () => {
    sandbox = await ZoneSandbox.start({ corp: { messages } });
    setEnvironment(sandbox.env);
    zone = new ZoneClient({
      corpId: sandbox.application.corpId,
      agentId: sandbox.application.agentId,
      retry: { delay: 1, maxDelay: 1 },
    });
    archive = sandbox.corp.messages.map(({ msgid }) => msgid);
  });
  afterAll(() => sandbox.stop());
}

// Abandoned calls of a test are still inside the SDK, and the next test counts calls.
afterEach(async () => {
  for (;;) {
    const { running, queued } = GetSdkInfo().threadPool;
    if (running + queued === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
});

/** The calls of the program since then, by name. */
function watchCalls(): { readonly calls: InvokeExchange[]; count(name: string): number } {
  const calls: InvokeExchange[] = [];
  onTestEnd(
    sandbox.faults.inject((exchange) => {
      calls.push(exchange);
      return undefined;
    }).remove,
  );
  return {
    calls,
    count: (name) => calls.filter(({ interfaceName }) => interfaceName === name).length,
  };
}

/** Makes the calls of an interface with these numbers (from 1) fail. */
function failing(name: string, faults: Readonly<Record<number, InvokeFailure>>): () => number {
  let calls = 0;
  onTestEnd(
    sandbox.faults.inject(({ interfaceName }) => {
      if (interfaceName !== name) return undefined;
      calls += 1;
      return faults[calls];
    }).remove,
  );
  return () => calls;
}

async function pull(options: BatchOptions = {}): Promise<MessageBatch[]> {
  const all: MessageBatch[] = [];
  for await (const batch of zone.batches(options)) all.push(batch);
  return all;
}

const idsOf = (messages: readonly ArchivedMessage[]) => messages.map(({ msgid }) => msgid);
const allIds = (list: readonly MessageBatch[]) => list.flatMap(({ messages }) => idsOf(messages));

describe('an archive of 100,000 messages', () => {
  // With page ids: ten batches of ten pages.
  useArchive(100_000);

  test('is pulled in order, each message once: adaptive mode, concurrent pages', async () => {
    const seen = watchCalls();
    const list = await pull();
    expect(allIds(list)).toEqual(archive);
    expect(list.map(({ hasMore }) => hasMore)).toEqual([...Array(9).fill(true), false]);
    expect(seen.count('sync_msg')).toBe(10);
    expect(seen.count('get_msg_list_by_page_id')).toBe(100);
  });

  test('is pulled completely despite errcode -1, dropped connections, late pages, an abort and a resume', async () => {
    const busy = { response: '{"errcode":-1,"errmsg":"busy"}' };
    const listings = failing('sync_msg', { 2: busy, 3: busy, 6: { drop: true } });
    const pages = failing('get_msg_list_by_page_id', {
      1: { delay: 50 },
      7: busy,
      13: { cut: true },
      20: { status: 503 },
      55: { drop: true },
    });
    const controller = new AbortController();
    const before: string[] = [];
    let stored: string | undefined;
    const broken = (async () => {
      for await (const batch of zone.batches({ signal: controller.signal })) {
        before.push(...idsOf(batch.messages));
        stored = batch.cursor;
        if (before.length === 60_000) controller.abort(new Error('enough'));
      }
    })();
    expect((await rejectionOf(broken)).message).toBe('enough');
    // All faults occurred, except those of calls that the abort has made unnecessary.
    expect(listings()).toBeGreaterThanOrEqual(9);
    expect(pages()).toBeGreaterThanOrEqual(64);
    const after = allIds(await pull({ cursor: stored }));
    expect(after).toHaveLength(40_000);
    expect([...before, ...after]).toEqual(archive);
  });
});

describe('an archive of 10,000 messages', () => {
  // Pages of 100: ten batches.
  useArchive(10_000);

  test.each([
    ['one page after another', { mode: 0, limit: 100 }, 100],
    ['page ids always', { mode: 1, limit: 100 }, 10],
    ['page ids of pages that do not come out even', { mode: 2, limit: 77 }, 13],
  ] as const)('is pulled in order, each message once: %s', async (_, options, batches) => {
    const list = await pull(options);
    expect(allIds(list)).toEqual(archive);
    expect(list).toHaveLength(batches);
  });

  test('is pulled message by message', async () => {
    const ids: string[] = [];
    for await (const { msgid } of zone.messages({ limit: 100 })) ids.push(msgid);
    expect(ids).toEqual(archive);
  });

  describe('the cursor', () => {
    test('of a batch is where the next one starts', async () => {
      for await (const { cursor, messages } of zone.batches({ limit: 10 })) {
        const next = await zone.sync_msg({ cursor, limit: 1 });
        const last = archive.indexOf(idsOf(messages).at(-1) as string);
        expect(next.msg_list?.[0]?.msgid).toBe(archive[last + 1]);
        if (last > 300) break;
      }
    });

    test('makes a crash repeat at most one batch and lose nothing', async () => {
      let stored = '';
      const taken: string[] = [];
      let crashes = 0;
      for (;;) {
        const crashAt = (crashes + 1) * 1700;
        const messages = zone.messages({ cursor: stored, limit: 100 });
        let crashed = false;
        for await (const { msgid } of messages) {
          // The work on a message can be lost in the crash; the cursor is stored before the next message.
          if (messages.cursor !== undefined) stored = messages.cursor;
          taken.push(msgid);
          if (taken.length >= crashAt) {
            crashed = true;
            break;
          }
        }
        if (!crashed) {
          stored = messages.cursor ?? '';
          break;
        }
        crashes += 1;
      }
      expect(crashes).toBeGreaterThan(3);
      expect([...new Set(taken)]).toEqual(archive);
      expect(taken.length - archive.length).toBeLessThanOrEqual(crashes * 1000);
      expect(await zone.sync_msg({ cursor: stored })).toMatchObject({ has_more: 0, msg_list: [] });
    });

    test('of messages() is never ahead of the consumer', async () => {
      const messages = zone.messages({ cursor: undefined, limit: 10 });
      expect(messages.cursor).toBeUndefined();
      const cursors = new Map<number, string | undefined>();
      let count = 0;
      for await (const _ of messages) {
        count += 1;
        cursors.set(count, messages.cursor);
        if (count === 201) break;
      }
      expect(cursors.get(100)).toBeUndefined();
      const first = cursors.get(101);
      expect((await zone.sync_msg({ cursor: first, limit: 1 })).msg_list?.[0]?.msgid).toBe(
        archive[100],
      );
      expect(cursors.get(200)).toBe(first);
      expect(cursors.get(201)).not.toBe(first);
      // Stopped: the last batch comes again.
      expect(messages.cursor).toBe(cursors.get(201));
    });

    test('resumes after an abort, which ends the iterator with its reason', async () => {
      const controller = new AbortController();
      let stored: string | undefined;
      const before: string[] = [];
      const run = (async () => {
        for await (const batch of zone.batches({ signal: controller.signal, limit: 100 })) {
          before.push(...idsOf(batch.messages));
          stored = batch.cursor;
          if (before.length === 3000) controller.abort(new Error('enough'));
        }
      })();
      expect((await rejectionOf(run)).message).toBe('enough');
      const after = allIds(await pull({ cursor: stored, limit: 100 }));
      expect([...before, ...after]).toEqual(archive);
    });

    test('an abort during calls settles immediately', async () => {
      const gate = new Gate();
      onTestEnd(
        sandbox.faults.inject(async ({ interfaceName }) => {
          if (interfaceName === 'get_msg_list_by_page_id') await gate.pass();
          return undefined;
        }).remove,
      );
      onTestEnd(() => gate.open());
      const controller = new AbortController();
      const run = rejectionOf(pull({ signal: controller.signal, limit: 100 }));
      await gate.reached(10);
      controller.abort(new Error('enough'));
      expect((await run).message).toBe('enough');
    });

    test('begin_time is sent with the first request only', async () => {
      const seen = watchCalls();
      const { sendTime } = sandbox.corp.messages[5000] ?? { sendTime: 0 };
      const list = await pull({ beginTime: sendTime, limit: 100 });
      expect(list[0]?.messages[0]?.send_time).toBe(sendTime);
      const requests = seen.calls
        .filter(({ interfaceName }) => interfaceName === 'sync_msg')
        .map(({ request }) => JSON.parse(request));
      expect(requests.map(({ begin_time: time }) => time)).toEqual([
        sendTime,
        ...Array(requests.length - 1).fill(undefined),
      ]);
    });
  });

  describe('tokens', () => {
    test('are sent with each request; a function is called before each', async () => {
      const seen = watchCalls();
      await pull({ token: 'fixed', limit: 100 });
      let asked = 0;
      await pull({ token: () => `token-${++asked}`, limit: 100 });
      const tokens = seen.calls
        .filter(({ interfaceName }) => interfaceName === 'sync_msg')
        .map(({ request }) => JSON.parse(request).token);
      expect(tokens).toEqual([
        ...Array(10).fill('fixed'),
        ...Array.from({ length: 10 }, (_, index) => `token-${index + 1}`),
      ]);
    });
  });

  describe('memory and order', () => {
    test('at most two batches are fetched ahead of a slow consumer', async () => {
      const seen = watchCalls();
      const batches = zone.batches({ limit: 100 });
      const { value: first } = await batches.next();
      // Once both listings have arrived, nothing more is requested until the consumer continues.
      while (seen.count('sync_msg') < 2) await new Promise((resolve) => setImmediate(resolve));
      await zone.get_group_chat({ chatid: 'wr-项目组' });
      expect(idsOf((first as MessageBatch).messages)).toEqual(archive.slice(0, 1000));
      expect(seen.count('sync_msg')).toBe(2);
      expect(seen.count('get_msg_list_by_page_id')).toBeLessThanOrEqual(20);
      await batches.return();
    });

    test('nothing more is fetched after the consumer stops', async () => {
      const seen = watchCalls();
      const gate = new Gate();
      onTestEnd(
        sandbox.faults.inject(async ({ interfaceName }) => {
          if (interfaceName === 'sync_msg' && seen.count('sync_msg') === 2) await gate.pass();
          return undefined;
        }).remove,
      );
      for await (const _ of zone.batches({ limit: 100 })) break;
      // The second listing is still running; its pages are not requested when it arrives.
      await gate.reached(1);
      const pages = seen.count('get_msg_list_by_page_id');
      gate.open();
      while (GetSdkInfo().threadPool.running > 0) await new Promise((r) => setImmediate(r));
      await zone.get_group_chat({ chatid: 'wr-项目组' });
      expect(seen.count('sync_msg')).toBe(2);
      expect(seen.count('get_msg_list_by_page_id')).toBe(pages);
    });

    test('pages that arrive in any order are put in order', async () => {
      let page = 0;
      onTestEnd(
        sandbox.faults.inject(({ interfaceName }) => {
          if (interfaceName !== 'get_msg_list_by_page_id') return undefined;
          page += 1;
          return { delay: 10 - (page % 10) };
        }).remove,
      );
      expect(allIds(await pull({ limit: 100 }))).toEqual(archive);
    });
  });

  describe('an error', () => {
    test('that persists ends the iterator, after the batches before it', async () => {
      failing(
        'get_msg_list_by_page_id',
        Object.fromEntries(Array.from({ length: 80 }, (_, index) => [index + 11, { ret: -10005 }])),
      );
      const seen: string[] = [];
      let stored: string | undefined;
      const run = (async () => {
        for await (const batch of zone.batches({ limit: 100 })) {
          seen.push(...idsOf(batch.messages));
          stored = batch.cursor;
        }
      })();
      expect(await rejectionOf(run)).toMatchObject({ ret: -10005 });
      expect(seen).toEqual(archive.slice(0, 1000));
      expect((await zone.sync_msg({ cursor: stored, limit: 1 })).msg_list?.[0]?.msgid).toBe(
        archive[1000],
      );
    });

    test.each([
      ['more, but no cursor', { has_more: 1, msg_list: [] }],
      ['more, but the cursor it was given', { has_more: 1, next_cursor: 'cursor-0', msg_list: [] }],
      ['more as a flag, but an empty cursor', { has_more: true, next_cursor: '', msg_list: [] }],
      ['page ids that are no list', { has_more: 0, next_cursor: 'c', page_id_list: 'p' }],
      ['messages that are no list', { has_more: 0, next_cursor: 'c', msg_list: {} }],
    ])('is thrown if the platform returns %s', async (_, fields) => {
      failing('sync_msg', { 1: { response: JSON.stringify({ errcode: 0, ...fields }) } });
      const error = await rejectionOf(pull({ cursor: 'cursor-0' }));
      expect(error.code).toBe('ERR_SPEC_BAD_RESPONSE');
      expect(error.message).toContain('sync_msg');
    });
  });

  test('an archive without new messages yields one empty batch with a cursor', async () => {
    const end = (await pull({ beginTime: 4_000_000_000 }))[0] as MessageBatch;
    expect(end.messages).toEqual([]);
    expect(await pull({ cursor: end.cursor })).toEqual([
      { messages: [], cursor: end.cursor, hasMore: false },
    ]);
  });

  test.each([
    ['a cursor that is no string', { cursor: 5 }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    ['a token that is no string', { token: 5 }, 'ERR_SPEC_INVALID_ARG_TYPE'],
    ['a mode of 3', { mode: 3 }, 'ERR_SPEC_OUT_OF_RANGE'],
    ['a limit of 0', { limit: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
    ['a limit of 1001', { limit: 1001 }, 'ERR_SPEC_OUT_OF_RANGE'],
    ['a signal that is none', { signal: 'x' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ])('batches rejects %s', async (_, options, code) => {
    expect((await rejectionOf(pull(options as never))).code).toBe(code);
  });

  test.each([null, 5, 'x'])('batches and messages reject %p as options', (options) => {
    for (const pulls of [zone.batches, zone.messages] as ((options: never) => unknown)[]) {
      expect(thrownBy(() => pulls.call(zone, options as never)).code).toBe(
        'ERR_SPEC_INVALID_ARG_TYPE',
      );
    }
  });
});
