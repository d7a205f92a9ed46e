import {
  booleanOption,
  checkNames,
  checkOptions,
  functionOption,
  integerOption,
  numberOption,
  objectOption,
  oneOfOption,
  stringOption,
  urlOption,
  wrongType,
  wrongValue,
} from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import type { AppType } from '../interfaces';
import type { AppCallback, CheckedAppCallback } from './application/app-callback';
import { DEFAULT_LIMITS, type SandboxLimits } from './common/limits';
import type { CorpOptions, GeneratorOptions } from './corp/generate';
import { BYTES_PER_HOUR } from './logs/log-collector';
import { defaultModels } from './models/default-models';
import type { ModelFunctions } from './models/model-functions';
import { DEFAULT_WINDOW_SECONDS, MAX_AGENT_ID, MAX_KEY_VERSION } from './wire/protocol/constants';

/** How the logs of programs are collected. */
export interface LogCollectionOptions {
  /** Bytes that are kept on disk, approximately, from 4096; 64 MiB by default. */
  readonly keepBytes?: number;
  /** Bytes that a program may log in an hour of the sandbox's clock; further records are dropped. 1 GB by default, as in the zone. */
  readonly bytesPerHour?: number;
}

/** Options of a {@link ZoneSandbox}; all have defaults. */
export interface ZoneSandboxOptions {
  /**
   * Address of the program, `http:` only. It can be set later with `sandbox.programs.address`, because a program that needs
   * `sandbox.env` cannot start before the sandbox.
   */
  readonly program?: string | URL;
  /** program_id of that program; `program-1` by default. `sandbox.programs.add` adds more programs. */
  readonly programId?: string;
  /** Where the platform listens; `127.0.0.1` by default. */
  readonly host?: string;
  /** Port of the platform; 0, any free one, by default. */
  readonly port?: number;
  /** Port of the server for applications, on the same host; 0, any free one, by default. */
  readonly serverPort?: number;
  /** corpid of the requests; `ww-sandbox` by default. */
  readonly corpId?: string;
  /** agentid of the requests, 0 to 4294967295; 1000002 by default. */
  readonly agentId?: number;
  /** The secret with which the application gets its access token; random by default. */
  readonly corpSecret?: string;
  /** The type of the application, because some server interfaces are limited to certain types. `third-party` by default: may use all. */
  readonly appType?: AppType;
  /**
   * Where the application receives callbacks, such as `program_notify`: encrypted like WeCom's callbacks if the secrets are given,
   * otherwise as plain XML. None by default.
   */
  readonly appCallback?: string | URL | AppCallback;
  /** How the logs of programs are collected. */
  readonly logs?: LogCollectionOptions;
  /** Version of the shared key, 1 to 2147483647; 1 by default. */
  readonly keyVersion?: number;
  /**
   * Milliseconds for a program's response, 1 to 2147483647; 30000 by default. The platform's own timeout is not documented.
   */
  readonly timeout?: number;
  /** Seconds by which a timestamp may be too early or too late, 1 to 86400; 300 by default. */
  readonly window?: number;
  /** Maximum size of an HTTP body in bytes, in both directions, from 1; 64 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Where calls and events go in debug mode, `http:` only; to `program` by default. */
  readonly debugServer?: string | URL;
  /** The token that opens debug mode; random by default. */
  readonly debugToken?: string;
  /**
   * Returns the platform's time in milliseconds since 1970; `Date.now` by default. The timestamps of requests and responses follow
   * it, too, whereas `sandbox.clock` sets only the time of the state.
   */
  readonly clock?: () => number;
  /** Size and content of the simulated corp whose conversations the interfaces return. */
  readonly corp?: CorpOptions;
  /** A file written by `sandbox.save`. The sandbox starts with this state, and `corp` is ignored. */
  readonly state?: string;
  /**
   * Name of a variable of `sandbox.env` that has the corp's private key at start, as PEM: for a program that reads its key from the
   * environment. None by default; `sandbox.corp.keyPair()` returns the key as well.
   */
  readonly privateKeyEnv?: string;
  /** Limits and delays of the platform. */
  readonly limits?: Partial<SandboxLimits>;
  /** Models that replace those of the sandbox. */
  readonly models?: Partial<ModelFunctions>;
  /**
   * Every documented interface returns its example from docs/interfaces.md, independent of the corp; requests are still checked.
   * `false` by default.
   */
  readonly examples?: boolean;
}

