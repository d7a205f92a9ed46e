import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { outOfRange } from '../common/options';
import { type ArgumentErrorCode, argumentError, type FailureCode, makeError } from '../errors';
import { Calls } from './calls';
import {
  changedError,
  fileError,
  loadError,
  machineError,
  mayRead,
  readPermissionError,
  sharedLibraryWarning,
} from './load-failure';
import {
  candidates,
  firstExisting,
  isBundled,
  packageRoot,
  packageVersion,
  type SdkName,
} from './locate';
import type { MakeError, NativeBinding } from './native';
import { readRecord } from './record';
import { SandboxSettings } from './settings';

/** Limits of the thread pool. */
export interface PoolLimits {
  size: number;
  queueLimit: number;
}

/** The loaded and initialised addon of this process or Worker. */
export interface Binding {
  readonly native: NativeBinding;
  readonly calls: Calls;
  /** The limits that are set in the addon. */
  readonly poolLimits: PoolLimits;
  /** Whether the SDK has GenerateNotifyId. Kept here, because GetSdkInfo() examines the loaded files at each call. */
  readonly hasNotifyId: boolean;
  /** Undefined for a vendor SDK, which reads what it needs by itself. */
  readonly settings: SandboxSettings | undefined;
}

/**
 * Loads the addon that `WEWORK_SPEC_SDK` selects: `vendor` (the default) or `sandbox`. There is no fallback from one to the
 * other: a program in the zone that accepts requests signed by a sandbox would be open to anyone.
 *
 * @throws SpecError `ERR_SPEC_UNKNOWN_SDK`, `ERR_SPEC_NOT_BUILT`, `ERR_SPEC_PERMISSION`, `ERR_SPEC_WRONG_ADDON`, `ERR_SPEC_LIBRARY_CHANGED`, the
 * errors of {@link machineError}, {@link fileError} and {@link loadError}; RangeError `ERR_SPEC_OUT_OF_RANGE` for
 * `WEWORK_SPEC_THREADS` or `WEWORK_SPEC_QUEUE_LIMIT`
 */
export function loadBinding(env: NodeJS.ProcessEnv = process.env): Binding {
  const sdk = chooseSdk(env);
  const { native, hasNotifyId } = openAddon(sdk, env);
  const calls = new Calls();
  native.attach(makeNativeError, calls.settle);
  const size = integerFrom(env, 'WEWORK_SPEC_THREADS', 1, 256) ?? 16;
  const queueLimit = integerFrom(env, 'WEWORK_SPEC_QUEUE_LIMIT', 0, 2_147_483_647) ?? 4096;
  native.configureThreadPool(size, queueLimit);
  const settings = sdk === 'sandbox' ? new SandboxSettings(native) : undefined;
  return { native, calls, poolLimits: { size, queueLimit }, hasNotifyId, settings };
}

/**
 * The SDK that `WEWORK_SPEC_SDK` selects.
 *
 * @throws SpecError `ERR_SPEC_UNKNOWN_SDK`
 */
export function chooseSdk(env: NodeJS.ProcessEnv): SdkName {
  const wanted = env.WEWORK_SPEC_SDK || 'vendor';
  if (wanted !== 'vendor' && wanted !== 'sandbox') {
    throw makeError('ERR_SPEC_UNKNOWN_SDK', 'WEWORK_SPEC_SDK', wanted);
  }
  return wanted;
}

function openAddon(
  sdk: SdkName,
  env: NodeJS.ProcessEnv,
): { native: NativeBinding; hasNotifyId: boolean } {
  const impossible = machineError();
  if (impossible) throw impossible;
  const tried = candidates(sdk, env);
  const file = firstExisting(tried.filter(mayRead));
  if (file === undefined) {
    const hidden = tried.find((candidate) => !mayRead(candidate));
    if (hidden !== undefined)
      throw readPermissionError(hidden, tried.length > 1 ? packageRoot : dirname(hidden));
    throw makeError('ERR_SPEC_NOT_BUILT', sdk, howToProvide(sdk, tried, env));
  }
  const faulty = fileError(sdk, file);
  if (faulty) throw faulty;
  // The private interface between addon and JavaScript can change with every version of the package.
  const builtBy = sdk === 'vendor' ? readRecord(file)?.package : undefined;
  if (builtBy !== undefined && builtBy !== packageVersion()) {
    const what = `was built by version ${builtBy} of this package, which is ${packageVersion()} now`;
    throw makeError('ERR_SPEC_WRONG_ADDON', file, what);
  }
  const module = { exports: {} as NativeBinding };
  try {
    // Not require(): bundlers would follow it, and RTLD_NOW binds all symbols of the SDK library here. A missing symbol is
    // then an error that can be reported; with lazy binding its first call would end the process.
    process.dlopen(module, file, constants.dlopen.RTLD_NOW);
  } catch (error) {
    throw loadError(sdk, file, error, env);
  }
  const loaded = module.exports.sdk;
  if (loaded !== sdk) {
    throw makeError('ERR_SPEC_WRONG_ADDON', file, `is the addon for the ${loaded} SDK`);
  }
  const { libraryFile, hasNotifyId } = module.exports.GetSdkInfo();
  if (sdk === 'vendor') {
    const changed = changedError(file, libraryFile);
    if (changed) throw changed;
  }
  const shared = sharedLibraryWarning(sdk, file, libraryFile, env);
  if (shared && module.exports.isFirst()) {
    process.emitWarning(shared.message, { type: shared.name, code: 'ERR_SPEC_SHARED_LIBRARY' });
  }
  return { native: module.exports, hasNotifyId };
}

function howToProvide(sdk: SdkName, tried: readonly string[], env: NodeJS.ProcessEnv): string {
  const places = `Looked for: ${tried.join(', ')}.`;
  const named = env.WEWORK_SPEC_ADDON ? ' WEWORK_SPEC_ADDON must be the path of the addon.' : '';
  if (isBundled()) {
    if (named !== '') return places + named;
    return (
      `The package is part of a bundle: copy wework_spec_${sdk}.node and the library beside it, and set WEWORK_SPEC_ADDON to the path ` +
      'of the copy: docs/guide/bundlers.md.'
    );
  }
  const how =
    sdk === 'vendor'
      ? 'Build it with the WeCom C++ SDK: npx wework-spec build --sdk-dir <folder or archive with cpp_sdk.h and ' +
        'libWeWorkSpecSDK.so>. To work without it, offline, set WEWORK_SPEC_SDK=sandbox.'
      : `Build it: node ${join(packageRoot, 'scripts', 'build-addon.mjs')}.`;
  return `${places}${named} ${how}`;
}

function integerFrom(
  env: NodeJS.ProcessEnv,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw outOfRange(name, `an integer >= ${least} && <= ${most}`, text);
  }
  return value;
}

/** The cast is safe: a test compares the codes in the addon with the catalogue. */
const makeNativeError: MakeError = (code, subject, detail, ...received) =>
  received.length > 0
    ? argumentError(code as ArgumentErrorCode, subject, detail, received[0])
    : makeError(code as FailureCode, subject, detail);
