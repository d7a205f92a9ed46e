import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/child';
import { firstUse, loadFailure } from '../support/first-use';
import { tempDirs } from '../support/temp-dir';

const built = join(root, 'out', 'sandbox', 'Release');
const addonName = 'wework_spec_sandbox.node';
const libraryName = 'libWeWorkSpecSandbox.so';
const sandbox = { WEWORK_SPEC_SDK: 'sandbox' };

const newDir = tempDirs();

/** A folder with copies of the addon and, unless left out, of its library. */
function copyBuild(files = [addonName, libraryName]): { dir: string; addon: string } {
  const dir = newDir();
  for (const file of files) copyFileSync(join(built, file), join(dir, file));
  return { dir, addon: join(dir, addonName) };
}

/** A copy of the package as it is installed, without anything that was built for this machine. */
function copyPackage(): string {
  const dir = join(newDir(), 'wework-spec-sdk');
  mkdirSync(dir);
  cpSync(join(root, 'dist'), join(dir, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(dir, 'package.json'));
  return dir;
}

/** Changes a text in a file to another one of the same length, wherever it stands. */
function replaceText(file: string, from: string, to: string): void {
  const bytes = readFileSync(file, 'latin1');
  expect(bytes).toContain(from);
  expect(to).toHaveLength(from.length);
  writeFileSync(file, bytes.replaceAll(from, to), 'latin1');
}

describe('which SDK is used', () => {
  test('WEWORK_SPEC_SDK=sandbox selects the sandbox', async () => {
    const { first, callback } = await firstUse(sandbox);
    expect(first.value).toMatchObject({
      sdk: 'sandbox',
      addonFile: join(built, addonName),
      libraryFile: join(built, libraryName),
    });
    expect(callback).toEqual({ value: false });
  });

  test.each([{}, { WEWORK_SPEC_SDK: '' }, { WEWORK_SPEC_SDK: 'vendor' }])(
    'the environment %j selects the vendor SDK, and the sandbox never replaces it',
    async (env) => {
      const dir = copyPackage();
      // All variables of the sandbox are set.
      cpSync(built, join(dir, 'out', 'sandbox', 'Release'), { recursive: true });
      const TEST_PACKAGE = join(dir, 'dist', 'index.mjs');
      const working = await firstUse({ TEST_PACKAGE, ...sandbox });
      expect(working.first.value).toMatchObject({ sdk: 'sandbox' });

      const { code, message } = await loadFailure({ TEST_PACKAGE, ...env });
      expect(code).toBe('ERR_SPEC_NOT_BUILT');
      expect(message).toContain(join(dir, 'out', 'vendor', 'Release', 'wework_spec_vendor.node'));
      expect(message).toContain(join(dir, 'prebuilds', 'linux-x64', 'wework_spec_vendor.node'));
      expect(message).toContain('npx wework-spec build --sdk-dir');
      expect(message).toContain('WEWORK_SPEC_SDK=sandbox');
      expect(message).not.toContain('wework_spec_sandbox.node');
    },
  );

  test('any other value of WEWORK_SPEC_SDK is refused, and the message quotes it', async () => {
    const { code, message } = await loadFailure({ WEWORK_SPEC_SDK: 'Sandbox' });
    expect(code).toBe('ERR_SPEC_UNKNOWN_SDK');
    expect(message).toContain('"Sandbox"');
    expect(message).toContain('"vendor"');
    expect(message).toContain('"sandbox"');
  });

  test('a sandbox addon in WEWORK_SPEC_ADDON is refused when the vendor SDK is selected', async () => {
    const addon = join(built, addonName);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon });
    expect(code).toBe('ERR_SPEC_WRONG_ADDON');
    expect(message).toContain(addon);
    expect(message).toContain('sandbox');
  });
});

