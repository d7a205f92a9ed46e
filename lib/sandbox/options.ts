import type { CorpOptions } from './corp/seed';
import { SandboxError } from './errors';
import { DEFAULT_WINDOW_SECONDS, MAX_AGENT_ID, MAX_KEY_VERSION } from './protocol/constants';

/** How to start a `ZoneSandbox`; everything has a default. */
export interface ZoneSandboxOptions {
  /**
   * Address of the program, `http:` only. It can be given later, as `sandbox.program`: a program
   * that is configured from `sandbox.env` cannot be there first.
   */
  readonly program?: string | URL;
  /** program_id of that program; `program-1` by default. `ZoneSandbox.addProgram` adds others. */
  readonly programId?: string;
  /** Where the platform listens; `127.0.0.1` by default. */
  readonly host?: string;
  /** Port of the platform; 0, any free one, by default. */
  readonly port?: number;
  /** corpid of the requests; `ww-sandbox` by default. */
  readonly corpId?: string;
  /** agentid of the requests, 0 to 4294967295; 1000002 by default. */
  readonly agentId?: number;
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
  /** The token that opens the debug mode; one is made by default. */
  readonly debugToken?: string;
  /** The platform's time in milliseconds since 1970; `Date.now` by default. */
  readonly clock?: () => number;
  /** What the corp is like whose conversations the interfaces serve. */
  readonly corp?: CorpOptions;
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
  readonly corpId: string;
  readonly agentId: number;
  readonly keyVersion: number;
  readonly timeout: number;
  readonly window: number;
  readonly maxBodyBytes: number;
  readonly debugToken: string | undefined;
  readonly clock: () => number;
  readonly corp: Required<CorpOptions>;
  readonly examples: boolean;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Fills in the defaults; throws SandboxError `ERR_SANDBOX_OPTION`. */
export function checkOptions(options: ZoneSandboxOptions): CheckedOptions {
  return {
    program: options.program === undefined ? undefined : programUrl(options.program),
    programId: text('programId', options.programId ?? 'program-1'),
    host: text('host', options.host ?? '127.0.0.1'),
    port: integer('port', options.port ?? 0, 0, 65_535),
    corpId: text('corpId', options.corpId ?? 'ww-sandbox'),
    agentId: integer('agentId', options.agentId ?? 1_000_002, 0, MAX_AGENT_ID),
    keyVersion: integer('keyVersion', options.keyVersion ?? 1, 1, MAX_KEY_VERSION),
    timeout: integer('timeout', options.timeout ?? 30_000, 1, MAX_TIMER_MS),
    window: integer('window', options.window ?? DEFAULT_WINDOW_SECONDS, 1, 86_400),
    maxBodyBytes: integer(
      'maxBodyBytes',
      options.maxBodyBytes ?? 64 * 1024 * 1024,
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    debugToken:
      options.debugToken === undefined ? undefined : text('debugToken', options.debugToken),
    clock: options.clock ?? Date.now,
    corp: checkCorpOptions(options.corp ?? {}),
    examples: boolean('examples', options.examples ?? false),
  };
}

function checkCorpOptions(options: CorpOptions): Required<CorpOptions> {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid('corp', 'an object');
  return {
    messages: integer('corp.messages', options.messages ?? 260, 0, 1_000_000),
  };
}

/** The address of a program; throws SandboxError `ERR_SANDBOX_OPTION`. */
export function programUrl(address: string | URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:') {
    throw invalid('program', 'an address such as http://127.0.0.1:8080');
  }
  return url;
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
  return new SandboxError('ERR_SANDBOX_OPTION', `The option ${name} must be ${expected}.`);
}
