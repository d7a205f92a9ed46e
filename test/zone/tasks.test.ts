import { inspect } from 'node:util';
import {
  type RunTaskOptions,
  type TaskProgress,
  ZoneClient,
  ZoneTaskError,
  type ZoneTaskName,
} from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type TaskDefinition, zoneInterface, zoneTasks } from '../../lib/interfaces';
import { onTestEnd } from '../support/clean-up';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { rejectionOf } from '../support/thrown';

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
beforeEach(async () => {
  sandbox = await ZoneSandbox.start({ examples: true });
  onTestEnd(() => sandbox.stop());
  onTestEnd(setEnvironment(sandbox.env));
  zone = new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
    retry: { delay: 1, maxDelay: 1 },
  });
});

const every = zoneTasks.map((task): [ZoneTaskName, TaskDefinition] => [task.create, task]);
const poll = { delay: 1, maxDelay: 2 };

const requestOf = ({ create }: TaskDefinition) => zoneInterface(create)?.example.request as never;
const resultOf = ({ result }: TaskDefinition) =>
  zoneInterface(result)?.example.response as Record<string, unknown>;

/** The response of the platform for a pending task. */
const pending = {
  status: { errcode: 0, errmsg: 'ok', status: 0 },
  report: { errcode: 710642, errmsg: 'no result yet' },
  export: { errcode: 0, errmsg: 'ok', status: 2 },
};

/** The response for a failed task, and its errcode. */
const failed = {
  status: [{ errcode: 0, errmsg: 'ok', status: 2 }, undefined],
  report: [{ errcode: 0, errmsg: 'ok', response_errcode: 88, response_data: 'geheim' }, 88],
  export: [
    { errcode: 0, errmsg: 'ok', status: 3, result_errcode: 710629, result_errmsg: 'too\nmany' },
    710629,
  ],
} as const;

/** Responds to result requests in turn; the last response stays. Returns the requested jobids. */
function responding(task: TaskDefinition, ...responses: object[]): string[] {
  const asked: string[] = [];
  sandbox.use(task.result, ({ jobid }) => {
    const response = responses[Math.min(asked.length, responses.length - 1)] as object;
    asked.push(String(jobid));
    return response;
  });
  return asked;
}

describe.each(every)('%s', (name, task) => {
  test('is created and polled until it returns its result', async () => {
    const asked = responding(task, pending[task.protocol], pending[task.protocol], resultOf(task));
    const result = await zone.runTask(name, requestOf(task), { poll });
    expect(asked).toEqual(['j-1', 'j-1', 'j-1']);
    expect(result).toMatchObject({ errcode: 0, jobid: 'j-1' });
    for (const field of task.resultFields) {
      expect(result).toHaveProperty(field);
      const given = resultOf(task)[field];
      if (given !== undefined) expect(result).toHaveProperty(field, given);
    }
    expect(result).not.toHaveProperty('filtered_doc_list');
    const created = sandbox.wire.exchanges.filter(({ interfaceName }) => interfaceName === name);
    expect(created.map(({ request }) => JSON.parse(request))).toEqual([requestOf(task)]);
  });

  test('rejects with the failure of the task', async () => {
    const [response, errcode] = failed[task.protocol];
    responding(task, pending[task.protocol], response);
    const error = await rejectionOf(zone.runTask(name, requestOf(task), { poll }));
    expect(error).toBeInstanceOf(ZoneTaskError);
    expect(error).toMatchObject({
      code: 'ERR_SPEC_TASK_FAILED',
      interfaceName: task.result,
      jobid: 'j-1',
      errcode,
      failList: [],
    });
    expect((error as ZoneTaskError).result).toEqual(response);
    if (errcode !== undefined) expect(error.message).toContain(String(errcode));
    expect(error.message).not.toContain('\n');
    expect(inspect(error) + JSON.stringify(error)).not.toContain('geheim');
  });

  test('is resumed by its jobid, without being created again', async () => {
    const asked = responding(task, pending[task.protocol], resultOf(task));
    const result = await zone.resumeTask(name, 'j-of-before', { poll });
    expect(result).toMatchObject({ jobid: 'j-of-before' });
    expect(asked).toEqual(['j-of-before', 'j-of-before']);
    expect(sandbox.wire.exchanges.map(({ interfaceName }) => interfaceName)).toEqual([
      task.result,
      task.result,
    ]);
  });
});

const summary = zoneTasks[0];
const request = requestOf(summary);
const done = resultOf(summary);
const waiting = pending.status;

