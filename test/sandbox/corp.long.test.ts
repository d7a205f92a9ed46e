import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { DecryptSecretKey } from 'wework-spec-sdk';
import { type CorpOptions, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { HttpProgram } from '../support/http-program';
import { silenceLog } from '../support/process-environment';
import { rejectionOf, thrownBy } from '../support/thrown';
import { invoke, invokeWell, type Json, messageWith, zoneForTest } from '../support/zone';

silenceLog();
const CLOCK = () => Date.parse('2026-01-05T09:00:00+08:00');
const ALL_TYPES = Array.from({ length: 29 }, (_, type) => type);

async function corpOf(corp?: CorpOptions): Promise<ZoneSandbox['corp']> {
  const sandbox = await ZoneSandbox.start({ clock: CLOCK, ...(corp && { corp }) });
  onTestEnd(() => sandbox.stop());
  return sandbox.corp;
}

describe('the generator', () => {
  const options = { staff: 50, customers: 2000, messages: 5000, seed: 7 };

  test('makes the same corp for the same seed, and different ones for different seeds', async () => {
    const [one, same, other] = await Promise.all([
      corpOf(options),
      corpOf(options),
      corpOf({ ...options, seed: 8 }),
    ]);
    expect(one.content).toEqual(same.content);
    expect(one.content.members).toEqual(other.content.members);
    expect(one.messages.map(({ text }) => text)).not.toEqual(
      other.messages.map(({ text }) => text),
    );
    const secrets = new Set(one.messages.map(({ secretKey }) => secretKey));
    expect(secrets.size).toBe(5000);
    expect(other.messages.some(({ secretKey }) => secrets.has(secretKey))).toBe(false);
  });

  test('makes the requested numbers of employees, customers and messages', async () => {
    const corp = await corpOf(options);
    expect([corp.staff.length, corp.customers.length, corp.messages.length]).toEqual([
      50, 2000, 5000,
    ]);
    expect(new Set(corp.staff).size).toBe(50);
    expect(new Set(corp.customers).size).toBe(2000);
    expect(new Set(corp.messages.map(({ msgid }) => msgid)).size).toBe(5000);
  });

  test.each<[string, CorpOptions | undefined]>([
    ['the default corp', undefined],
    ['a generated corp', options],
    ['a corp of one employee and one customer', { staff: 1, customers: 1 }],
  ])('%s has messages in order, between parties that know each other', async (_, asked) => {
    const corp = await corpOf(asked);
    for (const [index, message] of corp.messages.entries()) {
      const { sender, receivers, chatid, sendTime, msgtype, callDuration } = message;
      expect(sendTime).toBeGreaterThanOrEqual(corp.messages[index - 1]?.sendTime ?? 0);
      expect(callDuration !== undefined).toBe(msgtype === 21 || msgtype === 22);
      expect(receivers.length).toBeGreaterThan(chatid === undefined ? 0 : -1);
      expect(receivers).not.toContainEqual(sender);
      if (chatid === undefined) {
        const [customer, member] =
          sender.type === 2 ? [sender, receivers[0]] : [receivers[0], sender];
        const { followers } = corp.customer(customer?.id ?? '') ?? { followers: [] };
        expect(followers.map(({ userid }) => userid)).toContain(member?.id);
      } else {
        const members = corp.group(chatid)?.members.map(({ id }) => id) ?? [];
        expect(members).toContain(sender.id);
        expect(receivers).toHaveLength(members.length - 1);
      }
    }
    expect(corp.messages.at(-1)?.sendTime).toBeLessThanOrEqual(CLOCK() / 1000);
  });

  test('the default and a generated corp have messages of every type', async () => {
    for (const asked of [undefined, options]) {
      const corp = await corpOf(asked);
      const types = [...new Set(corp.messages.map(({ msgtype }) => msgtype))];
      expect(types.sort((a, b) => a - b)).toEqual(ALL_TYPES);
    }
  });

  test('messages have no placeholders, vary, and contain only fictitious data', async () => {
    const corp = await corpOf(options);
    const texts = corp.messages.map(({ text }) => text).filter((text) => text !== '');
    expect(texts.filter((text) => /[{}|]|undefined/.test(text))).toEqual([]);
    expect(new Set(texts).size).toBeGreaterThan(1000);
    const numbers = texts.flatMap((text) => text.match(/(?<!\d)\d{11,19}X?(?!\d)/g) ?? []);
    expect(numbers.length).toBeGreaterThan(20);
    for (const number of numbers) expect(number).toMatch(/^(100|000000|999999)/);
    const hosts = texts.flatMap((text) => text.match(/(?<=@|\/\/[\w.]*)example\.\w+/g) ?? []);
    expect(new Set(hosts)).toEqual(new Set(['example.com']));
  });

  test('spreads the messages over the requested number of days', async () => {
    const { messages } = await corpOf({ messages: 100, days: 30 });
    const first = (messages[0]?.sendTime ?? 0) * 1000;
    expect(CLOCK() - first).toBe(30 * 86_400_000);
  });

  test('100,000 messages can be pulled in order, in pages of ten page ids', async () => {
    const sandbox = await zoneForTest({
      corp: { staff: 50, customers: 2000, messages: 100_000, seed: 7 },
    });
    const pulled: string[] = [];
    let cursor: string | undefined;
    let last = 0;
    for (let more = 1; more === 1; ) {
      const listing = await invokeWell(sandbox, 'sync_msg', {
        mode: 2,
        limit: 1000,
        ...(cursor && { cursor }),
      });
      const pages: Json[] = listing.msg_list ? [listing] : [];
      for (const page_id of listing.page_id_list ?? []) {
        pages.push(await invokeWell(sandbox, 'get_msg_list_by_page_id', { page_id }));
      }
      for (const { msg_list: list } of pages) {
        for (const { msgid, send_time: time } of list) {
          expect(time).toBeGreaterThanOrEqual(last);
          last = time;
          pulled.push(msgid);
        }
      }
      cursor = listing.next_cursor;
      more = listing.has_more;
    }
    expect(pulled).toEqual(sandbox.corp.messages.map(({ msgid }) => msgid));
  });

  test.each<[string, object]>([
    ['corp.messages', { messages: -1 }],
    ['corp.staff', { staff: 0 }],
    ['corp.customers', { staff: 1, customers: 0 }],
    ['corp.seed', { seed: 0.5 }],
    ['corp.days', { days: 0 }],
  ])('refuses %s out of range', async (name, corp) => {
    const error = await rejectionOf(ZoneSandbox.start({ corp }));
    expect(error).toMatchObject({ code: 'ERR_SPEC_OUT_OF_RANGE' });
    expect(error.message).toContain(`"options.${name}"`);
  });
});

describe('keys', () => {
  /** What a program gets of the newest message, opened with the private key of its version. */
  async function opened(sandbox: ZoneSandbox, privateKeys: ReadonlyMap<number, string>) {
    const { msg_list: list } = await invokeWell(sandbox, 'sync_msg', { limit: 1000 });
    const { encrypted_secret_key: key, public_key_ver: version } = list.at(-1).service_encrypt_info;
    return { version, secret: DecryptSecretKey(key, privateKeys.get(version) ?? '') };
  }

  test('have 2048 bits and decrypt the secret key of every message', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 30 } });
    const { privateKeyPem, publicKeyPem, publicKeyVersion } = await sandbox.corp.keyPair();
    expect(createPrivateKey(privateKeyPem).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(createPublicKey(privateKeyPem).equals(createPublicKey(publicKeyPem))).toBe(true);
    expect(publicKeyVersion).toBe(1);
    const { msg_list: list } = await invokeWell(sandbox, 'sync_msg', {});
    const secrets = list.map(({ service_encrypt_info: info }: Json) =>
      DecryptSecretKey(info.encrypted_secret_key, privateKeyPem),
    );
    expect(secrets).toEqual(sandbox.corp.messages.map(({ secretKey }) => secretKey));
  });

  test('of a new version are used for new messages', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 30 } });
    const { corp } = sandbox;
    const [staff, customer] = [corp.staff[0] as string, corp.customers[0] as string];
    const rotated = await corp.rotateKey();
    const pairs = await corp.keyPairs();
    expect(pairs.map(({ publicKeyVersion }) => publicKeyVersion)).toEqual([1, 2]);
    expect(pairs[1]).toEqual(rotated);
    expect(await corp.keyPair()).toEqual(rotated);
    const keys = new Map(pairs.map((pair) => [pair.publicKeyVersion, pair.privateKeyPem]));
    expect((await opened(sandbox, keys)).version).toBe(1);
    const message = sandbox.corp.say(staff, { to: customer }, '你好');
    expect(await opened(sandbox, keys)).toEqual({ version: 2, secret: message.secretKey });
  });

  test('generated at the same time get consecutive versions', async () => {
    const { corp } = await zoneForTest({ corp: { messages: 30 } });
    const rotated = await Promise.all([corp.rotateKey(), corp.rotateKey(), corp.rotateKey()]);
    expect(rotated.map(({ publicKeyVersion }) => publicKeyVersion).sort()).toEqual([2, 3, 4]);
    const versions = (await corp.keyPairs()).map(({ publicKeyVersion }) => publicKeyVersion);
    expect(versions).toEqual([1, 2, 3, 4]);
  });

  test('that are being generated during a reset are dropped', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 30 } });
    const { corp } = sandbox;
    const rotation = corp.rotateKey();
    await sandbox.reset();
    await rotation;
    expect(await corp.keyPairs()).toHaveLength(1);
    expect(
      sandbox.corp.say(corp.staff[0] as string, { chatid: 'wr-项目组' }, '大家好'),
    ).toMatchObject({
      publicKeyVersion: 1,
    });
  });

  test('of the application are used, and the sandbox does not have their private keys', async () => {
    const sandbox = await zoneForTest({ corp: { messages: 30 } });
    const { corp } = sandbox;
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    corp.setPublicKey(publicKeyPem, 5);
    const message = sandbox.corp.say(corp.staff[0] as string, { chatid: 'wr-项目组' }, '大家好');
    const privateKeyPem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await opened(sandbox, new Map([[5, privateKeyPem]]))).toEqual({
      version: 5,
      secret: message.secretKey,
    });
    expect(await corp.keyPairs()).toHaveLength(1);
    for (const version of [5, 4, 1.5, Number.NaN]) {
      expect(thrownBy(() => corp.setPublicKey(publicKeyPem, version))).toMatchObject({
        errcode: 40212,
      });
    }
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const bad = [small, curve].map((key) => key.export({ type: 'spki', format: 'pem' }).toString());
    for (const pem of [...bad, privateKeyPem, 'no key', '']) {
      expect(thrownBy(() => corp.setPublicKey(pem, 9))).toMatchObject({ errcode: 40211 });
    }
  });
});

