import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneProgram } from 'wework-spec-sdk';
import { onTestEnd } from '../support/clean-up';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

// The addon of libsql, which stores jobs and events, is missing or cannot be loaded.

const newDir = tempDirs();

afterEach(() => {
  delete process.env.WEWORK_SPEC_STORE_ADDON;
});

test.each([
  ['does not exist', undefined, /\(WEWORK_SPEC_STORE_ADDON\).*: .*index\.node does not exist\. /],
  ['is no library', 'not a library', /\(the addon of libsql\).*: .*index\.node: /],
])('the store names its addon if that %s', async (_, content, words) => {
  const addon = join(newDir(), 'index.node');
  if (content !== undefined) writeFileSync(addon, content);
  process.env.WEWORK_SPEC_STORE_ADDON = addon;
  const sandbox = await startSandbox();
  const dataDir = newDir();
  // A program opens a store that exists when it starts.
  writeFileSync(join(dataDir, 'store.db'), '');
  const program = new ZoneProgram({ dataDir });
  onTestEnd(async () => {
    await program.close();
    await sandbox.stop();
  });
  await expect(program.start()).rejects.toMatchObject({
    code: 'ERR_SPEC_STORE_INSTALLATION',
    message: expect.stringMatching(words),
  });
});
