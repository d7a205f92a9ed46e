import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, root, runProgram } from '../support/child';
import { addonName, libraryName, packedPackage, platformDir } from '../support/packed-package';

// The files of the packed package that the loader reads.

jest.setTimeout(300_000);
const packed = packedPackage();

let installed: string;
let output: typeof packed.current.output;

beforeAll(() => {
  ({ installed, output } = packed.current);
});

async function run(...args: string[]): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runProgram(node, args, {
    cwd: packed.current.project,
  });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout);
}

describe('the addon', () => {
  /** Names in the body of a declaration of native.d.ts. */
  function declared(header: string, member: RegExp): string[] {
    const text = readFileSync(join(root, 'lib', 'binding', 'native.d.ts'), 'utf8');
    const start = text.indexOf(header);
    expect(start).toBeGreaterThan(0);
    const body = text.slice(start, text.indexOf('\n}', start));
    return [...new Set(Array.from(body.matchAll(member), ([, name]) => name as string))].sort();
  }

  test('exports exactly what native.d.ts declares', async () => {
    const addon = join(installed, 'prebuilds', platformDir, addonName);
    const exported = (await run(
      '-e',
      `const module = { exports: {} };
       process.dlopen(module, ${JSON.stringify(addon)});
       const { exports } = module;
       const methods = (of) => Object.getOwnPropertyNames(of.prototype).sort();
       console.log(JSON.stringify({
         binding: Object.keys(exports).sort(),
         CallbackSdk: methods(exports.CallbackSdk),
         SpecSdk: methods(exports.SpecSdk),
         info: Object.keys(exports.GetSdkInfo()).sort(),
         pool: Object.keys(exports.GetSdkInfo().threadPool).sort(),
       }))`,
    )) as Record<string, string[]>;
    const member = /^ {2}(?:readonly )?(\w+)[(:]/gm;
    expect(exported).toEqual({
      binding: declared('interface NativeBinding {', member),
      CallbackSdk: declared('class CallbackSdk {', member),
      SpecSdk: declared('class SpecSdk {', member),
      info: declared('interface SdkInfo {', member),
      pool: declared('threadPool: {', /^ {4}(\w+):/gm),
    });
  });
});

describe.each([addonName, libraryName])('%s', (name) => {
  const isAddon = name === addonName;
  let file: string;
  beforeAll(() => {
    file = join(installed, 'prebuilds', platformDir, name);
  });

  test('finds the SDK library beside it only', async () => {
    const dynamic = await output('readelf', ['-dW', file]);
    const values = (tag: string) =>
      Array.from(
        dynamic.matchAll(new RegExp(`\\(${tag}\\).*\\[(.*)\\]`, 'g')),
        ([, value]) => value,
      );
    expect(values('RPATH')).toEqual([]);
    expect(values('RUNPATH')).toEqual(isAddon ? ['$ORIGIN'] : []);
    expect(values('SONAME').filter((soname) => soname !== addonName)).toEqual(
      isAddon ? [] : [libraryName],
    );
    expect(values('NEEDED').includes(libraryName)).toBe(isAddon);
    expect(values('NEEDED').filter((needed) => needed?.includes('/'))).toEqual([]);
  });

  test('resolves all symbols at load and is never unloaded', async () => {
    const dynamic = await output('readelf', ['-dW', file]);
    expect(dynamic).toMatch(/\(FLAGS\)\s+BIND_NOW/);
    expect(dynamic).toMatch(/\(FLAGS_1\).*\bNOW\b.*\bNODELETE\b/);
  });

  test('has no executable stack, and relocations are read-only after loading', async () => {
    const segments = await output('readelf', ['-lW', file]);
    expect(segments).toMatch(/GNU_STACK.* RW /);
    expect(segments).toContain('GNU_RELRO');
  });

  test('contains no path of the machine that built it', () => {
    const text = readFileSync(file, 'latin1');
    for (const folder of [root, '/tmp/', '/home/', process.cwd()]) {
      expect(text).not.toContain(folder);
    }
  });

  test('needs nothing newer than glibc 2.34 and the libstdc++ of GCC 11', async () => {
    const symbols = await output('objdump', ['-T', file]);
    const newest = (family: string) =>
      Array.from(symbols.matchAll(new RegExp(`\\b${family}_(\\d+)\\.(\\d+)(?:\\.(\\d+))?\\b`, 'g')))
        .map(([, ...parts]) => parts.map((part) => Number(part ?? 0)))
        .reduce((a, b) => (compare(a, b) >= 0 ? a : b));
    expect(compare(newest('GLIBC'), [2, 34, 0])).toBeLessThanOrEqual(0);
    expect(compare(newest('GLIBCXX'), [3, 4, 29])).toBeLessThanOrEqual(0);
    expect(compare(newest('CXXABI'), [1, 3, 13])).toBeLessThanOrEqual(0);
  });

  test('exports only the symbols of its interface', async () => {
    const symbols = await output('nm', ['-DC', '--defined-only', file]);
    const names = symbols
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ /, ''));
    expect(names).not.toEqual([]);
    const own = isAddon
      ? /^(?:napi_register_module_v1|node_api_module_get_api_version_v1)(?:@|$)/
      : /^(?:wework_spec_sandbox_marker$|wework_spec_sandbox::(?:ParseSettings|SettingsScope)|Tencent::WxWork::)/;
    expect(names.filter((symbol) => !own.test(symbol))).toEqual([]);
  });

  test('imports only Node-API from the node executable', async () => {
    const symbols = await output('nm', ['-DC', '--undefined-only', file]);
    expect(symbols).not.toMatch(/\b(?:v8|node)::|\buv_/);
    expect(/\bnapi_/.test(symbols)).toBe(isAddon);
  });
});

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; ++i) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
