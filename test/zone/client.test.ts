import { inspect } from 'node:util';
import {
  GetSdkInfo,
  isSpecError,
  type RetryDecision,
  SpecCallbackSDK,
  SpecInvokeError,
  ZoneApiError,
  ZoneClient,
  type ZoneClientSettings,
} from 'wework-spec-sdk';
import { type InvokeFailure, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ examples: true });
  setEnvironment(sandbox.env);
});
afterAll(() => sandbox.stop());

/** Retries without delay. */
const quick = { delay: 1, maxDelay: 2 };

function client(settings: ZoneClientSettings = { retry: quick }): ZoneClient {
  return new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
    ...settings,
  });
}

/** Makes the first calls of a test fail in turn; the others succeed. Returns a counter of the calls. */
function failing(...faults: InvokeFailure[]): () => number {
  let calls = 0;
  onTestEnd(
    sandbox.faults.inject(() => {
      const fault = faults[calls];
      calls += 1;
      return fault;
    }).remove,
  );
  return () => calls;
}

const busy: InvokeFailure = { response: '{"errcode":-1,"errmsg":"busy"}' };
const dropped: InvokeFailure = { drop: true };

describe('a request', () => {
  const sent = () => JSON.parse(sandbox.wire.exchanges.at(-1)?.request ?? '');

  test('is made on behalf of the application', async () => {
    const zone = new ZoneClient({ corpId: 'ww-1', agentId: 7, abilityId: 'a-1', jobInfo: 'j-1' });
    await zone.invoke('get_rule_list', {});
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      corpId: 'ww-1',
      agentId: 7,
      abilityId: 'a-1',
      jobInfo: 'j-1',
    });
    expect(zone).toMatchObject({ corpId: 'ww-1', agentId: 7 });
  });

  test('is made on behalf of the application of the callback', async () => {
    const { method, headers, body } = sandbox.wire.seal({
      corpId: 'ww-2',
      agentId: 8,
      abilityId: 'a-2',
      isAsync: true,
      jobInfo: 'j-2',
    });
    const zone = ZoneClient.from(new SpecCallbackSDK(method, headers, body));
    await zone.program_async_job_call_back({ errcode: 0, result: '{}' });
    expect(sandbox.wire.exchanges.at(-1)).toMatchObject({
      corpId: 'ww-2',
      agentId: 8,
      abilityId: 'a-2',
      jobInfo: 'j-2',
    });
    expect(zone).toMatchObject({ corpId: 'ww-2', agentId: 8 });
  });

  test('can be omitted if no field is required', async () => {
    const zone = client();
    await zone.invoke('get_rule_list');
    await zone.get_rule_list();
    expect(sent()).toEqual({});
  });

  test('is sent unchanged except for an empty cursor or token', async () => {
    const zone = client();
    await zone.sync_msg({ cursor: '', token: '', limit: 5 });
    expect(sent()).toEqual({ limit: 5 });
    await zone.sync_msg({ cursor: undefined, token: 't' });
    expect(sent()).toEqual({ token: 't' });
    const error = await rejectionOf(zone.get_group_chat({ chatid: '' }));
    expect(sent()).toEqual({ chatid: '' });
    expect(error).toMatchObject({ errcode: 40058 });
  });

  test('can be made for an interface that this version does not know', async () => {
    sandbox.use('new_interface', ({ question }) => ({
      errcode: 0,
      errmsg: 'ok',
      text: question,
    }));
    const response = await client().invoke<{ question: string }, { text: string }>(
      'new_interface',
      { question: '在吗🌸' },
    );
    expect(response.text).toBe('在吗🌸');
  });
});

