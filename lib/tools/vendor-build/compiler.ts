import { spawn } from 'node:child_process';
import { makeError } from '../../errors';

/** Result of a compiler run. */
export interface Compiled {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A C++ compiler. */
export interface Compiler {
  readonly command: readonly string[];
  /** The first line of `--version`. */
  readonly version: string;
  readonly isClang: boolean;
  run(args: readonly string[], input?: string): Promise<Compiled>;
}

/**
 * Finds the compiler: `CXX`, or else g++, c++ or clang++.
 *
 * @throws SpecError `ERR_SPEC_COMPILER_MISSING`
 */
export async function findCompiler(env: NodeJS.ProcessEnv): Promise<Compiler> {
  const named = env.CXX?.trim();
  const candidates = named ? [named.split(/\s+/)] : [['g++'], ['c++'], ['clang++']];
  let complaint = '';
  for (const command of candidates) {
    try {
      const { ok, stdout, stderr } = await execute(command, ['--version'], env);
      if (!ok) throw new Error(stderr.trim());
      const version = stdout.split('\n')[0] ?? '';
      return {
        command,
        version,
        isClang: /clang/i.test(version),
        run: (args, input) => execute(command, args, env, input),
      };
    } catch (error) {
      complaint ||= (error as Error).message;
    }
  }
  throw makeError('ERR_SPEC_COMPILER_MISSING', candidates[0]?.join(' ') ?? '', complaint);
}

function execute(
  [command, ...first]: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<Compiled> {
  return new Promise((resolve, reject) => {
    // Its messages are parsed, so they must be in English.
    const child = spawn(command as string, [...first, ...args], {
      env: { ...env, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
