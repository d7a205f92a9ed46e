import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runChild, runProgram } from '../support/child';
import { loadFailure } from '../support/first-use';
import { buildVendorAddon, fingerprint, makeStandinSdk } from '../support/standin-sdk';
import { tempDirs } from '../support/temp-dir';

// The vendor's SDK may not be redistributed, so these tests use a stand-in, in the variants that the guides and the
// releases of the SDK permit. Its behaviour is scripted; the stand-ins of conformance.long.test.ts work like the sandbox SDK.

jest.setTimeout(400_000);
const newDir = tempDirs();

interface Built {
  sdkDir: string;
  before: Record<string, string>;
  outDir: string;
  output: string;
  addon: string;
}

async function build(options: Parameters<typeof makeStandinSdk>[1]): Promise<Built> {
  const sdkDir = newDir();
  const outDir = newDir();
  await makeStandinSdk(sdkDir, options);
  const before = fingerprint(sdkDir);
  const { code, stdout, stderr } = await buildVendorAddon(outDir, ['--sdk-dir', sdkDir]);
  const output = stdout + stderr;
  if (code !== 0) throw new Error(output);
  const addon = join(outDir, 'wework_spec_vendor.node');
  return { sdkDir, before, outDir, output, addon };
}

/** Runs a case of children/vendor.mjs; gives what it printed before and its result. */
async function use({ addon }: Built, ...args: string[]) {
  const { code, signal, stdout, stderr } = await runChild('vendor.mjs', args, {
    env: { WEWORK_SPEC_ADDON: addon, WEWORK_SPEC_THREADS: '4' },
    nodeArgs: ['--expose-gc'],
  });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return { result: JSON.parse(lines.pop() as string), printed: lines };
}

const newest = {
  switches: ['STANDIN_OPENSSL 1'],
  compilerArgs: ['-Wl,-soname,libWeWorkSpecSDK.so', '-lssl', '-lcrypto'],
};
const oldest = {
  switches: [
    'STANDIN_CLASSES_BEGIN',
    'STANDIN_CLASSES_END',
    'STANDIN_CLIENT SpecSDK',
    'STANDIN_TEXT std::string',
    'STANDIN_NUMBER int64_t',
    'STANDIN_CONST',
    'STANDIN_DEFAULT',
    'STANDIN_NO_NOTIFY_ID',
    'STANDIN_NO_DEBUG_MODE',
    'STANDIN_LOG(level, ...) STANDIN_WRITE(level, "" __FILE__, __LINE__, __VA_ARGS__)',
  ],
  compilerArgs: ['-D_GLIBCXX_USE_CXX11_ABI=0'],
  headerDir: 'include',
  libraryDir: 'lib',
};

const exception = (words: string) => ({
  code: 'ERR_SPEC_SDK_EXCEPTION',
  message: expect.stringContaining(words),
});

