import { silenceLog } from '../support/process-environment';
import { invoke, invokeWell, zoneForTest } from '../support/zone';

silenceLog();

test('an export waits, runs and finishes with its event, and its file is available for 14 days', async () => {
  const sandbox = await zoneForTest();
  const { state, corp, clock } = sandbox;
  clock.set(clock.now());
  const messages = corp.messages.filter(({ msgtype }) => msgtype === 1).slice(0, 3);
  const request = {
    code: state.exports.issueCode([...messages.map(({ msgid }) => msgid), 'none']),
    media_id: state.media.add('模板.TXT', '会话记录'),
  };
  const { jobid } = await invokeWell(sandbox, 'create_chatdata_export_job', request);
  const status = async () => invokeWell(sandbox, 'get_chatdata_export_job_status', { jobid });
  expect(await status()).toEqual({ errcode: 0, errmsg: 'ok', status: 1 });
  clock.advance(500);
  expect((await status()).status).toBe(2);
  clock.advance(499);
  expect([(await status()).status, sandbox.programs.events]).toEqual([2, []]);
  clock.advance(1);
  const done = await status();
  expect(done).toEqual({
    errcode: 0,
    errmsg: 'ok',
    status: 3,
    result_id: expect.any(String),
    result_errcode: 0,
    result_errmsg: 'ok',
  });
  expect(sandbox.programs.events.map(({ data }) => JSON.parse(data))).toEqual([
    {
      event_type: 'chat_archive_export_finished',
      timestamp: Math.floor(clock.now() / 1000),
      chat_archive_export_finished: { jobid },
    },
  ]);
  const lines = state.exports.result(done.result_id)?.split('\n') ?? [];
  expect(lines[0]).toBe('会话记录');
  expect(lines.slice(1).map((line) => line.replace(/^\S+ [^:]+: /, ''))).toEqual(
    messages.map(({ text }) => text),
  );
  clock.advance(14 * 86_400_000);
  expect(state.exports.result(done.result_id)).toBeDefined();
  clock.advance(1);
  expect(state.exports.result(done.result_id)).toBeUndefined();
});

test('an export contains the text of its template and the messages in scope', async () => {
  const sandbox = await zoneForTest();
  const { state, corp, clock } = sandbox;
  clock.set(clock.now());
  const hidden = corp.addMessage({ from: 'wo-张伟', to: 'wm-李娜🌸', text: '看不见' });
  const shown = corp.addMessage({ from: 'wo-王芳', to: 'wm-李娜🌸', text: '看得见' });
  corp.setInScope('wo-张伟', false);
  const { jobid } = await invokeWell(sandbox, 'create_chatdata_export_job', {
    code: state.exports.issueCode([hidden.msgid, shown.msgid]),
    media_id: state.media.add('a.docx', 'not a text'),
  });
  clock.advance(1000);
  const { result_id } = await invokeWell(sandbox, 'get_chatdata_export_job_status', { jobid });
  expect(state.exports.result(result_id)).toMatch(/^\S+ 王芳: 看得见$/);
});

test('the 1000 newest files are kept', async () => {
  const { state } = await zoneForTest();
  const ids = Array.from({ length: 1001 }, (_, index) => state.media.add(`${index}.txt`, 'x'));
  expect(state.media.get(ids[0] as string)).toBeUndefined();
  expect(state.media.get(ids[1] as string)?.name).toBe('1.txt');
});

test('an export has at most 100000 messages, and a corp at most 1000 exports per day', async () => {
  const sandbox = await zoneForTest();
  const { state } = sandbox;
  sandbox.clock.set(sandbox.clock.now());
  const create = async (count: number): Promise<number> => {
    const code = state.exports.issueCode(Array.from({ length: count }, (_, index) => `m-${index}`));
    const media_id = state.media.add('a.xlsx', 'x');
    return (await invoke(sandbox, 'create_chatdata_export_job', { code, media_id })).errcode;
  };
  expect(await create(100_001)).toBe(710629);
  expect(await create(100_000)).toBe(0);
  for (let count = 1; count < 1000; count += 1) {
    state.calls.count('create_chatdata_export_job', sandbox.application.corpId);
  }
  expect(await create(1)).toBe(45009);
});

test('masking of a member is stored, and omitted fields are false', async () => {
  const sandbox = await zoneForTest();
  const [userid] = sandbox.corp.staff;
  const masking = async () =>
    (await invokeWell(sandbox, 'get_hide_sensitiveinfo_config', { userid })).config;
  const nothing = { hide_mobile: false, hide_idcard: false, hide_bankno: false };
  expect(await masking()).toEqual(nothing);
  await invokeWell(sandbox, 'set_hide_sensitiveinfo_config', {
    userid,
    config: { hide_mobile: true },
  });
  expect(await masking()).toEqual({ ...nothing, hide_mobile: true });
  await invokeWell(sandbox, 'set_hide_sensitiveinfo_config', {
    userid,
    config: { hide_bankno: true },
  });
  expect(await masking()).toEqual({ ...nothing, hide_bankno: true });
});
