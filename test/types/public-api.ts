// Compiled, never run: what the public types accept, and what they refuse. A line that should be refused and is not
// makes `tsc` fail, as an unused @ts-expect-error.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  configureLog,
  configureThreadPool,
  DecryptSecretKey,
  type GenerateNotifyId,
  type GetSdkInfo,
  type HeadersInput,
  isSpecError,
  type LogOptions,
  type MessageKey,
  type SdkInfo,
  SpecCallbackSDK,
  SpecError,
  type SpecErrorCode,
  type SpecInvokeResponse,
  SpecOpenDebugMode,
  type SpecResponse,
  SpecSDK,
  SpecSdk,
  type specErrorCodes,
  type ThreadPoolOptions,
  WWSPEC_LOG_DEBUG,
  WWSPEC_LOG_ERROR,
  WWSPEC_LOG_INFO,
} from 'wework-spec-sdk';
import {
  type FaultRule,
  type Message,
  type SandboxErrorCode,
  ZoneSandbox,
} from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';
import { same } from './same';

export function headers(request: IncomingMessage, fetched: Request): SpecCallbackSDK[] {
  const body = Buffer.alloc(0);
  // @ts-expect-error numbers are no values
  const numbers: HeadersInput = { a: 1 };
  // @ts-expect-error a pair has two parts
  const triples: HeadersInput = [['a', 'b', 'c']] as const;
  // @ts-expect-error there must be headers
  new SpecCallbackSDK('POST', undefined, body);
  // @ts-expect-error null is no value
  const nulls: HeadersInput = { a: null };
  void [numbers, triples, nulls];
  return [
    new SpecCallbackSDK('POST', request.headers, body),
    new SpecCallbackSDK('POST', request.rawHeaders, 'text'),
    new SpecCallbackSDK('POST', fetched.headers, new Uint8Array()),
    new SpecCallbackSDK('POST', new Map([['a', 'b']]), body),
    new SpecCallbackSDK('POST', [['a', 'b']], body),
    new SpecCallbackSDK('POST', { a: 'b', c: ['d', 'e'], f: undefined }, body),
    new SpecCallbackSDK('POST', {}, body),
  ];
}

export function callbackSdk(callback: SpecCallbackSDK, response: ServerResponse): void {
  same<ReturnType<typeof callback.IsOk>, boolean>(true);
  same<ReturnType<typeof callback.GetCorpId>, string>(true);
  same<ReturnType<typeof callback.GetAgentId>, number>(true);
  same<ReturnType<typeof callback.GetCallType>, number>(true);
  same<ReturnType<typeof callback.GetData>, string>(true);
  same<ReturnType<typeof callback.GetIsAsync>, boolean>(true);
  same<ReturnType<typeof callback.GetJobInfo>, string>(true);
  same<ReturnType<typeof callback.GetAbilityId>, string>(true);
  same<ReturnType<typeof callback.GetNotifyId>, string>(true);
  const built = callback.BuildResponseHeaderBody('{}');
  same<typeof built, SpecResponse>(true);
  same<typeof built.headers, Record<string, string>>(true);
  response.writeHead(200, built.headers).end(built.body);
  callback.BuildResponseHeaderBody(new Uint8Array());
  // @ts-expect-error an object is no response
  callback.BuildResponseHeaderBody({ errcode: 0 });
  // @ts-expect-error there must be a response
  callback.BuildResponseHeaderBody();
  // @ts-expect-error the method comes first
  new SpecCallbackSDK({}, 'body');
  // @ts-expect-error an ArrayBuffer is no body
  new SpecCallbackSDK('POST', {}, new ArrayBuffer(1));
  // @ts-expect-error what is native stays inside
  callback.native;
}