describe('an addon that cannot be loaded', () => {
  test('the error lists the files that were tried and the command to run, and the import succeeds', async () => {
    const dir = copyPackage();
    const { name, code, message } = await loadFailure({
      TEST_PACKAGE: join(dir, 'dist', 'index.mjs'),
      ...sandbox,
    });
    expect(name).toBe('SpecError');
    expect(code).toBe('ERR_SPEC_NOT_BUILT');
    expect(message).toContain(join(dir, 'out', 'sandbox', 'Release', addonName));
    expect(message).toContain(join(dir, 'out', 'sandbox', 'Debug', addonName));
    expect(message).toContain(join(dir, 'prebuilds', 'linux-x64', addonName));
    expect(message).toContain(`node ${join(dir, 'scripts', 'build-addon.mjs')}.`);
  });

  test('without a local build, the prebuilt addon is used', async () => {
    const dir = copyPackage();
    const prebuilds = join(dir, 'prebuilds', `linux-${process.arch}`);
    cpSync(built, prebuilds, { recursive: true });
    const { first } = await firstUse({
      TEST_PACKAGE: join(dir, 'dist', 'index.mjs'),
      ...sandbox,
    });
    expect(first.value).toMatchObject({
      addonFile: join(prebuilds, addonName),
      libraryFile: join(prebuilds, libraryName),
    });
  });

  test('a missing file in WEWORK_SPEC_ADDON is an error, and no other file is tried', async () => {
    const addon = join(newDir(), 'missing.node');
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_NOT_BUILT');
    expect(message).toContain(`Looked for: ${addon}. `);
  });

  test.each([
    ['is empty', '', 'ERR_SPEC_FILE_TRUNCATED'],
    ['is a text file', 'not a library', 'ERR_SPEC_NOT_A_LIBRARY'],
    ['ends within the header of a library', '\x7fELF\x02\x01\x01', 'ERR_SPEC_FILE_TRUNCATED'],
    ['is a link turned into a text file', 'libWeWorkSpecSandbox.so.1', 'ERR_SPEC_LINK_AS_TEXT'],
  ])('an addon that %s is reported', async (_, content, expected) => {
    const addon = join(newDir(), 'garbage.node');
    writeFileSync(addon, content, 'latin1');
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe(expected);
    expect(message).toContain(addon);
  });

  test('a folder in place of the addon is reported', async () => {
    const { code } = await loadFailure({ WEWORK_SPEC_ADDON: newDir(), ...sandbox });
    expect(code).toBe('ERR_SPEC_NOT_A_LIBRARY');
  });

  test('an addon truncated within its headers is reported', async () => {
    const { addon } = copyBuild();
    truncateSync(addon, 200);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_FILE_TRUNCATED');
    expect(message).toContain(addon);
  });

  test('an addon truncated within its content is reported', async () => {
    const { addon } = copyBuild();
    truncateSync(addon, statSync(addon).size / 2);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_FILE_TRUNCATED');
    expect(message).toContain(addon);
  });

  test('a library that is not an addon is reported', async () => {
    const { dir } = copyBuild();
    const { code } = await loadFailure({
      WEWORK_SPEC_ADDON: join(dir, libraryName),
      ...sandbox,
    });
    expect(code).toBe('ERR_SPEC_LOAD_FAILED');
  });

  test('a missing SDK library is reported', async () => {
    const { addon } = copyBuild([addonName]);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_LIBRARY_MISSING');
    expect(message).toContain(
      `${libraryName}: cannot open shared object file: No such file or directory`,
    );
    expect(message).toContain(addon);
  });

  test('an SDK library that lacks a function is reported', async () => {
    const { dir, addon } = copyBuild();
    replaceText(join(dir, libraryName), 'GenerateNotifyId', 'GenerateNotifyIx');
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_UNDEFINED_SYMBOL');
    expect(message).toMatch(/undefined symbol: \S*GenerateNotifyId/);
  });

  test('another library in place of the sandbox library is refused', async () => {
    const { dir, addon } = copyBuild();
    replaceText(join(dir, libraryName), 'wework_spec_sandbox_marker', 'wework_spec_vendored_maker');
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_UNDEFINED_SYMBOL');
    expect(message).toContain('undefined symbol: wework_spec_sandbox_marker');
  });

  test.each([
    ['libssl.so.3', 'libssl.so.9'],
    ['libcrypto.so.3', 'libcrypto.so.9'],
  ])('a missing %s is reported', async (installed, missing) => {
    const { dir, addon } = copyBuild();
    // Makes the loader search for the library.
    replaceText(join(dir, libraryName), installed, missing);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...sandbox });
    expect(code).toBe('ERR_SPEC_OPENSSL_MISSING');
    expect(message).toContain(
      `${missing}: cannot open shared object file: No such file or directory`,
    );
    expect(message).toContain('apt-get install libssl3');
    expect(message).toContain('openssl-libs');
  });
});

test.each(['darwin', 'win32'])(
  'on %s the import succeeds, and the first use reports that there is no SDK',
  async (platform) => {
    const { code, message } = await loadFailure(sandbox, '--platform', platform);
    expect(code).toBe('ERR_SPEC_UNSUPPORTED_PLATFORM');
    expect(message).toContain(`${platform}-${process.arch}`);
    expect(message).toContain('Linux container');
  },
);

describe('the limits of the thread pool in the environment', () => {
  test('are applied', async () => {
    const { first } = await firstUse({
      ...sandbox,
      WEWORK_SPEC_THREADS: '3',
      WEWORK_SPEC_QUEUE_LIMIT: '0',
    });
    expect(first.value).toMatchObject({ threadPool: { size: 3, queueLimit: 0 } });
  });

  test('are ignored when they are empty', async () => {
    const { first } = await firstUse({
      ...sandbox,
      WEWORK_SPEC_THREADS: '',
      WEWORK_SPEC_QUEUE_LIMIT: '',
    });
    expect(first.value).toMatchObject({ threadPool: { size: 16, queueLimit: 4096 } });
  });

  test.each([
    ['WEWORK_SPEC_THREADS', '0'],
    ['WEWORK_SPEC_THREADS', '257'],
    ['WEWORK_SPEC_THREADS', '-1'],
    ['WEWORK_SPEC_THREADS', '1.5'],
    ['WEWORK_SPEC_THREADS', '4e0'],
    ['WEWORK_SPEC_THREADS', ' 4'],
    ['WEWORK_SPEC_THREADS', 'many'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '2147483648'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '-1'],
    ['WEWORK_SPEC_QUEUE_LIMIT', '99999999999999999999999'],
  ])('are refused when %s is %j', async (name, value) => {
    const { name: kind, code, message } = await loadFailure({ ...sandbox, [name]: value });
    expect(kind).toBe('RangeError');
    expect(code).toBe('ERR_SPEC_OUT_OF_RANGE');
    expect(message).toContain(name);
  });
});
