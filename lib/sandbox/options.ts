import { MAX_TIMER_MS } from '../common/timers';
import { type SandboxError, sandboxError } from '../errors';
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
  /** Bytes that are kept on disk, about, from 4096; 64 MiB by default. */
  readonly keepBytes?: number;
  /** Bytes that a program may log in an hour of the sandbox's clock; what is beyond is dropped. 1 GB by default, as in the zone. */
  readonly bytesPerHour?: number;
}

/** How to start a `ZoneSandbox`; everything has a default. */
export interface ZoneSandboxOptions {
  /**
   * Address of the program, `http:` only. It can be given later, as `sandbox.programs.address`: a program
   * that is configured from `sandbox.env` cannot be started before the sandbox.
   */
  readonly program?: string | URL;
  /** program_id of that program; `program-1` by default. `sandbox.programs.add` adds others. */
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
  /** The secret with which the application gets its access token; one is made by default. */
  readonly corpSecret?: string;
  /** What the app is: some server interfaces are not for all. `third-party`, which may use all of them, by default. */
  readonly appType?: AppType;
  /**
   * Where the application takes callbacks: gets `program_notify`, encrypted as WeCom's callbacks are if the secrets for it are
   * given, else as plain XML. Nowhere by default.
   */
  readonly appCallback?: string | URL | AppCallback;
  /** How the logs of programs are collected. */
  readonly logs?: LogCollectionOptions;
  /** Version of the shared key, 1 to 2147483647; 1 by default. */
  readonly keyVersion?: number;
  /**
   * Milliseconds that a program may take to answer, 1 to 2147483647; 30000 by default. The
   * platform's own figure is not documented.
   */
  readonly timeout?: number;
  /** Seconds that a timestamp may differ on either side, 1 to 86400; 300 by default. */
  readonly window?: number;
  /** Largest HTTP body in bytes, in both directions, from 1; 64 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Where calls and events go while the program is in debug mode, `http:` only; to `program` by default. */
  readonly debugServer?: string | URL;
  /** The token that opens the debug mode; one is made by default. */
  readonly debugToken?: string;
  /**
   * The platform's time in milliseconds since 1970; `Date.now` by default. Timestamps of what travels go by it, too;
   * `sandbox.clock` sets the time of the state alone.
   */
  readonly clock?: () => number;
  /** What the corp is like whose conversations the interfaces serve. */
  readonly corp?: CorpOptions;
  /** A file that `sandbox.save` has written: its corp and everything else are taken from there, and `corp` is not looked at. */
  readonly state?: string;
  /** How strict the platform is, and how long it takes. */
  readonly limits?: Partial<SandboxLimits>;
  /** Models in place of the sandbox's own. */
  readonly models?: Partial<ModelFunctions>;
  /**
   * Every documented interface answers the example of docs/interfaces.md, whatever the corp is like;
   * requests are checked all the same. `false` by default.
   */
  readonly examples?: boolean;
}

/** The options with their defaults, checked. */
export interface CheckedOptions {
  readonly program: URL | undefined;
  readonly programId: string;
  readonly host: string;
  readonly port: number;
  readonly serverPort: number;
  readonly corpId: string;
  readonly agentId: number;
  readonly corpSecret: string | undefined;
  readonly appType: AppType;
  readonly appCallback: CheckedAppCallback | undefined;
  readonly logs: Required<LogCollectionOptions>;
  readonly keyVersion: number;
  readonly timeout: number;
  readonly window: number;
  readonly maxBodyBytes: number;
  readonly debugServer: URL | undefined;
  readonly debugToken: string | undefined;
  readonly clock: () => number;
  readonly corp: GeneratorOptions;
  readonly state: string | undefined;
  readonly limits: SandboxLimits;
  readonly models: ModelFunctions;
  readonly examples: boolean;
}

const APP_TYPES: readonly AppType[] = ['self-built', 'third-party', 'provider-developed'];