describe('a new message', () => {
  test('is archived and sent as an event with a token that is valid for ten minutes', async () => {
    const events: Json[] = [];
    const program = await HttpProgram.serve((callback) => {
      expect(callback.GetCallType()).toBe(2);
      events.push(JSON.parse(callback.GetData()));
      return '';
    });
    const sandbox = await zoneForTest({ limits: { strictTokens: true } });
    sandbox.programs.address = program.address;
    const { corp, clock } = sandbox;
    clock.set(clock.now());
    const [staff, customer] = [corp.staff[0] as string, corp.customers[0] as string];
    const message = sandbox.corp.say(customer, { to: staff }, '我要退款');
    expect(message).toMatchObject({
      sender: { type: 2, id: customer },
      receivers: [{ type: 1, id: staff }],
      sendTime: Math.floor(clock.now() / 1000),
      msgtype: 1,
    });
    expect(corp.messages.at(-1)).toBe(message);
    await sandbox.programs.events.at(-1)?.result;
    expect(events).toEqual([
      {
        event_type: 'conversation_new_message',
        timestamp: Math.floor(clock.now() / 1000),
        conversation_new_message: { token: expect.stringMatching(/^.{1,128}$/) },
      },
    ]);
    const { token } = events[0].conversation_new_message;
    const cursor = `cursor-${corp.messages.length - 1}`;
    const { msg_list: list } = await invokeWell(sandbox, 'sync_msg', { token, cursor });
    expect(list.map(({ msgid }: Json) => msgid)).toEqual([message.msgid]);
    expect(JSON.stringify(sandbox.wire.exchanges)).not.toContain('退款');
    clock.advance(10 * 60_000 + 1);
    expect((await invoke(sandbox, 'sync_msg', { token })).errcode).toBe(40058);
  });

  test('to a group is received by all other members', async () => {
    const corp = await corpOf();
    const message = corp.addMessage({
      from: 'robot-小助手🤖',
      chatid: 'wr-项目组',
      msgtype: 21,
      text: '开始录音',
      callDuration: 90,
      msgid: 'mine',
    });
    expect(message).toMatchObject({ sender: { type: 3 }, chatid: 'wr-项目组', callDuration: 90 });
    expect(message.receivers).toHaveLength(8);
    expect(corp.message('mine')).toBe(message);
  });

  test('that the platform would not archive is rejected', async () => {
    const corp = await corpOf();
    const [staff, customer] = [corp.staff[0] as string, corp.customers[0] as string];
    const before = corp.messages.length;
    const wrong: [fields: Parameters<typeof corp.addMessage>[0], code: string][] = [
      [{ from: 'nobody', to: staff }, 'ERR_SANDBOX_UNKNOWN_ID'],
      [{ from: staff, to: 'nobody' }, 'ERR_SANDBOX_UNKNOWN_ID'],
      [{ from: staff }, 'ERR_SPEC_INVALID_ARG_VALUE'],
      [{ from: staff, to: [] }, 'ERR_SPEC_INVALID_ARG_VALUE'],
      [{ from: staff, chatid: 'nowhere' }, 'ERR_SANDBOX_UNKNOWN_ID'],
      [{ from: customer, chatid: 'wr-项目组' }, 'ERR_SANDBOX_NOT_IN_GROUP'],
      [{ from: staff, to: customer, msgtype: 1.5 }, 'ERR_SPEC_OUT_OF_RANGE'],
      [{ from: staff, to: customer, text: 5 as never }, 'ERR_SPEC_INVALID_ARG_TYPE'],
      [{ from: staff, to: customer, behaviours: ['5'] as never }, 'ERR_SPEC_INVALID_ARG_TYPE'],
      [{ from: staff, to: customer, msgtype: 22, callDuration: -1 }, 'ERR_SPEC_OUT_OF_RANGE'],
      [{ from: staff, to: customer, msgid: '' }, 'ERR_SPEC_INVALID_ARG_TYPE'],
      [{ from: staff, to: customer, sendTime: 1 }, 'ERR_SPEC_OUT_OF_RANGE'],
      [{ from: staff, to: customer, sendTime: Date.now() }, 'ERR_SPEC_OUT_OF_RANGE'],
      [{ from: staff, to: customer, sendTime: 4e9 + 0.5 }, 'ERR_SPEC_OUT_OF_RANGE'],
      [
        { from: staff, to: customer, msgid: corp.messages[5]?.msgid ?? '' },
        'ERR_SPEC_INVALID_ARG_VALUE',
      ],
      [{ from: customer, to: corp.customers[1] as string }, 'ERR_SANDBOX_NOT_IN_SCOPE'],
    ];
    for (const [fields, code] of wrong) {
      expect([fields, thrownBy(() => corp.addMessage(fields)).code]).toEqual([fields, code]);
    }
    corp.setInScope(staff, false);
    expect(thrownBy(() => corp.addMessage({ from: staff, to: customer })).message).toContain(
      'scope',
    );
    expect(corp.messages).toHaveLength(before);
  });
});