describe('errors', () => {
  test('a return value other than 0 is an error with its meaning and what to do', async () => {
    failing({ ret: -10004 });
    const error = await rejectionOf(client().sync_msg({ token: 'a token', limit: 7 }));
    expect(error).toBeInstanceOf(SpecInvokeError);
    expect(isSpecError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'ERR_SPEC_INVOKE_FAILED',
      name: 'SpecInvokeError',
      ret: -10004,
      retName: 'SIGNATURE',
      interfaceName: 'sync_msg',
      request: { limit: 7, token: 'string of 7 characters' },
    });
    expect(error.message).toContain('sync_msg');
    expect(error.message).toContain('-10004');
    expect(error.message).toContain('signature');
    expect(error.message).toContain('Check');
  });

  test('the error for an interface that the SDK does not know names the required SDK', async () => {
    failing({ ret: -10006 });
    const error = await rejectionOf(client().get_msg_list_by_page_id({ page_id: 'p-1' }));
    expect(error.message).toContain('1.3.0');
  });

  test('the error says if no page lists the return value', () => {
    const error = new SpecInvokeError('get_rule_list', -77, {});
    expect(error).toMatchObject({ ret: -77, retName: undefined });
    expect(error.message).toContain('-77');
  });

  test('an errcode other than 0 is an error with meaning, errmsg and retry advice', async () => {
    failing({ response: '{"errcode":710643,"errmsg":"no\\nauth \\u0007kb"}' });
    const error = await rejectionOf(
      client().create_recommend_dialog_task({
        kb_id: 'kb-1',
        msg_list: [{ msgid: 'secret-msgid', encrypt_info: { secret_key: 'secret-key' } }],
      }),
    );
    expect(error).toBeInstanceOf(ZoneApiError);
    expect(error).toMatchObject({
      code: 'ERR_SPEC_API',
      errcode: 710643,
      errmsg: 'no\nauth \u0007kb',
      interfaceName: 'create_recommend_dialog_task',
      meaning: 'no knowledge base is granted to the application',
      retry: 'no',
      request: { kb_id: 'kb-1', msg_list: 'array of 1' },
    });
    expect(error.message).toContain('710643: no knowledge base is granted to the application');
    expect(error.message).toContain('"no auth kb"');
  });

  test.each([
    [45009, 'later'],
    [-1, 'soon'],
    [710642, 'later'],
    [99999, 'no'],
  ])('errcode %d advises: %s', async (errcode, retry) => {
    failing({ response: JSON.stringify({ errcode, errmsg: 'x' }) });
    const error = await rejectionOf(client({ retry: false }).get_rule_list());
    expect(error).toMatchObject({ errcode, retry });
  });

  test('no error contains content, keys, tokens, cursors or ids of people, printed or as JSON', async () => {
    const zone = client({ retry: false });
    const words = 'geheim';
    const requests: [string, object][] = [
      ['sync_msg', { cursor: words, token: words }],
      ['search_msg', { query_word: words, chatid: words }],
      ['get_agree_status_single', { item: [{ userid: words, external_userid: words }] }],
      [
        'create_summary_task',
        { msg_list: [{ msgid: words, encrypt_info: { secret_key: words } }] },
      ],
      ['program_async_job_call_back', { errcode: 0, result: words }],
      ['get_rule_list', { [words]: words }],
      ['unknown_interface', { text: words, nested: { text: words }, list: [words] }],
    ];
    for (const fault of [{ ret: -10001 }, { response: '{"errcode":710600,"errmsg":"no"}' }]) {
      for (const [name, request] of requests) {
        failing(fault);
        const error = await rejectionOf(zone.invoke<object, object>(name, request));
        const printed = [inspect(error, { depth: 9 }), JSON.stringify(error), String(error.stack)];
        for (const text of printed) expect(text).not.toContain(words);
      }
    }
  });

  test.each([
    ['an array', '[]'],
    ['a string', '"geheim"'],
    ['null', 'null'],
    ['an object whose errcode is not a number', '{"errcode":"geheim"}'],
    ['an object whose errcode is null', '{"errcode":null,"errmsg":"geheim"}'],
    ['an object whose errcode is a fraction', '{"errcode":0.5,"errmsg":"geheim"}'],
    ['an object without errcode', '{"errmsg":"geheim"}'],
  ])('a response that is %s is rejected without quoting it', async (_, response) => {
    failing({ response });
    const error = await rejectionOf(client().get_rule_list());
    expect(error.code).toBe('ERR_SPEC_BAD_RESPONSE');
    expect(error.message).toContain('get_rule_list');
    expect(error.message).not.toContain('geheim');
  });

  test.each(['', '{"geheim"'])(
    "a response that is no JSON is the SDK's to tell: %p",
    async (text) => {
      failing({ response: text });
      const error = await rejectionOf(client().get_rule_list());
      expect(error).toMatchObject({ ret: -10009, retName: 'BAD_JSON' });
      expect(error.message).not.toContain('geheim');
    },
  );
});

