import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { root, runProgram } from './child';

const sources = join(root, 'test', 'standin-sdk');
/** Cache between runs. All names are hashes of the content from which the files are built. */
const kept = join(root, 'out', 'standin');

/** A variant of the vendor's SDK: a file of test/standin-sdk/variants. */
export interface Variant {
  name: string;
  /** The first sentence of its file. */
  says: string;
  compilerArgs: string[];
  linkerArgs: string[];
  /** Sub-folders of the SDK folder for header and library. */
  headerDir: string;
  libraryDir: string;
  libraryFile: string;
  oldAbi: boolean;
  lacks: string[];
  throws: boolean;
  /** The file in log records, if it cannot be that of the program. */
  logPlace: string | undefined;
}

/** All variants. */
export const variants: readonly Variant[] = readdirSync(join(sources, 'variants'))
  .sort()
  .map((file) => {
    const text = readFileSync(join(sources, 'variants', file), 'utf8');
    const wish = (key: string) =>
      new RegExp(`^// standin: ${key}(?: (.*))?$`, 'm').exec(text)?.[1]?.split(' ') ?? [];
    const compilerArgs = wish('compile');
    const [headerDir = '.', libraryDir = headerDir] = wish('layout');
    return {
      name: basename(file, '.h'),
      says: (/^\/\/ (.*?)[.,:]/.exec(text)?.[1] ?? '').trim(),
      compilerArgs,
      linkerArgs: wish('link'),
      headerDir,
      libraryDir,
      libraryFile: wish('file')[0] ?? 'libWeWorkSpecSDK.so',
      oldAbi: compilerArgs.includes('-D_GLIBCXX_USE_CXX11_ABI=0'),
      lacks: wish('lacks'),
      throws: /^\/\/ standin: throws$/m.test(text),
      logPlace: wish('log-place')[0],
    };
  });

/** Creates the SDK folder of a variant, with a library that behaves like the sandbox SDK. */
export async function makeVariantSdk(dir: string, variant: Variant): Promise<void> {
  const headerDir = join(dir, variant.headerDir);
  const libraryDir = join(dir, variant.libraryDir);
  for (const made of [headerDir, libraryDir]) mkdirSync(made, { recursive: true });
  const own = readFileSync(join(sources, 'variants', `${variant.name}.h`), 'utf8');
  const header = `#define STANDIN_SANDBOX 1\n${own}${readFileSync(join(sources, 'cpp_sdk.h'), 'utf8')}`;
  writeFileSync(join(headerDir, 'cpp_sdk.h'), header);
  const bridge = await bridgeObjects(variant.compilerArgs);
  await compile([
    '-Wall',
    '-Wextra',
    '-Werror',
    ...variant.compilerArgs,
    '-shared',
    // Before the source's own folder, whose header is without a variant.
    ...['-include', join(headerDir, 'cpp_sdk.h')],
    join(sources, 'standin_sandbox.cc'),
    ...bridge,
    ...['-o', join(libraryDir, variant.libraryFile)],
    ...variant.linkerArgs,
    // The library may define other symbols, too.
    '-Wl,--exclude-libs,ALL',
    ...['-lssl', '-lcrypto', '-pthread'],
  ]);
  if (variant.libraryFile !== 'libWeWorkSpecSDK.so') {
    symlinkSync(variant.libraryFile, join(libraryDir, 'libWeWorkSpecSDK.so'));
  }
}

const archives = new Map<string, Promise<string[]>>();

/** The sandbox SDK's sources as a static library, in a separate namespace and with hidden symbols. */
function bridgeObjects(compilerArgs: readonly string[]): Promise<string[]> {
  const key = compilerArgs.join(' ');
  const known = archives.get(key) ?? makeBridge(compilerArgs);
  archives.set(key, known);
  return known;
}

async function makeBridge(compilerArgs: readonly string[]): Promise<string[]> {
  const sandbox = join(root, 'native', 'sandbox');
  const files = [
    ...readdirSync(join(sandbox, 'src'))
      // The symbol that identifies the sandbox library.
      .filter((file) => file.endsWith('.cc') && file !== 'marker.cc')
      .map((file) => join(sandbox, 'src', file)),
    join(sources, 'bridge.cc'),
  ];
  const headers = [
    ...readdirSync(join(sandbox, 'src')).map((file) => join(sandbox, 'src', file)),
    ...readdirSync(join(sandbox, 'include')).map((file) => join(sandbox, 'include', file)),
    join(sources, 'bridge.h'),
    join(sources, 'bridge.cc'),
  ];
  const hash = createHash('sha256').update(compilerArgs.join(' '));
  for (const file of headers) hash.update(readFileSync(file));
  const archive = join(kept, `bridge-${hash.digest('hex').slice(0, 16)}.a`);
  if (existsSync(archive)) return [archive];

  const work = join(kept, `${basename(archive)}.${process.pid}`);
  mkdirSync(work, { recursive: true });
  const queue = files[Symbol.iterator]();
  const worker = async () => {
    for (const file of queue) {
      await compile([
        ...compilerArgs,
        '-DTencent=StandinTencent',
        '-fvisibility=hidden',
        `-I${join(sandbox, 'include')}`,
        `-I${join(sandbox, 'src')}`,
        ...['-c', file, '-o', join(work, `${basename(file, '.cc')}.o`)],
      ]);
    }
  };
  await Promise.all([worker(), worker()]);
  const objects = readdirSync(work).map((file) => join(work, file));
  const made = join(work, 'bridge.a');
  const packed = await runProgram('ar', ['rcs', made, ...objects]);
  expect(packed).toMatchObject({ code: 0, stderr: '' });
  renameSync(made, archive);
  rmSync(work, { recursive: true });
  return [archive];
}

async function compile(args: readonly string[]): Promise<void> {
  const compiled = await runProgram('g++', ['-std=c++17', '-O0', '-fPIC', ...args]);
  expect(compiled).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
}