/** Options that are converted, or stay undefined. */
type ConvertedOptions =
  | 'program'
  | 'corpSecret'
  | 'appCallback'
  | 'logs'
  | 'debugServer'
  | 'debugToken'
  | 'corp'
  | 'state'
  | 'privateKeyEnv'
  | 'limits'
  | 'models';

/** The validated options, with defaults. Its members follow from the options, so that the compiler notices one that is not validated. */
export interface CheckedOptions
  extends Required<Omit<ZoneSandboxOptions, ConvertedOptions>>,
    Record<ConvertedOptions, unknown> {
  readonly program: URL | undefined;
  readonly corpSecret: string | undefined;
  readonly appCallback: CheckedAppCallback | undefined;
  readonly logs: Required<LogCollectionOptions>;
  readonly debugServer: URL | undefined;
  readonly debugToken: string | undefined;
  readonly corp: GeneratorOptions;
  readonly state: string | undefined;
  readonly privateKeyEnv: string | undefined;
  readonly limits: SandboxLimits;
  readonly models: ModelFunctions;
}

const APP_TYPES: readonly AppType[] = ['self-built', 'third-party', 'provider-developed'];
const HTTP = ['http:'];
const HTTP_OR_HTTPS = ['http:', 'https:'];
const PROGRAM_EXAMPLE = 'http://127.0.0.1:8080';
const CALLBACK_EXAMPLE = 'http://127.0.0.1:3000/callback';
const MAX = Number.MAX_SAFE_INTEGER;

/**
 * Validates the options and fills in defaults; throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`,
 * `ERR_SPEC_UNKNOWN_OPTION`; RangeError `ERR_SPEC_OUT_OF_RANGE`.
 */
export function checkedSandboxOptions(options: ZoneSandboxOptions): CheckedOptions {
  checkOptions(options);
  const corpId = stringOption('options.corpId', options.corpId ?? 'ww-sandbox');
  const { program, debugServer, debugToken, corpSecret, state } = options;
  return {
    program: ifGiven(program, (url) => programUrl('options.program', url)),
    programId: stringOption('options.programId', options.programId ?? 'program-1'),
    host: stringOption('options.host', options.host ?? '127.0.0.1'),
    port: integerOption('options.port', options.port ?? 0, 0, 65_535),
    serverPort: integerOption('options.serverPort', options.serverPort ?? 0, 0, 65_535),
    corpId,
    agentId: integerOption('options.agentId', options.agentId ?? 1_000_002, 0, MAX_AGENT_ID),
    corpSecret: ifGiven(corpSecret, (secret) => stringOption('options.corpSecret', secret)),
    appType: oneOfOption('options.appType', options.appType ?? 'third-party', APP_TYPES),
    appCallback: ifGiven(options.appCallback, (callback) => appCallback(callback, corpId)),
    logs: logOptions(options.logs ?? {}),
    keyVersion: integerOption('options.keyVersion', options.keyVersion ?? 1, 1, MAX_KEY_VERSION),
    timeout: integerOption('options.timeout', options.timeout ?? 30_000, 1, MAX_TIMER_MS),
    window: integerOption(
      'options.window',
      options.window ?? DEFAULT_WINDOW_SECONDS,
      1,
      86_400,
      'seconds',
    ),
    maxBodyBytes: integerOption(
      'options.maxBodyBytes',
      options.maxBodyBytes ?? 64 * 1024 * 1024,
      1,
      MAX,
    ),
    debugServer: ifGiven(debugServer, (url) => programUrl('options.debugServer', url)),
    debugToken: ifGiven(debugToken, (token) => stringOption('options.debugToken', token)),
    clock: functionOption('options.clock', options.clock) ?? Date.now,
    corp: corpOptions(options.corp ?? {}),
    state: ifGiven(state, (file) => stringOption('options.state', file)),
    privateKeyEnv: ifGiven(options.privateKeyEnv, (name) =>
      variableOption('options.privateKeyEnv', name),
    ),
    limits: limitOptions(options.limits ?? {}),
    models: modelOptions(options.models ?? {}),
    examples: booleanOption('options.examples', options.examples ?? false),
  };
}

