import { SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { rejectionOf } from '../support/thrown';

silenceLog();

type Respond = Parameters<typeof HttpProgram.serve>[0];

/** A sandbox and a program of this process, to the end of the test. */
async function zoneOf(respond: Respond, options: ZoneSandboxOptions = {}): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  onTestEnd(() => sandbox.stop());
  setEnvironmentForTest(sandbox.env);
  sandbox.programs.address = (await HttpProgram.serve(respond)).address;
  return sandbox;
}

async function report(sdk: SpecSdk, request: object): Promise<number> {
  const { ret, response } = await sdk.Invoke(
    'program_async_job_call_back',
    JSON.stringify(request),
  );
  expect(ret).toBe(0);
  return JSON.parse(response).errcode;
}

describe('callAsync', () => {
  test('gives the program a job, and returns what the program reports', async () => {
    const seen: unknown[] = [];
    let sdk: SpecSdk | undefined;
    const zone = await zoneOf((callback) => {
      seen.push(
        callback.GetCallType(),
        callback.GetIsAsync(),
        callback.GetAbilityId(),
        callback.GetAgentId(),
        JSON.parse(callback.GetData()),
      );
      sdk = new SpecSdk(callback);
      return 'ignored';
    });
    const { errcode, jobid, result } = await zone.callAsync('report', { days: 3 }, { agentId: 0 });
    expect({ errcode, jobid }).toEqual({ errcode: 0, jobid: expect.stringMatching(/^.{1,64}$/) });
    expect(seen).toEqual([1, true, 'report', 0, { days: 3 }]);
    expect(await report(sdk as SpecSdk, { errcode: 0, result: '{"好":"🌸"}' })).toBe(0);
    expect(await result()).toEqual({
      errcode: 0,
      errmsg: 'ok',
      response_errcode: 0,
      response_data: '{"好":"🌸"}',
      response: { 好: '🌸' },
    });
  });

  test('accepts a report that arrives before the response, and a report of a failure', async () => {
    const zone = await zoneOf(async (callback) => {
      await report(new SpecSdk(callback), { errcode: 7 });
      return '';
    });
    const { result } = await zone.callAsync('a', {});
    expect(await result()).toMatchObject({ errcode: 0, response_errcode: 7, response_data: '' });
  });

  test('gives every job a different opaque job_info', async () => {
    const infos: string[] = [];
    const zone = await zoneOf((callback) => {
      infos.push(callback.GetJobInfo());
      return '';
    });
    const jobs = await Promise.all([zone.callAsync('a', {}), zone.callAsync('a', {})]);
    expect(new Set(infos).size).toBe(2);
    for (const info of infos) expect(Buffer.from(info, 'base64url')).toHaveLength(32);
    expect(infos.join()).not.toContain(jobs[0]?.jobid);
  });

  test('accepts one report of a job, and only from the application and program that got it', async () => {
    let jobInfo = '';
    const zone = await zoneOf((callback) => {
      jobInfo = callback.GetJobInfo();
      return '';
    });
    const { result } = await zone.callAsync('a', {});
    const { corpId, agentId } = zone.application;
    const good = { errcode: 0, result: '{}' };
    const changed = `${jobInfo[0] === 'A' ? 'B' : 'A'}${jobInfo.slice(1)}`;
    for (const sdk of [
      new SpecSdk(corpId, agentId),
      new SpecSdk(corpId, agentId, 'a', changed),
      new SpecSdk(corpId, agentId, 'a', 'constructor'),
      new SpecSdk('ww-other', agentId, 'a', jobInfo),
      new SpecSdk(corpId, agentId + 1, 'a', jobInfo),
    ]) {
      expect(await report(sdk, good)).toBe(790017);
    }
    const owner = new SpecSdk(corpId, agentId, 'a', jobInfo);
    expect(await report(owner, good)).toBe(0);
    expect(await report(owner, { errcode: 1 })).toBe(790010);
    expect(await result()).toMatchObject({ response_errcode: 0, response_data: '{}' });
  });

  test('creates no job when the program fails', async () => {
    let jobInfo = '';
    const zone = await zoneOf((callback) => {
      jobInfo = callback.GetJobInfo();
      throw new Error('status 500');
    });
    const { errcode, jobid, result } = await zone.callAsync('a', {});
    expect({ errcode, jobid }).toEqual({ errcode: 710676, jobid: '' });
    expect(await result()).toMatchObject({ errcode: 710676, response_data: '' });
    const late = new SpecSdk(zone.application.corpId, zone.application.agentId, 'a', jobInfo);
    expect(await report(late, { errcode: 0 })).toBe(790017);
  });

  test('rejects pending results when the sandbox stops', async () => {
    const zone = await zoneOf(() => '');
    const { result } = await zone.callAsync('a', {});
    await zone.stop();
    expect((await rejectionOf(result())).code).toBe('ERR_SANDBOX_STOPPED');
  });

  test('rejects pending results when the sandbox is reset', async () => {
    const zone = await zoneOf(() => '');
    const { result } = await zone.callAsync('a', {});
    const waiting = rejectionOf(result());
    await zone.reset();
    expect((await waiting).code).toBe('ERR_SANDBOX_JOB_FORGOTTEN');
  });

  test('calls the program given by programId', async () => {
    const other = await HttpProgram.serve(() => '"other"');
    const zone = await zoneOf(() => '"own"');
    zone.programs.add('p-2', other.address);
    expect((await zone.call('a', {})).response).toBe('own');
    expect((await zone.call('a', {}, { programId: 'p-2' })).response).toBe('other');
    expect((await rejectionOf(zone.call('a', {}, { programId: 'p-3' }))).code).toBe(
      'ERR_SANDBOX_UNKNOWN_PROGRAM',
    );
  });
});

