import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { Calls } from './calls';
import { isCutOff } from './elf';
import { candidates, firstExisting, libraryFile, packageRoot, type SdkName } from './locate';
import type { MakeError, NativeBinding } from './native';

/** The limits of the thread pool. */
export interface PoolLimits {
  size: number;
  queueLimit: number;
}

/** The addon of this environment, ready for use. */
export interface Binding {
  readonly native: NativeBinding;
  readonly calls: Calls;
  /** What the addon was last told. */
  readonly poolLimits: PoolLimits;
}

/**
 * Loads the addon that `WEWORK_SPEC_SDK` asks for: `vendor`, which is also what an unset variable means, or `sandbox`.
 * Never one in place of the other: a program in the zone that accepted requests signed by the sandbox would be open to
 * everybody.
 *
 * @param makeError - makes the errors, those of the loader as well as the addon's
 */
export function loadBinding(makeError: MakeError, env: NodeJS.ProcessEnv = process.env): Binding {
  const sdk = chooseSdk(makeError, env);
  const native = openAddon(sdk, makeError, env);
  const calls = new Calls();
  native.attach(makeError, calls.settle);
  const size = integerFrom(env, 'WEWORK_SPEC_THREADS', 1, 256, makeError) ?? 16;
  const queueLimit =
    integerFrom(env, 'WEWORK_SPEC_QUEUE_LIMIT', 0, 2_147_483_647, makeError) ?? 4096;
  native.configureThreadPool(size, queueLimit);
  return { native, calls, poolLimits: { size, queueLimit } };
}

function chooseSdk(makeError: MakeError, env: NodeJS.ProcessEnv): SdkName {
  const wanted = env.WEWORK_SPEC_SDK || 'vendor';
  if (wanted !== 'vendor' && wanted !== 'sandbox') {
    throw makeError('ERR_SPEC_UNKNOWN_SDK', 'WEWORK_SPEC_SDK', wanted);
  }
  return wanted;
}

function openAddon(sdk: SdkName, makeError: MakeError, env: NodeJS.ProcessEnv): NativeBinding {
  if (process.platform !== 'linux') {
    throw makeError(
      'ERR_SPEC_UNSUPPORTED_PLATFORM',
      `${process.platform}-${process.arch}`,
      'the SDK is a Linux library',
    );
  }
  const tried = candidates(sdk, env);
  const file = firstExisting(tried);
  if (file === undefined) {
    throw makeError(
      'ERR_SPEC_NOT_BUILT',
      sdk,
      `Looked for: ${tried.join(', ')}. ${howToBuild(sdk)}`,
    );
  }
  for (const part of [file, join(dirname(file), libraryFile[sdk])]) {
    if (existsSync(part) && isCutOff(part)) {
      throw makeError('ERR_SPEC_LOAD_FAILED', sdk, `${part}: the file is cut off.`);
    }
  }
  const module = { exports: {} as NativeBinding };
  try {
    // Not require(): bundlers would follow it, and this way every symbol of the SDK library is bound now, where a
    // missing one can be reported, and not at its first call, where it would end the process.
    process.dlopen(module, file, constants.dlopen.RTLD_NOW);
  } catch (error) {
    throw loadError(sdk, file, error, makeError);
  }
  const loaded = module.exports.sdk;
  if (loaded !== sdk) {
    throw makeError('ERR_SPEC_LOAD_FAILED', sdk, `${file} is the addon for the ${loaded} SDK.`);
  }
  return module.exports;
}

function howToBuild(sdk: SdkName): string {
  const script = join(packageRoot, 'scripts', 'build-addon.mjs');
  return sdk === 'vendor'
    ? `Build it with the WeCom C++ SDK: node ${script} --sdk vendor --sdk-dir <folder with cpp_sdk.h and ` +
        'libWeWorkSpecSDK.so>. To work without it, offline, set WEWORK_SPEC_SDK=sandbox.'
    : `Build it: node ${script} --sdk sandbox.`;
}

function loadError(sdk: SdkName, file: string, error: unknown, makeError: MakeError): Error {
  // Not instanceof: under test runners the loader's errors come from another realm.
  const { message: words, code, subject } = error as { [name: string]: string | undefined };
  // The addon itself refused, before it was given the means to say more.
  if (code?.startsWith('ERR_SPEC_')) return makeError(code, subject ?? '', file);
  if (words === undefined) throw error;
  const missing = /(\S+): cannot open shared object file/.exec(words)?.[1];
  if (missing !== undefined && /^lib(ssl|crypto)\.so/.test(missing)) {
    return makeError('ERR_SPEC_OPENSSL_MISSING', missing, words);
  }
  if (missing !== undefined && /^libWeWorkSpec/.test(missing)) {
    return makeError('ERR_SPEC_LIBRARY_MISSING', missing, `${words}. The addon is ${file}.`);
  }
  return makeError('ERR_SPEC_LOAD_FAILED', sdk, `${file}: ${words}`);
}

function integerFrom(
  env: NodeJS.ProcessEnv,
  name: string,
  least: number,
  most: number,
  makeError: MakeError,
): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw makeError('ERR_SPEC_OUT_OF_RANGE', name, `an integer from ${least} to ${most}`);
  }
  return value;
}