export async function specSdk(callback: SpecCallbackSDK): Promise<void> {
  const sdks: SpecSdk[] = [
    new SpecSdk('corp', 1),
    new SpecSdk('corp', 1, 'ability'),
    new SpecSdk('corp', 1, 'ability', 'job'),
    new SpecSdk(callback),
    new SpecSDK(callback),
  ];
  const sdk = new SpecSdk(callback);
  same<typeof SpecSDK, typeof SpecSdk>(true);
  const result = await sdk.Invoke('sync_msg', '{}');
  same<typeof result, SpecInvokeResponse>(true);
  same<SpecInvokeResponse, { ret: number; response: string }>(true);
  same<ReturnType<typeof sdk.InvokeSync>, SpecInvokeResponse>(true);
  // @ts-expect-error the agent is a number
  new SpecSdk('corp', '1');
  // @ts-expect-error there must be an agent
  new SpecSdk('corp');
  // @ts-expect-error a callback needs nothing else
  new SpecSdk(callback, 1);
  // @ts-expect-error something that looks like a callback is none
  new SpecSdk({ IsOk: () => true });
  // @ts-expect-error the request is JSON text
  sdk.Invoke('sync_msg', { limit: 1 });
  // @ts-expect-error there must be a request
  sdk.InvokeSync('sync_msg');
  // @ts-expect-error a promise has no ret
  sdk.Invoke('sync_msg', '{}').ret;
  void sdks;
}

export async function functions(): Promise<void> {
  WWSPEC_LOG_INFO('ret=%d', 0, { any: 'thing' });
  WWSPEC_LOG_ERROR(new Error('failed'));
  WWSPEC_LOG_DEBUG(1, 2, 3);
  // @ts-expect-error there must be something to log
  WWSPEC_LOG_INFO();
  same<Awaited<ReturnType<typeof SpecOpenDebugMode>>, boolean>(true);
  // @ts-expect-error both tokens are needed
  SpecOpenDebugMode('token');
  same<ReturnType<typeof GenerateNotifyId>, string>(true);
  same<ReturnType<typeof DecryptSecretKey>, string>(true);
  // @ts-expect-error the ciphertext is base64 text
  DecryptSecretKey(Buffer.alloc(256), 'pem');
  same<ReturnType<typeof GetSdkInfo>, SdkInfo>(true);
  same<SdkInfo['sdk'], 'vendor' | 'sandbox'>(true);
  same<SdkInfo['openssl']['files'], string[]>(true);
}

export function settings(): void {
  const log: LogOptions[] = [{}, { longText: 'cut' }, { longText: 'split' }];
  const pool: ThreadPoolOptions[] = [{}, { size: 4 }, { queueLimit: 0 }];
  log.forEach(configureLog);
  pool.forEach(configureThreadPool);
  // @ts-expect-error there is no such way
  configureLog({ longText: 'drop' });
  // @ts-expect-error the size is a number
  configureThreadPool({ size: '4' });
  // @ts-expect-error there is no such setting
  configureThreadPool({ threads: 4 });
}

export function errors(caught: unknown): SpecErrorCode | undefined {
  same<typeof specErrorCodes, SpecErrorCode[]>(true);
  if (caught instanceof SpecError) same<typeof caught.code, SpecErrorCode>(true);
  if (!isSpecError(caught)) return undefined;
  // @ts-expect-error there is no such code
  if (caught.code === 'ERR_SPEC_NONE') return undefined;
  // @ts-expect-error a code stays what it is
  caught.code = 'ERR_SPEC_QUEUE_FULL';
  return caught.code;
}

export async function zoneSandbox(): Promise<void> {
  const sandbox = await ZoneSandbox.start({ program: 'http://127.0.0.1:8080' });
  same<typeof sandbox.env, Record<string, string>>(true);
  const request = sandbox.wire.seal({ data: {} });
  const callback = new SpecCallbackSDK(request.method, request.headers, request.body);
  const { headers, body } = callback.BuildResponseHeaderBody('');
  const outcome = sandbox.wire.open(request, headers, body);
  // @ts-expect-error only a response has a text
  outcome.text;
  if (outcome.kind === 'response') same<typeof outcome.text, string>(true);
  // @ts-expect-error a sandbox is started, not made
  new ZoneSandbox({});
}

