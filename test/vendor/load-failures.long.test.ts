import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import { loadFailure } from '../support/first-use';
import { buildVendorAddon, makeStandinSdk, weworkSpec } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// Every way in which the vendor's addon can fail to load, with real files and the real messages of
// the loader. loader.long.test.ts has the same for the sandbox build.

jest.setTimeout(300_000);
const newDir = tempDirs();
const libraryName = 'libWeWorkSpecSDK.so';
const addonName = 'wework_spec_vendor.node';

let sdkDir: string;
let built: string;

beforeAll(async () => {
  sdkDir = newDir();
  built = newDir();
  await makeStandinSdk(sdkDir, {
    switches: ['STANDIN_OPENSSL'],
    compilerArgs: ['-lssl', '-lcrypto'],
  });
  const ended = await buildVendorAddon(built, ['--sdk-dir', sdkDir]);
  if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr);
});

/** The addon with its record in a folder of its own, and the path where its library is expected. */
function copyBuild({ record = true } = {}): { dir: string; addon: string; library: string } {
  const dir = newDir();
  copyFileSync(join(built, addonName), join(dir, addonName));
  if (record)
    copyFileSync(join(built, 'wework_spec_vendor.json'), join(dir, 'wework_spec_vendor.json'));
  return { dir, addon: join(dir, addonName), library: join(dir, libraryName) };
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const ended = await runProgram(command, args);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
}

/** A shared library from C++ that needs no header. */
async function compile(file: string, code: string, args: readonly string[] = []): Promise<void> {
  const source = `${file}.cc`;
  writeFileSync(source, code);
  await run('g++', ['-fPIC', '-shared', '-o', file, source, ...args]);
  rmSync(source);
}

/** The stand-in, which needs one symbol more: of that library, in that version. */
async function standinThatNeeds(
  file: string,
  library: string,
  version: string | undefined,
): Promise<void> {
  const [dir, own] = [newDir(), newDir()];
  const stub = join(dir, library);
  const map = join(dir, 'map');
  writeFileSync(map, `${version ?? 'NONE'} { global: *; };\n`);
  await compile(stub, 'extern "C" void wework_spec_test_symbol() {}', [
    '-nostdlib',
    `-Wl,-soname,${library}`,
    ...(version === undefined ? [] : [`-Wl,--version-script=${map}`]),
  ]);
  await makeStandinSdk(own, {
    compilerArgs: ['-Wl,--no-as-needed', stub, '-Wl,-u,wework_spec_test_symbol'],
  });
  copyFileSync(join(own, libraryName), file);
}

async function failure(addon: string, env: NodeJS.ProcessEnv = {}, ...args: string[]) {
  const { name, code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon, ...env }, ...args);
  expect(name).toBe('SpecError');
  // The doctor finds the same, and its own process survives.
  if (args.length === 0) {
    const doctor = await weworkSpec(['doctor', '--json'], { WEWORK_SPEC_ADDON: addon, ...env });
    const { ok, checks } = JSON.parse(doctor.stdout);
    expect({ code: doctor.code, stderr: doctor.stderr, ok }).toEqual({
      code: 1,
      stderr: '',
      ok: false,
    });
    const failed = checks.filter(({ status }: { status: string }) => status === 'fail');
    expect(JSON.stringify(failed)).toContain(code);
    for (const { fix } of failed) expect(fix).toMatch(/\w/);
    return { code, message, failed: failed.map(({ name }: { name: string }) => name) as string[] };
  }
  return { code, message, failed: [] };
}

test('an addon that was not built is reported', async () => {
  const addon = join(newDir(), addonName);
  const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon });
  expect(code).toBe('ERR_SPEC_NOT_BUILT');
  expect(message).toContain('npx wework-spec build --sdk-dir');
  const doctor = await weworkSpec(['doctor'], { WEWORK_SPEC_ADDON: addon });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/^fail +addon .*npx wework-spec build --sdk-dir/m);
});

