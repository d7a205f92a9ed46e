/**
 * The main job on one screen: this process plays the platform and the application, program.ts runs in a process of its own.
 * Ends with exit code 0 only when every step was verified.
 */
import { join } from 'node:path';
import type { ProgramAnswer, SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';
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
  platformSays(`${request.method} / with ${request.body.length} characters of ciphertext`);
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('ww-')) platformSays(`  ${name}: ${value}`);
  }
}

async function mainJob(sandbox: ZoneSandbox): Promise<void> {
  heading('1. An application calls the program through the platform');
  const data = { question: '最近谁最活跃？🚀' };
  platformSays(`an application calls the ability "${ABILITY}" with ${JSON.stringify(data)}; sent:`);
  const request = sandbox.wire.seal({ abilityId: ABILITY, data });
  show(request);
  const { status, body, outcome } = await sandbox.wire.send(request);

  verify('the program answered with status 200', status === 200);
  verify(
    `its answer of ${body.length} bytes carries a good signature and opens`,
    outcome.kind === 'answer',
  );
  const [record] = await sandbox.logs.search({ text: 'ability=' });
  verify(
    `the platform has collected its log: ${record?.level} of ${record?.file}, line ${record?.line}, "${record?.text}"`,
    record?.file === 'program.ts' && record.text.startsWith(`ability=${ABILITY}`),
  );

  const answer = JSON.parse(outcome.text) as {
    errcode: number;
    messages: number;
    most_receivers: number;
    senders: Record<string, number>;
  };
  platformSays('the application receives:');
  console.log(JSON.stringify(answer, undefined, 2).replace(/^/gm, '           '));
  verify('errcode is 0', answer.errcode === 0);

  const { messages } = sandbox.corp;
  verify(`all ${messages.length} messages arrived`, answer.messages === messages.length);
  const expected: Record<string, number> = {};
  for (const { sender } of messages) expected[sender.id] = (expected[sender.id] ?? 0) + 1;
  const sameCounts =
    Object.keys(expected).length === Object.keys(answer.senders).length &&
    Object.entries(expected).every(([id, count]) => answer.senders[id] === count);
  verify('Chinese names and emoji arrived whole, with the right counts', sameCounts);

  const largest = Math.max(...messages.map((message) => JSON.stringify(message.receivers).length));
  verify(`a record of ${largest} characters was among them`, largest > 100_000);
  const receivers = Math.max(...messages.map((message) => message.receivers.length));
  verify(`and all of its ${receivers} receivers`, answer.most_receivers === receivers);

  const invokes = sandbox.wire.exchanges;
  verify(
    `${invokes.length} calls of sync_msg came in over TLS, signed for ${sandbox.application.corpId}`,
    invokes.length === 2 &&
      invokes.every(
        (e) => e.interfaceName === 'sync_msg' && e.corpId === sandbox.application.corpId,
      ),
  );
}

async function refusals(sandbox: ZoneSandbox): Promise<void> {
  heading('2. The same request, tampered with: refused, each with its reason');
  const fields = { abilityId: ABILITY, data: { question: '最近谁最活跃？🚀' } };

  const refused = async (what: string, reason: string, request: SealedRequest) => {
    const { status, outcome, body }: ProgramAnswer = await sandbox.wire.send(request);
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
  await refused('a timestamp of an hour ago', 'timestamp', expired);

  const twice = sandbox.wire.seal(fields);
  const first = await sandbox.wire.send(twice);
  verify('a good request: answered', first.outcome.kind === 'answer');
  await refused('the same request again', 'replay', twice);

  const after = await sandbox.call(ABILITY, {});
  verify('and the program is still serving', after.errcode === 0);
}

async function application(sandbox: ZoneSandbox): Promise<void> {
  heading('3. An application that knows nothing of the sandbox, over HTTP; and trouble on the way');
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
  sandbox.faults.inject({ direction: 'answer', drop: true, times: 1 });
  verify('the connection is cut before the answer: 710674', (await call()) === 710674);
  sandbox.faults.inject({ direction: 'request', badSignature: true, times: 1 });
  verify('the request has a wrong signature: 710677', (await call()) === 710677);
  sandbox.faults.inject({ interface: 'sync_msg', errcode: 45009, times: 1 });
  const { response } = await sandbox.call(ABILITY, {});
  verify(
    'the platform refuses sync_msg once: the program answers its own errcode 1',
    (response as { errcode: number }).errcode === 1,
  );
  verify('and then all is well again', (await call()) === 0);
}

async function main(): Promise<void> {
  heading('0. A platform of the sandbox, and a zone program in a process of its own');
  // With source maps the log names lines of program.ts.
  const sandbox = await withSandbox(join(__dirname, 'program.js'), {
    execArgv: ['--enable-source-maps'],
  });
  platformSays(`serves the interfaces at ${sandbox.urls.platform}, TLS with a key made just now`);
  try {
    await mainJob(sandbox);
    await refusals(sandbox);
    await application(sandbox);
  } finally {
    await sandbox.stop();
  }
  heading('Every step was verified.');
  console.log(
    'This ran with the sandbox SDK of this package, not with the vendor’s: see README.md for the difference.',
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