/** Fills in the defaults; throws SandboxError `ERR_SANDBOX_OPTION`. */
export function checkOptions(options: ZoneSandboxOptions): CheckedOptions {
  const corpId = text('corpId', options.corpId ?? 'ww-sandbox');
  return {
    program: options.program === undefined ? undefined : httpUrl('program', options.program),
    programId: text('programId', options.programId ?? 'program-1'),
    host: text('host', options.host ?? '127.0.0.1'),
    port: integer('port', options.port ?? 0, 0, 65_535),
    serverPort: integer('serverPort', options.serverPort ?? 0, 0, 65_535),
    corpId,
    agentId: integer('agentId', options.agentId ?? 1_000_002, 0, MAX_AGENT_ID),
    corpSecret:
      options.corpSecret === undefined ? undefined : text('corpSecret', options.corpSecret),
    appType: appType(options.appType ?? 'third-party'),
    appCallback:
      options.appCallback === undefined ? undefined : appCallback(options.appCallback, corpId),
    logs: checkLogOptions(options.logs ?? {}),
    keyVersion: integer('keyVersion', options.keyVersion ?? 1, 1, MAX_KEY_VERSION),
    timeout: integer('timeout', options.timeout ?? 30_000, 1, MAX_TIMER_MS),
    window: integer('window', options.window ?? DEFAULT_WINDOW_SECONDS, 1, 86_400),
    maxBodyBytes: integer(
      'maxBodyBytes',
      options.maxBodyBytes ?? 64 * 1024 * 1024,
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    debugServer:
      options.debugServer === undefined ? undefined : httpUrl('debugServer', options.debugServer),
    debugToken:
      options.debugToken === undefined ? undefined : text('debugToken', options.debugToken),
    clock: options.clock ?? Date.now,
    corp: checkCorpOptions(options.corp ?? {}),
    state: options.state === undefined ? undefined : text('state', options.state),
    limits: checkLimits(options.limits ?? {}),
    models: checkModels(options.models ?? {}),
    examples: boolean('examples', options.examples ?? false),
  };
}

function checkCorpOptions(options: CorpOptions): GeneratorOptions {
  checkObject('corp', options);
  const { staff, customers } = options;
  // A thousand customers with nobody to follow them would never say anything.
  const staffCount = staff ?? (customers === undefined ? undefined : Math.ceil(customers / 10));
  return {
    messages: integer('corp.messages', options.messages ?? 260, 0, 1_000_000),
    staff: staffCount === undefined ? undefined : integer('corp.staff', staffCount, 1, 20_000),
    customers:
      customers === undefined ? undefined : integer('corp.customers', customers, 1, 100_000),
    seed: integer('corp.seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    days: integer('corp.days', options.days ?? 4, 1, 365),
  };
}

function checkLimits(options: Partial<SandboxLimits>): SandboxLimits {
  checkObject('limits', options);
  for (const [name, value] of Object.entries(options)) {
    const known: unknown = Object.hasOwn(DEFAULT_LIMITS, name)
      ? DEFAULT_LIMITS[name as keyof SandboxLimits]
      : undefined;
    if (known === undefined) throw invalid(`limits.${name}`, 'left out: there is none such');
    if (typeof known === 'boolean') boolean(`limits.${name}`, value as boolean);
    else if (typeof value !== 'number' || !(value >= 0)) {
      throw invalid(`limits.${name}`, 'a number that is not negative');
    }
  }
  return { ...DEFAULT_LIMITS, ...options };
}

function checkModels(options: Partial<ModelFunctions>): ModelFunctions {
  checkObject('models', options);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaultModels, name)) {
      throw invalid(`models.${name}`, 'left out: there is none such');
    }
    if (typeof value !== 'function') throw invalid(`models.${name}`, 'a function');
  }
  return { ...defaultModels, ...options };
}

function checkObject(name: string, value: object): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(name, 'an object');
  }
}

function checkLogOptions(options: LogCollectionOptions): Required<LogCollectionOptions> {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid('logs', 'an object');
  const { keepBytes = 64 * 1024 * 1024, bytesPerHour = BYTES_PER_HOUR } = options;
  return {
    keepBytes: integer('logs.keepBytes', keepBytes, 4096, Number.MAX_SAFE_INTEGER),
    bytesPerHour: integer('logs.bytesPerHour', bytesPerHour, 0, Number.MAX_SAFE_INTEGER),
  };
}

function appType(value: AppType): AppType {
  if (APP_TYPES.includes(value)) return value;
  throw invalid('appType', `one of ${APP_TYPES.join(', ')}`);
}

function appCallback(value: string | URL | AppCallback, corpId: string): CheckedAppCallback {
  if (typeof value === 'string' || value instanceof URL) {
    return { url: callbackUrl('appCallback', value), secrets: undefined };
  }
  checkObject('appCallback', value);
  const { url, token, encodingAESKey, receiveId = corpId } = value;
  if (typeof encodingAESKey !== 'string' || !/^[A-Za-z0-9]{43}$/.test(encodingAESKey)) {
    throw invalid('appCallback.encodingAESKey', '43 letters and digits');
  }
  if (typeof receiveId !== 'string') throw invalid('appCallback.receiveId', 'a text');
  return {
    url: callbackUrl('appCallback.url', url),
    secrets: {
      token: text('appCallback.token', token),
      key: Buffer.from(`${encodingAESKey}=`, 'base64'),
      receiveId,
    },
  };
}

function callbackUrl(name: string, address: string | URL): URL {
  return urlOf(name, address, ['http:', 'https:'], 'http://127.0.0.1:3000/callback');
}

/** The address of a program or of its debug server; throws SandboxError `ERR_SANDBOX_OPTION`. */
export function httpUrl(name: string, address: string | URL): URL {
  return urlOf(name, address, ['http:'], 'http://127.0.0.1:8080');
}

function urlOf(
  name: string,
  address: string | URL,
  protocols: readonly string[],
  example: string,
): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined;
  if (url !== undefined && protocols.includes(url.protocol)) return url;
  throw invalid(name, `an address such as ${example}`);
}

/** A text that is not empty; throws SandboxError `ERR_SANDBOX_OPTION`. */
export function text(name: string, value: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(name, 'a text that is not empty');
  return value;
}

function boolean(name: string, value: boolean): boolean {
  if (typeof value !== 'boolean') throw invalid(name, 'true or false');
  return value;
}

function integer(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `an integer from ${min} to ${max}`);
  }
  return value;
}

function invalid(name: string, expected: string): SandboxError {
  return sandboxError('ERR_SANDBOX_OPTION', '', `The option ${name} must be ${expected}.`);
}
