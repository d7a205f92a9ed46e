import {
  type ArchivedMessage,
  type BatchOptions,
  GetSdkInfo,
  type MessageBatch,
  ZoneClient,
} from 'wework-spec-sdk';
import type { InvokeExchange, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf } from '../support/thrown';

// messages.long.test.ts pulls large archives through faults. Here the archive has ten batches of ten pages of three messages.
silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
let archive: readonly string[];

beforeAll(async () => {
  sandbox = await startSandbox({ corp: { messages: 300 } });
  zone = new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
    retry: { delay: 1, maxDelay: 1 },
  });
  archive = sandbox.corp.messages.map(({ msgid }) => msgid);
});
afterAll(() => sandbox.stop());

// A call that a test gave up is still inside the SDK, and the next test counts calls.
afterEach(async () => {
  for (;;) {
    const { running, queued } = GetSdkInfo().threadPool;
    if (running + queued === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
});

const idsOf = (messages: readonly ArchivedMessage[]) => messages.map(({ msgid }) => msgid);

async function pull(options: BatchOptions): Promise<MessageBatch[]> {
  const all: MessageBatch[] = [];
  for await (const batch of zone.batches({ limit: 3, ...options })) all.push(batch);
  return all;
}

/** The requests of an interface from now on. */
function requestsOf(name: string): Record<string, unknown>[] {
  const requests: Record<string, unknown>[] = [];
  onTestEnd(
    sandbox.faults.inject(({ interfaceName, request }: InvokeExchange) => {
      if (interfaceName === name) requests.push(JSON.parse(request));
      return undefined;
    }).remove,
  );
  return requests;
}

/** Responds to the next calls of an interface. */
function responding(name: string, ...responses: readonly object[]): void {
  const left = responses.map((response) =>
    JSON.stringify({ errcode: 0, errmsg: 'ok', ...response }),
  );
  onTestEnd(
    sandbox.faults.inject(({ interfaceName }) => {
      const response = interfaceName === name ? left.shift() : undefined;
      return response === undefined ? undefined : { response };
    }).remove,
  );
}

test.each([
  ['one page after another', 0, 100, 0],
  ['page ids always', 1, 10, 100],
  ['page ids when there is more than one page', 2, 10, 100],
  ['page ids when there is more than one page, by default', undefined, 10, 100],
] as const)('every message comes once and in order: %s', async (_, mode, listings, pages) => {
  const listed = requestsOf('sync_msg');
  const fetched = requestsOf('get_msg_list_by_page_id');
  const batches = await pull({ mode });
  expect(batches.flatMap(({ messages }) => idsOf(messages))).toEqual(archive);
  expect(batches.map(({ hasMore }) => hasMore)).toEqual([...Array(listings - 1).fill(true), false]);
  expect(listed).toHaveLength(listings);
  expect(listed[0]).toMatchObject({ mode: mode ?? 2, limit: 3 });
  expect(fetched).toHaveLength(pages);
});

test('a page has up to 1000 messages by default', async () => {
  const listed = requestsOf('sync_msg');
  for await (const { messages } of zone.batches()) expect(idsOf(messages)).toEqual(archive);
  expect(listed).toEqual([{ limit: 1000, mode: 2 }]);
});

test('each listing begins at the cursor of the one before; begin_time is for the first alone', async () => {
  const listed = requestsOf('sync_msg');
  const beginTime = sandbox.corp.messages[150]?.sendTime ?? 0;
  const batches = await pull({ beginTime });
  expect(batches[0]?.messages[0]?.send_time).toBe(beginTime);
  expect(listed[0]).toEqual({ begin_time: beginTime, limit: 3, mode: 2 });
  expect(listed.slice(1)).toEqual(
    batches.slice(0, -1).map(({ cursor }) => ({ cursor, limit: 3, mode: 2 })),
  );
});

test('a cursor wins over begin_time, and an empty one is none', async () => {
  const listed = requestsOf('sync_msg');
  const [first] = await pull({});
  const cursor = first?.cursor as string;
  listed.length = 0;
  const rest = await pull({ cursor, beginTime: 4_000_000_000 });
  expect(rest.flatMap(({ messages }) => idsOf(messages))).toEqual(archive.slice(30));
  expect(listed[0]).toEqual({ cursor, limit: 3, mode: 2 });
  const nothing = await pull({ cursor: '', beginTime: 4_000_000_000 });
  expect(nothing.map(({ messages }) => messages)).toEqual([[]]);
});

test('a token goes with each listing; a function is asked before each', async () => {
  const listed = requestsOf('sync_msg');
  await pull({ token: 'fixed' });
  let asked = 0;
  await pull({ token: () => `token-${++asked}` });
  expect(listed.map(({ token }) => token)).toEqual([
    ...Array(10).fill('fixed'),
    ...Array.from({ length: 10 }, (_, index) => `token-${index + 1}`),
  ]);
});

test.each([
  ['messages alone', { msg_list: [{ msgid: 'm-1' }], page_id_list: null }, ['m-1']],
  ['nothing at all', {}, []],
  ['an empty list of page ids', { page_id_list: [] }, []],
  [
    'messages and page ids',
    { msg_list: [{ msgid: 'm-1' }], page_id_list: ['p-1', 'p-2'] },
    ['m-1', 'm-2', 'm-3'],
  ],
])('a listing may have %s', async (_, listing, ids) => {
  responding('sync_msg', { has_more: 0, next_cursor: 'c-1', ...listing });
  sandbox.use('get_msg_list_by_page_id', ({ page_id: page }) => ({
    errcode: 0,
    errmsg: 'ok',
    msg_list: [{ msgid: page === 'p-1' ? 'm-2' : 'm-3' }],
  }));
  onTestEnd(() => sandbox.resetHandlers());
  const batches = await pull({});
  expect(batches).toEqual([
    { messages: ids.map((msgid) => ({ msgid })), cursor: 'c-1', hasMore: false },
  ]);
});

test('the next listing is asked for while the pages of this one are on their way', async () => {
  const gate = new Gate();
  onTestEnd(() => gate.open());
  const listed = requestsOf('sync_msg');
  onTestEnd(
    sandbox.faults.inject(async ({ interfaceName }) => {
      if (interfaceName === 'get_msg_list_by_page_id') await gate.pass();
      return undefined;
    }).remove,
  );
  const batches = zone.batches({ limit: 3 });
  const first = batches.next();
  await gate.reached(10);
  while (listed.length < 2) await new Promise((resolve) => setImmediate(resolve));
  gate.open();
  await first;
  await batches.return();
});

describe('an end before the end of the archive', () => {
  test('an abort between two batches rejects with its reason', async () => {
    const controller = new AbortController();
    const batches = zone.batches({ limit: 3, signal: controller.signal });
    await batches.next();
    controller.abort(new Error('enough'));
    expect((await rejectionOf(batches.next())).message).toBe('enough');
  });

  test('an abort after the last batch rejects as well', async () => {
    const controller = new AbortController();
    const batches = zone.batches({ limit: 1000, signal: controller.signal });
    await batches.next();
    controller.abort(new Error('enough'));
    expect((await rejectionOf(batches.next())).message).toBe('enough');
  });

  test('an abort while pages are on their way rejects at once', async () => {
    const gate = new Gate();
    onTestEnd(() => gate.open());
    onTestEnd(
      sandbox.faults.inject(async ({ interfaceName }) => {
        if (interfaceName === 'get_msg_list_by_page_id') await gate.pass();
        return undefined;
      }).remove,
    );
    const controller = new AbortController();
    const run = rejectionOf(pull({ signal: controller.signal }));
    await gate.reached(10);
    controller.abort(new Error('enough'));
    expect((await run).message).toBe('enough');
  });

  test('a signal that was aborted before keeps the first listing from being asked for', async () => {
    const listed = requestsOf('sync_msg');
    const run = pull({ signal: AbortSignal.abort(new Error('enough')) });
    expect((await rejectionOf(run)).message).toBe('enough');
    expect(listed).toEqual([]);
  });

  test('the signal is not listened to any longer than the iterator lives', async () => {
    const controller = new AbortController();
    for await (const _ of zone.batches({ limit: 3, signal: controller.signal })) break;
    controller.abort(new Error('enough'));
    await expect(zone.get_group_chat({ chatid: 'wr-项目组' })).resolves.toMatchObject({});
  });

  test('a consumer that breaks off ends what is waiting for its turn', async () => {
    const gate = new Gate();
    onTestEnd(() => gate.open());
    const fetched = requestsOf('get_msg_list_by_page_id');
    const listed = requestsOf('sync_msg');
    onTestEnd(
      sandbox.faults.inject(async ({ interfaceName }) => {
        if (interfaceName === 'sync_msg' && listed.length === 2) await gate.pass();
        return undefined;
      }).remove,
    );
    for await (const _ of zone.batches({ limit: 3 })) break;
    await gate.reached(1);
    gate.open();
    while (GetSdkInfo().threadPool.running > 0) await new Promise((r) => setImmediate(r));
    // The pages of the second listing would have been asked for by now.
    await zone.get_group_chat({ chatid: 'wr-项目组' });
    expect(fetched).toHaveLength(10);
    expect(listed).toHaveLength(2);
  });
});

test.each([
  ['more, but no cursor', 'sync_msg', { has_more: 1, msg_list: [] }],
  ['more, but the cursor it was given', 'sync_msg', { has_more: 1, next_cursor: 'c-0' }],
  ['more, but an empty cursor', 'sync_msg', { has_more: true, next_cursor: '' }],
  ['a last cursor that is a number', 'sync_msg', { next_cursor: 5, msg_list: [] }],
  ['page ids that are not a list', 'sync_msg', { next_cursor: 'c', page_id_list: 'p' }],
  ['messages that are not a list', 'sync_msg', { next_cursor: 'c', msg_list: {} }],
  ['a page without messages', 'get_msg_list_by_page_id', {}],
])('a response with %s is rejected', async (_, name, response) => {
  responding(name, response);
  const error = await rejectionOf(pull(name === 'sync_msg' ? { cursor: 'c-0' } : {}));
  expect(error.code).toBe('ERR_SPEC_BAD_RESPONSE');
  expect(error.message).toContain(name);
});

test.each([2, 3, 5])('cursors that repeat after %d listings are refused', async (length) => {
  const cursors = Array.from({ length: 3 * length }, (_, index) => `c-${index % length}`);
  const responses = cursors.map((cursor) => ({ has_more: 1, next_cursor: cursor, msg_list: [] }));
  const listed = requestsOf('sync_msg');
  responding('sync_msg', ...responses, { has_more: 0, next_cursor: 'end', msg_list: [] });
  const error = await rejectionOf(pull({}));
  expect([error.code, listed.length]).toEqual(['ERR_SPEC_BAD_RESPONSE', length + 1]);
});

test.each([
  ['no next_cursor', {}],
  ['an empty next_cursor', { next_cursor: '' }],
  ['a next_cursor of null', { next_cursor: null }],
])('after a last page with %s the cursor to store is the last good one', async (_, last) => {
  responding('sync_msg', { has_more: 0, msg_list: [{ msgid: 'm-1' }], ...last });
  expect(await pull({ cursor: 'c-0' })).toMatchObject([{ cursor: 'c-0', hasMore: false }]);

  responding(
    'sync_msg',
    { has_more: 1, next_cursor: 'c-1', msg_list: [] },
    { has_more: 0, msg_list: [{ msgid: 'm-1' }], ...last },
  );
  const messages = zone.messages({});
  for await (const { msgid } of messages) expect(msgid).toBe('m-1');
  expect(messages.cursor).toBe('c-1');

  responding('sync_msg', { has_more: 0, msg_list: [{ msgid: 'm-1' }], ...last });
  const first = zone.messages({});
  for await (const { msgid } of first) expect(msgid).toBe('m-1');
  expect(first.cursor).toBeUndefined();
});

test('a page id that is listed several times is fetched and delivered once', async () => {
  responding('sync_msg', { has_more: 0, next_cursor: 'c-1', page_id_list: Array(10).fill('p-1') });
  const fetched = requestsOf('get_msg_list_by_page_id');
  responding('get_msg_list_by_page_id', { msg_list: [{ msgid: 'm-1' }] });
  expect((await pull({})).flatMap(({ messages }) => idsOf(messages))).toEqual(['m-1']);
  expect(fetched).toEqual([{ page_id: 'p-1' }]);
});

test('the same cursor is valid when there is nothing more', async () => {
  responding('sync_msg', { has_more: 0, next_cursor: 'c-0', msg_list: [] });
  expect(await pull({ cursor: 'c-0' })).toEqual([{ messages: [], cursor: 'c-0', hasMore: false }]);
});

test('retry and timeout go for the single calls', async () => {
  onTestEnd(
    sandbox.faults.inject(({ interfaceName }) =>
      interfaceName === 'get_msg_list_by_page_id' ? { drop: true } : undefined,
    ).remove,
  );
  const fetched = requestsOf('get_msg_list_by_page_id');
  expect(await rejectionOf(pull({ retry: false }))).toMatchObject({ ret: -10002 });
  expect(new Set(fetched.map(({ page_id: page }) => page)).size).toBe(fetched.length);
  expect((await rejectionOf(pull({ timeout: 0 }))).code).toBe('ERR_SPEC_OUT_OF_RANGE');
});

test.each([
  ['a cursor that is not a string', { cursor: 5 }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a token that is neither a string nor a function', { token: 5 }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a beginTime in milliseconds', { beginTime: Date.now() }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a beginTime before 1970', { beginTime: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a beginTime with a fraction', { beginTime: 1.5 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a beginTime of NaN', { beginTime: Number.NaN }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a beginTime that is a string', { beginTime: '1' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a mode of -1', { mode: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a mode of 3', { mode: 3 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a limit of 0', { limit: 0 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a limit of 1001', { limit: 1001 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a signal that is not one', { signal: 'x' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
])('batches() refuses %s before it calls the platform', async (_, options, code) => {
  const listed = requestsOf('sync_msg');
  expect((await rejectionOf(pull(options as never))).code).toBe(code);
  expect(listed).toEqual([]);
});

test('the error for a beginTime in milliseconds names the unit', async () => {
  const error = await rejectionOf(pull({ beginTime: Date.now() }));
  expect(error.message).toContain('in seconds');
});

describe('messages()', () => {
  test('gives the archive message by message, with the cursor of the last batch that was consumed', async () => {
    const [first, second] = await pull({});
    const messages = zone.messages({ cursor: first?.cursor, limit: 3 });
    expect(messages.cursor).toBe(first?.cursor);
    const ids: string[] = [];
    for await (const { msgid } of messages) {
      ids.push(msgid);
      if (ids.length === 30) expect(messages.cursor).toBe(first?.cursor);
      if (ids.length === 31) expect(messages.cursor).toBe(second?.cursor);
    }
    expect(ids).toEqual(archive.slice(30));
    expect(await pull({ cursor: messages.cursor })).toMatchObject([{ messages: [] }]);
  });

  test('return() and throw() end it, and the batches behind it', async () => {
    const listed = requestsOf('sync_msg');
    const returned = zone.messages({ limit: 3 });
    await returned.next();
    expect(await returned.return()).toEqual({ value: undefined, done: true });
    expect(await returned.next()).toEqual({ value: undefined, done: true });
    const thrown = zone.messages({ limit: 3 });
    await thrown.next();
    const mine = new Error('mine');
    expect(await rejectionOf(thrown.throw(mine))).toBe(mine);
    expect(await thrown.next()).toEqual({ value: undefined, done: true });
    expect(listed.length).toBeLessThanOrEqual(4);
  });
});