export async function zoneState(): Promise<void> {
  const sandbox = await ZoneSandbox.start({
    corp: { staff: 50, customers: 2000, messages: 100_000, seed: 7 },
    limits: { strictTokens: true, pullsWithoutTokenPerMinute: 3 },
    models: { summary: async ({ messages }) => messages.map(({ text }) => text).join() },
  });
  sandbox.use('create_summary_task', (request, { state, now }) => {
    const [key] = request.msg_list;
    same<typeof key, MessageKey | undefined>(true);
    const message = state.corp.message(key?.msgid ?? '');
    same<typeof message, Message | undefined>(true);
    return { jobid: `${now}` };
  });
  const message = sandbox.corp.say('from', { to: 'to' }, 'text');
  same<typeof message, Message>(true);
  // @ts-expect-error a single chat or a group
  sandbox.corp.say('from', {}, 'text');
  // @ts-expect-error what was archived stays as it is
  message.text = 'another';
  // @ts-expect-error there is no such limit
  await ZoneSandbox.start({ limits: { words: 5 } });
  // @ts-expect-error a sentiment is 0, 1 or 2
  sandbox.state.models.sentiment = () => 5;
  sandbox.state.models.sentiment = ({ text }) => (text === '' ? 0 : 1);
  sandbox.state.ownPrograms.states.set('model-1', 'not deployed');
  sandbox.clock.advance(5);
  await sandbox.save('state.json');
  await sandbox.load(await sandbox.save());
  await ZoneSandbox.start({ state: 'state.json' });
}

export async function sandboxCalls(sandbox: ZoneSandbox): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: the type under test.
  same<Awaited<ReturnType<typeof sandbox.call>>['response'], any>(true);
  const { jobid, result } = await sandbox.callAsync('a', { days: 3 }, { agentId: 0 });
  same<typeof jobid, string>(true);
  same<Awaited<ReturnType<typeof result>>['response_errcode'], number>(true);
  await sandbox.emit('conversation_new_message', { token: 't' });
  await sandbox.emit('chat_archive_audit_approved_room', { external_userid: 'w', chatid: 'c' });
  // @ts-expect-error the object of another event
  await sandbox.emit('conversation_new_message', { jobid: 'j' });
  // @ts-expect-error there is no such event
  await sandbox.emit('no_such_event', {});
  // @ts-expect-error a task cannot respond to a notification
  await sandbox.callAsync('a', {}, { notifyId: 'n' });
}

export function sandboxFaults(sandbox: ZoneSandbox, code: SandboxErrorCode): void {
  const rules: FaultRule[] = [
    { interface: 'sync_msg', errcode: 45009, times: 2 },
    { direction: 'request', ability: 'a', badSignature: true },
    { direction: 'response', status: 502, probability: 0.5, seed: 7 },
    { direction: 'event', event: 'hit_keyword', duplicate: 1 },
    { direction: 'server', interface: 'chatdata/sync_call_program', accessTokenExpired: true },
  ];
  for (const rule of rules)
    same<ReturnType<typeof sandbox.faults.inject>['hits'], number>(!!rule as true);
  // @ts-expect-error a request has no errcode
  sandbox.faults.inject({ direction: 'request', errcode: 1 });
  // @ts-expect-error there is no such event
  sandbox.faults.inject({ direction: 'event', event: 'none', drop: true });
  // @ts-expect-error there is no such code
  if (code === 'ERR_SANDBOX_NONE') throw new Error();
}

export async function sandboxListeners(sandbox: ZoneSandbox): Promise<void> {
  sandbox
    .on('exchange', ({ interfaceName, ret }) => {
      same<typeof interfaceName, string>(true);
      same<typeof ret, number>(true);
    })
    .once('log', ({ reqId }) => same<typeof reqId, string>(true))
    .off('event', () => {});
  // @ts-expect-error there is no such event
  sandbox.on('response', () => {});
  const fault = sandbox.faults.inject(({ request }) =>
    request === '{}' ? { cut: true } : undefined,
  );
  same<typeof fault.remove, () => void>(true);
  // @ts-expect-error a function decides on the invoke side only
  sandbox.faults.inject(() => ({ duplicate: 1 }));
  await using owned = await withSandbox('app.js');
  same<typeof owned, ZoneSandbox>(true);
}

export async function testKit(): Promise<void> {
  const zone = await withSandbox('app.js', { execArgv: ['--import', 'tsx'] });
  await withSandbox((request: IncomingMessage, response: ServerResponse) => {
    response.end(request.url);
  });
  same<(typeof zone.requests)[number]['kind'], 'call' | 'job' | 'event' | 'invoke' | 'server'>(
    true,
  );
  const records = await zone.logs.search({ level: 'ERR', since: new Date() });
  same<(typeof records)[number]['reqId'], string>(true);
  // @ts-expect-error there is no such level
  await zone.logs.search({ level: 'LOUD' });
  // @ts-expect-error a number is no program
  await withSandbox(8080);
}