function run(options: RunTaskOptions = {}) {
  return zone.runTask('create_summary_task', request, { poll, ...options });
}

test('onProgress gets the jobid before the first poll, and is awaited', async () => {
  const asked = responding(summary, waiting, done);
  const told: TaskProgress[] = [];
  let stored = '';
  await run({
    onProgress: async (progress) => {
      told.push(progress);
      if (progress.state !== 'created') return;
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked).toEqual([]);
      stored = progress.jobid;
    },
  });
  expect(stored).toBe('j-1');
  expect(told).toMatchObject([
    { jobid: 'j-1', state: 'created', polls: 0, refused: [] },
    { jobid: 'j-1', state: 'pending', polls: 1 },
  ]);
  expect(told[0]?.elapsed).toBeLessThanOrEqual(told[1]?.elapsed ?? 0);
});

test('onProgress gets refused messages without their keys', async () => {
  responding(summary, done);
  sandbox.use('create_summary_task', () => ({
    errcode: 0,
    errmsg: 'ok',
    jobid: 'j-2',
    fail_list: [
      { errcode: 710613, errmsg: 'twice', msgid: 'm-1', encrypt_info: { secret_key: 'geheim' } },
    ],
  }));
  const told: TaskProgress[] = [];
  await run({ onProgress: (progress) => void told.push(progress) });
  expect(told[0]?.refused).toEqual([{ msgid: 'm-1', errcode: 710613, errmsg: 'twice' }]);
});

test('an exception of onProgress rejects the promise', async () => {
  responding(summary, done);
  const mine = new Error('mine');
  const onProgress = () => {
    throw mine;
  };
  expect(await rejectionOf(run({ onProgress }))).toBe(mine);
  expect(await rejectionOf(run({ onProgress: async () => onProgress() }))).toBe(mine);
});

test('an abort rejects immediately with its reason', async () => {
  responding(summary, waiting);
  const controller = new AbortController();
  const onProgress = ({ state, polls }: TaskProgress): void => {
    if (state === 'pending' && polls === 3) controller.abort(new Error('enough'));
  };
  const error = await rejectionOf(run({ signal: controller.signal, onProgress }));
  expect(error.message).toBe('enough');
});

test('an abort between two polls rejects as well', async () => {
  responding(summary, waiting);
  const controller = new AbortController();
  const longest = 2 ** 31 - 1;
  const error = await rejectionOf(
    run({
      signal: controller.signal,
      poll: { delay: longest, maxDelay: longest },
      onProgress: () => void setImmediate(() => controller.abort(new Error('enough'))),
    }),
  );
  expect(error.message).toBe('enough');
});

test('a time-out rejects with a code and the name of the task', async () => {
  responding(summary, waiting);
  const error = await rejectionOf(run({ timeout: 50 }));
  expect(error.code).toBe('ERR_SPEC_TIMEOUT');
  expect(error.message).toContain('create_summary_task');
});

test.each([-1, 45009, 45033, 710682])('errcode %d of a poll is temporary', async (errcode) => {
  const trouble = { errcode, errmsg: 'x' };
  const asked = responding(summary, trouble, trouble, trouble, trouble, trouble, waiting, done);
  await expect(run()).resolves.toMatchObject({ status: 1 });
  expect(asked).toHaveLength(7);
});

test('network failures of polls are temporary up to the limit', async () => {
  responding(summary, done);
  let looks = 0;
  onTestEnd(
    sandbox.faults.inject(({ interfaceName }) => {
      if (interfaceName !== summary.result) return undefined;
      looks += 1;
      return looks <= 6 ? { drop: true } : undefined;
    }).remove,
  );
  await expect(run({ retry: false, poll: { ...poll, failures: 6 } })).resolves.toMatchObject({});
  looks = 0;
  const error = await rejectionOf(run({ retry: false, poll: { ...poll, failures: 5 } }));
  expect(error).toMatchObject({ ret: -10002 });
  expect(looks).toBe(6);
});

test.each([40088, 710616, 710642])('errcode %d of a poll rejects immediately', async (errcode) => {
  const asked = responding(summary, { errcode, errmsg: 'x' });
  expect(await rejectionOf(run())).toMatchObject({ code: 'ERR_SPEC_API', errcode });
  expect(asked).toHaveLength(1);
});

test('the call that creates the task is not retried by default', async () => {
  let calls = 0;
  onTestEnd(
    sandbox.faults.inject(() => {
      calls += 1;
      return { cut: true };
    }).remove,
  );
  expect(await rejectionOf(run())).toMatchObject({ ret: -10002 });
  expect(calls).toBe(1);
});

