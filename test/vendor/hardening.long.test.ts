import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readElf } from '../../lib/binding/elf';
import { newestVersion } from '../../lib/binding/linker';
import description from '../../native/addon.json';
import { root, runProgram } from '../support/child';
import { buildVendorAddon, makeStandinSdk } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// docs/native-hardening.md: what protects the built files, read from the files themselves.

jest.setTimeout(120_000);
const newDir = tempDirs();
const release = join(root, 'out', 'sandbox', 'Release');
const files: Record<string, string> = {
  "the sandbox's addon": join(release, 'wework_spec_sandbox.node'),
  "the sandbox's SDK library": join(release, 'libWeWorkSpecSandbox.so'),
};
const vendorAddon = 'an addon for the vendor SDK';
const names = [...Object.keys(files), vendorAddon];

beforeAll(async () => {
  const [sdk, out] = [newDir(), newDir()];
  await makeStandinSdk(sdk);
  expect(await buildVendorAddon(out, ['--sdk-dir', sdk])).toMatchObject({ code: 0, stderr: '' });
  files[vendorAddon] = join(out, 'wework_spec_vendor.node');
});

async function output(command: string, ...args: string[]): Promise<string> {
  const { code, stdout } = await runProgram(command, args);
  expect(code).toBe(0);
  return stdout;
}

/** What the compiler makes of a source with the flags of the addons. */
function assemblyOf(code: string): Promise<string> {
  const source = join(newDir(), 'source.cc');
  writeFileSync(source, code);
  const flags = [...description.compileOptions, ...description.releaseOptions];
  return output('g++', ...flags, '-S', '-o', '-', source);
}

describe.each(names)('%s', (name) => {
  const readelf = (option: string) => output('readelf', option, '-W', files[name] as string);

  test('binds all symbols when it is loaded, and the table of their addresses is then read-only', async () => {
    expect(await readelf('-l')).toMatch(/^ *GNU_RELRO /m);
    expect(await readelf('-d')).toMatch(/\(FLAGS_1\) .*\bNOW\b/);
  });

  test('needs neither an executable stack nor writable code', async () => {
    expect(await readelf('-l')).toMatch(/^ *GNU_STACK .* RW +0x/m);
    const dynamic = await readelf('-d');
    expect(dynamic).not.toContain('TEXTREL');
    for (const [, path] of dynamic.matchAll(/\((?:RUNPATH|RPATH)\).*\[(.*)\]/g)) {
      expect(path).toBe('$ORIGIN');
    }
  });

  test('checks its stack frames', async () => {
    expect(await readelf('--dyn-syms')).toMatch(/UND __stack_chk_fail@/);
  });

  test('begins functions that are called through a pointer with a landing pad', async () => {
    if (process.arch !== 'x64') return;
    const code = await output('objdump', '-d', '--no-show-raw-insn', files[name] as string);
    expect(code.match(/\bendbr64\b/g)?.length).toBeGreaterThan(100);
  });

  test('touches each page of a large stack frame', async () => {
    const assembly = await assemblyOf(
      'void Use(char*); void Frame() { char big[65536]; Use(big); }',
    );
    // A loop over the pages, instead of one subtraction.
    expect(assembly).toMatch(/orq\s+\$0, /);
  });

  test('contains neither symbols nor paths of the machine that built it', async () => {
    expect(await readelf('-S')).not.toMatch(/\.symtab|\.debug_/);
    expect(readFileSync(files[name] as string, 'latin1')).not.toContain(root);
  });

  test('loads on systems with glibc 2.34 and libstdc++ of GCC 11', () => {
    const required = readElf(files[name] as string)?.requiredVersions.values() ?? [];
    const versions = [...required].flat();
    const newest = (family: string) => newestVersion([...versions, `${family}_0`], family);
    const limits = { GLIBC: 'GLIBC_2.34', GLIBCXX: 'GLIBCXX_3.4.29', CXXABI: 'CXXABI_1.3.13' };
    for (const [family, limit] of Object.entries(limits)) {
      expect(newestVersion([newest(family) as string, limit], family)).toBe(limit);
    }
  });
});

test('an addon exports its entry points, and nothing else', () => {
  for (const name of ["the sandbox's addon", vendorAddon]) {
    const exported = readElf(files[name] as string)
      ?.symbols()
      .filter(({ defined }) => defined);
    expect(exported?.map(({ name: symbol }) => symbol).sort()).toEqual([
      'napi_register_module_v1',
      'node_api_module_get_api_version_v1',
    ]);
  }
});

test("the sandbox's library exports what the guide names, its marker and its settings", async () => {
  const listed = await output(
    'nm',
    '-DC',
    '--defined-only',
    files["the sandbox's SDK library"] as string,
  );
  const exported = new Set(
    listed
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ /, '').replace(/\(.*|\[.*/, '')),
  );
  const own = [...exported].filter((symbol) => !symbol.startsWith('Tencent::WxWork::'));
  expect(own.sort()).toEqual([
    'wework_spec_sandbox::ParseSettings',
    'wework_spec_sandbox::SettingsScope::SettingsScope',
    'wework_spec_sandbox::SettingsScope::~SettingsScope',
    'wework_spec_sandbox_marker',
  ]);
});

test('functions of the C library that write into a buffer of known size check it', async () => {
  const library = files["the sandbox's SDK library"] as string;
  expect(await output('readelf', '--dyn-syms', '-W', library)).toMatch(/UND __vsnprintf_chk@/);
  // An addon has no such call at present, so its flags are tried with one.
  const source =
    '#include <cstring>\nvoid Copy(const char* text) { char to[8]; strcpy(to, text); Use(to); }';
  expect(await assemblyOf(`void Use(char*);\n${source}`)).toMatch(/__strcpy_chk/);
});