test('a missing library is reported', async () => {
  const { addon } = copyBuild();
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_LIBRARY_MISSING');
  expect(message).toContain(`${libraryName}: cannot open shared object file`);
  expect(failed).toContain('SDK library');
});

test('a link whose target folder was removed is reported', async () => {
  const { addon, library } = copyBuild();
  symlinkSync(join(newDir(), libraryName), library);
  expect((await failure(addon)).code).toBe('ERR_SPEC_LIBRARY_MISSING');
});

test.each(['libssl.so.3', 'libcrypto.so.3'])('a missing %s is reported', async (missing) => {
  const { addon, library } = copyBuild();
  copyFileSync(join(sdkDir, libraryName), library);
  // Searches for a name that does not exist on any system; the rest is the real loader's work.
  const text = readFileSync(library, 'latin1');
  writeFileSync(library, text.replaceAll(missing, missing.replace('3', '9')), 'latin1');
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_OPENSSL_MISSING');
  expect(message).toContain('cannot open shared object file');
  for (const name of ['apt-get install libssl3 ', 'libssl3t64', 'dnf install openssl-libs']) {
    expect(message).toContain(name);
  }
  expect(failed).toContain(`needs ${missing.replace('3', '9')}`);
});

test('another missing library that the SDK needs is reported', async () => {
  const { addon, library } = copyBuild();
  await standinThatNeeds(library, 'libwework_test_dependency.so.4', undefined);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_DEPENDENCY_MISSING');
  expect(message).toContain('libwework_test_dependency.so.4');
  expect(failed).toContain('needs libwework_test_dependency.so.4');
});

test('a glibc that is too old is reported', async () => {
  const { addon, library } = copyBuild();
  await standinThatNeeds(library, 'libc.so.6', 'GLIBC_9.99');
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_GLIBC_TOO_OLD');
  expect(message).toMatch(/needed GLIBC_9\.99, found GLIBC_2\.\d+\./);
  expect(failed).toContain('glibc floor');
});

test.each(['GLIBCXX_9.9.9', 'CXXABI_9.9'])(
  'a libstdc++ without %s is reported',
  async (version) => {
    const { addon, library } = copyBuild();
    await standinThatNeeds(library, 'libstdc++.so.6', version);
    const { code, message } = await failure(addon);
    expect(code).toBe('ERR_SPEC_LIBSTDCXX_TOO_OLD');
    expect(message).toMatch(
      new RegExp(`needed ${version}, found ${version.replace(/_.*/, '')}_[13]\\.\\d`),
    );
  },
);

test('another library that is too old is reported', async () => {
  const { addon, library } = copyBuild();
  await standinThatNeeds(library, 'libcrypto.so.3', 'OPENSSL_9.9.9');
  const { code, message } = await failure(addon);
  expect(code).toBe('ERR_SPEC_DEPENDENCY_TOO_OLD');
  expect(message).toMatch(/libcrypto\.so\.3 is too old: needed OPENSSL_9\.9\.9, found OPENSSL_3\./);
});

test('a library for another processor is reported', async () => {
  const { dir, addon, library } = copyBuild();
  // The linker can create such files even without a compiler for that processor.
  writeFileSync(join(dir, 'empty.s'), '');
  await run('as', ['--32', '-o', join(dir, 'empty.o'), join(dir, 'empty.s')]);
  await run('ld', ['-m', 'elf_i386', '-shared', '-o', library, join(dir, 'empty.o')]);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_WRONG_ARCH');
  expect(message).toContain(`${library} is for ia32, and this Node.js runs on ${process.arch}`);
  expect(failed).toContain('SDK library');
});

test('an addon for another processor is reported', async () => {
  const { addon } = copyBuild();
  const bytes = readFileSync(addon);
  const [machineField, aarch64] = [18, 183];
  bytes.writeUInt16LE(aarch64, machineField);
  writeFileSync(addon, bytes);
  const { code, message } = await failure(addon);
  expect(code).toBe('ERR_SPEC_WRONG_ARCH');
  expect(message).toContain('is for arm64');
});

