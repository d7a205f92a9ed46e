import { readFileSync, rmSync } from 'node:fs';
import { ZoneProgram, type ZoneProgramOptions } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from './clean-up';
import { LogFile, type LogRecord, recordsOf } from './log-records';
import { setEnvironmentForTest } from './process-environment';
import { newTempDir } from './temp-dir';

/** A program that is served in this process until the test ends. */
export interface ServedProgram {
  readonly program: ZoneProgram;
  readonly port: number;
  readonly address: string;
}

/** Creates a program, calls `register` to add handlers, listens on loopback, and sets the address in the sandbox. */
export async function serveProgram(
  sandbox: ZoneSandbox,
  register: (program: ZoneProgram) => unknown,
  options: ZoneProgramOptions = {},
): Promise<ServedProgram> {
  const program = newProgram(options);
  register(program);
  const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
  const address = `http://127.0.0.1:${port}`;
  sandbox.programs.address = address;
  return { program, port, address };
}

/** A program with its own folder; both are removed after the test. */
export function newProgram(options: ZoneProgramOptions = {}): ZoneProgram {
  const dataDir = options.dataDir ?? newTempDir();
  const program = new ZoneProgram({ closeTimeout: 2000, ...options, dataDir });
  onTestEnd(async () => {
    await program.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  });
  return program;
}

/** The records that the SDK writes in this process until the end of the test. */
export function logForTest(): { readonly records: LogRecord[]; readonly text: string } {
  const file = new LogFile();
  setEnvironmentForTest({ WEWORK_SPEC_SANDBOX_LOG_FILE: file.path });
  onTestEnd(() => file.remove());
  return {
    get records() {
      return recordsOf(this.text);
    },
    get text() {
      return readFileSync(file.path, 'utf8');
    },
  };
}
