import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DecryptSecretKey, SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { Gate } from '../support/gate';
import { HttpProgram } from '../support/http-program';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';
import { tempDirs } from '../support/temp-dir';
import { rejectionOf } from '../support/thrown';
import { invoke, invokeWell, type Json, keysOf, zoneForTest } from '../support/zone';

silenceLog();
const temporaryFolder = tempDirs();
const STAFF = 'wo-张伟';
const CUSTOMER = 'wm-李娜🌸';

/** Creates data in most stores, and returns the ids to read it. */
async function busy(sandbox: ZoneSandbox) {
  const { corp, state, clock } = sandbox;
  clock.set(clock.now());
  const { rule_id } = await invokeWell(sandbox, 'create_rule', {
    name: 'rule',
    keyword: { word_list: ['退款'] },
  });
  await corp.rotateKey();
  const message = sandbox.corp.say(CUSTOMER, { to: STAFF }, '我要退款🌸');
  corp.setInScope('wo-黄磊', false);
  corp.setConsent({ userid: STAFF, externalUserid: CUSTOMER }, 'Disagree');
  const { kb_id } = await invokeWell(sandbox, 'knowledge_base_create', {
    kb_name: 'faq',
    doc_list: [{ doc_name: 'a.pdf', type: 2, file_media_id: 'm' }],
  });
  const { jobid } = await invokeWell(sandbox, 'create_summary_task', { msg_list: keysOf(message) });
  const token = state.archive.issueToken('sync_msg');
  const exported = await invokeWell(sandbox, 'create_chatdata_export_job', {
    code: state.exports.issueCode([message.msgid]),
    media_id: state.media.add('a.txt', 'x'),
  });
  const { page_id_list: pages } = await invokeWell(sandbox, 'sync_msg', { mode: 1 });
  await invokeWell(sandbox, 'set_hide_sensitiveinfo_config', {
    userid: STAFF,
    config: { hide_mobile: true },
  });
  const page_id = pages[0] as string;
  return { rule_id, message, kb_id, jobid, token, exportId: exported.jobid as string, page_id };
}

/** Reads what {@link busy} created. */
async function look(sandbox: ZoneSandbox, ids: Awaited<ReturnType<typeof busy>>) {
  const { rule_id, kb_id, jobid, token, exportId, page_id } = ids;
  const read = async (name: string, request: object): Promise<Json> => {
    const response = await invoke(sandbox, name, request);
    // RSA pads randomly: the same key is encrypted differently each time.
    return JSON.parse(
      JSON.stringify(response, (key, value) =>
        key === 'encrypted_secret_key' || key === 'errmsg' ? undefined : value,
      ),
    );
  };
  return {
    rule: await read('get_rule_detail', { rule_id }),
    hits: await read('get_hit_msg_list', {}),
    messages: await read('sync_msg', { token, limit: 1000 }),
    page: await read('get_msg_list_by_page_id', { page_id }),
    found: await read('search_contact_or_customer', { query_word: '黄磊' }),
    consent: await read('get_agree_status_single', {
      item: [{ userid: STAFF, external_userid: CUSTOMER }],
    }),
    base: await read('knowledge_base_detail', { kb_id }),
    summary: await read('get_summary_result', { jobid }),
    exported: await read('get_chatdata_export_job_status', { jobid: exportId }),
    masking: await read('get_hide_sensitiveinfo_config', { userid: STAFF }),
  };
}

