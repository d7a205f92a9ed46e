import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';

let sandbox: ZoneSandbox;
silenceLog();
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

const LONG = 'the customer cannot be found in the list of customers of this department: '.repeat(3);

test('the result of a call names the request, by which its log is found', async () => {
  await serveProgram(sandbox, (program) =>
    program.ability('a', (_, { log }) => {
      log.info('one line');
      return { errcode: 0 };
    }),
  );
  const first = await sandbox.call('a', {});
  const second = await sandbox.call('a', {});
  expect(first.response_data).toBe('{"errcode":0}');
  const { requestId = '' } = first.details;
  expect(requestId).toMatch(/^[0-9a-f]{8}$/);
  expect(second.details.requestId).not.toBe(requestId);
  const records = await sandbox.logs.search({ reqId: requestId });
  expect(records.map(({ text }) => text)).toEqual([`[${requestId}] one line`]);
  expect(await sandbox.logs.search({ reqId: 'ffffffff' })).toEqual([]);
});

test('the request_id of a failure finds its record, which has the place also of a long message', async () => {
  await serveProgram(sandbox, (program) =>
    program.ability('a', () => {
      throw new RangeError(LONG);
    }),
  );
  const { response, details } = await sandbox.call('a', {});
  const { request_id: reqId } = response as { request_id: string };
  expect(details.requestId).toBe(reqId);
  const [record, ...others] = await sandbox.logs.search({ reqId });
  expect(others).toEqual([]);
  expect(record?.text).toMatch(
    /ability a failed: RangeError at sandbox-help\.test\.ts:\d+: the customer/,
  );
});

test('a call of an unknown ability names the abilities of the program, to the sandbox alone', async () => {
  const answer = () => ({ errcode: 0 });
  await serveProgram(sandbox, (program) =>
    program.ability('hello', answer).ability('分析', answer),
  );
  const unknown = await sandbox.call('helo', {});
  expect(unknown.details.abilities).toEqual(['hello', '分析']);
  expect(unknown.response).toEqual({
    errcode: 710636,
    errmsg: expect.not.stringContaining('hello'),
    request_id: unknown.details.requestId,
  });
  expect((await sandbox.callAsync('helo', {})).details.abilities).toEqual(['hello', '分析']);
  expect((await sandbox.call('hello', {})).details.abilities).toBeUndefined();
});