describe.each([
  ['all functions, in the namespace Tencent::WxWork', newest, true],
  ['the class SpecSDK in no namespace, the oldest functions and ABI, and no soname', oldest, false],
] as const)('an SDK with %s', (_, options, isNewest) => {
  let built: Built;
  beforeAll(async () => {
    built = await build(options);
  });

  test('is found, and the build prints what it found', () => {
    const { output, sdkDir } = built;
    const headerDir = join(sdkDir, isNewest ? '.' : 'include');
    const libraryDir = join(sdkDir, isNewest ? '.' : 'lib');
    expect(output).toContain(join(headerDir, 'cpp_sdk.h'));
    expect(output).toContain(join(libraryDir, 'libWeWorkSpecSDK.so'));
    expect(output).toContain(`_GLIBCXX_USE_CXX11_ABI=${isNewest ? 1 : 0}`);
    expect(output).toMatch(/^Processor +x64$/m);
    expect(output).toMatch(/^Needs +.*libc\.so\.6/m);
    expect(output).toMatch(/^At least +.*GLIBC_/m);
    expect(output).toContain(`${isNewest ? 19 : 17} of 19 documented declarations found`);
    for (const part of ['GenerateNotifyId()', 'SpecOpenDebugMode(debug_token, access_token)']) {
      expect(output.includes(`missing   `) && output.includes(part)).toBe(!isNewest);
    }
    expect(output).toContain(
      isNewest ? "contain the program's file and line" : 'the file adapter.cc',
    );
    expect(output).toMatch(/^Next +.*WEWORK_SPEC_ADDON=/m);
    expect(output).not.toContain('warning:');
  });

  test('is unchanged by the build', () => {
    expect(fingerprint(built.sdkDir)).toEqual(built.before);
  });

  test('works with every function of the public interface', async () => {
    const { result, printed } = await use(built, 'everything');
    const unsupported = (name: string) =>
      expect.objectContaining({
        code: 'ERR_SPEC_UNSUPPORTED_BY_SDK',
        message: expect.stringContaining(name),
      });
    expect(result).toMatchObject({
      info: {
        sdk: 'vendor',
        addonFile: built.addon,
        cxxAbi: isNewest ? 'cxx11' : 'old',
        hasNotifyId: isNewest,
        hasDebugMode: isNewest,
        logCallSite: isNewest,
      },
      fields: [true, 'corp 企业', 4294967295, 2, '数据🌸', true, 'job', 'ability', ''],
      response: { headers: { 'ww-standin-response-to': 'POST' }, body: '<回答>' },
      refused: [false, 'ERR_SPEC_CALLBACK_NOT_OK', '<>'],
      invoked: { ret: 0, response: 'corp/7/ability/job api 请求🌸' },
      invokedSync: { ret: 0, response: 'corp/0// api {}' },
      invokedForCallback: { ret: 0, response: expect.stringContaining(' api {}') },
      failed: { ret: -10002, response: '' },
      printed: { ret: 0 },
      notifyId: isNewest ? 'stand-in-通知' : expect.stringMatching(/^[0-9a-f]{32}$/),
      debugMode: isNewest
        ? [true, false]
        : [unsupported('SpecOpenDebugMode'), unsupported('SpecOpenDebugMode')],
    });
    expect(result.info.libraryFile).toMatch(/\/libWeWorkSpecSDK\.so$/);
    expect(printed).toContain('std::cout: hello');
    const place = isNewest ? 'vendor.mjs:\\d+' : '\\S*adapter\\.cc:\\d+';
    expect(printed).toContainEqual(expect.stringMatching(`^I ${place} 100% 日志 %s%n$`));
    expect(printed).toContainEqual(expect.stringMatching(`^E ${place} error$`));
    expect(printed).toContainEqual(expect.stringMatching(`^D ${place} debug$`));
  });

  test('can throw in every function without crashing the process', async () => {
    const { result } = await use(built, 'exceptions');
    expect(result).toEqual({
      constructor: { name: 'SpecError', ...exception('stand-in: the constructor threw') },
      getter: { name: 'SpecError', ...exception('stand-in: GetData threw') },
      response: { name: 'SpecError', ...exception('stand-in: BuildResponseHeaderBody threw') },
      secondResponse: '<second attempt>',
      client: exception('stand-in: the client threw'),
      clientSync: { name: 'SpecError', ...exception('stand-in: the client threw') },
      invoke: exception('stand-in: its words'),
      invokeSync: { name: 'SpecError', ...exception('stand-in: its words') },
      notAnException: exception('not a std::exception'),
      memory: { code: 'ERR_SPEC_OUT_OF_MEMORY', message: expect.any(String) },
      debugMode: isNewest
        ? exception('stand-in: SpecOpenDebugMode threw')
        : { code: 'ERR_SPEC_UNSUPPORTED_BY_SDK', message: expect.any(String) },
      stillWorks: { ret: 0, response: 'corp/7/ability/job api {}' },
    });
  });

  test('can access headers, body and request for the duration of its calls', async () => {
    const { result } = await use(built, 'late', join(newDir(), 'go-on'));
    expect(result).toEqual([0, 1, 2, 3].map((i) => `POST corp ${i} body ${i} ${'x'.repeat(100)}`));
  });

  test('does not delay or crash the exit of a process', async () => {
    const ended = await runChild('vendor.mjs', ['exit', join(newDir(), 'never-made')], {
      env: { WEWORK_SPEC_ADDON: built.addon },
      nodeArgs: ['--expose-gc'],
    });
    expect(ended).toEqual({ code: 11, signal: null, stdout: '', stderr: '' });
  });

  test('is not called after its static objects have been destroyed at process exit', async () => {
    for (let i = 0; i < 40; ++i) {
      const ended = await runChild('vendor.mjs', ['exitWhileShortCallsRun'], {
        env: { WEWORK_SPEC_ADDON: built.addon, WEWORK_SPEC_THREADS: '1' },
      });
      expect(ended).toEqual({ code: 12, signal: null, stdout: '', stderr: '' });
    }
  });

  test('is loaded through a link next to the addon, which is the only library there', async () => {
    const { stdout } = await runProgram('readelf', ['-d', built.addon]);
    expect(stdout).toMatch(/NEEDED.*\[libWeWorkSpecSDK\.so\]/);
    expect(stdout).toMatch(/RUNPATH.*\[\$ORIGIN\]\n/);
    expect(stdout).not.toContain(built.sdkDir);
    const link = join(built.outDir, 'libWeWorkSpecSDK.so');
    expect(fingerprint(link.slice(0, link.lastIndexOf('/')))[link]).toBe(
      built.before[join(built.sdkDir, isNewest ? '.' : 'lib', 'libWeWorkSpecSDK.so')],
    );
  });

  if (!isNewest) return;

  // Numbers of x86-64 and arm64.
  test.each([
    ['SIGSEGV', 11],
    ['SIGBUS', 7],
    ['SIGFPE', 8],
    ['SIGILL', 4],
    ['SIGABRT', 6],
    ['SIGTRAP', 5],
    ['SIGSYS', 31],
  ])(
    'that crashes with %s on a thread of the pool runs the handler of the process',
    async (name, number) => {
      const ended = await runChild('vendor.mjs', ['crash', name], {
        env: { WEWORK_SPEC_ADDON: built.addon },
      });
      const stderr = `handler of signal ${String(number).padStart(2, '0')}\n`;
      expect(ended).toEqual({ code: 21, signal: null, stdout: '', stderr });
    },
  );

  test('that needs OpenSSL uses a single copy of it', async () => {
    const { result } = await use(built, 'everything');
    expect(result.info.openssl.files).toHaveLength(1);
    expect(result.response.headers).toMatchObject({
      'ww-standin-sha256-bytes': '32',
      'ww-standin-tls': 'yes',
    });
  });

  test('that was removed causes an error that quotes the loader', async () => {
    const addon = join(newDir(), 'wework_spec_vendor.node');
    copyFileSync(built.addon, addon);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon });
    expect(code).toBe('ERR_SPEC_LIBRARY_MISSING');
    expect(message).toContain(
      'libWeWorkSpecSDK.so: cannot open shared object file: No such file or directory',
    );
  });

  test('cannot be replaced by the sandbox library under its name', async () => {
    const dir = newDir();
    const addon = join(dir, 'wework_spec_vendor.node');
    copyFileSync(built.addon, addon);
    const impostor = join(dir, 'libWeWorkSpecSDK.so');
    copyFileSync(join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so'), impostor);
    const { code, message } = await loadFailure({ WEWORK_SPEC_ADDON: addon });
    expect(code).toBe('ERR_SPEC_SANDBOX_LIBRARY');
    expect(message).toContain(impostor);
  });

  test('cannot be replaced by the sandbox library through LD_LIBRARY_PATH', async () => {
    const dir = newDir();
    const impostor = join(dir, 'libWeWorkSpecSDK.so');
    copyFileSync(join(root, 'out/sandbox/Release/libWeWorkSpecSandbox.so'), impostor);
    const { code, message } = await loadFailure({
      WEWORK_SPEC_ADDON: built.addon,
      LD_LIBRARY_PATH: dir,
    });
    expect(code).toBe('ERR_SPEC_SANDBOX_LIBRARY');
    expect(message).toContain(impostor);
  });

  test('is refused when the environment selects the sandbox', async () => {
    const { code, message } = await loadFailure({
      WEWORK_SPEC_ADDON: built.addon,
      WEWORK_SPEC_SDK: 'sandbox',
    });
    expect(code).toBe('ERR_SPEC_WRONG_ADDON');
    expect(message).toContain('vendor');
  });

  test.each([[[]], [['--copy-library']], [['--prebuild']]])(
    'is unchanged by a build with the options %j whose output goes into its folder',
    async (more) => {
      const sdkDir = newDir();
      await makeStandinSdk(sdkDir, newest);
      const library = join(sdkDir, 'libWeWorkSpecSDK.so');
      const before = fingerprint(sdkDir)[library];
      const ended = await buildVendorAddon(sdkDir, ['--sdk-dir', sdkDir, ...more]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(fingerprint(sdkDir)[library]).toBe(before);
    },
  );
});

test('every file of the stand-in says that it is not the vendor’s', () => {
  for (const file of ['cpp_sdk.h', 'standin_sdk.cc']) {
    const text = readFileSync(join(root, 'test/standin-sdk', file), 'utf8');
    expect(text).toMatch(/^\/\/ A stand-in for the vendor's/);
  }
});
