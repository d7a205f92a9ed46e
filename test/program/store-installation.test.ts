import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneProgram } from 'wework-spec-sdk';
import { onTestEnd } from '../support/clean-up';
import { setEnvironmentForTest } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { tempDirs } from '../support/temp-dir';

// The addon of libsql, which stores jobs and events, is missing or cannot be loaded. What a program in the zone does then is tested with
// the vendor's SDK: test/vendor/store-installation.long.test.ts.

const newDir = tempDirs();

/** Half of the real addon: the system would kill a process that loads it. */
function halfOfAddon(): Buffer {
  const whole = readFileSync(require.resolve('@libsql/linux-x64-gnu'));
  return whole.subarray(0, whole.length / 2);
}

describe.each<[string, () => string | Buffer | undefined, RegExp]>([
  [
    'does not exist',
    () => undefined,
    /\(WEWORK_SPEC_STORE_ADDON\).*: .*index\.node does not exist\. /,
  ],
  [
    'is no library',
    () => 'not a library',
    /\(the addon of libsql\).*: .*index\.node is damaged \(not-elf\)\. /,
  ],
  ['is cut off', halfOfAddon, /\(the addon of libsql\).*: .*index\.node is damaged \(cut-off\)\. /],
])('if the addon %s,', (_, content, words) => {
  beforeEach(() => {
    const addon = join(newDir(), 'index.node');
    const bytes = content();
    if (bytes !== undefined) writeFileSync(addon, bytes);
    setEnvironmentForTest({ WEWORK_SPEC_STORE_ADDON: addon });
  });

  test('a program with stored jobs does not start', async () => {
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

  test('a program in a sandbox starts, says so, and refuses jobs only', async () => {
    const sandbox = await startSandbox();
    const program = new ZoneProgram().ability('a', () => ({ errcode: 0 }));
    onTestEnd(async () => {
      await program.close();
      await sandbox.stop();
    });
    const { port } = await program.listen({ port: 0, host: '127.0.0.1' });
    sandbox.programs.address = `http://127.0.0.1:${port}`;
    const [record] = await sandbox.logs.search();
    expect(record).toMatchObject({
      level: 'ERR',
      text: expect.stringContaining('neither jobs nor events can be stored: '),
    });
    expect((await sandbox.call('a', {})).response).toEqual({ errcode: 0 });
    expect((await sandbox.callAsync('a', {})).errcode).not.toBe(0);
  });
});