describe('retries', () => {
  test('errcode -1 is retried at most three times', async () => {
    let calls = failing(busy, busy, busy);
    await expect(client().get_rule_list()).resolves.toMatchObject({ errcode: 0 });
    expect(calls()).toBe(4);
    calls = failing(busy, busy, busy, busy);
    expect(await rejectionOf(client().get_rule_list())).toMatchObject({ errcode: -1 });
    expect(calls()).toBe(4);
  });

  test.each([
    ['a dropped connection', dropped],
    ['a connection cut in the middle', { cut: true }],
    ['a bad HTTP status', { status: 502 }],
  ] as const)('%s is retried if the interface only reads', async (_, fault) => {
    const calls = failing(fault, fault);
    await expect(client().get_rule_list()).resolves.toMatchObject({ errcode: 0 });
    expect(calls()).toBe(3);
  });

  test('a call that changes something is retried after errcode -1, not after a dropped connection', async () => {
    const calls = failing(busy, dropped);
    const error = await rejectionOf(client().delete_rule({ rule_id: 'r-1' }));
    expect(error).toMatchObject({ ret: -10002, retName: 'NETWORK' });
    expect(calls()).toBe(2);
  });

  test.each([
    ['errcode -1', busy],
    ['a dropped connection', dropped],
  ])('a call that creates something is not retried by default: %s', async (_, fault) => {
    const calls = failing(fault);
    await rejectionOf(client().create_summary_task(oneMessage));
    expect(calls()).toBe(1);
  });

  test('a call of an unknown interface is not retried', async () => {
    const calls = failing({ ...busy, ret: 0 });
    const error = await rejectionOf(client().invoke<object>('newer_interface', {}));
    expect(error).toMatchObject({ errcode: -1 });
    expect(calls()).toBe(1);
  });

  test.each([
    ['a wrong signature', { badSignature: true }],
    ['another errcode', { response: '{"errcode":710611,"errmsg":"x"}' }],
    ['no JSON', { response: 'x' }],
  ] as const)('%s is not retried', async (_, fault) => {
    const calls = failing(fault);
    await rejectionOf(client().get_rule_list());
    expect(calls()).toBe(1);
  });

  test('can be disabled for a client or a call', async () => {
    let calls = failing(busy);
    await rejectionOf(client({ retry: false }).get_rule_list());
    expect(calls()).toBe(1);
    calls = failing(busy);
    await rejectionOf(client().get_rule_list({}, { retry: false }));
    expect(calls()).toBe(1);
  });

  test('shouldRetry decides', async () => {
    const decisions: RetryDecision[] = [];
    const calls = failing(busy, dropped);
    const retry = {
      ...quick,
      shouldRetry: (decision: RetryDecision) => {
        decisions.push(decision);
        return true;
      },
    };
    await client({ retry }).create_summary_task(oneMessage);
    expect(calls()).toBe(3);
    expect(decisions).toMatchObject([
      { interfaceName: 'create_summary_task', effect: 'create', retries: 0, byDefault: false },
      { interfaceName: 'create_summary_task', effect: 'create', retries: 1, byDefault: false },
    ]);
    expect(decisions[0]?.error).toMatchObject({ errcode: -1 });
    expect(decisions[1]?.error).toMatchObject({ ret: -10002 });
  });

  test('options that a call omits come from the client', async () => {
    const calls = failing(busy, busy, busy);
    const error = await rejectionOf(client().get_rule_list({}, { retry: { retries: 1 } }));
    expect(error).toMatchObject({ errcode: -1 });
    expect(calls()).toBe(2);
  });

  test('an abort ends the delay before a retry', async () => {
    const calls = failing(busy);
    const controller = new AbortController();
    const longest = 2 ** 31 - 1;
    const shouldRetry = (): boolean => {
      // The delay starts when this returns.
      setImmediate(() => controller.abort(new Error('enough')));
      return true;
    };
    const zone = client({ retry: { delay: longest, maxDelay: longest, shouldRetry } });
    const call = zone.get_rule_list({}, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    expect(calls()).toBe(1);
  });
});

describe('time limits and signals', () => {
  /** Holds all calls of a test until its end. */
  function holding(): Gate {
    const gate = new Gate();
    onTestEnd(
      sandbox.faults.inject(async () => {
        await gate.pass();
        return undefined;
      }).remove,
    );
    onTestEnd(() => gate.open());
    return gate;
  }

  test('a signal rejects the promise immediately; the thread is occupied until the response', async () => {
    const gate = holding();
    const controller = new AbortController();
    const call = client().get_rule_list({}, { signal: controller.signal });
    await gate.reached(1);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(GetSdkInfo().threadPool.running).toBe(1);
    gate.open();
    while (GetSdkInfo().threadPool.running > 0) await new Promise((r) => setImmediate(r));
  });

  test('an already aborted signal prevents the call', async () => {
    const calls = failing();
    const reason = new Error('before');
    const call = client().get_rule_list({}, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(calls()).toBe(0);
  });

  test('a time-out of a call or a client is an error with a code', async () => {
    holding();
    for (const call of [
      client().get_rule_list({}, { timeout: 1 }),
      client({ timeout: 1 }).get_rule_list(),
    ]) {
      const error = await rejectionOf(call);
      expect(error.code).toBe('ERR_SPEC_TIMEOUT');
      expect(error.message).toContain('get_rule_list took longer than 1 ms');
    }
  });

  test('an unused time-out does not keep the process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    const before = timers().length;
    await client({ timeout: 2 ** 31 - 1 }).get_rule_list();
    expect(timers()).toHaveLength(before);
  });

  test('a time-out includes retries', async () => {
    failing(...Array.from({ length: 100 }, () => busy));
    const retry = { retries: 100, delay: 5, maxDelay: 5 };
    const error = await rejectionOf(client({ retry }).get_rule_list({}, { timeout: 50 }));
    expect(error.code).toBe('ERR_SPEC_TIMEOUT');
  });

  test('one signal can abort thousands of calls without a warning of Node.js', async () => {
    holding();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestEnd(() => process.off('warning', onWarning));
    const controller = new AbortController();
    const zone = client();
    const calls = Array.from({ length: 2000 }, () =>
      rejectionOf(zone.get_rule_list({}, { signal: controller.signal })),
    );
    controller.abort(new Error('enough'));
    for (const error of await Promise.all(calls)) expect(error.message).toBe('enough');
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });
});

describe('an interface with a limit of concurrent calls', () => {
  test('has at most the allowed number of running calls per corp, over all clients', async () => {
    const gate = new Gate();
    let under = 0;
    let most = 0;
    onTestEnd(
      sandbox.faults.inject(async () => {
        under += 1;
        most = Math.max(most, under);
        await gate.pass();
        under -= 1;
        return undefined;
      }).remove,
    );
    const clients = [client(), client()];
    const calls = Array.from({ length: 40 }, (_, index) =>
      (clients[index % 2] as ZoneClient).get_msg_list_by_page_id({ page_id: 'p-1' }),
    );
    await gate.reached(10);
    gate.open();
    await Promise.all(calls);
    expect(most).toBe(10);
  });

  test('counts an abandoned call until the SDK returns', async () => {
    const gate = new Gate();
    onTestEnd(() => gate.open());
    onTestEnd(
      sandbox.faults.inject(async () => {
        await gate.pass();
        return undefined;
      }).remove,
    );
    const controller = new AbortController();
    const zone = client();
    const given = Array.from({ length: 10 }, () =>
      rejectionOf(zone.get_msg_list_by_page_id({ page_id: 'p-1' }, { signal: controller.signal })),
    );
    await gate.reached(10);
    const waiting = new AbortController();
    const eleventh = rejectionOf(
      zone.get_msg_list_by_page_id({ page_id: 'p-1' }, { signal: waiting.signal }),
    );
    const twelfth = zone.get_msg_list_by_page_id({ page_id: 'p-1' });
    controller.abort(new Error('enough'));
    await Promise.all(given);
    expect(gate.arrived).toBe(10);
    waiting.abort(new Error('too long'));
    expect((await eleventh).message).toBe('too long');
    gate.open();
    await expect(twelfth).resolves.toMatchObject({ errcode: 0 });
    expect(gate.arrived).toBe(11);
  });
});

describe('pages', () => {
  test('returns all pages of an interface with a cursor', async () => {
    const other = await ZoneSandbox.start();
    onTestEnd(() => other.stop());
    onTestEnd(setEnvironment(other.env));
    const cursors: unknown[] = [];
    other.use('get_rule_list', ({ cursor }) => {
      cursors.push(cursor);
      const page = Number(cursor ?? 0) + 1;
      return {
        errcode: 0,
        errmsg: 'ok',
        has_more: page < 3 ? 1 : 0,
        next_cursor: String(page),
        rule_list: [{ rule_id: `r-${page}` }],
      };
    });
    const rules: string[] = [];
    const zone = new ZoneClient({ corpId: 'ww', agentId: 1 });
    for await (const { rule_list: list } of zone.pages('get_rule_list', { limit: 1 })) {
      rules.push(...list.map(({ rule_id: id }) => id));
    }
    expect(rules).toEqual(['r-1', 'r-2', 'r-3']);
    expect(cursors).toEqual([undefined, '1', '2']);
    other.use('get_rule_list', () => ({
      errcode: 0,
      has_more: 1,
      next_cursor: 'x',
      rule_list: [],
    }));
    const stuck = (async () => {
      for await (const _ of zone.pages('get_rule_list', {})) {
        // Would never end without the check.
      }
    })();
    expect((await rejectionOf(stuck)).code).toBe('ERR_SPEC_BAD_RESPONSE');
  });
});

const oneMessage = { msg_list: [{ msgid: 'm-1', encrypt_info: { secret_key: 'k-1' } }] };

const wrongType = 'ERR_SPEC_INVALID_ARG_TYPE';
const wrongValue = 'ERR_SPEC_INVALID_ARG_VALUE';
const outOfRange = 'ERR_SPEC_OUT_OF_RANGE';
const circular: { self?: object } = {};
circular.self = circular;

test.each([
  ['nothing', undefined, wrongType],
  ['null', null, wrongType],
  ['no corpId', {}, wrongType],
  ['an agentId that is no number', { corpId: 'c', agentId: '1' }, wrongType],
  ['an agentId out of range', { corpId: 'c', agentId: -1 }, outOfRange],
  ['a timeout of 0', { corpId: 'c', agentId: 1, timeout: 0 }, outOfRange],
  ['a timeout that is no number', { corpId: 'c', agentId: 1, timeout: '1' }, wrongType],
  ['retry as a number', { corpId: 'c', agentId: 1, retry: 3 }, wrongType],
  ['too many retries', { corpId: 'c', agentId: 1, retry: { retries: 101 } }, outOfRange],
  ['shouldRetry as a flag', { corpId: 'c', agentId: 1, retry: { shouldRetry: true } }, wrongType],
])('new ZoneClient rejects %s', (_, options, code) => {
  expect(thrownBy(() => new ZoneClient(options as never)).code).toBe(code);
});

test('errors about options name the property', async () => {
  const messageOf = (options: object) =>
    thrownBy(() => new ZoneClient({ corpId: 'c', agentId: 1, ...options })).message;
  expect(messageOf({ timeout: '1' })).toBe(
    `The "options.timeout" property must be of type number. Received type string ('1')`,
  );
  expect(messageOf({ retry: { retries: 101 } })).toBe(
    'The value of "options.retry.retries" is out of range. It must be an integer >= 0 && <= 100. Received 101',
  );
  const { message } = await rejectionOf(client().invoke('sync_msg', {}, { signal: {} as never }));
  expect(message).toBe(
    'The "options.signal" property must be an instance of AbortSignal. Received an instance of Object',
  );
});

test('ZoneClient.from rejects anything but a verified request', () => {
  expect(thrownBy(() => ZoneClient.from(undefined as never)).code).toBe(wrongType);
  expect(thrownBy(() => ZoneClient.from({} as never)).code).toBe(wrongType);
  const refused = new SpecCallbackSDK('POST', {}, '');
  expect(thrownBy(() => ZoneClient.from(refused)).code).toBe('ERR_SPEC_CALLBACK_NOT_OK');
});

test.each([
  ['a name that is no string', [5, {}], wrongType],
  ['a name with a NUL', ['a\0b', {}], wrongValue],
  ['a request that is a string', ['sync_msg', '{}'], wrongType],
  ['a request that is a list', ['sync_msg', []], wrongType],
  ['a request that is null', ['sync_msg', null], wrongType],
  ['a circular request', ['sync_msg', circular], wrongValue],
  ['a request with a bigint', ['sync_msg', { limit: 1n }], wrongValue],
  ['a request that hides itself', ['sync_msg', { toJSON: () => undefined }], wrongValue],
  ['options that are null', ['sync_msg', {}, null], wrongType],
  ['a signal that is none', ['sync_msg', {}, { signal: {} }], wrongType],
  ['a timeout out of range', ['sync_msg', {}, { timeout: 2 ** 31 }], outOfRange],
  ['a retry delay out of range', ['sync_msg', {}, { retry: { delay: -1 } }], outOfRange],
])('invoke rejects %s', async (_, args, code) => {
  const invoke = client().invoke as (...all: unknown[]) => Promise<object>;
  const error = await rejectionOf(invoke.apply(client(), args));
  expect(error.code).toBe(code);
  expect(error.message).not.toContain('\n');
});