describe('a saved state', () => {
  test('is complete: another sandbox continues from it', async () => {
    const file = join(temporaryFolder(), 'state.json');
    const sandbox = await zoneForTest({ limits: { strictTokens: true } });
    const ids = await busy(sandbox);
    const before = await look(sandbox, ids);
    expect(before.summary.status).toBe(0);
    const pairs = await sandbox.corp.keyPairs();
    await sandbox.save(file);
    await sandbox.stop();

    const loaded = await zoneForTest({ state: file, limits: { strictTokens: true } });
    // With the clock stopped at the saved time, every response must be the same.
    loaded.clock.set(sandbox.clock.now());
    expect(await look(loaded, ids)).toEqual(before);
    expect(loaded.corp.content).toEqual(sandbox.corp.content);
    expect(loaded.corp.messages).toEqual(sandbox.corp.messages);
    expect(await loaded.corp.keyPairs()).toEqual(pairs);
    const { msg_list: list } = await invokeWell(loaded, 'sync_msg', {
      limit: 1000,
      token: ids.token,
    });
    const info = list.at(-1).service_encrypt_info;
    expect(info.public_key_ver).toBe(2);
    expect(DecryptSecretKey(info.encrypted_secret_key, pairs[1]?.privateKeyPem ?? '')).toBe(
      ids.message.secretKey,
    );
    // Scheduled events are sent.
    loaded.clock.advance(1000);
    expect(loaded.programs.events.map(({ eventType }) => eventType).sort()).toEqual([
      'chat_archive_export_finished',
      'knowledge_base_learn_done',
    ]);
    expect((await look(loaded, ids)).summary.status).toBe(1);
    // They are not sent twice.
    await loaded.load(await loaded.save());
    loaded.clock.advance(60_000);
    expect(loaded.programs.events).toEqual([]);
    const { rule_id: next } = await invokeWell(loaded, 'create_rule', {
      name: 'r',
      keyword: { word_list: ['x'] },
    });
    expect(next).not.toBe(ids.rule_id);
  });

  test('contains every store, and reset and load restore every store', async () => {
    const sandbox = await zoneForTest();
    const { state, programs } = sandbox;
    const read = async () => {
      const saved = await sandbox.save();
      return { saved, stores: saved.stores as Record<string, unknown> };
    };
    const start = await read();
    const members = Object.entries(state).filter(([, member]) => 'snapshot' in member);
    expect(Object.keys(start.stores).sort()).toEqual(
      ['corp', 'jobs', ...members.map(([name]) => name)].sort(),
    );

    await busy(sandbox);
    state.ownPrograms.states.set('other', 'abnormal');
    const delivered = new Gate();
    const program = await HttpProgram.serve((callback) => {
      new SpecSdk(callback);
      void delivered.pass();
      return '';
    });
    programs.address = program.address;
    await invokeWell(sandbox, 'create_program_task', {
      program_id: programs.ownId,
      ability_id: 'a',
      msg_list: keysOf(sandbox.corp.messages[0]),
    });
    await delivered.reached(1);
    state.grants.isModelBusy = true;
    state.grants.tickets.add('t');
    const changed = await read();
    const unchanged = Object.keys(start.stores).filter((name) =>
      isDeepStrictEqual(changed.stores[name], start.stores[name]),
    );
    expect(unchanged).toEqual([]);

    await sandbox.reset();
    expect((await read()).stores).toEqual(start.stores);
    await sandbox.load(changed.saved);
    expect((await read()).stores).toEqual(changed.stores);
    await sandbox.reset();
    expect((await read()).stores).toEqual(changed.stores);
  });

  test('continues from the time at which it was saved, also after a reset', async () => {
    const sandbox = await ZoneSandbox.start({ clock: () => 1_000_000_000_000 });
    onTestEnd(() => sandbox.stop());
    const file = join(temporaryFolder(), 'state.json');
    await sandbox.save(file);
    const loaded = await ZoneSandbox.start({ state: file, clock: () => 5 });
    onTestEnd(() => loaded.stop());
    expect(loaded.clock.now()).toBe(1_000_000_000_000);
    loaded.clock.set(7);
    await loaded.reset();
    expect(loaded.clock.now()).toBe(1_000_000_000_000);
  });

  test('is readable only by its owner, and stores the member lists of large groups once', async () => {
    const file = join(temporaryFolder(), 'state.json');
    const sandbox = await zoneForTest({ corp: { messages: 5000 } });
    await sandbox.save(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(file).size).toBeLessThan(10_000_000);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      format: 'wework-spec-sandbox-state',
      version: 2,
    });
  });

  test('contains the jobs of programs, which can still be reported', async () => {
    const sandbox = await zoneForTest();
    const delivered = new Gate();
    let sdk: SpecSdk | undefined;
    const program = await HttpProgram.serve((callback) => {
      sdk = new SpecSdk(callback);
      void delivered.pass();
      return '';
    });
    sandbox.programs.address = program.address;
    const { jobid } = await invokeWell(sandbox, 'create_program_task', {
      program_id: sandbox.programs.ownId,
      ability_id: 'a',
      msg_list: keysOf(sandbox.corp.messages[0]),
    });
    await delivered.reached(1);
    const saved = await sandbox.save();
    await sandbox.reset();
    expect((await invoke(sandbox, 'get_program_task_result', { jobid })).errcode).toBe(40088);
    await sandbox.load(JSON.parse(JSON.stringify(saved)));
    await sdk?.Invoke('program_async_job_call_back', '{"errcode":0}');
    const result = await invokeWell(sandbox, 'get_program_task_result', { jobid });
    expect(result.response_errcode).toBe(0);
    await sandbox.reset();
    const again = await invoke(sandbox, 'get_program_task_result', { jobid });
    expect(again.errcode).toBe(710642);
  });

  test('replaces another corp, and is what reset restores', async () => {
    const one = await ZoneSandbox.start({ corp: { staff: 3, customers: 5, messages: 40 } });
    onTestEnd(() => one.stop());
    const saved = await one.save();
    const sandbox = await zoneForTest();
    await busy(sandbox);
    await sandbox.load(saved);
    expect(sandbox.corp.content).toEqual(one.corp.content);
    expect(sandbox.corp.messages).toHaveLength(40);
    expect((await invokeWell(sandbox, 'get_rule_list', {})).rule_list).toEqual([]);
    expect(sandbox.clock.now()).toBeGreaterThanOrEqual(saved.time);
    const [staff, customer] = [
      sandbox.corp.staff[0] as string,
      sandbox.corp.customers[0] as string,
    ];
    sandbox.corp.say(staff, { to: customer }, 'x');
    await sandbox.reset();
    expect(sandbox.corp.messages).toHaveLength(40);
  });

  test('that is invalid is rejected and changes nothing', async () => {
    const folder = temporaryFolder();
    const sandbox = await zoneForTest();
    const start = (state: string) => rejectionOf(ZoneSandbox.start({ state }));
    expect((await start(join(folder, 'none.json'))).code).toBe('ERR_SANDBOX_STATE_READ');
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"format":"other"}',
      '{"format":"wework-spec-sandbox-state","version":1}',
    ]) {
      const file = join(folder, 'bad.json');
      writeFileSync(file, text);
      expect([text, (await start(file)).code]).toEqual([text, 'ERR_SANDBOX_STATE']);
      expect((await rejectionOf(sandbox.load(file))).code).toBe('ERR_SANDBOX_STATE');
    }
    const good = await sandbox.save();
    const { parties, ...withoutParties } = good.corp;
    const { rules, ...withoutRules } = good.stores as Record<string, object>;
    for (const bad of [
      {},
      null,
      { ...good, corp: withoutParties },
      { ...good, corp: { ...good.corp, parties: [] } },
      { ...good, stores: withoutRules },
      { ...good, stores: { ...withoutRules, rules: {} } },
      { ...good, stores: { ...withoutRules, rules: { ...rules, hits: {} } } },
      { ...good, stores: null },
      { ...good, keyPair: {} },
      { ...good, time: 'now' },
      { ...good, time: -1 },
      { ...good, time: 1e16 },
    ]) {
      expect((await rejectionOf(sandbox.load(bad as never))).code).toBe('ERR_SANDBOX_STATE');
    }
    expect([parties.length, rules]).toEqual([
      expect.any(Number),
      { serial: 0, rules: { $map: [] }, hits: [] },
    ]);
    for (const file of [join(folder, 'no', 'folder'), folder]) {
      expect((await rejectionOf(sandbox.save(file))).code).toBe('ERR_SANDBOX_STATE_WRITE');
    }
    expect(readdirSync(dirname(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(sandbox.corp.messages).toHaveLength(260);
    expect((await start('')).code).toBe('ERR_SPEC_INVALID_ARG_TYPE');
  });
});