describe('scope and consent', () => {
  test('messages between parties out of scope are skipped', async () => {
    const sandbox = await zoneForTest();
    const { corp } = sandbox;
    const gone = messageWith(sandbox, ({ chatid }) => chatid === undefined);
    const member = [gone.sender, ...gone.receivers].find(({ type }) => type === 1)?.id ?? '';
    corp.setInScope(member, false);
    const visible = corp.messages.filter((message) => corp.isVisible(message));
    expect(visible).not.toContain(gone);
    expect(visible.length).toBeGreaterThan(100);
    for (const request of [{ limit: 1000 }, { mode: 1, limit: 7 }]) {
      const ids: string[] = [];
      let cursor: string | undefined;
      for (let more = 1; more === 1; ) {
        const response = await invokeWell(sandbox, 'sync_msg', {
          ...request,
          ...(cursor && { cursor }),
        });
        const pages = response.msg_list ? [response] : [];
        for (const page_id of response.page_id_list ?? []) {
          const page = await invokeWell(sandbox, 'get_msg_list_by_page_id', { page_id });
          expect(page.msg_list.length).toBeGreaterThan(0);
          pages.push(page);
        }
        ids.push(...pages.flatMap(({ msg_list: list }) => list.map(({ msgid }: Json) => msgid)));
        cursor = response.next_cursor;
        more = response.has_more;
      }
      expect(ids).toEqual(visible.map(({ msgid }) => msgid));
    }
    corp.setInScope(member, true);
    expect(corp.isVisible(gone)).toBe(true);
    expect(thrownBy(() => corp.setInScope('nobody', true)).code).toBe('ERR_SANDBOX_UNKNOWN_ID');
  });

  test('get_agree_status_single and _room return the consent of customers', async () => {
    const sandbox = await zoneForTest();
    const { corp, clock } = sandbox;
    clock.set(clock.now());
    const [externalUserid] = corp.customers as [string];
    const userid = corp.customer(externalUserid)?.followers[0]?.userid ?? '';
    const chatid = 'wr-客户群🌸';
    const single = async () =>
      (
        await invokeWell(sandbox, 'get_agree_status_single', {
          item: [{ userid, external_userid: externalUserid }],
        })
      ).agreeinfo[0];
    const room = async () =>
      (await invokeWell(sandbox, 'get_agree_status_room', { chatid })).agreeinfo;
    const now = Math.floor(clock.now() / 1000);

    corp.setConsent({ userid, externalUserid }, 'Disagree');
    expect((await single()).agree_status).toBe('Disagree');
    corp.setConsent({ userid, externalUserid }, 'Agree');
    expect(await single()).toEqual({
      userid,
      external_userid: externalUserid,
      agree_status: 'Agree',
      status_change_time: now,
    });
    corp.setConsent({ chatid, externalUserid }, 'Disagree');
    corp.setConsent({ chatid, externalUserid }, 'Agree');
    const people: Json[] = await room();
    expect(people.map(({ external_userid: id }) => id)).toEqual(corp.customers);
    expect(people[0]).toMatchObject({ agree_status: 'Agree', status_change_time: now });

    expect(sandbox.programs.events.map(({ data }) => JSON.parse(data))).toEqual([
      {
        event_type: 'chat_archive_audit_approved_single',
        timestamp: now,
        chat_archive_audit_approved: { userid, external_userid: externalUserid },
      },
      {
        event_type: 'chat_archive_audit_approved_room',
        timestamp: now,
        chat_archive_audit_approved: { chatid, external_userid: externalUserid },
      },
    ]);
    corp.setConsent({ chatid, externalUserid }, 'Agree');
    expect(sandbox.programs.events).toHaveLength(2);
  });
});
