import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import { firstUse, loadFailure } from '../support/first-use';
import {
  buildVendorAddon,
  fingerprint,
  makeStandinSdk,
  objectDir,
  refusedBuild,
  weworkSpec,
} from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

jest.setTimeout(300_000);
const newDir = tempDirs();
const libraryName = 'libWeWorkSpecSDK.so';
const addonName = 'wework_spec_vendor.node';
const headerFile = join(root, 'test', 'standin-sdk', 'cpp_sdk.h');

let sdkDir: string;
beforeAll(async () => {
  sdkDir = newDir();
  await makeStandinSdk(sdkDir);
});

/** A copy of the SDK folder. */
function copySdk(): string {
  const dir = newDir();
  cpSync(sdkDir, dir, { recursive: true });
  return dir;
}

async function built(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const outDir = newDir();
  const ended = await buildVendorAddon(outDir, args, env);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const addon = join(outDir, addonName);
  expect((await firstUse({ WEWORK_SPEC_ADDON: addon })).first.value).toMatchObject({
    sdk: 'vendor',
  });
  return { outDir, addon, library: join(outDir, libraryName), output: ended.stdout };
}

/** Packs a folder with tar, as the vendor does. */
async function pack(dir: string, archive: string, ...args: string[]): Promise<void> {
  expect(await runProgram('tar', ['-czf', archive, ...args, '-C', dir, '.'])).toMatchObject({
    code: 0,
  });
}

describe('common layouts of the SDK', () => {
  test('WEWORK_SPEC_SDK_DIR can name the folder, also by a relative path', async () => {
    const { library } = await built([], { WEWORK_SPEC_SDK_DIR: sdkDir });
    expect(lstatSync(library).isSymbolicLink()).toBe(true);
    expect(readFileSync(library)).toEqual(readFileSync(join(sdkDir, libraryName)));
  });

  test.each([
    ['include', 'lib'],
    ['my sdk, 目录/$ORIGIN', "my sdk, 目录/it's"],
    ['cpp_sdk-1.3.1/include', 'cpp_sdk-1.3.1/lib64'],
  ])('a header in %s and a library in %s are found', async (headerDir, libraryDir) => {
    const dir = newDir();
    for (const folder of [headerDir, libraryDir]) mkdirSync(join(dir, folder), { recursive: true });
    copyFileSync(join(sdkDir, 'cpp_sdk.h'), join(dir, headerDir, 'cpp_sdk.h'));
    copyFileSync(join(sdkDir, libraryName), join(dir, libraryDir, libraryName));
    await built(['--sdk-dir', dir]);
  });

  test.each([
    ['passed as --sdk-dir', (dir: string) => join(dir, 'cpp_sdk-1.3.1.tar.gz')],
    ['in the folder passed as --sdk-dir', (dir: string) => dir],
  ])('an archive %s is unchanged, and its library is copied', async (_, place) => {
    const [folder, dir] = [newDir(), newDir()];
    const deep = join(
      folder,
      'cpp_sdk-1.3.1',
      'a-name-that-is-longer-than-the-fields-of-old-tar-'.repeat(3),
    );
    mkdirSync(deep, { recursive: true });
    cpSync(sdkDir, deep, { recursive: true });
    // As shared libraries are usually shipped: the plain name is a link.
    mkdirSync(join(deep, 'lib'));
    renameSync(join(deep, libraryName), join(deep, 'lib', `${libraryName}.1.3.1`));
    symlinkSync(`${libraryName}.1.3.1`, join(deep, 'lib', libraryName));
    symlinkSync(`../lib/${libraryName}`, join(deep, 'lib', `${libraryName}.1`));
    linkSync(join(deep, 'cpp_sdk.h'), join(deep, 'lib', 'cpp_sdk.h'));
    await pack(folder, join(dir, 'cpp_sdk-1.3.1.tar.gz'));
    const before = fingerprint(dir);
    const { library, output } = await built(['--sdk-dir', place(dir)]);
    expect(fingerprint(dir)).toEqual(before);
    expect(lstatSync(library).isFile()).toBe(true);
    expect(readFileSync(library)).toEqual(readFileSync(join(sdkDir, libraryName)));
    expect(output).toContain('cpp_sdk-1.3.1.tar.gz');
  });

  test('of libraries for several processors, the one for this machine is used', async () => {
    const dir = newDir();
    for (const folder of ['x64', 'other']) mkdirSync(join(dir, folder));
    copyFileSync(join(sdkDir, 'cpp_sdk.h'), join(dir, 'cpp_sdk.h'));
    copyFileSync(join(sdkDir, libraryName), join(dir, 'x64', libraryName));
    const foreign = readFileSync(join(sdkDir, libraryName));
    foreign.writeUInt16LE(183, 18);
    writeFileSync(join(dir, 'other', libraryName), foreign);
    const { output } = await built(['--sdk-dir', dir]);
    expect(output).toContain(join(dir, 'x64', libraryName));
  });

  test('a library that comes with the SDK is found next to the addon', async () => {
    const dir = copySdk();
    const own = 'libwework_test_own.so.2';
    writeFileSync(join(dir, 'own.c'), 'void wework_test_own(void) {}');
    const gcc = [
      '-shared',
      '-fPIC',
      `-Wl,-soname,${own}`,
      '-o',
      join(dir, own),
      join(dir, 'own.c'),
    ];
    expect(await runProgram('gcc', gcc)).toMatchObject({ code: 0 });
    await makeStandinSdk(dir, { compilerArgs: ['-Wl,--no-as-needed', join(dir, own)] });
    const { outDir } = await built(['--sdk-dir', dir]);
    expect(readdirSync(outDir)).toContain(own);
  });
});

