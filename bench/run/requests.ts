import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

/** The settings for each side. Sealed requests stay valid for a day, because a run is longer than five minutes. */
export interface SealedRequests {
  readonly env: Readonly<Record<string, string>>;
  /** Seals distinct requests into a file. @returns its path */
  write(name: string, count: number, text: string): string;
  close(): Promise<void>;
}

/**
 * A sandbox whose requests are sealed once and before anything is timed, for all sides. Each process refuses a nonce that it has seen, so a file holds
 * as many distinct requests as a process handles, and each side reads the same file in a new process.
 */
export async function sealedRequests(folder: string): Promise<SealedRequests> {
  const sandbox = await ZoneSandbox.start();
  return {
    env: {
      ...sandbox.env,
      WEWORK_SPEC_SANDBOX_WINDOW: '86400',
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
      // Without records for the platform's log, for which the library opens a file at each request.
      WEWORK_SPEC_SANDBOX_LOG_COLLECT: '',
    },
    write(name, count, text) {
      const path = join(folder, name);
      const file = openSync(path, 'w');
      for (let i = 0; i < count; i += 1) {
        const { headers, body } = sandbox.wire.seal({ abilityId: 'echo', data: { text } });
        const lines = Object.entries(headers).map(([key, value]) => `${key} ${value}\n`);
        writeSync(file, `${lines.length}\n${lines.join('')}${Buffer.byteLength(body)}\n${body}\n`);
      }
      closeSync(file);
      return path;
    },
    close: () => sandbox.stop(),
  };
}

/** Text of this many bytes of UTF-8. */
export function textOf(bytes: number, alphabet: 'ascii' | 'mixed' | 'chinese'): string {
  const [unit, size] = { ascii: ['abcdefgh', 8], mixed: ['abc会', 6], chinese: ['会话存档', 12] }[
    alphabet
  ] as [string, number];
  return unit.repeat(Math.ceil(bytes / size)).slice(0, Math.floor((bytes * unit.length) / size));
}
