import { type PollOptions, ZoneClient, type ZoneTaskName } from 'wework-spec-sdk';
import type { InvokeFailure, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { zoneInterface } from '../../lib/interfaces';
import { onTestEnd } from '../support/clean-up';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { rejectionOf } from '../support/thrown';

// How a ZoneClient waits: for a task, and before a repetition. Nothing here measures time. Pauses that grow are told from
// pauses that do not by how many calls fit into a time limit.

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
const LONGEST = 2 ** 31 - 1;

beforeAll(async () => {
  sandbox = await startSandbox({ examples: true });
  const { corpId, agentId } = sandbox.application;
  zone = new ZoneClient({ corpId, agentId, retry: false });
});
afterEach(() => {
  sandbox.resetHandlers();
});
afterAll(() => sandbox.stop());

/** Responds to the polls of a task in turn, the last response for ever. Returns their number. */
function looks(name: string, ...responses: object[]): () => number {
  let count = 0;
  sandbox.use(name, () => {
    count += 1;
    return { errcode: 0, errmsg: 'ok', ...responses[Math.min(count, responses.length) - 1] };
  });
  return () => count;
}

/** Lets the calls of an interface fail. Gives their number. */
function failing(name: string, fault: InvokeFailure): () => number {
  let count = 0;
  onTestEnd(
    sandbox.faults.inject(({ interfaceName }) => {
      if (interfaceName !== name) return undefined;
      count += 1;
      return fault;
    }).remove,
  );
  return () => count;
}

const resume = (poll: PollOptions, more: object = {}, name: ZoneTaskName = 'create_summary_task') =>
  zone.resumeTask(name, 'j-1', { poll, ...more });

describe('the pauses between two looks at a task', () => {
  test('grow by the factor', async () => {
    const count = looks('get_summary_result', { status: 0 });
    const error = await rejectionOf(
      resume({ delay: 1, factor: 10, maxDelay: LONGEST }, { timeout: 500 }),
    );
    expect(error.code).toBe('ERR_SPEC_TIMEOUT');
    // After 1, 10 and 100 ms; the next would be after a second.
    expect(count()).toBeLessThanOrEqual(3);
  });

  test('never exceed maxDelay, the first one included', async () => {
    const count = looks('get_summary_result', { status: 0 }, { status: 0 }, { status: 1 });
    await resume({ delay: LONGEST, factor: 10, maxDelay: 1 });
    expect(count()).toBe(3);
  });

  test('may be 0, and may stay as they are', async () => {
    const count = looks('get_summary_result', ...Array(20).fill({ status: 0 }), { status: 1 });
    await resume({ delay: 0, factor: 1, maxDelay: 0 });
    expect(count()).toBe(21);
  });
});

describe('a look that fails', () => {
  test.each<[string, InvokeFailure, number]>([
    ['a bad HTTP status', { status: 503 }, -10003],
    ['a failed network', { drop: true }, -10002],
  ])('for %s is repeated up to the limit', async (_, fault, ret) => {
    const count = failing('get_summary_result', fault);
    const error = await rejectionOf(resume({ delay: 0, failures: 4 }));
    expect(error).toMatchObject({ code: 'ERR_SPEC_INVOKE_FAILED', ret });
    expect(count()).toBe(5);
  });

  test('for a wrong signature ends the waiting', async () => {
    const count = failing('get_summary_result', { ret: -10004 });
    expect(await rejectionOf(resume({ delay: 0 }))).toMatchObject({ ret: -10004 });
    expect(count()).toBe(1);
  });

  test('counts from the last one that did not', async () => {
    const busy = { errcode: -1, errmsg: 'busy' };
    const waiting = { status: 0 };
    const count = looks(
      'get_summary_result',
      ...[busy, busy, waiting, busy, busy, waiting, busy, busy, busy],
    );
    const error = await rejectionOf(resume({ delay: 0, failures: 2 }));
    expect(error).toMatchObject({ code: 'ERR_SPEC_API', errcode: -1 });
    expect(count()).toBe(9);
  });

  test('is not repeated at all with failures: 0', async () => {
    const count = looks('get_summary_result', { errcode: -1 });
    await rejectionOf(resume({ delay: 0, failures: 0 }));
    expect(count()).toBe(1);
  });
});

describe('a task that is over', () => {
  const report = 'create_program_task';
  const reportResult = 'get_program_task_result';

  test.each<[string, object, object]>([
    ['that is not a number', { response_errcode: 'x' }, { errcode: undefined }],
    ['other than 0', { response_errcode: 7 }, { errcode: 7 }],
  ])('with a reported errcode %s has failed', async (_, response, expected) => {
    looks(reportResult, response);
    const error = await rejectionOf(resume({ delay: 0 }, {}, report as ZoneTaskName));
    expect(error).toMatchObject({ code: 'ERR_SPEC_TASK_FAILED', jobid: 'j-1', ...expected });
  });

  test('tells a failure of its status from a status that no page lists', async () => {
    looks('get_summary_result', { status: 2 });
    const failed = await rejectionOf(resume({ delay: 0 }));
    looks('get_summary_result', { status: 9 });
    const unknown = await rejectionOf(resume({ delay: 0 }));
    expect([failed.code, unknown.code]).toEqual(['ERR_SPEC_TASK_FAILED', 'ERR_SPEC_TASK_FAILED']);
    expect(failed.message).not.toBe(unknown.message);
  });

  test('has an empty list of messages in its error when the platform gives something else', async () => {
    looks('get_summary_result', { status: 2, fail_list: 'x' });
    expect(await rejectionOf(resume({ delay: 0 }))).toMatchObject({ failList: [] });
  });
});

test.each<[string, PollOptions | { factor: string }, string]>([
  ['a factor that is not a number', { factor: '2' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
  ['a factor of NaN', { factor: Number.NaN }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a factor of 0.9', { factor: 0.9 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a factor of 10.1', { factor: 10.1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a delay of -1', { delay: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['a maxDelay of 2 ** 31', { maxDelay: 2 ** 31 }, 'ERR_SPEC_OUT_OF_RANGE'],
  ['failures of -1', { failures: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
])('waiting for a task refuses %s', async (_, poll, code) => {
  const count = looks('get_summary_result', { status: 1 });
  const error = await rejectionOf(resume(poll as PollOptions));
  expect(error.code).toBe(code);
  expect(count()).toBe(0);
});

test('a task without an onProgress, a list of refused messages or a signal is waited for', async () => {
  const request = zoneInterface('create_summary_task')?.example.request;
  sandbox.use('create_summary_task', () => ({ errcode: 0, jobid: 'j-9', fail_list: 'x' }));
  looks('get_summary_result', { status: 1 });
  const refused: unknown[] = [];
  await zone.runTask('create_summary_task', request as never, { poll: { delay: 0 } });
  await zone.runTask('create_summary_task', request as never, {
    poll: { delay: 0 },
    onProgress: (progress) => void refused.push(progress.refused),
  });
  expect(refused).toEqual([[]]);
});

describe('the pauses between two repetitions of a call', () => {
  const call = (retry: object, timeout: number) =>
    rejectionOf(zone.get_rule_list({}, { retry, timeout }));

  test('double', async () => {
    const count = failing('get_rule_list', { drop: true });
    const error = await call({ retries: 100, delay: 1, maxDelay: LONGEST }, 300);
    expect(error.code).toBe('ERR_SPEC_TIMEOUT');
    // The shortest nine pauses take 255 ms together, the tenth one alone as long.
    expect(count()).toBeLessThanOrEqual(10);
  });

  test('never exceed maxDelay', async () => {
    // Another interface, because the last call of the test before may still arrive.
    const count = failing('knowledge_base_list', { drop: true });
    const retry = { retries: 12, delay: LONGEST, maxDelay: 1 };
    const error = await rejectionOf(zone.knowledge_base_list({}, { retry, timeout: 50_000 }));
    expect(error).toMatchObject({ ret: -10002 });
    expect(count()).toBe(13);
  });
});
