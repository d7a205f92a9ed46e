/**
 * The main job on one screen: this process plays the platform and the application, program.ts runs in a process of its own.
 * Ends with exit code 0 only when every step was verified.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ProgramAnswer, type SealedRequest, ZoneSandbox } from 'wework-spec-sdk/sandbox';

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

/** The program's process. Everything that it prints is shown and kept. */
class Program {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #printed = new EventEmitter();
  readonly #exited: Promise<unknown>;

  constructor(environment: Record<string, string>) {
    // With source maps the log names lines of program.ts.
    const program = ['--enable-source-maps', join(__dirname, 'program.js')];
    this.#process = spawn(process.execPath, program, {
      env: { ...process.env, ...environment, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exited = once(this.#process, 'exit');
    if (!this.#process.stdout) throw new Error('the program has no output');
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const shown = line.startsWith('<') ? paint(2, `log ${line}`) : line;
      console.log(`${paint(35, 'program  │')} ${shown}`);
      this.#lines.push(line);
      this.#printed.emit('line');
    });
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The first line that matches, as soon as it is there. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#lines) {
        const match = pattern.exec(line);
        if (match) return match;
      }
      if (!this.running) throw new Error(`the program ended without printing ${pattern}`);
      await Promise.race([once(this.#printed, 'line'), this.#exited]);
    }
  }

  async stop(): Promise<void> {
    this.#process.kill();
    await this.#exited;
  }
}

function show(request: SealedRequest): void {
  platformSays(`${request.method} / with ${request.body.length} characters of ciphertext`);
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('ww-')) platformSays(`  ${name}: ${value}`);
  }
}

async function mainJob(sandbox: ZoneSandbox, program: Program): Promise<void> {
  heading('1. An application calls the program through the platform');
  const data = { question: '最近谁最活跃？🚀' };
  platformSays(`an application calls the ability "${ABILITY}" with ${JSON.stringify(data)}; sent:`);
  const request = sandbox.sealRequest({ abilityId: ABILITY, data });
  show(request);
  const { status, body, outcome } = await sandbox.send(request);

  const record = /^<\d+,\d+>,[\d-]+ [\d:.]+,INFO,[0-9a-f]{16},program\.ts,\d+,ability=/;
  await program.printed(/^<.*,messages=/);
  verify('the program answered with status 200', status === 200);
  verify(
    `its answer of ${body.length} bytes carries a good signature and opens`,
    outcome.kind === 'answer',
  );
  verify('the log has its record in the format of the guide', !!(await program.printed(record)));

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

  const invokes = sandbox.exchanges;
  verify(
    `${invokes.length} calls of sync_msg came in over TLS, signed for ${sandbox.corpId}`,
    invokes.length === 2 &&
      invokes.every((e) => e.interfaceName === 'sync_msg' && e.corpId === sandbox.corpId),
  );
}

async function refusals(sandbox: ZoneSandbox, program: Program): Promise<void> {
  heading('2. The same request, tampered with: refused, each with its reason');
  const fields = { abilityId: ABILITY, data: { question: '最近谁最活跃？🚀' } };

  const refused = async (what: string, reason: string, request: SealedRequest) => {
    const { status, outcome, body }: ProgramAnswer = await sandbox.send(request);
    verify(
      `${what}: refused, reason "${outcome.kind === 'refusal' ? outcome.reason : outcome.kind}"`,
      status === 200 &&
        outcome.kind === 'refusal' &&
        outcome.authentic &&
        outcome.reason === reason &&
        body.length === 0,
    );
  };

  const changed = sandbox.sealRequest(fields);
  const middle = Math.floor(changed.body.length / 2);
  const other = changed.body[middle] === 'A' ? 'B' : 'A';
  changed.body = changed.body.slice(0, middle) + other + changed.body.slice(middle + 1);
  await refused('one byte changed', 'signature', changed);

  const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
  const expired = sandbox.sealRequest({ ...fields, timestamp: anHourAgo });
  await refused('a timestamp of an hour ago', 'timestamp', expired);

  const twice = sandbox.sealRequest(fields);
  const first = await sandbox.send(twice);
  verify('a good request: answered', first.outcome.kind === 'answer');
  await refused('the same request again', 'replay', twice);

  const after = await sandbox.call(ABILITY, {});
  verify('and the program is still serving', after.errcode === 0 && program.running);
}

async function main(): Promise<void> {
  heading('0. A platform of the sandbox, and a zone program in a process of its own');
  const sandbox = await ZoneSandbox.start();
  platformSays(`serves the interfaces at ${sandbox.platform}, TLS with a key made just now`);
  const program = new Program(sandbox.env);
  try {
    const [, port] = await program.printed(/^listening on port (\d+)$/);
    sandbox.program = `http://127.0.0.1:${port}`;
    await mainJob(sandbox, program);
    await refusals(sandbox, program);
  } finally {
    await program.stop();
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
