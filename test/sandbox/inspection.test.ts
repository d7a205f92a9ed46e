import { inspect } from 'node:util';
import { SpecCallbackSDK } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';

silenceLog();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const serve = async (text: string) => {
  sandbox.programs.address = (await HttpProgram.serve(() => text)).address;
};

/** What the form of a result must not contain: the encrypted messages and the addresses of their parts. */
const noise = /[A-Za-z0-9+/]{60}|Buffer|headers|ww-/;

test('console.log of a result shows the response once, without the encrypted messages', async () => {
  await serve('{"greeting":"你好，小明"}');
  const result = await sandbox.call('hello', {});
  const text = inspect(result);
  expect(text).toMatch(
    /^\{\n {2}errcode: 0,\n {2}errmsg: 'ok',\n {2}response: \{ greeting: '你好，小明' \},\n {2}details: \{ requestBytes: \d+, status: 200, responseBytes: \d+, elapsed: [\d.]+ \}\n\}$/,
  );
  expect(text).toMatch(/elapsed: \d+(?:\.\d)? /);
  expect(text).not.toMatch(noise);
  // The members, their equality and JSON are as before.
  expect(Object.keys(result)).toEqual([
    'errcode',
    'errmsg',
    'response_data',
    'response',
    'details',
  ]);
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({ response_data: expect.any(String) });
  await serve('no JSON');
  expect(inspect(await sandbox.call('hello', {}))).toContain("response_data: 'no JSON'");
});

test('console.log of a failure shows the errcode and the cause', async () => {
  await serve('');
  sandbox.faults.inject({ direction: 'request', badSignature: true, times: 1 });
  const refused = inspect(await sandbox.call('hello', {}));
  expect(refused).toMatch(/errcode: 710677,[\s\S]*refusal: 'signature'/);
  expect(refused).not.toMatch(noise);
  expect(refused).not.toContain('response:');
  sandbox.programs.address = 'http://127.0.0.1:1';
  expect(inspect(await sandbox.call('hello', {}))).toMatch(/error: 'ERR_SANDBOX_CONNECT: /);
  sandbox.programs.defineAbility('typed', { input: { n: 1 } });
  expect(inspect(await sandbox.call('typed', {}))).toMatch(/errcode: 710647/);
});

test('console.log of an asynchronous call shows the jobid', async () => {
  await serve('{"errcode":0}');
  const job = await sandbox.callAsync('task', {});
  expect(inspect(job)).toMatch(/^\{\n {2}errcode: 0,\n {2}errmsg: 'ok',\n {2}jobid: 'job-\w+',/);
  expect(inspect(job)).not.toMatch(noise);
  sandbox.programs.address = 'http://127.0.0.1:1';
  const lost = await sandbox.callAsync('task', {});
  expect(inspect(lost)).toContain("jobid: ''");
  expect(inspect(await lost.result())).toContain('errcode: 710674');
});

test('console.log of a sandbox does not show its token and keys', () => {
  expect(inspect(sandbox, { depth: 5 })).not.toContain(sandbox.controlToken);
  expect(inspect(sandbox)).toContain(sandbox.urls.server);
});

test.each(['%', '%E4', 'no JSON', '{}'])(
  'a list of abilities that the program has not encoded does not fail the call: %s',
  async (text) => {
    const program = await HttpProgram.start(({ request, body }) => {
      const callback = new SpecCallbackSDK('POST', request.headers, body);
      const response = callback.BuildResponseHeaderBody('{}');
      return { ...response, headers: { ...response.headers, 'wework-spec-abilities': text } };
    });
    sandbox.programs.address = program.address;
    const { errcode, details } = await sandbox.call('hello', {});
    expect({ errcode, abilities: details.abilities }).toEqual({ errcode: 0, abilities: undefined });
  },
);
