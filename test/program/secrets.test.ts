import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import {
  DecryptSecretKey,
  SecretKeyring,
  SpecCallbackSDK,
  SpecOpenDebugMode,
  SpecSdk,
  type ZoneProgram,
} from 'wework-spec-sdk';
import { type FaultRule, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { z } from 'zod';
import { onTestEnd } from '../support/clean-up';
import { logForTest, newProgram } from '../support/served-program';
import { zoneForTest } from '../support/zone';

// Whatever fails, no key, token or conversation content appears in errors, logs, metrics, spans, or printed objects.

const content = {
  request: '会议纪要-in-a-request',
  result: '会议纪要-in-a-result',
  invoked: '会议纪要-in-a-call',
  response: '会议纪要-in-a-response',
  forged: '会议纪要-in-a-forged-body',
  jobInfo: 'a-job-info-of-somebody-else',
};

/** Everything that an operator or a caller could see. */
function print(value: unknown): string {
  const shown = inspect(value, { depth: 12, showHidden: true, maxStringLength: null });
  const error = value instanceof Error ? `${value.stack}${inspect(value.cause)}` : '';
  let json = '';
  try {
    json = JSON.stringify(value) ?? '';
  } catch {
    // Circular, or with a BigInt: inspect has shown it.
  }
  return `${shown}${error}${json}`;
}

test('no key, token or content is in errors, logs, metrics, spans and printed objects', async () => {
  const log = logForTest();
  const seen: string[] = [];
  const see = (value: unknown) => seen.push(print(value));
  const warn = (warning: Error) => see(warning);
  process.on('warning', warn);
  onTestEnd(() => process.off('warning', warn));
  const sandbox = await zoneForTest({ corp: { messages: 50 } });
  const { accessToken, corpSecret } = sandbox.application;
  const pair = await sandbox.corp.keyPair();
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherPem = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  const span = {
    setAttributes: see,
    setStatus: see,
    updateName: see,
    recordException: see,
    setAttribute: (name: string, value: unknown) => see({ name, value }),
    end() {},
  };
  const program = newProgram({
    tracer: {
      startSpan: (name: string, options: unknown) => {
        see({ name, options });
        return span;
      },
      startActiveSpan: (name: string, options: unknown, work: (s: unknown) => unknown) => {
        see({ name, options });
        return work(span);
      },
    } as never,
    zone: { retry: { delay: 1 } },
    jobs: { maxAttempts: 2, maxResultBytes: 2000 },
  });
  const failing = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      see(error);
    }
  };
  addHandlers(program);
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  const address = `http://127.0.0.1:${port}`;
  sandbox.programs.address = address;

  function addHandlers(target: ZoneProgram): void {
    const strict = z.object({ count: z.number() });
    target
      .ability('typed', { input: strict }, () => ({}))
      .ability('circular', () => {
        const result: Record<string, unknown> = { text: content.result };
        result.self = result;
        return result;
      })
      .ability('bigint', () => ({ text: content.result, big: 1n }))
      .ability('nothing', () => undefined as never)
      .ability('large', () => ({ text: content.result.repeat(200) }))
      .event('conversation_new_message', () => {
        throw new Error('broken on purpose');
      })
      .ability('fails', async (_, call) => {
        see(call.zone);
        see(new SpecSdk(sandbox.application.corpId, sandbox.application.agentId));
        const rules: Partial<FaultRule>[] = [
          { errcode: 45009 },
          { ret: -10001 },
          { response: content.response },
          { body: content.response },
          { badFields: true },
          { badCiphertext: true },
          { badSignature: true },
          { status: 500 },
          { contentType: content.response },
        ];
        for (const rule of rules) {
          const fault = sandbox.faults.inject({ direction: 'invoke', ...rule } as FaultRule);
          await failing(() => call.zone.invoke('sync_msg', { limit: 1, cursor: content.invoked }));
          await failing(() => new SpecSdk('ww', 1).Invoke('sync_msg', `"${content.invoked}"`));
          await failing(async () => {
            for await (const message of call.zone.messages()) expect(message).toBeUndefined();
          });
          await failing(() => SpecOpenDebugMode('no token', accessToken));
          fault.remove();
        }
        await failing(() =>
          call.zone.invoke('no_such_interface' as never, { text: content.invoked } as never),
        );
        await failing(() => call.zone.invoke('sync_msg', { limit: content.invoked } as never));
        await failing(() => call.zone.invoke('sync_msg', { no_field: content.invoked } as never));
        return {};
      });
  }

  const request = { text: content.request };
  for (const ability of ['typed', 'circular', 'bigint', 'nothing', 'large', 'fails', 'unknown']) {
    expect((await sandbox.call(ability, request)).errcode).not.toBe(710674);
    if (ability !== 'fails') await (await sandbox.callAsync(ability, request)).result();
  }
  await sandbox.call('typed', content.request as never);
  await sandbox.emit('conversation_new_message', { token: content.request }).catch(see);

  // Requests that are not from the platform.
  const sealed = sandbox.wire.seal({ abilityId: 'fails', data: request });
  const forged = [
    { headers: sealed.headers, body: content.forged },
    { headers: { ...sealed.headers, 'ww-secret-ver': content.forged }, body: sealed.body },
    { headers: {}, body: content.forged },
    {
      headers: Object.fromEntries(Object.keys(sealed.headers).map((name) => [name, 'x'])),
      body: 'x',
    },
  ];
  for (const { headers, body } of forged) {
    const response = await fetch(address, {
      method: 'POST',
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, encodeURI(String(value))]),
      ),
      body,
    });
    see(await response.text());
    await failing(() => {
      const callback = new SpecCallbackSDK('POST', headers as never, body);
      see(callback);
      callback.GetData();
    });
  }
  see(new SpecCallbackSDK('POST', sealed.headers, sealed.body));

  // Keys.
  const encrypt = await sandbox.corp.encryption();
  const [message] = sandbox.corp.messages;
  const info = encrypt(message as never);
  const keyring = new SecretKeyring({ 1: pair.privateKeyPem, 2: otherPem });
  see(keyring);
  for (const key of [
    otherPem,
    pair.privateKeyPem.slice(0, 900),
    pair.privateKeyPem.replace(/[A-Z]/, '!'),
  ]) {
    await failing(() => DecryptSecretKey(info.encrypted_secret_key, key));
    await failing(() => DecryptSecretKey(key, key));
    await failing(() => new SecretKeyring({ 1: key, 2: `${key}x` }));
    await failing(() => new SecretKeyring(key as never));
    await failing(() => new SecretKeyring({ [key]: key } as never));
    await failing(() => new SecretKeyring([key] as never));
  }
  see(
    await keyring.decryptAll(
      [info, { ...info, public_key_ver: 2 }, { ...info, encrypted_secret_key: 'x' }].slice(1),
    ),
  );
  await failing(() => new SpecCallbackSDK(otherPem, { a: otherPem } as never, otherPem).GetData());
  await failing(() => new SpecSdk(otherPem, otherPem as never));
  await failing(() => SpecOpenDebugMode(otherPem as never, { otherPem } as never));
  await failing(() => ZoneSandbox.start({ program: otherPem as never }));

  see(await program.metrics());
  see(program);
  await program.close();
  see(program);

  const settings = Object.entries(sandbox.env).filter(([name]) => name.endsWith('_KEY'));
  expect(settings).not.toEqual([]);
  const linesOf = (pem: string) => pem.split('\n').filter((line) => /^[^-]{16}/.test(line));
  const secrets: Record<string, readonly string[]> = {
    'the access token': [accessToken],
    "the application's secret": [corpSecret],
    'the debug token': [sandbox.programs.debugToken(sandbox.programs.ownId)],
    "the SDK's key": settings.map(([, value]) => String(value)),
    'a private key': [...linesOf(pair.privateKeyPem), ...linesOf(otherPem)],
    'a secret key': sandbox.corp.messages.map(({ secretKey }) => secretKey),
    ...Object.fromEntries(Object.entries(content).map(([where, text]) => [where, [text]])),
  };
  const surfaces = { log: log.text, shown: seen.join('\n') };
  expect(seen.length).toBeGreaterThan(50);
  expect(log.text).toContain('broken on purpose');
  const found = Object.entries(surfaces).flatMap(([surface, text]) =>
    Object.entries(secrets).flatMap(([what, values]) =>
      values
        .filter((value) => text.includes(value))
        .map((value) => {
          const at = text.indexOf(value);
          return `${surface}: ${what}: ${text.slice(Math.max(0, at - 300), at + 60)}`;
        }),
    ),
  );
  expect(found).toEqual([]);
});
