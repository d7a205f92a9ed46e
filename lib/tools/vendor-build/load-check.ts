import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SdkName } from '../../binding/locate';
import { packageRoot } from '../../binding/locate';
import type { SdkInfo } from '../../binding/native';

/** Result of loading the addon in a child process. */
export type LoadResult<Info = SdkInfo> =
  | { readonly ok: true; readonly info: Info }
  | { readonly ok: false; readonly code: string; readonly message: string };

// The result uses a separate pipe, because libraries may write to stdout when they are loaded.
const program = (work: string) => `
let result;
try {
  result = { ok: true, info: ${work} };
} catch (error) {
  result = { ok: false, code: String(error.code), message: String(error.message) };
}
require('fs').writeSync(3, JSON.stringify(result));
process.exit();
`;

/** Loads the addon as a program would, but in a child process, so that a crash of the libraries does not affect this one. */
export function tryLoad(sdk: SdkName, env: NodeJS.ProcessEnv, addon?: string): Promise<LoadResult> {
  return inChild('require(process.argv[1]).GetSdkInfo()', join(packageRoot, 'dist', 'index.js'), {
    ...env,
    WEWORK_SPEC_SDK: sdk,
    ...(addon === undefined ? {} : { WEWORK_SPEC_ADDON: addon }),
  });
}

/** Loads any addon of Node.js in a child process. */
export function tryAddon(file: string, env: NodeJS.ProcessEnv): Promise<LoadResult<unknown>> {
  return inChild('process.dlopen({ exports: {} }, process.argv[1])', file, env);
}

function inChild<Info>(
  work: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<LoadResult<Info>> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', program(work), file], {
      env: { ...env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let result = '';
    let complaints = '';
    child.stdio[3]?.on('data', (part) => {
      result += part;
    });
    child.stderr?.on('data', (part) => {
      complaints += part;
    });
    child.on('error', ({ message }) =>
      resolve({ ok: false, code: 'ERR_SPEC_LOAD_FAILED', message }),
    );
    child.on('close', (code, signal) => {
      try {
        resolve(JSON.parse(result));
      } catch {
        const end = signal === null ? `with exit code ${code}` : `by ${signal}`;
        const message = `A process that loads the addon ended ${end}. ${complaints.trim()}`;
        resolve({ ok: false, code: 'ERR_SPEC_LOAD_FAILED', message: message.trim() });
      }
    });
  });
}
