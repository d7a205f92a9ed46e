import { SpecSdk } from 'wework-spec-sdk';
import { type AbilityProtocol, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { rejectionOf, thrownBy } from '../support/thrown';

silenceLog();

/** A sandbox whose program returns `result`, and reports it for a job. */
async function startZone(result: string, protocol: AbilityProtocol) {
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  setEnvironmentForTest(sandbox.env);
  const reported: number[] = [];
  const program = await HttpProgram.serve(async (callback) => {
    if (callback.GetIsAsync()) {
      const { response } = await new SpecSdk(callback).Invoke(
        'program_async_job_call_back',
        JSON.stringify({ errcode: 0, result }),
      );
      reported.push(JSON.parse(response).errcode);
    }
    return result;
  });
  sandbox.programs.address = program.address;
  sandbox.programs.defineAbility('a', protocol);
  return { sandbox, reported };
}

const input = { days: 1, who: [{ userid: '' }], more: null };

describe('the input', () => {
  test.each<[unknown, unknown, number]>([
    [input, { days: 3, who: [], more: 'anything' }, 0],
    [input, { days: 3, who: [{ userid: 'a' }, { userid: 'b' }], more: [1] }, 0],
    [JSON.stringify(input), { days: 3, who: [], more: null }, 0],
    [undefined, 'no JSON', 0],
    [[], [1, 'a'], 0],
    ['"a text"', '"another"', 0],
    [input, 'no JSON', 710647],
    [input, [], 710647],
    [input, { days: '3', who: [], more: 1 }, 710647],
    [input, { days: 3, who: [] }, 710647],
    [input, { days: 3, who: {}, more: 1 }, 710647],
    [input, { days: 3, who: [{ userid: 'a' }, {}], more: 1 }, 710647],
    [input, { days: 3, who: [], more: 1, extra: 1 }, 710647],
    [{ toString: '' }, {}, 710647],
    ['{ no JSON', {}, 790012],
  ])('with the template %j, the request %j returns %d', async (template, request, errcode) => {
    const { sandbox } = await startZone('{}', { input: template });
    expect(await sandbox.call('a', request)).toMatchObject({ errcode });
    const task = await sandbox.callAsync('a', request);
    expect(task.errcode).toBe(errcode);
    expect(await task.result()).toMatchObject({ errcode });
    expect(await sandbox.call('other', request)).toMatchObject({ errcode: 0 });
    // The platform checks before it sends.
    expect(
      sandbox.requests.filter(({ name, kind }) => name === 'a' && kind === 'call'),
    ).toHaveLength(errcode === 0 ? 1 : 0);
  });
});

describe('the output', () => {
  test.each<[unknown, string, number]>([
    [{ errcode: 0, senders: {} }, '{"errcode":1,"senders":{}}', 0],
    [{ errcode: 0 }, 'no JSON', 790013],
    [{ errcode: 0 }, '', 790013],
    [{ errcode: 0 }, '{"errcode":"0"}', 790014],
    [{ errcode: 0 }, '{}', 790014],
    ['{ no JSON', '{}', 790012],
  ])('with the template %j, the response %j returns %d', async (template, response, errcode) => {
    const { sandbox, reported } = await startZone(response, { output: template });
    const result = await sandbox.call('a', {});
    expect(result.errcode).toBe(errcode);
    expect(result.response_data).toBe(errcode === 0 ? response : '');
    expect(result.details.response?.outcome).toEqual({ kind: 'response', text: response });
    // A refused report can be repeated, because the job is not reported yet.
    const { jobid } = await sandbox.callAsync('a', {});
    expect(reported).toEqual([errcode]);
    const asked = await fetch(
      `${sandbox.urls.server}/cgi-bin/chatdata/async_program_result?access_token=${sandbox.application.accessToken}`,
      { method: 'POST', body: JSON.stringify({ jobid }) },
    );
    expect(await asked.json()).toMatchObject({ errcode: errcode === 0 ? 0 : 710642 });
  });

  test('of a failed job is not checked', async () => {
    const { sandbox } = await startZone('', { output: { n: 1 } });
    let jobInfo = '';
    sandbox.programs.address = (
      await HttpProgram.serve((callback) => {
        jobInfo = callback.GetJobInfo();
        return '';
      })
    ).address;
    const { result } = await sandbox.callAsync('a', {});
    const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId, 'a', jobInfo);
    await sdk.Invoke('program_async_job_call_back', '{"errcode":7,"result":"broken"}');
    expect(await result()).toMatchObject({ response_errcode: 7, response_data: 'broken' });
  });
});

test('the error names the place of the mismatch, and not the value', async () => {
  const { sandbox } = await startZone('{}', { input });
  const { errmsg } = await sandbox.call('a', { days: 1, who: [{ userid: 5 }], more: 'secret' });
  expect(errmsg).toContain('who[0].userid must be of type string');
  expect(errmsg).not.toContain('secret');
});

test('needs an ability id, and is removed by a reset', async () => {
  const { sandbox } = await startZone('{}', { input: { days: 1 } });
  expect(thrownBy(() => sandbox.programs.defineAbility('', {})).code).toBe(
    'ERR_SPEC_INVALID_ARG_TYPE',
  );
  expect((await sandbox.call('a', {})).errcode).toBe(710647);
  await sandbox.reset();
  expect((await sandbox.call('a', {})).errcode).toBe(0);
  expect((await rejectionOf(sandbox.call('a', 1n))).code).toBe('ERR_SANDBOX_REQUEST');
});
