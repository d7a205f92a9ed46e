import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Running, root, runProgram, startProgram } from './child';
import { onTestEnd } from './clean-up';

/** The command's script. */
export const command = join(root, 'dist', 'tools', 'cli', 'main.js');

const PROGRAM = (word: string) => `
const { createServer } = require('node:http');
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { SpecCallbackSDK, SpecSdk, WWSPEC_LOG_INFO } = require('wework-spec-sdk');
createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const callback = new SpecCallbackSDK('POST', request.headers, Buffer.concat(chunks));
  if (!callback.IsOk()) {
    const { headers, body } = callback.BuildResponseHeaderBody('');
    return response.writeHead(200, headers).end(body);
  }
  WWSPEC_LOG_INFO('%s %d', callback.GetAbilityId(), callback.GetCallType());
  if (callback.GetAbilityId() === 'crash') process.exit(1);
  if (callback.GetAbilityId() === 'writes') {
    // As a program does that logs into its folder and keeps its jobs there; then it takes longer than a restart would.
    writeFileSync(join(__dirname, 'out.log'), 'a line');
    mkdirSync(join(__dirname, 'data', 'jobs'), { recursive: true });
    writeFileSync(join(__dirname, 'data', 'jobs', 'MANIFEST-000004'), 'a job');
    writeFileSync(join(__dirname, 'cursor.json'), '{}');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  if (callback.GetIsAsync()) {
    const errcode = callback.GetAbilityId() === 'fails' ? 7 : 0;
    const report = JSON.stringify({ errcode, result: '{"done":true}' });
    await new SpecSdk(callback).Invoke('program_async_job_call_back', report);
  }
  const text = JSON.stringify({ ${word}: JSON.parse(callback.GetData() || '{}') });
  const { headers, body } = callback.BuildResponseHeaderBody(text);
  response.writeHead(200, headers).end(body);
}).listen(8080);
`;

/** What a process has written to its standard output from now on. */
export function outputOf({ process }: Running): () => string {
  let text = '';
  process.stdout?.on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

/** A user's folder and run-time folder. */
export class Home {
  readonly folder: string;
  readonly runtime: string;
  readonly program: string;

  /** @param newDir - of `tempDirs()` */
  constructor(newDir: () => string) {
    this.folder = newDir();
    this.runtime = newDir();
    this.program = join(this.folder, 'app', 'app.js');
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(root, join(this.folder, 'node_modules', 'wework-spec-sdk'));
    mkdirSync(join(this.folder, 'app'));
    this.write('first');
  }

  write(word: string): void {
    writeFileSync(this.program, PROGRAM(word));
  }

  /** More variables for the commands. */
  readonly env: Record<string, string> = {};

  get #surroundings() {
    return { cwd: this.folder, env: { XDG_RUNTIME_DIR: this.runtime, ...this.env } };
  }

  run(...args: string[]): Promise<Ended> {
    return runProgram(process.execPath, [command, ...args], this.#surroundings);
  }

  /** Runs a line of bash. */
  shell(line: string): Promise<Ended> {
    return runProgram('bash', ['-c', line], this.#surroundings);
  }

  /** Starts a command that runs until it is told to end, at the end of the test at the latest. */
  start(...args: string[]): Running & { printedError(text: string): Promise<void> } {
    const running = startProgram(process.execPath, [command, ...args], this.#surroundings);
    onTestEnd(async () => {
      running.process.kill();
      await running.ended;
    });
    const printedError = (text: string) =>
      new Promise<void>((resolve) => {
        let all = '';
        running.process.stderr?.on('data', (more: string) => {
          all += more;
          if (all.includes(text)) resolve();
        });
        running.process.once('close', () => resolve());
      });
    return { ...running, printedError };
  }

  /** A sandbox without a program; gives what it says of itself. */
  async startDescribed(...args: string[]) {
    const running = this.start('sandbox', ...args, '--json');
    const output = outputOf(running);
    await running.printed('\n}\n');
    return JSON.parse(output());
  }

  /** A sandbox with the program; described as it describes itself. */
  async startSandbox() {
    const running = this.start('sandbox', '--watch', 'app/app.js', '--json');
    const output = outputOf(running);
    await running.printedError('listens at');
    const text = output();
    return { ...running, description: JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) };
  }
}
