import { SpecOpenDebugMode, SpecSdk } from 'wework-spec-sdk';
import { type Message, ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { checkFields, zoneInterface } from '../../lib/interfaces';
import { onTestEnd } from './clean-up';
import { setEnvironmentForTest } from './process-environment';

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, which the tests access
export type Json = any;

/** Calls an interface with the SDK, and returns the response whatever its errcode. A successful one must match the interface's definition. */
export async function invoke(sandbox: ZoneSandbox, name: string, request: object): Promise<Json> {
  const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
  const { ret, response } = await sdk.Invoke(name, JSON.stringify(request));
  expect([name, ret]).toEqual([name, 0]);
  const parsed = JSON.parse(response);
  if (parsed.errcode === 0) {
    const { errcode, errmsg, ...fields } = parsed;
    const schema = zoneInterface(name)?.response ?? { kind: 'struct', fields: {}, isOpen: true };
    expect([name, checkFields(schema, fields)]).toEqual([name, undefined]);
  }
  return parsed;
}

/** The same, for a call that must succeed. */
export async function invokeWell(
  sandbox: ZoneSandbox,
  name: string,
  request: object,
): Promise<Json> {
  const response = await invoke(sandbox, name, request);
  expect([name, response]).toEqual([name, expect.objectContaining({ errcode: 0, errmsg: 'ok' })]);
  return response;
}

/** A sandbox until the end of the test, for which the SDK of this process is configured. */
export async function zoneForTest(options?: ZoneSandboxOptions): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  onTestEnd(() => sandbox.stop());
  setEnvironmentForTest(sandbox.env);
  return sandbox;
}

/** Calls a server interface as an application does. */
export async function post(zone: ZoneSandbox, path: string, body: unknown): Promise<Json> {
  const response = await fetch(
    `${zone.urls.server}/cgi-bin/${path}${path.includes('?') ? '&' : '?'}access_token=${zone.application.accessToken}`,
    {
      method: 'POST',
      body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body),
    },
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return response.json();
}

/** Opens debug mode of a program on both sides. */
export async function openDebugMode(
  sandbox: ZoneSandbox,
  programId = sandbox.programs.ownId,
): Promise<void> {
  const token = sandbox.programs.debugToken(programId);
  const request = { program_id: programId, debug_token: token };
  expect(await post(sandbox, 'chatdata/open_debug_mode', request)).toMatchObject({ errcode: 0 });
  expect(await SpecOpenDebugMode(token, sandbox.application.accessToken)).toBe(true);
}

/** Messages in the format of `msg_list`. */
export function keysOf(...messages: readonly (Message | undefined)[]): object[] {
  return messages.map((message) => ({
    msgid: message?.msgid,
    encrypt_info: { secret_key: message?.secretKey },
  }));
}

/** The first message that satisfies the condition. */
export function messageWith(sandbox: ZoneSandbox, is: (message: Message) => boolean): Message {
  const found = sandbox.corp.messages.find(is);
  if (found === undefined) throw new Error('the corp has no such message');
  return found;
}