test('--copy-library creates a copy, and programs run without the SDK folder', async () => {
  const dir = copySdk();
  const { addon, library } = await built(['--sdk-dir', dir, '--copy-library']);
  expect(lstatSync(library).isFile()).toBe(true);
  rmSync(dir, { recursive: true });
  expect((await firstUse({ WEWORK_SPEC_ADDON: addon })).first.value).toMatchObject({
    sdk: 'vendor',
    libraryFile: library,
  });
});

test('an existing copy is replaced, and a link is not followed', async () => {
  const dir = copySdk();
  const before = fingerprint(dir);
  const outDir = newDir();
  for (const more of [[], ['--copy-library'], []]) {
    const ended = await buildVendorAddon(outDir, ['--sdk-dir', dir, ...more]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  }
  expect(fingerprint(dir)).toEqual(before);
});

test('build needs only a compiler and Node.js', async () => {
  const bin = newDir();
  for (const tool of ['g++', 'as', 'ld']) {
    const { stdout } = await runProgram('sh', ['-c', `command -v ${tool}`]);
    symlinkSync(stdout.trim(), join(bin, tool));
  }
  symlinkSync(process.execPath, join(bin, 'node'));
  // Without cached object files.
  const { output } = await built(['--sdk-dir', sdkDir, '--object-dir', newDir()], {
    PATH: bin,
  });
  const { sources } = JSON.parse(readFileSync(join(root, 'native/addon.json'), 'utf8'));
  expect(output).toMatch(new RegExp(`^Compiling +${sources.length} files$`, 'm'));
});

describe('--prebuild and link', () => {
  test('an addon packed without the library runs after link has linked the library', async () => {
    // The installed package.
    const installed = join(newDir(), 'node_modules', 'wework-spec-sdk');
    mkdirSync(installed, { recursive: true });
    for (const part of ['dist', 'native', 'package.json', 'LICENSE', 'README.md']) {
      cpSync(join(root, part), join(installed, part), { recursive: true });
    }
    for (const dependency of ['node-addon-api', 'node-api-headers']) {
      const from = join(root, 'node_modules', dependency);
      cpSync(from, join(installed, 'node_modules', dependency), { recursive: true });
    }
    const main = join(installed, 'dist', 'tools', 'cli', 'main.js');
    const command = (...args: string[]) => runProgram(process.execPath, [main, ...args]);
    const dir = copySdk();
    const made = await command('build', '--sdk-dir', dir, '--prebuild', '--object-dir', objectDir);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^Next +npm pack /m);
    const prebuilds = join(installed, 'prebuilds', `linux-${process.arch}`);
    expect(readdirSync(prebuilds).sort()).toEqual(['wework_spec_vendor.json', addonName]);

    // Even an existing copy is not packed into the tarball.
    const placed = await command('link', '--sdk-dir', dir, '--copy-library');
    expect(placed).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(prebuilds)).toContain(libraryName);
    const packed = await runProgram('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], {
      cwd: installed,
      env: { npm_config_cache: newDir() },
    });
    const files = JSON.parse(packed.stdout)[0].files.map(({ path }: { path: string }) => path);
    expect(files).toContain(`prebuilds/linux-${process.arch}/${addonName}`);
    expect(files.filter((file: string) => file.includes(libraryName))).toEqual([]);

    const TEST_PACKAGE = join(installed, 'dist', 'index.mjs');
    expect((await firstUse({ TEST_PACKAGE })).first.value).toMatchObject({
      sdk: 'vendor',
      addonFile: join(prebuilds, addonName),
      libraryFile: join(prebuilds, libraryName),
    });
    rmSync(join(prebuilds, libraryName));
    expect((await loadFailure({ TEST_PACKAGE })).code).toBe('ERR_SPEC_LIBRARY_MISSING');

    const other = newDir();
    await makeStandinSdk(other, { switches: ['STANDIN_MORE_MEMBERS char more_[100] = {};'] });
    const refused = await command('link', '--sdk-dir', other);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^wework-spec: ERR_SPEC_LIBRARY_CHANGED: /);
    expect(existsSync(join(prebuilds, libraryName))).toBe(false);
    const linked = await command('link', '--sdk-dir', dir);
    expect(linked).toMatchObject({ code: 0, stderr: '' });
    expect(lstatSync(join(prebuilds, libraryName)).isSymbolicLink()).toBe(true);
  });

  test('link without an addon names the build command', async () => {
    const { code, stderr } = await weworkSpec(['link', '--sdk-dir', sdkDir], {
      WEWORK_SPEC_ADDON: join(newDir(), addonName),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wework-spec: ERR_SPEC_NOT_BUILT: .*npx wework-spec build/);
  });
});

