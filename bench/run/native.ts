import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './side';

const library = join(root, 'out', 'sandbox', 'Release');
const sources = join(root, 'bench', 'sides');
const built = join(root, 'out', 'bench', 'native');

/** Whether a file is as new as everything that it is made of. */
function isCurrent(target: string): boolean {
  const inputs = readdirSync(sources).map((name) => join(sources, name));
  const sdk = join(library, 'libWeWorkSpecSandbox.so');
  if (!existsSync(sdk)) throw new Error(`${sdk} is missing. Run npm run build first`);
  if (!existsSync(target)) return false;
  const { mtimeMs } = statSync(target);
  return [...inputs, sdk].every((input) => statSync(input).mtimeMs <= mtimeMs);
}

function compile(name: string, target: string, flags: readonly string[]): string {
  const path = join(built, target);
  if (isCurrent(path)) return path;
  mkdirSync(built, { recursive: true });
  execFileSync('g++', [
    '-std=c++17',
    '-O3',
    join(sources, name),
    `-I${join(root, 'native', 'sandbox', 'include')}`,
    ...flags,
    `-L${library}`,
    '-lWeWorkSpecSandbox',
    `-Wl,-rpath,${library}`,
    '-o',
    path,
  ]);
  return path;
}

/** Compiles a program of bench/sides with the sandbox's SDK library. @returns its path */
export function compileProgram(name: string): string {
  return compile(`${name}.cc`, name, ['-pthread']);
}

function compileLibrary(name: string, target: string, includes: readonly string[]): string {
  return compile(`${name}.cc`, target, [
    '-shared',
    '-fPIC',
    ...includes.map((path) => `-I${path}`),
  ]);
}

/** The command and arguments of a side, or why it cannot be built here. */
export type Built = { readonly command: string; readonly args: readonly string[] } | string;

/** The extension for CPython, with the first Python that has its headers. */
export function buildPythonSide(): Built {
  const include = 'import sysconfig; print(sysconfig.get_paths()["include"])';
  for (const command of ['python3', '/usr/bin/python3']) {
    const headers = output(command, ['-c', include]);
    if (headers === undefined || !existsSync(join(headers, 'Python.h'))) continue;
    const extension = compileLibrary('callback_python', 'callback_python.so', [headers]);
    return { command, args: [join(sources, 'callback_python.py'), dirname(extension)] };
  }
  return 'no Python with its headers (Debian: python3-dev)';
}

/**
 * A young generation that the warm-up has touched as a whole, as malloc is pinned for the other sides: with the defaults Java takes fresh
 * pages during the measurement.
 */
const javaHeap = ['-XX:+UseSerialGC', '-Xms1g', '-Xmx1g', '-Xmn48m'];

/** The Java program and its native library. */
export function buildJavaSide(): Built {
  const compiler = output('sh', ['-c', 'command -v javac']);
  if (compiler === undefined || compiler === '') return 'no javac (Debian: default-jdk-headless)';
  const headers = join(dirname(dirname(realpathSync(compiler))), 'include');
  if (!existsSync(join(headers, 'jni.h'))) return `no jni.h in ${headers}`;
  const includes = [headers, join(headers, 'linux')];
  const native = compileLibrary('callback_jni', 'libcallback_jni.so', includes);
  const source = join(sources, 'CallbackJni.java');
  if (!isCurrent(join(built, 'CallbackJni.class'))) {
    execFileSync(compiler, ['-d', built, source]);
  }
  return { command: 'java', args: [...javaHeap, '-cp', built, 'CallbackJni', native] };
}

function output(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
