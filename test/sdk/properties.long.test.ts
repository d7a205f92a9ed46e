import { readFileSync, truncateSync } from 'node:fs';
import * as spec from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { LogFile } from '../support/log-records';
import { setEnvironment } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { surfaceProperties } from '../support/surface-properties.cjs';

const log = new LogFile();
let sandbox: ZoneSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  setEnvironment({ WEWORK_SPEC_SANDBOX_LOG_FILE: log.path });
});
afterAll(async () => {
  await sandbox.stop();
  log.remove();
});

function readLog(): string {
  const text = readFileSync(log.path, 'utf8');
  truncateSync(log.path);
  return text;
}

// The names alone need no sandbox.
test.each(Object.keys(surfaceProperties(spec, undefined as never, readLog)))('%s', async (name) => {
  await surfaceProperties(spec, sandbox, readLog)[name]?.(300);
});
