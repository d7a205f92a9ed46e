import { resolve } from 'node:path';
import type { AppCallback } from '../../../sandbox/application/app-callback';
import { DEFAULT_LIMITS } from '../../../sandbox/common/limits';
import type { ZoneSandboxOptions } from '../../../sandbox/options';
import { assignmentsArgument, integerArgument, urlArgument } from '../arguments';
import { type Context, type Option, UsageError, type Values } from '../command';

/** The options of `wework-spec sandbox` that become options of `ZoneSandbox.start()`. */
export const startOptions = {
  program: {
    type: 'string',
    value: 'URL',
    description: 'address of the program (default: http://127.0.0.1:8080)',
  },
  port: {
    type: 'string',
    value: 'PORT',
    description: 'port of the server for applications (default: a free port)',
  },
  'app-callback': {
    type: 'string',
    value: 'URL',
    description:
      "application's URL for program_notify; encrypted if $WEWORK_SPEC_APP_TOKEN and $WEWORK_SPEC_APP_AES_KEY are set",
  },
  'debug-server': {
    type: 'string',
    value: 'URL',
    description: 'target of calls and events in debug mode (default: the program)',
  },
  state: {
    type: 'string',
    value: 'FILE',
    description: 'start with this state, written by wework-spec state save',
  },
  corp: {
    type: 'string',
    value: 'SIZE',
    description: 'size of the corp: staff=50,customers=2000,messages=100000,days=30',
  },
  seed: {
    type: 'string',
    value: 'N',
    description: 'seed of people and conversations (default: 1)',
  },
  limits: {
    type: 'string',
    value: 'LIMITS',
    description: 'limits and delays, as rules=10,taskMs=0,strictTokens=true: docs/sandbox-zone.md',
  },
  'private-key-env': {
    type: 'string',
    value: 'NAME',
    description: "variable of the program that has the corp's private key, as PEM",
  },
} as const satisfies Readonly<Record<string, Option>>;

const CORP = ['staff', 'customers', 'messages', 'days'];

/** The options of `ZoneSandbox.start()`. Throws {@link UsageError}. */
export function startOptionsOf({
  values,
  env,
  cwd,
}: {
  readonly values: Values<typeof startOptions> & { readonly watch?: string };
  readonly env: Context['env'];
  readonly cwd: string;
}): ZoneSandboxOptions {
  const { watch, program, port, state, corp, seed, limits } = values;
  if (watch !== undefined && program !== undefined) {
    throw new UsageError(
      'sandbox: --watch and --program cannot be used together; --program is for a program that is already running',
    );
  }
  if (state !== undefined && (corp !== undefined || seed !== undefined)) {
    throw new UsageError(
      'sandbox: --state contains a corp; it cannot be combined with --corp and --seed',
    );
  }
  for (const name of ['program', 'debug-server', 'app-callback'] as const) {
    if (values[name] !== undefined) urlArgument(`sandbox: --${name}`, values[name]);
  }
  const size = {
    ...(corp === undefined ? {} : assignmentsArgument('sandbox: --corp', corp, CORP)),
    ...(seed === undefined
      ? {}
      : { seed: integerArgument('sandbox: --seed', seed, 0, Number.MAX_SAFE_INTEGER) }),
  };
  const known = Object.keys(DEFAULT_LIMITS);
  const variable = values['private-key-env'];
  const callback = values['app-callback'];
  return {
    ...(watch === undefined ? { program: program ?? 'http://127.0.0.1:8080' } : {}),
    ...(port === undefined
      ? {}
      : { serverPort: integerArgument('sandbox: --port', port, 0, 65_535) }),
    ...(values['debug-server'] === undefined ? {} : { debugServer: values['debug-server'] }),
    ...(callback === undefined ? {} : { appCallback: appCallback(callback, env) }),
    ...(state === undefined ? {} : { state: resolve(cwd, state) }),
    ...(Object.keys(size).length === 0 ? {} : { corp: size }),
    ...(limits === undefined
      ? {}
      : { limits: assignmentsArgument('sandbox: --limits', limits, known) }),
    ...(variable === undefined ? {} : { privateKeyEnv: variable }),
  };
}

/** Turns an error about an option of `ZoneSandbox.start()` into a {@link UsageError}. */
export function usageErrorOf(error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  const isUsage = /^ERR_SPEC_(INVALID_ARG|UNKNOWN_OPTION|OUT_OF_RANGE)/.test(String(code));
  return isUsage ? new UsageError(`sandbox: ${message}`) : error;
}

/** Secrets come from the environment, because the list of processes shows command lines. */
function appCallback(url: string, env: NodeJS.ProcessEnv): string | AppCallback {
  const { WEWORK_SPEC_APP_TOKEN: token, WEWORK_SPEC_APP_AES_KEY: encodingAESKey } = env;
  if (!token && !encodingAESKey) return url;
  if (!token || !encodingAESKey) {
    throw new UsageError(
      'sandbox: encrypted callbacks require both WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY',
    );
  }
  return { url, token, encodingAESKey };
}
