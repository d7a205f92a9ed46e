import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from 'wework-spec-sdk';
import { root, runProgram } from '../support/child';
import { firstUse } from '../support/first-use';
import { objectDir } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// Checks that copies of the same facts agree: the guides' declarations (native/vendor/declarations.json), the sandbox's
// header, the adapter, the public classes; CMake's build and that of `wework-spec build`. The doctor makes the same comparison with
// a user's header.

jest.setTimeout(300_000);
const newDir = tempDirs();
const dist = <T extends object>(module: string): T =>
  jest.requireActual<T>(join(root, 'dist', module));
const { documentedDeclarations, askHeader, placeInAdapter } = dist<
  typeof import('../../lib/tools/vendor-build/surface')
>('tools/vendor-build/surface.js');
const { findCompiler } = dist<typeof import('../../lib/tools/vendor-build/compiler')>(
  'tools/vendor-build/compiler.js',
);
const { buildAddon } = dist<typeof import('../../lib/tools/vendor-build/addon-build')>(
  'tools/vendor-build/addon-build.js',
);
const { readElf } = dist<typeof import('../../lib/binding/elf')>('binding/elf.js');
const { mentions } = dist<typeof import('../../lib/tools/vendor-build/header-text')>(
  'tools/vendor-build/header-text.js',
);

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const sandboxHeader = join(root, 'native/sandbox/include/cpp_sdk.h');
const declarations = documentedDeclarations();
const memberOf = (name: string) => name.replace(/^.*::|\(.*$/g, '');
const oneSpelling = (text: string) => text.replace(/\s*([&*])\s*/g, '$1').replace(/\s+/g, ' ');

test('the table lists every documented declaration once, with its page', () => {
  const names = declarations.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(19);
  for (const { documented, page, probes } of declarations) {
    expect(documented).not.toBe('');
    expect(page).toMatch(/^https:\/\/developer\.work\.weixin\.qq\.com\/document\/path\/\d+$/);
    expect(probes.length).toBeGreaterThan(0);
  }
});

describe('the sandbox’s header', () => {
  test('has every documented declaration, used as the adapter uses it', async () => {
    const { findings, definitions, logCallSite } = await askHeader(
      await findCompiler(process.env),
      sandboxHeader,
    );
    expect(findings.filter(({ found }) => !found)).toEqual([]);
    expect(logCallSite).toBe(true);
    // CMakeLists.txt contains the definitions and does not probe.
    const cmake = read('CMakeLists.txt');
    const list = cmake.slice(cmake.indexOf('WEWORK_SPEC_IS_OK='));
    const given = list.slice(0, list.indexOf(')')).split(/\s+/).filter(Boolean);
    expect(given.sort()).toEqual([...definitions].sort());
  });

  test.each(
    declarations.filter(({ documented }) => /^(?:const |uint32_t |bool Get)/.test(documented)),
  )('declares $name with the same words as the guide', ({ name, documented }) => {
    const found = mentions(read('native/sandbox/include/cpp_sdk.h'), memberOf(name)).map(
      (text) => `${oneSpelling(text)};`,
    );
    expect(found).toEqual([oneSpelling(documented)]);
  });
});

describe('the adapter', () => {
  const adapter = read('native/vendor/adapter.cc');

  test.each(declarations)('uses $name', ({ name }) => {
    const [, line] =
      /^native\/vendor\/adapter\.cc:(\d+)$/.exec(placeInAdapter(memberOf(name))) ?? [];
    expect(Number(line)).toBeGreaterThan(0);
  });

  test('uses only names of the table', () => {
    const known = new Set(declarations.map(({ name }) => memberOf(name)));
    const members = [
      ...adapter.matchAll(/\b(?:object(?:\.|->)|(?:callback|client)\.)(\w+)\(/g),
    ].map(([, member]) => member as string);
    const names = adapter.match(/\b(?:WWSPEC_LOG_\w+|Spec[A-Z]\w*|GenerateNotifyId)\b/g) ?? [];
    const used = [...members, ...names].filter((name) => !name.startsWith('WEWORK_SPEC_'));
    expect(used.length).toBeGreaterThan(15);
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  });

  test('is the only file of native/ that names the SDK’s symbols', async () => {
    const { stdout } = await runProgram(
      'git',
      [
        'grep',
        '-lE',
        'Tencent::|cpp_sdk\\.h>|WWSPEC_LOG_[A-Z]+\\(',
        '--',
        'native/**.cc',
        'native/**.h',
      ],
      { cwd: root },
    );
    const files = stdout.trim().split('\n');
    expect(files.filter((file) => !file.startsWith('native/sandbox/'))).toEqual([
      'native/vendor/adapter.cc',
    ]);
  });
});

test('the public interface has every documented class, function and macro', () => {
  const classes: Record<string, { prototype: object }> = {
    SpecCallbackSDK: sdk.SpecCallbackSDK,
    SpecSdk: sdk.SpecSdk,
  };
  for (const { name } of declarations) {
    const [owner = '', member] = name.replace(/\(.*$/, '').split('::');
    if (member === undefined) expect(sdk).toHaveProperty(owner);
    else expect(Object.getOwnPropertyNames(classes[owner]?.prototype)).toContain(member);
  }
});

test('the functions of OpenSSL are declared as in its own headers', async () => {
  const file = join(newDir(), 'both.cc');
  const headers = ['bio', 'crypto', 'err', 'evp', 'pem', 'rsa'].map((name) => `openssl/${name}.h`);
  writeFileSync(
    file,
    `${headers.map((header) => `#include <${header}>\n`).join('')}
     #include "binding/openssl.h"
     static_assert(wework_spec::kOpenSslVersion == OPENSSL_VERSION);
     static_assert(wework_spec::kRsaPkcs1Padding == RSA_PKCS1_PADDING);`,
  );
  const args = ['-std=c++17', '-fsyntax-only', '-Wall', `-I${join(root, 'native')}`, file];
  expect(await runProgram('g++', args)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

test('CMake and `wework-spec build` build the same addon', async () => {
  const byCMake = join(root, 'out/sandbox/Release/wework_spec_sandbox.node');
  const addon = join(newDir(), 'wework_spec_sandbox.node');
  const compiler = await findCompiler(process.env);
  const { definitions, standard } = await askHeader(compiler, sandboxHeader);
  const library = join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so');
  await buildAddon(
    compiler,
    {
      header: sandboxHeader,
      library,
      libraryName: 'libWeWorkSpecSandbox.so',
      companions: [],
      cxxAbi: 'cxx11',
      standard,
      definitions: [...definitions, 'WEWORK_SPEC_BUILD_SANDBOX=1'],
    },
    objectDir,
    addon,
    () => {},
  );
  const facts = (file: string) => {
    const elf = readElf(file);
    const symbols = elf?.symbols().map(({ name, defined, weak }) => `${name} ${defined} ${weak}`);
    return { needed: elf?.needed, runpath: elf?.runpath, symbols: symbols?.sort() };
  };
  expect(facts(addon)).toEqual(facts(byCMake));
  const flags = async (file: string) => {
    const { stdout } = await runProgram('readelf', ['-dW', file]);
    return stdout.match(/\((?:FLAGS|FLAGS_1|SONAME|RPATH)\).*/g);
  };
  expect(await flags(addon)).toEqual(await flags(byCMake));

  // Found beside it, like any.
  const { first, callback } = await firstUse({
    WEWORK_SPEC_SDK: 'sandbox',
    WEWORK_SPEC_ADDON: addon,
    LD_LIBRARY_PATH: join(library, '..'),
  });
  expect(first.value).toMatchObject({ sdk: 'sandbox', addonFile: addon, libraryFile: library });
  expect(callback).toEqual({ value: false });
});
