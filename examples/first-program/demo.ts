/**
 * Demonstrates a zone program in the sandbox: this process simulates the platform and the application, and program.ts runs in a child
 * process. Exit code 0 if every step was verified.
 */
import { join } from 'node:path';
import type { OpenedResponse, SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';

const ABILITY = 'chat_analysis';

const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

function platformSays(text: string): void {
  console.log(`${paint(36, 'platform │')} ${text}`);
}

function verify(what: string, truth: boolean): asserts truth {
  if (!truth) throw new Error(`not verified: ${what}`);
  platformSays(`${paint(32, '✓')} ${what}`);
}

function heading(text: string): void {
  console.log(`\n${paint(1, text)}`);
}

function show(request: SealedRequest): void {
  platformSays(`${request.method} / with a body of ${request.body.length} characters, encrypted`);
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('ww-')) platformSays(`  ${name}: ${value}`);
  }
}

async function mainJob(sandbox: ZoneSandbox): Promise<void> {
  heading('1. An application calls the program through the platform');
  const data = { question: '最近谁最活跃？🚀' };
  platformSays(
    `an application calls the ability "${ABILITY}" with ${JSON.stringify(data)}; request to the program:`,
  );
  const request = sandbox.wire.seal({ abilityId: ABILITY, data });
  show(request);
  const { status, body, outcome } = await sandbox.wire.send(request);

  verify('the program responded with status 200', status === 200);
  verify(
    `its response of ${body.length} bytes has a valid signature and can be decrypted`,
    outcome.kind === 'response',
  );
  const [record] = await sandbox.logs.search({ text: 'ability=' });
  verify(
    `the platform collected its log: ${record?.level} of ${record?.file}, line ${record?.line}, "${record?.text}"`,
    record?.file === 'program.ts' && record.text.startsWith(`ability=${ABILITY}`),
  );

  const response = JSON.parse(outcome.text) as {
    errcode: number;
    messages: number;
    most_receivers: number;
    senders: Record<string, number>;
  };
  platformSays('the application receives:');
  console.log(JSON.stringify(response, undefined, 2).replace(/^/gm, '           '));
  verify('errcode is 0', response.errcode === 0);

  const { messages } = sandbox.corp;
  verify(`all ${messages.length} messages arrived`, response.messages === messages.length);
  const expected: Record<string, number> = {};
  for (const { sender } of messages) expected[sender.id] = (expected[sender.id] ?? 0) + 1;
  const sameCounts =
    Object.keys(expected).length === Object.keys(response.senders).length &&
    Object.entries(expected).every(([id, count]) => response.senders[id] === count);
  verify('Chinese names and emoji arrived unchanged, with the right counts', sameCounts);

  const largest = Math.max(...messages.map((message) => JSON.stringify(message.receivers).length));
  verify(
    `including one message whose list of receivers has ${largest} characters`,
    largest > 100_000,
  );
  const receivers = Math.max(...messages.map((message) => message.receivers.length));
  verify(
    `all ${receivers} receivers of this message arrived`,
    response.most_receivers === receivers,
  );

  const invokes = sandbox.wire.exchanges;
  verify(
    `the platform received ${invokes.length} calls of sync_msg over TLS, signed for ${sandbox.application.corpId}`,
    invokes.length === 2 &&
      invokes.every(
        (e) => e.interfaceName === 'sync_msg' && e.corpId === sandbox.application.corpId,
      ),
  );
}

async function refusals(sandbox: ZoneSandbox): Promise<void> {
  heading('2. The program refuses invalid requests, and states the reason');
  const fields = { abilityId: ABILITY, data: { question: '最近谁最活跃？🚀' } };

  const refused = async (what: string, reason: string, request: SealedRequest) => {
    const { status, outcome, body }: OpenedResponse = await sandbox.wire.send(request);
    verify(
      `${what}: refused, reason "${outcome.kind === 'refusal' ? outcome.reason : outcome.kind}"`,
      status === 200 &&
        outcome.kind === 'refusal' &&
        outcome.authentic &&
        outcome.reason === reason &&
        body.length === 0,
    );
  };

  const changed = sandbox.wire.seal(fields);
  const middle = Math.floor(changed.body.length / 2);
  const other = changed.body[middle] === 'A' ? 'B' : 'A';
  changed.body = changed.body.slice(0, middle) + other + changed.body.slice(middle + 1);
  await refused('one byte changed', 'signature', changed);

  const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
  const expired = sandbox.wire.seal({ ...fields, timestamp: anHourAgo });
  await refused('timestamp one hour old', 'timestamp', expired);

  const twice = sandbox.wire.seal(fields);
  const first = await sandbox.wire.send(twice);
  verify('a valid request: accepted', first.outcome.kind === 'response');
  await refused('the same request a second time', 'replay', twice);

  const after = await sandbox.call(ABILITY, {});
  verify('the program still accepts requests', after.errcode === 0);
}

async function application(sandbox: ZoneSandbox): Promise<void> {
  heading('3. An application calls over HTTP, with injected faults');
  const call = async () => {
    const path = `chatdata/sync_call_program?access_token=${sandbox.application.accessToken}`;
    const response = await fetch(`${sandbox.urls.server}/cgi-bin/${path}`, {
      method: 'POST',
      body: JSON.stringify({
        program_id: sandbox.programs.ownId,
        ability_id: ABILITY,
        request_data: '{}',
      }),
    });
    return ((await response.json()) as { errcode: number }).errcode;
  };
  verify('POST /cgi-bin/chatdata/sync_call_program: errcode 0', (await call()) === 0);
  sandbox.faults.inject({ direction: 'response', drop: true, times: 1 });
  verify('connection closed before the response: errcode 710674', (await call()) === 710674);
  sandbox.faults.inject({ direction: 'request', badSignature: true, times: 1 });
  verify('request with a wrong signature: errcode 710677', (await call()) === 710677);
  sandbox.faults.inject({ interface: 'sync_msg', errcode: 45009, times: 1 });
  const { response } = await sandbox.call(ABILITY, {});
  verify(
    'the platform refuses one call of sync_msg: the program responds with its own errcode 1',
    (response as { errcode: number }).errcode === 1,
  );
  verify('without faults: errcode 0 again', (await call()) === 0);
}

async function main(): Promise<void> {
  heading('0. The sandbox starts a platform and a zone program');
  // With source maps, log records contain lines of program.ts.
  const sandbox = await withSandbox(join(__dirname, 'program.js'), {
    execArgv: ['--enable-source-maps'],
  });
  platformSays(`listening at ${sandbox.urls.platform}, with a newly generated TLS key`);
  try {
    await mainJob(sandbox);
    await refusals(sandbox);
    await application(sandbox);
  } finally {
    await sandbox.stop();
  }
  heading('Every step was verified.');
  console.log(
    'This demo used the sandbox SDK of this package, not the vendor’s. README.md explains the difference.',
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
