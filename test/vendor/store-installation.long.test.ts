import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, root, runProgram } from '../support/child';
import { buildVendorAddon, makeStandinSdk } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// What a program with the vendor's SDK does at its start when the addon of libsql, which stores jobs and events, is missing or broken. In
// a sandbox it only warns: test/program/store-installation.test.ts.

jest.setTimeout(120_000);
const newDir = tempDirs();
let vendor: string;
beforeAll(async () => {
  const sdk = newDir();
  const built = newDir();
  await makeStandinSdk(sdk);
  expect(await buildVendorAddon(built, ['--sdk-dir', sdk])).toMatchObject({ code: 0 });
  vendor = join(built, 'wework_spec_vendor.node');
});

/** Runs a program until it listens, or does not. */
async function start(code: string, env: Record<string, string>): Promise<Ended> {
  const script = join(newDir(), 'program.cjs');
  writeFileSync(
    script,
    `const { ZoneProgram } = require(${JSON.stringify(root)});
    (async () => {
      const program = ${code};
      await program.listen({ port: 0, host: '127.0.0.1' });
      console.log('listens');
      await program.close();
    })();`,
  );
  return runProgram(process.execPath, [script], {
    cwd: newDir(),
    env: { WEWORK_SPEC_ADDON: vendor, ...env },
  });
}

const missing = { WEWORK_SPEC_STORE_ADDON: '/nowhere/index.node' };

test.each<[string, string, Record<string, string>]>([
  ['the variable names its folder', 'new ZoneProgram()', { WEWORK_SPEC_DATA_DIR: '/tmp' }],
  ['an option names its folder', "new ZoneProgram({ dataDir: '/tmp' })", {}],
  ['it stores events', 'new ZoneProgram().relayEvents()', {}],
])('a program does not start without the addon if %s', async (_, code, env) => {
  const ended = await start(code, { ...missing, ...env });
  expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(ended.stderr).toContain('ERR_SPEC_STORE_INSTALLATION');
});

test('an addon that is cut off does not kill the program, which says what is wrong', async () => {
  const addon = join(newDir(), 'index.node');
  const whole = readFileSync(require.resolve('@libsql/linux-x64-gnu'));
  writeFileSync(addon, whole.subarray(0, whole.length / 2));
  const ended = await start('new ZoneProgram()', {
    WEWORK_SPEC_STORE_ADDON: addon,
    WEWORK_SPEC_DATA_DIR: newDir(),
  });
  expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(ended.stderr).toContain(`${addon} is damaged (cut-off)`);
});

test('a library that is no addon of libsql is found when the program starts', async () => {
  const ended = await start('new ZoneProgram()', {
    WEWORK_SPEC_STORE_ADDON: join(vendor, '..', 'libWeWorkSpecSDK.so'),
    WEWORK_SPEC_DATA_DIR: newDir(),
  });
  expect(ended).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(ended.stderr).toMatch(/the addon of libsql[\s\S]*ERR_SPEC_STORE_INSTALLATION/);
});

test('a program that may never store anything starts, and warns', async () => {
  const ended = await start('new ZoneProgram()', missing);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('listens\n') });
  expect(ended.stderr).toContain('ERR_SPEC_STORE_INSTALLATION');
});

test('a program with a queue and a store of its own does not need the addon', async () => {
  const queue =
    '{ mayHaveJobs: () => false, add: async () => "full", stop: async () => {}, close: async () => {}, counts: async () => ({}) }';
  const code = `new ZoneProgram({ jobs: { queue: ${queue} } }).relayEvents({ store: new Map() })`;
  const ended = await start(code, { ...missing, WEWORK_SPEC_DATA_DIR: newDir() });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('listens\n') });
  expect(ended.stderr).not.toContain('ERR_SPEC_STORE');
});