describe('emit', () => {
  test('sends an event with the time of the sandbox', async () => {
    const seen: unknown[] = [];
    const now = Date.now() - 5000;
    const zone = await zoneOf(
      (callback) => {
        seen.push(callback.GetCallType(), JSON.parse(callback.GetData()));
        return '';
      },
      { clock: () => now },
    );
    const { errcode } = await zone.emit('conversation_new_message', { token: 't-1' });
    expect(errcode).toBe(0);
    expect(seen).toEqual([
      2,
      {
        event_type: 'conversation_new_message',
        timestamp: Math.floor(now / 1000),
        conversation_new_message: { token: 't-1' },
      },
    ]);
    expect(zone.programs.events).toMatchObject([
      { eventType: 'conversation_new_message', time: now },
    ]);
  });

  test('sends the data of both consent events under the same name', async () => {
    let data = '';
    const zone = await zoneOf((callback) => {
      data = callback.GetData();
      return '';
    });
    const consent = { external_userid: 'wm-1', chatid: 'wr-1' };
    await zone.emit('chat_archive_audit_approved_room', consent);
    expect(JSON.parse(data)).toMatchObject({ chat_archive_audit_approved: consent });
  });

  test('sends events to the program that the application has set', async () => {
    const calls: string[] = [];
    const other = await HttpProgram.serve(() => {
      calls.push('other');
      return '';
    });
    const zone = await zoneOf(() => {
      calls.push('own');
      return '';
    });
    zone.programs.add('p-2', other.address);
    const emit = () => zone.emit('conversation_new_message', { token: 't' });
    await emit();
    zone.programs.eventReceiver = 'p-2';
    await emit();
    expect(calls).toEqual(['own', 'other']);
    zone.programs.eventReceiver = undefined;
    const error = await rejectionOf(emit());
    expect(error.code).toBe('ERR_SANDBOX_NO_RECEIVER');
    expect(error.message).toContain('sandbox.programs.eventReceiver');
    expect(zone.programs.events.at(-1)).not.toHaveProperty('result');
    expect(() => {
      zone.programs.eventReceiver = 'p-3';
    }).toThrow(expect.objectContaining({ code: 'ERR_SANDBOX_UNKNOWN_PROGRAM' }));
  });

  test.each<[string, unknown]>([
    ['no_such_event', {}],
    ['conversation_new_message', {}],
    ['conversation_new_message', { token: 5 }],
    ['conversation_new_message', { token: 'x'.repeat(129) }],
    ['conversation_new_message', { token: 't', more: 1 }],
    ['conversation_new_message', 't-1'],
    ['conversation_new_message', null],
  ])('refuses %s with %j', async (eventType, content) => {
    const zone = await zoneOf(() => '');
    const error = await rejectionOf(zone.emit(eventType as never, content as never));
    const isKnown = eventType === 'conversation_new_message';
    expect(error.code).toBe(isKnown ? 'ERR_SANDBOX_EVENT' : 'ERR_SANDBOX_UNKNOWN_EVENT');
    expect(zone.programs.events).toHaveLength(0);
  });
});
