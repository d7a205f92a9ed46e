import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { buildVendorAddon, makeStandinSdk, weworkSpec } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// What the doctor says of each broken installation is tested with the errors of loading: load-failures.test.ts.

jest.setTimeout(300_000);
const newDir = tempDirs();
const libraryName = 'libWeWorkSpecSDK.so';
const sqlite = require.resolve('@libsql/linux-x64-gnu');
const declarations: { name: string; required: boolean }[] = JSON.parse(
  readFileSync(join(root, 'native/vendor/declarations.json'), 'utf8'),
);

interface Check {
  name: string;
  status: string;
  finding: string;
  fix?: string;
}

async function doctor(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{
  code: number | null;
  ok: boolean;
  checks: Check[];
  find(name: string): Check | undefined;
}> {
  const { code, stdout, stderr } = await weworkSpec(['doctor', '--json', ...args], env);
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout);
  return { code, ok, checks, find: (name) => checks.find((check: Check) => check.name === name) };
}

let sdkDir: string;
let outDir: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  sdkDir = newDir();
  outDir = newDir();
  await makeStandinSdk(sdkDir, {
    switches: ['STANDIN_OPENSSL'],
    compilerArgs: ['-lssl', '-lcrypto'],
  });
  expect(await buildVendorAddon(outDir, ['--sdk-dir', sdkDir])).toMatchObject({ code: 0 });
  env = { WEWORK_SPEC_ADDON: join(outDir, 'wework_spec_vendor.node') };
});

test('a sound installation: every check, and exit code 0', async () => {
  const { code, ok, checks } = await doctor(env);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  const names = checks.map(({ name }) => name);
  expect(names).toEqual([
    ...['platform', 'C library', 'Node.js', 'SDK', 'addon', 'SDK library', 'C++ ABI'],
    ...['library content', 'SDK folder', ...declarations.map(({ name }) => `header: ${name}`)],
    ...['needed libraries', 'glibc floor', 'libstdc++ floor', 'symbols', 'load', 'OpenSSL'],
    ...['database', 'install scripts', 'port 8080', 'debug mode'],
  ]);
  for (const { name, status, finding, fix } of checks) {
    if (name !== 'port 8080') expect({ name, status }).toEqual({ name, status: 'ok' });
    expect(finding).not.toBe('');
    expect(fix === undefined).toBe(status === 'ok');
  }
});

