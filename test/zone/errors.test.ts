import { inspect } from 'node:util';
import {
  parseEvent,
  SpecInvokeError,
  ZoneApiError,
  ZoneClient,
  ZoneTaskError,
} from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf, thrownBy } from '../support/thrown';

// What the errors of a ZoneClient tell, and what they keep to themselves.

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  const { corpId, agentId } = sandbox.application;
  zone = new ZoneClient({ corpId, agentId, retry: false });
});
afterAll(() => sandbox.stop());

/** The request as the error of a call tells it. */
async function summaryOf(name: string, request: object): Promise<unknown> {
  onTestEnd(sandbox.faults.inject(() => ({ ret: -10001 })).remove);
  const error = await rejectionOf(zone.invoke<object, object>(name, request));
  expect(error).toBeInstanceOf(SpecInvokeError);
  return (error as SpecInvokeError).request;
}

describe('the summary of a request', () => {
  test('shows numbers and flags, and of other values their length or type', async () => {
    const request = {
      query_word: '密'.repeat(3),
      chat_info: { chat_type: 1, chat_id: 'wr-1', id_list: [{}, {}], undocumented: 'geheim' },
      skip_stop_words: true,
      start_time: 1_760_000_000,
      limit: 50,
      cursor: undefined,
    };
    expect(await summaryOf('search_msg', request)).toEqual({
      query_word: 'string of 3 characters',
      chat_info: {
        chat_type: 1,
        chat_id: 'string of 4 characters',
        id_list: 'array of 2',
        '(undocumented field)': 'string',
      },
      skip_stop_words: true,
      start_time: 1_760_000_000,
      limit: 50,
    });
  });

  test('shows the type of a value that has another type than its field', async () => {
    const request = {
      query_word: 1_234_567,
      chat_info: { chat_type: 'geheim', id_list: null },
      skip_stop_words: 7,
      start_time: true,
      limit: { secret: 1 },
      cursor: ['geheim'],
    };
    expect(await summaryOf('search_msg', request)).toEqual({
      query_word: 'number',
      chat_info: { chat_type: 'string of 6 characters', id_list: 'null' },
      skip_stop_words: 'number',
      start_time: 'boolean',
      limit: { '(undocumented field)': 'number' },
      cursor: 'array of 1',
    });
  });

  test.each([
    ['an id of 64 characters', 'r'.repeat(64), 'r'.repeat(64)],
    ['no id of 65 characters', 'r'.repeat(65), 'string of 65 characters'],
  ])('shows %s', async (_, id, shown) => {
    expect(await summaryOf('get_rule_detail', { rule_id: id })).toEqual({ rule_id: shown });
  });

  test('knows the fields of the shape that a request has, where pages document two', async () => {
    const request = { kb_id: 'kb-1', kb_retrieval_words: 'geheim', need_think_result: true };
    expect(await summaryOf('create_ww_model_task', { ability_id: 'a-1', ...request })).toEqual({
      ability_id: 'a-1',
      kb_id: 'kb-1',
      kb_retrieval_words: 'string of 6 characters',
      need_think_result: true,
    });
    expect(await summaryOf('create_ww_model_task', request)).toEqual({
      kb_id: 'kb-1',
      '(undocumented field)': 'string',
      need_think_result: true,
    });
  });

  test('shows the names of the fields of an unknown interface, and the types of their values', async () => {
    const request = { text: 'geheim', list: [1, 2], nothing: null, flag: true, nested: {} };
    expect(await summaryOf('brand_new', request)).toEqual({
      text: 'string',
      list: 'array of 2',
      nothing: 'null',
      flag: 'boolean',
      nested: 'object',
    });
  });
});

describe('SpecInvokeError', () => {
  test.each([
    ['names the SDK that has a newer interface', 'get_msg_list_by_page_id', -10006, true],
    ['does not for another return value', 'get_msg_list_by_page_id', -10001, false],
    ['does not for an interface that every SDK has', 'sync_msg', -10006, false],
    ['does not for an interface that nobody knows', 'brand_new', -10006, false],
  ])('%s', (_, name, ret, isNamed) => {
    const { message } = new SpecInvokeError(name, ret, {});
    expect(message.includes('1.3.0')).toBe(isNamed);
    expect(/needs .* or newer/.test(message)).toBe(isNamed);
  });
});