/** Checks the address of a program or of its debug server. */
export function programUrl(name: string, address: string | URL): URL {
  return urlOption(name, address, HTTP, PROGRAM_EXAMPLE);
}

/** Checks the name of an environment variable. */
function variableOption(name: string, variable: string): string {
  stringOption(name, variable);
  if (/^[A-Za-z_]\w*$/.test(variable)) return variable;
  throw wrongValue(name, 'must be the name of an environment variable', variable);
}

function ifGiven<T, Checked>(
  value: T | undefined,
  check: (value: T) => Checked,
): Checked | undefined {
  return value === undefined ? undefined : check(value);
}

function corpOptions(options: CorpOptions): GeneratorOptions {
  const { staff, customers } = objectOption('options.corp', options);
  // A thousand customers without followers would have no conversations.
  const staffCount = staff ?? (customers === undefined ? undefined : Math.ceil(customers / 10));
  return {
    messages: integerOption('options.corp.messages', options.messages ?? 260, 0, 1_000_000),
    staff: ifGiven(staffCount, (count) => integerOption('options.corp.staff', count, 1, 20_000)),
    customers: ifGiven(customers, (count) =>
      integerOption('options.corp.customers', count, 1, 100_000),
    ),
    seed: integerOption('options.corp.seed', options.seed ?? 1, 0, MAX),
    days: integerOption('options.corp.days', options.days ?? 4, 1, 365),
  };
}

function limitOptions(options: Partial<SandboxLimits>): SandboxLimits {
  checkNames('options.limits', options, Object.keys(DEFAULT_LIMITS));
  for (const [name, value] of Object.entries(options)) {
    const isSwitch = typeof DEFAULT_LIMITS[name as keyof SandboxLimits] === 'boolean';
    if (isSwitch) booleanOption(`options.limits.${name}`, value as boolean);
    else numberOption(`options.limits.${name}`, value as number, 0, Number.POSITIVE_INFINITY);
  }
  return { ...DEFAULT_LIMITS, ...options };
}

function modelOptions(options: Partial<ModelFunctions>): ModelFunctions {
  checkNames('options.models', options, Object.keys(defaultModels));
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'function') {
      throw wrongType(`options.models.${name}`, 'of type function', value);
    }
  }
  return { ...defaultModels, ...options };
}

function logOptions(options: LogCollectionOptions): Required<LogCollectionOptions> {
  objectOption('options.logs', options);
  const { keepBytes = 64 * 1024 * 1024, bytesPerHour = BYTES_PER_HOUR } = options;
  return {
    keepBytes: integerOption('options.logs.keepBytes', keepBytes, 4096, MAX),
    bytesPerHour: integerOption('options.logs.bytesPerHour', bytesPerHour, 0, MAX),
  };
}

function appCallback(value: string | URL | AppCallback, corpId: string): CheckedAppCallback {
  if (typeof value === 'string' || 'href' in objectOption('options.appCallback', value)) {
    const url = callbackUrl('options.appCallback', value as string | URL);
    return { url, secrets: undefined };
  }
  const { url, token, encodingAESKey, receiveId = corpId } = value as AppCallback;
  stringOption('options.appCallback.encodingAESKey', encodingAESKey);
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAESKey)) {
    const requirement = 'must consist of 43 letters and digits';
    throw wrongValue('options.appCallback.encodingAESKey', requirement, encodingAESKey);
  }
  if (typeof receiveId !== 'string') {
    throw wrongType('options.appCallback.receiveId', 'of type string', receiveId);
  }
  return {
    url: callbackUrl('options.appCallback.url', url),
    secrets: {
      token: stringOption('options.appCallback.token', token),
      key: Buffer.from(`${encodingAESKey}=`, 'base64'),
      receiveId,
    },
  };
}

function callbackUrl(name: string, address: string | URL): URL {
  return urlOption(name, address, HTTP_OR_HTTPS, CALLBACK_EXAMPLE);
}
