import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readElf } from '../../lib/binding/elf';
import { compareVersions, newestVersion } from '../../lib/binding/linker';
import { root, runProgram } from '../support/child';
import { buildVendorAddon, makeStandinSdk } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// docs/native-hardening.md explains each option. The options are also tried on a small probe, with the commands of the real builds:
// many compilers and linkers turn some of them on by default, so that a built file looks the same without the option.

jest.setTimeout(400_000);
const newDir = tempDirs();
const onX64 = process.arch === 'x64' ? test : test.skip;

const release = join(root, 'out', 'sandbox', 'Release');
const sdkDir = newDir();
const vendorDir = newDir();
const recorded = newDir();

/** Standard output of a program that must succeed. */
async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

beforeAll(async () => {
  await makeStandinSdk(sdkDir);
  // A compiler that records its arguments, one a line.
  const compiler = join(newDir(), 'g++');
  writeFileSync(compiler, `#!/bin/sh\nprintf '%s\\n' "$@" > '${recorded}'/$$\nexec g++ "$@"\n`);
  chmodSync(compiler, 0o755);
  // Without cached object files, so that every source is compiled.
  const args = ['--sdk-dir', sdkDir, '--object-dir', newDir()];
  const { code, stderr } = await buildVendorAddon(vendorDir, args, { CXX: compiler });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

const addonExports = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const libraryExports = [
  'Tencent::WxWork::GenerateNotifyId',
  'Tencent::WxWork::SpecCallbackSDK::BuildResponseHeaderBody',
  'Tencent::WxWork::SpecCallbackSDK::GetAbilityId',
  'Tencent::WxWork::SpecCallbackSDK::GetAgentId',
  'Tencent::WxWork::SpecCallbackSDK::GetCallType',
  'Tencent::WxWork::SpecCallbackSDK::GetCorpId',
  'Tencent::WxWork::SpecCallbackSDK::GetData',
  'Tencent::WxWork::SpecCallbackSDK::GetIsAsync',
  'Tencent::WxWork::SpecCallbackSDK::GetJobInfo',
  'Tencent::WxWork::SpecCallbackSDK::GetNotifyId',
  'Tencent::WxWork::SpecCallbackSDK::IsOk',
  'Tencent::WxWork::SpecCallbackSDK::SpecCallbackSDK',
  'Tencent::WxWork::SpecCallbackSDK::~SpecCallbackSDK',
  'Tencent::WxWork::SpecLog',
  'Tencent::WxWork::SpecOpenDebugMode',
  'Tencent::WxWork::SpecSdk::Invoke',
  'Tencent::WxWork::SpecSdk::SpecSdk',
  'Tencent::WxWork::SpecSdk::~SpecSdk',
  'wework_spec_sandbox::ParseSettings',
  'wework_spec_sandbox::SettingsScope::SettingsScope',
  'wework_spec_sandbox::SettingsScope::~SettingsScope',
  'wework_spec_sandbox_marker',
];

describe.each([
  ['the sandbox library', join(release, 'libWeWorkSpecSandbox.so'), libraryExports, []],
  [
    'the addon for the sandbox',
    join(release, 'wework_spec_sandbox.node'),
    addonExports,
    ['$ORIGIN'],
  ],
  [
    'an addon of wework-spec build',
    join(vendorDir, 'wework_spec_vendor.node'),
    addonExports,
    ['$ORIGIN'],
  ],
])('%s', (_, file, exported, runpath) => {
  const undefinedSymbols = () =>
    readElf(file)
      ?.symbols()
      .filter(({ defined }) => !defined)
      .map(({ name }) => name);

  test('binds all symbols at load, and relocations are read-only afterwards', async () => {
    const dynamic = await output('readelf', ['-dW', file]);
    expect(dynamic).toMatch(/\(FLAGS\)\s+BIND_NOW/);
    expect(dynamic).toMatch(/\(FLAGS_1\).*\bNOW\b.*\bNODELETE\b/);
    expect(dynamic).not.toContain('TEXTREL');
    expect(await output('readelf', ['-lW', file])).toMatch(/^ +GNU_RELRO /m);
  });

  test('has no executable stack, and no segment that is writable and executable', async () => {
    const segments = await output('readelf', ['-lW', file]);
    expect(segments).toMatch(/^ +GNU_STACK .* RW +0x/m);
    expect(segments).toMatch(/^ +LOAD .* R E +0x/m);
    expect(segments).not.toMatch(/ RWE? *E +0x/);
  });

  test('looks for libraries only in its own folder, or only in those of the system', () => {
    const elf = readElf(file);
    expect({ rpath: elf?.rpath, runpath: elf?.runpath }).toEqual({ rpath: [], runpath });
  });

  test('has stack canaries', () => {
    expect(undefinedSymbols()).toContain('__stack_chk_fail');
  });

  onX64('has an endbr64 at the start of each exported function', async () => {
    const symbols = await output('nm', ['-D', '--defined-only', file]);
    const starts = Array.from(symbols.matchAll(/^0*([\da-f]+) T /gm), ([, address]) => address);
    const code = await output('objdump', ['-d', '--no-show-raw-insn', file]);
    const marked = new Set(
      Array.from(code.matchAll(/^ *([\da-f]+):\s+endbr64/gm), ([, address]) => address),
    );
    expect(starts).not.toEqual([]);
    expect(starts.filter((address) => !marked.has(address))).toEqual([]);
  });

  test('has no symbol table, no debug information, and no path of the checkout', async () => {
    const sections = await output('readelf', ['-SW', file]);
    expect(sections).toContain(' .dynsym ');
    expect(sections).not.toMatch(/ \.(?:symtab|debug_\w+) /);
    expect(readFileSync(file, 'latin1')).not.toContain(root);
  });

  test('exports exactly the symbols of its interface', async () => {
    const symbols = await output('nm', ['-DC', '--defined-only', file]);
    const names = symbols
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ /, '').replace(/(?:\[abi:\w+\])?(?:\(.*|@.*)?$/, ''));
    expect([...new Set(names)].sort()).toEqual(exported);
  });

  test.each([
    ['GLIBC', 'GLIBC_2.34'],
    ['GLIBCXX', 'GLIBCXX_3.4.29'],
    ['CXXABI', 'CXXABI_1.3.13'],
  ])('requires no newer %s than RHEL 9 provides', (family, floor) => {
    const required = [...(readElf(file)?.requiredVersions.values() ?? [])].flat();
    const newest = newestVersion(required, family);
    expect(newest).toBeDefined();
    expect([newest, floor].sort((a, b) => compareVersions(a ?? '', b ?? '')).at(-1)).toBe(floor);
  });
});

test('the sandbox library calls checking functions of _FORTIFY_SOURCE', () => {
  // The addons call none: what they copy has no size that the compiler knows.
  const names = readElf(join(release, 'libWeWorkSpecSandbox.so'))
    ?.symbols()
    .map(({ name }) => name);
  expect(names).toContain('__vsnprintf_chk');
});

const probe = `#include <cstddef>
#include <cstring>
void Use(void *memory);
extern "C" void Copy(const char *text, std::size_t length) {
  char buffer[64];
  std::memcpy(buffer, text, length);
  Use(buffer);
}
// Only -fstack-protector-strong protects a function that has no array.
extern "C" void TakeAddress() {
  long number = 0;
  Use(&number);
}
extern "C" void UseLargeFrame() {
  char buffer[65536];
  Use(buffer);
}
`;
/** Precede the options of the build, so that the defaults of a compiler or linker do not hide a missing option. */
const compilerDefaults = [
  '-fno-stack-protector',
  '-fno-stack-clash-protection',
  '-fcf-protection=none',
  '-U_FORTIFY_SOURCE',
];
const linkerDefaults = ['-Wl,-z,norelro', '-Wl,-z,lazy', '-Wl,-z,execstack'];

/** Arguments of a compiler's run without its inputs and its output. */
const optionsOf = (args: readonly string[]) =>
  args.filter((arg, index) => !/^-[co]$|\.(?:cc|o)$/.test(arg) && args[index - 1] !== '-o');

function recordedRuns(): string[][] {
  return readdirSync(recorded).map((name) =>
    readFileSync(join(recorded, name), 'utf8').trimEnd().split('\n'),
  );
}

async function compileRuns(build: 'CMake' | 'wework-spec build'): Promise<string[][]> {
  if (build === 'wework-spec build') {
    return recordedRuns().filter((args) => args.some((arg) => /\/native\/.*\.cc$/.test(arg)));
  }
  const database = join(root, 'out', 'sandbox', 'compile_commands.json');
  const commands: { command: string }[] = JSON.parse(readFileSync(database, 'utf8'));
  return Promise.all(
    commands.map(async ({ command }) => {
      const args = await output('sh', ['-c', `printf '%s\\n' ${command}`]);
      return args.trimEnd().split('\n').slice(1);
    }),
  );
}

describe.each(['CMake', 'wework-spec build'] as const)('a probe compiled as by %s', (build) => {
  const objects: string[] = [];
  let compiled: string[];
  beforeAll(async () => {
    const dir = join(newDir(), 'probe');
    mkdirSync(dir);
    const source = join(dir, 'probe.cc');
    writeFileSync(source, probe);
    const runs = await compileRuns(build);
    compiled = runs.flatMap((args) => args.filter((arg) => arg.endsWith('.cc')));
    const different = new Map(runs.map(optionsOf).map((options) => [options.join('\n'), options]));
    for (const options of different.values()) {
      const object = join(dir, `${objects.length}.o`);
      await output('g++', [...compilerDefaults, ...options, '-c', source, '-o', object]);
      objects.push(object);
    }
  });

  // Not with --disassemble=NAME, which also prints relocations of the function before.
  const disassembled = async (object: string, name: string): Promise<string> => {
    const code = await output('objdump', ['-dr', '--no-show-raw-insn', object]);
    return new RegExp(`<${name}>:\\n(?:.+\\n)*`).exec(code)?.[0] ?? '';
  };

  test('is compiled with the options of every source of the addon', () => {
    const { sources } = JSON.parse(readFileSync(join(root, 'native', 'addon.json'), 'utf8'));
    expect(compiled).toEqual(
      expect.arrayContaining(sources.map((source: string) => join(root, source))),
    );
    expect(objects).not.toEqual([]);
  });

  test('has stack canaries, also in functions without arrays', async () => {
    for (const object of objects) {
      for (const name of ['Copy', 'TakeAddress', 'UseLargeFrame']) {
        expect(await disassembled(object, name)).toContain('__stack_chk_fail');
      }
    }
  });

  test('checks the size of a copy (_FORTIFY_SOURCE)', async () => {
    for (const object of objects) {
      expect(await disassembled(object, 'Copy')).toContain('__memcpy_chk');
    }
  });

  onX64('touches each page of a large frame (stack-clash protection)', async () => {
    for (const object of objects) {
      expect(await disassembled(object, 'UseLargeFrame')).toMatch(/or[lq] +\$0x0,\(%rsp\)/);
      expect(await disassembled(object, 'TakeAddress')).not.toMatch(/or[lq] +\$0x0,\(%rsp\)/);
    }
  });

  onX64('is marked for indirect branch tracking and shadow stacks', async () => {
    for (const object of objects) {
      expect(await output('readelf', ['-nW', object])).toMatch(/x86 feature: IBT, SHSTK/);
    }
  });
});

test('a probe linked as by wework-spec build is hardened whatever the defaults of the linker are', async () => {
  const dir = newDir();
  const source = join(dir, 'probe.cc');
  writeFileSync(source, 'int Probe() { return 0; }\n');
  const [linking, ...others] = recordedRuns().filter((args) =>
    args.some((arg) => arg.includes('--version-script')),
  );
  expect(others).toEqual([]);
  const file = join(dir, 'probe.so');
  await output('g++', [
    ...linkerDefaults,
    '-fPIC',
    ...optionsOf(linking ?? []),
    source,
    '-o',
    file,
  ]);
  expect(await output('readelf', ['-dW', file])).toMatch(/\(FLAGS\)\s+BIND_NOW/);
  const segments = await output('readelf', ['-lW', file]);
  expect(segments).toMatch(/^ +GNU_RELRO /m);
  expect(segments).toMatch(/^ +GNU_STACK .* RW +0x/m);
});