test('fields that a finished task omits are added', async () => {
  responding(summary, { errcode: 0, errmsg: 'ok', status: 1 });
  await expect(run()).resolves.toEqual({
    errcode: 0,
    errmsg: 'ok',
    status: 1,
    jobid: 'j-1',
    fail_list: [],
    response_data: '',
  });
});

test('filtered documents of a general-model task have one name', async () => {
  const task = zoneTasks.find(({ create }) => create === 'create_ww_model_task') as TaskDefinition;
  const filtered = [{ docid: 'd-1', errcode: 710730, errmsg: 'x' }];
  responding(task, { errcode: 0, errmsg: 'ok', status: 1, filtered_doc_list: filtered });
  const result = await zone.runTask('create_ww_model_task', requestOf(task), { poll });
  expect(result.filtered_content_list).toEqual(filtered);
  expect(result).not.toHaveProperty('filtered_doc_list');
});

test('the error lists messages that could not be used', async () => {
  const failList = [{ msgid: 'm-1', errcode: 710601, errmsg: 'unknown' }];
  responding(summary, { errcode: 0, errmsg: 'ok', status: 2, fail_list: failList });
  expect(await rejectionOf(run())).toMatchObject({ failList });
});

test.each([
  ['no jobid', {}],
  ['an empty jobid', { jobid: '' }],
  ['a jobid that is no text', { jobid: 5 }],
])('the creation of a task with %s is rejected', async (_, response) => {
  sandbox.use('create_summary_task', () => ({ errcode: 0, errmsg: 'ok', ...response }));
  const error = await rejectionOf(run());
  expect(error.code).toBe('ERR_SPEC_BAD_RESPONSE');
});

test.each([
  ['status', 7],
  ['status', undefined],
])('a task whose %s is %p has failed', async (name, value) => {
  responding(summary, { errcode: 0, errmsg: 'ok', [name]: value });
  expect(await rejectionOf(run())).toMatchObject({ code: 'ERR_SPEC_TASK_FAILED' });
});

test.each([
  ['create_program_task', { response_errcode: null }],
  ['create_program_task', { response_errcode: '0' }],
  ['create_program_task', { response_data: '{}' }],
  ['create_chatdata_export_job', { status: null }],
  ['create_chatdata_export_job', { status: '3', result_id: 'r-1' }],
  ['create_chatdata_export_job', { status: 3, result_errcode: '0', result_id: 'r-1' }],
] as const)('%s neither succeeds nor waits for ever with the result %j', async (name, fields) => {
  const task = zoneTasks.find(({ create }) => create === name) as TaskDefinition;
  responding(task, { errcode: 0, errmsg: 'ok', ...fields });
  expect(await rejectionOf(zone.runTask(name, requestOf(task), { poll }))).toMatchObject({
    code: 'ERR_SPEC_TASK_FAILED',
  });
});

test.each([
  ['an unknown task', ['get_rule_list', {}], 'ERR_SPEC_INVALID_ARG_VALUE'],
  ['a name of Object', ['constructor', {}], 'ERR_SPEC_INVALID_ARG_VALUE'],
  [
    'a factor of 0.5',
    ['create_summary_task', request, { poll: { factor: 0.5 } }],
    'ERR_SPEC_OUT_OF_RANGE',
  ],
  [
    'a delay that is not a number',
    ['create_summary_task', request, { poll: { delay: '1' } }],
    'ERR_SPEC_INVALID_ARG_TYPE',
  ],
  ['an invalid poll', ['create_summary_task', request, { poll: 5 }], 'ERR_SPEC_INVALID_ARG_TYPE'],
  [
    'an invalid onProgress',
    ['create_summary_task', request, { onProgress: 5 }],
    'ERR_SPEC_INVALID_ARG_TYPE',
  ],
  [
    'an invalid signal',
    ['create_summary_task', request, { signal: 5 }],
    'ERR_SPEC_INVALID_ARG_TYPE',
  ],
  ['options that are none', ['create_summary_task', request, null], 'ERR_SPEC_INVALID_ARG_TYPE'],
])('runTask rejects %s', async (_, args, code) => {
  const runTask = zone.runTask as (...all: unknown[]) => Promise<object>;
  expect((await rejectionOf(runTask.apply(zone, args))).code).toBe(code);
  expect(sandbox.wire.exchanges).toEqual([]);
});

test.each(['', 5, undefined])('resumeTask rejects the jobid %p', async (jobid) => {
  const error = await rejectionOf(zone.resumeTask('create_summary_task', jobid as never));
  expect(error.code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
});