test('a library with the other C++ ABI is reported', async () => {
  const { addon, library } = copyBuild();
  const old = newDir();
  await makeStandinSdk(old, { compilerArgs: ['-D_GLIBCXX_USE_CXX11_ABI=0'] });
  copyFileSync(join(old, libraryName), library);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_WRONG_CXX_ABI');
  expect(message).toContain('has the old one, and the addon was built for the cxx11 one');
  expect(message).toContain('undefined symbol');
  expect(failed).toEqual(expect.arrayContaining(['C++ ABI', 'library content', 'symbols']));
});

test('a library that lacks a function is reported', async () => {
  const { addon, library } = copyBuild();
  const other = newDir();
  await makeStandinSdk(other, { switches: ['STANDIN_NO_DEBUG_MODE'] });
  copyFileSync(join(other, libraryName), library);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_UNDEFINED_SYMBOL');
  expect(message).toMatch(/undefined symbol: \S*SpecOpenDebugMode/);
  expect(failed).toContain('symbols');
});

test('a truncated library is reported', async () => {
  const { addon, library } = copyBuild();
  copyFileSync(join(sdkDir, libraryName), library);
  truncateSync(library, 20_000);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_FILE_TRUNCATED');
  expect(message).toContain(`${library} is truncated after 20000 bytes`);
  expect(failed).toContain('SDK library');
});

test('a link that was turned into a text file is reported', async () => {
  const { addon, library } = copyBuild();
  writeFileSync(library, 'libWeWorkSpecSDK.so.1.3.1');
  const { code, message } = await failure(addon);
  expect(code).toBe('ERR_SPEC_LINK_AS_TEXT');
  expect(message).toContain('a symbolic link to libWeWorkSpecSDK.so.1.3.1');
});

test('a file that is not a library is reported', async () => {
  const { addon, library } = copyBuild();
  writeFileSync(library, '<html>404 Not Found</html>\n');
  expect((await failure(addon)).code).toBe('ERR_SPEC_NOT_A_LIBRARY');
});

test('a library that was replaced after the build is reported', async () => {
  const { addon, library } = copyBuild();
  const other = newDir();
  await makeStandinSdk(other, { switches: ['STANDIN_MORE_MEMBERS char more_[100] = {};'] });
  copyFileSync(join(other, libraryName), library);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_LIBRARY_CHANGED');
  expect(message).toContain(library);
  expect(failed).toContain('library content');
});

test('a different library that the loader finds first is reported', async () => {
  const { addon, library } = copyBuild();
  copyFileSync(join(sdkDir, libraryName), library);
  const other = newDir();
  await makeStandinSdk(other, { switches: ['STANDIN_MORE_MEMBERS char more_[100] = {};'] });
  const { code, message } = await failure(addon, { LD_LIBRARY_PATH: other });
  expect(code).toBe('ERR_SPEC_LIBRARY_CHANGED');
  expect(message).toContain(join(other, libraryName));
});