describe('a failed build reports the reason in one message and leaves no files:', () => {
  const failedBuild = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    refusedBuild(newDir(), args, env);

  test('no SDK folder given is a usage error', async () => {
    const { exit, stderr } = await failedBuild([]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^wework-spec: no SDK given;.*--sdk-dir or WEWORK_SPEC_SDK_DIR.*\n$/);
  });

  test.each<[string, (dir: string) => void, string, string]>([
    [
      'a folder that does not exist',
      (dir) => rmSync(dir, { recursive: true }),
      'ERR_SPEC_SDK_DIR',
      'no such file or folder',
    ],
    [
      'a folder without the header',
      (dir) => rmSync(join(dir, 'cpp_sdk.h')),
      'ERR_SPEC_SDK_DIR',
      'does not contain cpp_sdk.h',
    ],
    [
      'a folder without the library',
      (dir) => rmSync(join(dir, libraryName)),
      'ERR_SPEC_SDK_DIR',
      `does not contain ${libraryName}`,
    ],
    [
      'a text file under the library’s name',
      (dir) => writeFileSync(join(dir, libraryName), 'not a library\n'),
      'ERR_SPEC_NOT_A_LIBRARY',
      'is not a shared library',
    ],
    [
      'a truncated library',
      (dir) => truncateSync(join(dir, libraryName), 9000),
      'ERR_SPEC_FILE_TRUNCATED',
      'after 9000 bytes',
    ],
    [
      'a link that was turned into a text file',
      (dir) => writeFileSync(join(dir, libraryName), 'libWeWorkSpecSDK.so.1.3.1\n'),
      'ERR_SPEC_LINK_AS_TEXT',
      'a symbolic link to libWeWorkSpecSDK.so.1.3.1',
    ],
    [
      'a library for another processor',
      (dir) => {
        const bytes = readFileSync(join(dir, libraryName));
        bytes.writeUInt16LE(183, 18);
        writeFileSync(join(dir, libraryName), bytes);
      },
      'ERR_SPEC_WRONG_ARCH',
      'is for arm64',
    ],
    [
      'the sandbox library under the vendor’s name',
      (dir) =>
        copyFileSync(
          join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so'),
          join(dir, libraryName),
        ),
      'ERR_SPEC_SANDBOX_LIBRARY',
      libraryName,
    ],
    [
      'the sandbox header',
      (dir) => copyFileSync(join(root, 'native/sandbox/include/cpp_sdk.h'), join(dir, 'cpp_sdk.h')),
      'ERR_SPEC_SDK_DIR',
      "the sandbox's header",
    ],
    [
      'different headers',
      (dir) => {
        mkdirSync(join(dir, 'old'));
        writeFileSync(join(dir, 'old', 'cpp_sdk.h'), '// other\n');
      },
      'ERR_SPEC_SDK_DIR',
      'different headers',
    ],
    [
      'an invalid archive',
      (dir) => {
        for (const file of readdirSync(dir)) rmSync(join(dir, file));
        writeFileSync(join(dir, 'cpp_sdk-1.3.1.tar.gz'), 'x'.repeat(2000));
      },
      'ERR_SPEC_SDK_DIR',
      'cannot be unpacked',
    ],
    [
      'a header that does not compile',
      (dir) => writeFileSync(join(dir, 'cpp_sdk.h'), '#include <no_such_header.h>\n'),
      'ERR_SPEC_BUILD_FAILED',
      'no_such_header.h',
    ],
  ])('%s', async (_, spoil, expected, words) => {
    const dir = copySdk();
    spoil(dir);
    const { exit, code, message } = await failedBuild(['--sdk-dir', dir]);
    expect({ exit, code }).toEqual({ exit: 1, code: expected });
    expect(message).toContain(words);
    expect(message).toContain(dir);
    expect(message.split('\n').length).toBeLessThan(12);
  });

  test('the library of the Java SDK, which has the same file name', async () => {
    const dir = copySdk();
    writeFileSync(join(dir, 'java.c'), 'void Java_com_tencent_wework_SpecSDK_NewSDK(void) {}');
    const args = ['-shared', '-fPIC', '-o', join(dir, libraryName), join(dir, 'java.c')];
    expect(await runProgram('gcc', args)).toMatchObject({ code: 0 });
    const { code, message } = await failedBuild(['--sdk-dir', dir]);
    expect(code).toBe('ERR_SPEC_SDK_DIR');
    expect(message).toContain('belongs to the Java SDK');
  });

  test('a missing compiler', async () => {
    const { code, message } = await failedBuild(['--sdk-dir', sdkDir], { PATH: newDir() });
    expect(code).toBe('ERR_SPEC_COMPILER_MISSING');
    expect(message).toContain('apt-get install g++');
    const named = await failedBuild(['--sdk-dir', sdkDir], { CXX: 'no-such-compiler' });
    expect(named.message).toContain('no-such-compiler');
  });

  test('a header that lacks a declaration; the message quotes the declaration and where it is needed', async () => {
    const dir = copySdk();
    const header = join(dir, 'cpp_sdk.h');
    const text = readFileSync(header, 'utf8');
    writeFileSync(
      header,
      text
        .replace('STANDIN_TEXT GetData() STANDIN_CONST;', 'STANDIN_TEXT FetchData() STANDIN_CONST;')
        .replace(
          'STANDIN_NUMBER GetCallType() STANDIN_CONST;',
          'STANDIN_NUMBER GetCallType(int kind) STANDIN_CONST;',
        ),
    );
    const { code, message } = await failedBuild(['--sdk-dir', dir]);
    expect(code).toBe('ERR_SPEC_HEADER_DIFFERS');
    const adapter = readFileSync(join(root, 'native/vendor/adapter.cc'), 'utf8').split('\n');
    for (const [declaration, member, there] of [
      ['const std::string &GetData() const;', 'GetData', 'nothing named GetData'],
      [
        'uint32_t GetCallType() const;',
        'GetCallType',
        'STANDIN_NUMBER GetCallType(int kind) STANDIN_CONST',
      ],
    ] as const) {
      expect(message).toContain(declaration);
      expect(message).toContain(`the header contains: ${there}`);
      const [, line = '0'] =
        new RegExp(
          `native/vendor/adapter\\.cc:(\\d+)\\n    the header contains: ${there.replace(/[()]/g, '\\$&')}`,
        ).exec(message) ?? [];
      expect(adapter[Number(line) - 1]).toContain(member);
    }
    expect(message).not.toContain('GetCorpId');
    expect(message.split('\n').length).toBeLessThan(15);
  });

  test('a library that lacks a function that its header declares', async () => {
    const dir = copySdk();
    await makeStandinSdk(dir, { switches: ['STANDIN_CLIENT SpecSDK'] });
    copyFileSync(headerFile, join(dir, 'cpp_sdk.h'));
    // An existing addon is not removed.
    const { addon, outDir } = await built(['--sdk-dir', sdkDir]);
    expect(await buildVendorAddon(outDir, ['--sdk-dir', dir])).toMatchObject({ code: 1 });
    expect((await firstUse({ WEWORK_SPEC_ADDON: addon })).first.value).toMatchObject({
      sdk: 'vendor',
    });
    expect(readdirSync(outDir).sort()).toEqual([libraryName, 'wework_spec_vendor.json', addonName]);

    const { code, message } = await failedBuild(['--sdk-dir', dir]);
    expect(code).toBe('ERR_SPEC_HEADER_DIFFERS');
    expect(message).toMatch(/_ZN\w*SpecSdk\w*Invoke/);
    expect(message).toContain('does not define them');
  });

  test('an addon that does not load on this machine; it is not removed', async () => {
    const dir = copySdk();
    const text = readFileSync(join(dir, libraryName), 'latin1');
    writeFileSync(
      join(dir, libraryName),
      text.replaceAll('libstdc++.so.6', 'libstdc++.so.9'),
      'latin1',
    );
    const outDir = newDir();
    const { code, stderr } = await buildVendorAddon(outDir, ['--sdk-dir', dir]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'was built, but cannot be loaded on this machine: ERR_SPEC_DEPENDENCY_MISSING',
    );
    expect(stderr).toContain('libstdc++.so.9');
    expect(existsSync(join(outDir, addonName))).toBe(true);
  });

  test('an output folder that is not writable', async () => {
    const file = join(newDir(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = await buildVendorAddon(join(file, 'out'), ['--sdk-dir', sdkDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wework-spec: ENOTDIR: .*\n$/);
  });
});