test('prints versions and files', async () => {
  const { find } = await doctor(env);
  expect(find('Node.js')?.finding).toContain(process.versions.node);
  expect(find('addon')?.finding).toContain('WEWORK_SPEC_ADDON');
  expect(find('SDK library')?.finding).toContain(join(sdkDir, libraryName));
  for (const library of ['libssl.so.3', 'libc.so.6']) {
    expect(find('needed libraries')?.finding).toContain(library);
  }
  expect(find('glibc floor')?.finding).toMatch(/^needs GLIBC_2\.\d+, found GLIBC_2\.\d\d$/);
  expect(find('libstdc++ floor')?.finding).toMatch(
    /^needs GLIBCXX_3\.4\S*, found GLIBCXX_3\.4\.\d+$/,
  );
  expect(find('OpenSSL')?.finding).toMatch(/all of the SDK's functions from \//);
});

test('prints a table with one line for each check, without colours if stdout is not a terminal', async () => {
  const { checks } = await doctor(env);
  const { code, stdout, stderr } = await weworkSpec(['doctor'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(checks.length + 1);
  for (const line of lines.slice(0, -1)) expect(line).toMatch(/^(?:ok|warn|fail) +\S/);
  expect(stdout).not.toContain('\x1b');
});

test('uses colours on a terminal, unless the terminal is dumb or NO_COLOR is set', async () => {
  const main = join(root, 'dist', 'tools', 'cli', 'main.js');
  // A terminal of its own.
  const onTerminal = (more: NodeJS.ProcessEnv) =>
    runProgram('script', ['-qec', `'${process.execPath}' '${main}' doctor`, '/dev/null'], {
      env: { TERM: 'xterm', ...env, ...more },
    });
  const coloured = await onTerminal({});
  expect(coloured).toMatchObject({ code: 0, stderr: '' });
  expect(coloured.stdout.startsWith('\x1b[32mok\x1b[39m  platform ')).toBe(true);
  for (const plain of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const { stdout } = await onTerminal(plain);
    expect(stdout).toMatch(/^ok +platform /);
    expect(stdout).not.toContain('\x1b');
  }
});

test('finds the same libraries as the loader', async () => {
  const { find } = await doctor(env);
  const addon = join(outDir, 'wework_spec_vendor.node');
  const segments = await runProgram('readelf', ['-lW', process.execPath]);
  const loader = /interpreter: (.*)\]/.exec(segments.stdout)?.[1] as string;
  const traced = await runProgram(loader, [addon], { env: { LD_TRACE_LOADED_OBJECTS: '1' } });
  expect(traced).toMatchObject({ code: 0, stderr: '' });
  const loaded = Array.from(traced.stdout.matchAll(/(\/.+) \(0x/g), ([, file]) => file);
  const found = find('needed libraries')?.finding.split(', ') ?? [];
  expect(found.length).toBeGreaterThan(4);
  expect(loaded).toEqual(expect.arrayContaining(found));
});

test('checks the settings of the sandbox', async () => {
  const { code, find } = await doctor({ WEWORK_SPEC_SDK: 'sandbox' });
  expect(code).toBe(0);
  expect(find('SDK')?.finding).toMatch(/^sandbox .*for offline work only/);
  expect(find('load')?.status).toBe('ok');
  expect(find('sandbox settings')).toMatchObject({ status: 'warn' });
  const secret = 'c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I=';
  const set = {
    WEWORK_SPEC_SDK: 'sandbox',
    WEWORK_SPEC_SANDBOX_KEY: secret,
    WEWORK_SPEC_SANDBOX_PLATFORM: 'https://127.0.0.1:1',
    WEWORK_SPEC_DEBUG_TOKEN: secret,
  };
  const configured = await doctor(set);
  expect(configured.find('sandbox settings')?.status).toBe('ok');
  expect(configured.find('debug mode')).toMatchObject({ status: 'warn' });
  expect(JSON.stringify(configured.checks)).not.toContain(secret);
});

test('warns of sandbox settings that have no effect', async () => {
  const { find } = await doctor({ ...env, WEWORK_SPEC_SANDBOX_KEY: 'x' });
  expect(find('sandbox settings')).toMatchObject({ status: 'warn' });
});

test('a wrong WEWORK_SPEC_SDK fails', async () => {
  const { code, find } = await doctor({ WEWORK_SPEC_SDK: 'Vendor' });
  expect(code).toBe(1);
  expect(find('SDK')).toMatchObject({
    status: 'fail',
    finding: expect.stringContaining('"Vendor"'),
  });
});

test('warns if the port is in use', async () => {
  const server = createServer();
  onTestEnd(() => server.close());
  // An error is fine, too: then another process uses the port.
  await new Promise<void>((resolve) => server.once('error', () => resolve()).listen(8080, resolve));
  const { code, find } = await doctor(env);
  expect(code).toBe(0);
  expect(find('port 8080')).toMatchObject({ status: 'warn', finding: 'in use' });
});

describe('the header', () => {
  /** A copy of the SDK with another header. */
  function changed(change: (header: string) => string): string {
    const dir = newDir();
    copyFileSync(join(sdkDir, libraryName), join(dir, libraryName));
    writeFileSync(join(dir, 'cpp_sdk.h'), change(readFileSync(join(sdkDir, 'cpp_sdk.h'), 'utf8')));
    return dir;
  }

  const spoilt = () =>
    changed((header) =>
      header
        .replace('STANDIN_NUMBER GetAgentId()', 'STANDIN_NUMBER GetAgent()')
        .replace('std::string GenerateNotifyId();', ''),
    );

  test('is checked before the first build, declaration by declaration', async () => {
    const missing = { WEWORK_SPEC_ADDON: join(newDir(), 'missing.node') };
    const { code, find, checks } = await doctor(missing, '--sdk-dir', spoilt());
    expect(code).toBe(1);
    expect(find('SDK folder')?.status).toBe('ok');
    expect(find('needed libraries')?.finding).toContain('libssl.so.3');
    expect(find('header: SpecCallbackSDK::GetAgentId')).toMatchObject({
      status: 'fail',
      finding: expect.stringMatching(
        /documented: uint32_t GetAgentId\(\) const;; not found;.* required by native\/vendor\/adapter\.cc:\d+/,
      ),
    });
    expect(find('header: GenerateNotifyId')).toMatchObject({ status: 'warn' });
    const others = checks.filter(
      ({ name }) => name.startsWith('header: ') && !/GetAgentId|GenerateNotifyId/.test(name),
    );
    expect(others).toHaveLength(declarations.length - 2);
    for (const { status } of others) expect(status).toBe('ok');
  });

  test('is searched as text if there is no compiler', async () => {
    const { find } = await doctor({ ...env, PATH: newDir() }, '--sdk-dir', spoilt());
    expect(find('header: SpecCallbackSDK::GetAgentId')?.status).toBe('fail');
    expect(find('header: GenerateNotifyId')?.status).toBe('warn');
    expect(find('header: SpecSdk::Invoke')).toMatchObject({
      status: 'ok',
      finding: expect.stringContaining('no compiler'),
    });
    expect(find('install scripts')?.finding).toContain('npm could not be run');
  });

  test('is not required where programs run', async () => {
    const dir = newDir();
    for (const file of ['wework_spec_vendor.node', 'wework_spec_vendor.json']) {
      copyFileSync(join(outDir, file), join(dir, file));
    }
    copyFileSync(join(sdkDir, libraryName), join(dir, libraryName));
    const { code, find } = await doctor({
      WEWORK_SPEC_ADDON: join(dir, 'wework_spec_vendor.node'),
    });
    expect(code).toBe(0);
    expect(find('SDK folder')).toMatchObject({
      status: 'ok',
      finding: expect.stringContaining('not on this machine'),
    });
  });
});

describe('the database of jobs', () => {
  const broken = () => join(newDir(), 'index.node');

  test('that is not installed is a warning, because jobs can be in Redis', async () => {
    const { code, find } = await doctor({ ...env, WEWORK_SPEC_STORE_ADDON: broken() });
    expect(code).toBe(0);
    expect(find('database')).toMatchObject({
      status: 'warn',
      finding: expect.stringMatching(/^neither jobs nor events can be stored: .*does not exist/),
    });
  });

  test.each<[string, (file: string) => void, RegExp]>([
    [
      'is cut off',
      (file) => writeFileSync(file, readFileSync(sqlite).subarray(0, 100_000)),
      /is damaged \(cut-off\)/,
    ],
    [
      'is another library',
      (file) => copyFileSync(join(sdkDir, libraryName), file),
      /Module did not self-register/,
    ],
  ])('that %s is a failure', async (_, spoil, words) => {
    const file = broken();
    spoil(file);
    const { code, find } = await doctor({ ...env, WEWORK_SPEC_STORE_ADDON: file });
    expect(code).toBe(1);
    expect(find('database')).toMatchObject({
      status: 'fail',
      finding: expect.stringMatching(words),
      fix: expect.stringContaining('ERR_SPEC_STORE_INSTALLATION'),
    });
  });
});

test('survives a library that aborts the process that loads it', async () => {
  const dir = newDir();
  mkdirSync(join(dir, 'sdk'));
  const source = join(dir, 'abort.c');
  writeFileSync(
    source,
    '#include <stdlib.h>\n__attribute__((constructor)) void die(void) { abort(); }\n',
  );
  const own = join(dir, 'libabort.so.1');
  const gcc = ['-shared', '-fPIC', '-Wl,-soname,libabort.so.1', '-o', own, source];
  expect(await runProgram('gcc', gcc)).toMatchObject({ code: 0 });
  await makeStandinSdk(join(dir, 'sdk'), {
    switches: ['STANDIN_OPENSSL'],
    compilerArgs: ['-Wl,--no-as-needed', own, '-lssl', '-lcrypto'],
  });
  for (const file of ['wework_spec_vendor.node', 'wework_spec_vendor.json']) {
    copyFileSync(join(outDir, file), join(dir, file));
  }
  symlinkSync(join(dir, 'sdk', libraryName), join(dir, libraryName));
  const addon = join(dir, 'wework_spec_vendor.node');
  const { code, find } = await doctor({ WEWORK_SPEC_ADDON: addon, LD_LIBRARY_PATH: dir });
  expect(code).toBe(1);
  expect(find('load')).toMatchObject({
    status: 'fail',
    finding: expect.stringContaining('SIGABRT'),
  });
  rmSync(source);
});