test('the sandbox library in place of the vendor’s is refused', async () => {
  const { addon, library } = copyBuild();
  copyFileSync(join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so'), library);
  const { code, message, failed } = await failure(addon);
  expect(code).toBe('ERR_SPEC_SANDBOX_LIBRARY');
  expect(message).toContain(library);
  expect(failed).toContain('library content');
});

test('an addon built by another version of the package is reported', async () => {
  const { dir, addon, library } = copyBuild();
  copyFileSync(join(sdkDir, libraryName), library);
  const record = join(dir, 'wework_spec_vendor.json');
  const { package: version } = JSON.parse(readFileSync(record, 'utf8'));
  const text = readFileSync(record, 'utf8');
  writeFileSync(record, text.replace(`"package": "${version}"`, '"package": "0.0.1"'));
  const { code, message } = await failure(addon);
  expect(code).toBe('ERR_SPEC_WRONG_ADDON');
  expect(message).toContain('version 0.0.1');
});

test('any other failure of the loader is reported in its own words', async () => {
  const { addon } = copyBuild();
  await compile(addon, 'extern "C" void nothing() {}');
  const { code, message } = await failure(addon);
  expect(code).toBe('ERR_SPEC_LOAD_FAILED');
  expect(message).toContain('Module did not self-register');
});

test('a Node.js that uses musl is reported', async () => {
  const dir = newDir();
  // A program with the interpreter of Alpine's node. It is only read, not run.
  const program = join(dir, 'node');
  writeFileSync(join(dir, 'program.c'), 'int main(void) { return 0; }');
  await run('gcc', [
    '-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1',
    ...['-o', program, join(dir, 'program.c')],
  ]);
  const { addon } = copyBuild();
  const { code, message } = await failure(addon, {}, '--exec-path', program);
  expect(code).toBe('ERR_SPEC_MUSL');
  expect(message).toContain('/lib/ld-musl-x86_64.so.1');
  expect(message).toContain('bookworm');
});

test('an addon without a build record runs, and doctor reports that the record is missing', async () => {
  const { addon, library } = copyBuild({ record: false });
  copyFileSync(join(sdkDir, libraryName), library);
  const doctor = await weworkSpec(['doctor', '--json'], { WEWORK_SPEC_ADDON: addon });
  const { ok, checks } = JSON.parse(doctor.stdout);
  expect({ ok, code: doctor.code }).toEqual({ ok: true, code: 0 });
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'library content', status: 'warn' }),
  );
});

/** The package with nothing native built, and of what it brings along only `more`. */
function copyPackage(...more: string[]): string {
  const dir = join(newDir(), 'wework-spec-sdk');
  mkdirSync(dir);
  for (const part of ['dist', 'package.json', 'native', ...more]) {
    cpSync(join(root, part), join(dir, part), { recursive: true });
  }
  return dir;
}

describe.each(['darwin', 'win32'])('on %s', (platform) => {
  test('the first use of the SDK fails and recommends a Linux container', async () => {
    const { code, message } = await failure(join(built, addonName), {}, '--platform', platform);
    expect(code).toBe('ERR_SPEC_UNSUPPORTED_PLATFORM');
    expect(message).toContain(`${platform}-${process.arch}`);
    expect(message).toContain('WEWORK_SPEC_SDK=sandbox');
    expect(message).toContain('Linux container');
  });

  // The package as installed on another system, without native files.
  test('the package and its sandbox can be imported, and the command prints its help', async () => {
    const dir = copyPackage('node_modules/undici');
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      [
        '-e',
        `Object.defineProperty(process, 'platform', { value: '${platform}' });
       const { ZoneSandbox } = require('${dir}/dist/sandbox/index.js');
       require('${dir}/dist/index.js');
       ZoneSandbox.start().then(async (sandbox) => {
         await sandbox.stop();
         process.argv.splice(1, 0, 'x', 'build', '--sdk-dir', '.');
         require('${dir}/dist/tools/cli/main.js');
       });`,
      ],
      // The variable of Windows for its temporary folder.
      { env: { TEMP: tmpdir() } },
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^wework-spec: ERR_SPEC_UNSUPPORTED_PLATFORM: .*Linux container/);
    const doctor = await runProgram(process.execPath, [
      '-e',
      `Object.defineProperty(process, 'platform', { value: '${platform}' });
       process.argv.splice(1, 0, 'x', 'doctor');
       require('${dir}/dist/tools/cli/main.js');`,
    ]);
    expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({ code: 1, stderr: '' });
    expect(doctor.stdout).toMatch(
      new RegExp(`^fail +platform +${platform}-.*Linux container`, 'm'),
    );
  });
});

test('a missing file of the package is reported, and commands that do not need it work', async () => {
  const dir = copyPackage();
  const command = (...args: string[]) =>
    runProgram(process.execPath, [join(dir, 'dist', 'tools', 'cli', 'main.js'), ...args]);
  const { code, stdout, stderr } = await command('sandbox');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^wework-spec: ERR_SANDBOX_INSTALLATION: undici, .*Cannot find module .*\. Install wework-spec-sdk again\.\n$/,
  );
  expect((await command('doctor')).stdout).toMatch(/platform/);
});