describe('reset', () => {
  test('removes everything created since the start', async () => {
    const sandbox = await zoneForTest();
    const [first] = await sandbox.corp.keyPairs();
    const ids = await busy(sandbox);
    sandbox.faults.inject(() => ({ response: '{}' }));
    sandbox.use('sync_msg', () => ({}));
    await sandbox.reset();
    expect(sandbox.wire.exchanges).toEqual([]);
    expect(sandbox.programs.events).toEqual([]);
    expect(sandbox.application.notifications).toEqual([]);
    expect(await sandbox.corp.keyPairs()).toEqual([first]);
    expect(sandbox.corp.message(ids.message.msgid)).toBeUndefined();
    const after = await look(sandbox, ids);
    expect(after).toMatchObject({
      rule: { errcode: 710612 },
      hits: { errcode: 0, msg_list: [] },
      messages: { errcode: 0 },
      base: { errcode: 800000 },
      summary: { errcode: 40088 },
      exported: { errcode: 40088 },
      masking: { config: { hide_mobile: false } },
    });
    expect(after.messages.msg_list).toHaveLength(260);
    expect(after.found.user_list).toHaveLength(1);
    // Scheduled events are discarded.
    sandbox.clock.advance(60_000);
    expect(sandbox.programs.events).toEqual([]);
  });

  test('keeps the program, the corp and the key of the sandbox', async () => {
    const sandbox = await zoneForTest({ program: 'http://127.0.0.1:1' });
    const { env } = sandbox;
    const { address } = sandbox.programs;
    const { content } = sandbox.corp;
    await sandbox.reset();
    expect(sandbox.env).toEqual(env);
    expect(sandbox.programs.address).toEqual(address);
    expect(sandbox.corp.content).toBe(content);
    setEnvironmentForTest(sandbox.env);
    await invokeWell(sandbox, 'sync_msg', {});
  });

  test('makes the ids of removed messages available again', async () => {
    const sandbox = await zoneForTest();
    const one = sandbox.corp.say(CUSTOMER, { to: STAFF }, 'one');
    const named = sandbox.corp.addMessage({ from: STAFF, to: CUSTOMER, msgid: 'named' });
    expect(sandbox.corp.message('named')).toBe(named);
    await sandbox.reset();
    sandbox.corp.say(CUSTOMER, { to: STAFF }, 'in its place');
    sandbox.corp.say(CUSTOMER, { to: STAFF }, 'in its place');
    expect(sandbox.corp.message('named')).toBeUndefined();
    await sandbox.reset();
    const two = sandbox.corp.say(CUSTOMER, { to: STAFF }, 'two');
    expect(sandbox.corp.message(two.msgid)?.text).toBe('two');
    expect(sandbox.corp.messages).not.toContain(one);
    expect(sandbox.corp.messages.at(-1)).toBe(two);
  });
});