describe('ZoneApiError', () => {
  test.each([
    ['what the platform says', 710643, 'no auth', '"no auth"', undefined],
    ['that the platform says nothing', 710643, '', 'has no errmsg', '""'],
    ['where errcodes are listed that the zone does not list', 99999, 'x', '90313', undefined],
  ])('tells %s', (_, errcode, errmsg, words, not) => {
    const { message } = new ZoneApiError('get_rule_list', errcode, errmsg, {});
    expect(message).toContain(words);
    if (not !== undefined) expect(message).not.toContain(not);
    expect(message.includes('90313')).toBe(errcode === 99999);
  });
});

describe('ZoneTaskError', () => {
  const failure = { interfaceName: 'get_summary_result', jobid: 'j-1', reason: 'x', result: {} };

  test('lists no message unless the platform does', () => {
    expect(new ZoneTaskError(failure).failList).toEqual([]);
  });

  test('keeps the whole response out of what is printed, and the keys out of its messages', () => {
    const failList = [{ msgid: 'm-1', errcode: 1, errmsg: 'x', secret_key: 'geheim' }];
    const error = new ZoneTaskError({ ...failure, failList, result: { response_data: 'geheim' } });
    expect(error.result).toEqual({ response_data: 'geheim' });
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('geheim');
  });
});

describe('the error of parseEvent', () => {
  const event = { event_type: 'conversation_new_message', timestamp: 1 };

  test.each([
    ['a content that is missing', { ...event }],
    ['a content that is null', { ...event, conversation_new_message: null }],
    ['a content that is a list', { ...event, conversation_new_message: [] }],
    ['a content that is a string', { ...event, conversation_new_message: 'x' }],
  ])('names %s, and no field of it', (_, broken) => {
    const error = thrownBy(() => parseEvent(broken));
    expect(error.code).toBe('ERR_SPEC_BAD_EVENT');
    expect(error.message).toContain('conversation_new_message of conversation_new_message');
    expect(error.message).not.toContain('conversation_new_message.token');
  });

  test('tells data that is not JSON from JSON that is not an object', () => {
    const notJson = thrownBy(() => parseEvent('{"geheim":')).message;
    const notObject = thrownBy(() => parseEvent('5')).message;
    expect(notJson).not.toBe(notObject);
  });
});

describe('pages', () => {
  async function pagesOf(...responses: object[]): Promise<object[]> {
    const left = responses.map((response) => JSON.stringify({ errcode: 0, ...response }));
    onTestEnd(sandbox.faults.inject(() => ({ response: left.shift() ?? '[]' })).remove);
    const pages: object[] = [];
    for await (const page of zone.pages('get_rule_list', { cursor: 'c-0' })) pages.push(page);
    return pages;
  }

  test.each([
    ['is missing', {}],
    ['is empty', { next_cursor: '' }],
    ['is not a string', { next_cursor: 5 }],
    ['stays the same', { next_cursor: 'c-0' }],
    ['is null', { next_cursor: null }],
  ])('end with an error when there is more, but next_cursor %s', async (_, response) => {
    const error = await rejectionOf(pagesOf({ has_more: 1, ...response }));
    expect(error.code).toBe('ERR_SPEC_BAD_RESPONSE');
    expect(error.message).toContain('next_cursor');
  });

  test.each([
    [0, 1],
    [false, 1],
    [undefined, 1],
    [null, 1],
    [1, 2],
    [true, 2],
  ])('a has_more of %p makes for %d pages', async (hasMore, count) => {
    const pages = await pagesOf({ has_more: hasMore, next_cursor: 'c-1' }, { has_more: 0 });
    expect(pages).toHaveLength(count);
  });

  test.each(['1', 'true', 2, -1, {}])('a has_more of %j is refused', async (hasMore) => {
    const error = await rejectionOf(pagesOf({ has_more: hasMore, next_cursor: 'c-1' }));
    expect([error.code, error.message]).toEqual([
      'ERR_SPEC_BAD_RESPONSE',
      expect.stringContaining('has_more'),
    ]);
  });

  test.each([2, 3, 7])('cursors that repeat after %d pages end with an error', async (length) => {
    const cursors = Array.from({ length: 3 * length }, (_, index) => `c-${1 + (index % length)}`);
    const responses = cursors.map((cursor) => ({ has_more: 1, next_cursor: cursor }));
    const error = await rejectionOf(pagesOf(...responses));
    expect([error.code, error.message]).toEqual([
      'ERR_SPEC_BAD_RESPONSE',
      expect.stringContaining('next_cursor'),
    ]);
  });

  test('refuse a request that is not an object', async () => {
    for (const request of [undefined, null, 'c', []]) {
      const error = await rejectionOf(zone.pages('get_rule_list', request as never).next());
      expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
    }
  });
});
