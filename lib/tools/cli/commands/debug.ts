import { exec } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { packageRoot } from '../../../binding/locate';
import { directRequest, isLoopback } from '../../../common/direct-request';
import { later } from '../../../common/timers';
import { type InvokeTrace, invokeChannel } from '../../../sdk/channels';
import { SpecOpenDebugMode } from '../../../sdk/debug-mode';
import { urlArgument } from '../arguments';
import { type Context, defineCommand, UsageError } from '../command';
import { writeLine } from '../output';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Validity of the tokens: 3 days according to the debug guide, and two hours as for all access tokens of the platform. */
const lifetime = { debugToken: 72 * HOUR, accessToken: 2 * HOUR } as const;

/** Refreshed this long before expiry, or at half the lifetime if that is later. */
const EARLY = 5 * MINUTE;

/** Minimum time between two attempts to open debug mode. */
const PAUSE = MINUTE;

/** Return code of the SDK when the access token may have expired (the table of P100052). */
const RET_KEY_VERSION = -10008;

const LONGEST_COMMAND_MS = 30 * SECOND;

/** What a source says beyond this is taken for this. */
const LONGEST_LIFETIME = 365 * 24 * HOUR;

/** An access token and its lifetime in milliseconds. */
interface AccessToken {
  readonly token: string;
  readonly lifetime: number;
}

type TokenSource = () => Promise<AccessToken>;

/** Runs a program in debug mode, and keeps debug mode open. */
export const debug = defineCommand({
  name: 'debug',
  summary: 'run a program in debug mode, on your own server',
  description: `Opens debug mode in the SDK and starts the program in the same process. Tokens come from the environment, because the list of
processes shows command lines: WEWORK_SPEC_DEBUG_TOKEN from the program's page (valid for 3 days), and WEWORK_SPEC_ACCESS_TOKEN, the
application's (valid for 2 hours), unless a command or URL provides it. The application must also call open_debug_mode, and the URL on
the program's page must point to this server.`,
  options: {
    program: { type: 'string', value: 'FILE', description: 'JavaScript file of the program' },
    'access-token-command': {
      type: 'string',
      value: 'COMMAND',
      description:
        'command that prints an access token or the JSON of gettoken; run again before the token expires',
    },
    'access-token-url': {
      type: 'string',
      value: 'URL',
      description: 'URL that returns the same; requested again before the token expires',
    },
  },
  examples: [
    ['wework-spec debug --program dist/app.js', 'with both tokens in the environment'],
    [
      "wework-spec debug --program dist/app.js --access-token-command './token.sh'",
      'for sessions of more than two hours',
    ],
  ],
  async run(context) {
    const { values, env, cwd, stdout, stderr } = context;
    const file = programFile(values.program, cwd);
    const debugToken = env.WEWORK_SPEC_DEBUG_TOKEN;
    if (!debugToken) {
      throw new UsageError(
        "debug: WEWORK_SPEC_DEBUG_TOKEN is not set; get the token from the program's page on the admin site",
      );
    }
    const source = tokenSource(context);
    const session = new DebugSession(debugToken, source, {
      say: (text) => writeLine(stdout, text),
      warn: (text) => writeLine(stderr, `wework-spec: ${text}`),
    });
    warnOfAnotherCopy(file, (text) => writeLine(stderr, `wework-spec: ${text}`));
    const refusal =
      'the platform refused debug mode; check both tokens, and that debug mode is allowed for the application';
    const complaint = await session.open().then(
      (isOpen) => (isOpen ? undefined : refusal),
      (error: unknown) => {
        if (error instanceof TokenError) return error.message;
        throw error;
      },
    );
    if (complaint !== undefined) {
      writeLine(stderr, `wework-spec: ${complaint}`);
      return 1;
    }
    writeLine(
      stdout,
      'Debug mode is open in the SDK. The application must also call open_debug_mode.',
    );
    session.keepOpen();
    await import(pathToFileURL(file).href);
    writeLine(stdout, `${values.program} is running`);
    // The program keeps the process alive and handles its signals.
    return 0;
  },
});

function programFile(program: string | undefined, cwd: string): string {
  if (program === undefined) throw new UsageError('debug: --program is missing');
  const file = resolve(cwd, program);
  if (!existsSync(file)) throw new UsageError(`debug: there is no file ${file}`);
  return file;
}

/** Debug mode is a state of the loaded SDK library, and a program with its own copy of the package loads another one. */
function warnOfAnotherCopy(program: string, warn: (text: string) => void): void {
  let used: string;
  try {
    used = dirname(createRequire(program).resolve('wework-spec-sdk/package.json'));
  } catch {
    return;
  }
  if (used === packageRoot) return;
  warn(
    `the program uses the copy of wework-spec-sdk in ${used}, but this command belongs to ${packageRoot}; debug mode does not ` +
      'apply to the program. Run the command of the same copy: npx wework-spec debug …',
  );
}

function tokenSource({ values, env, cwd }: Context): TokenSource | AccessToken {
  const command = values['access-token-command'] as string | undefined;
  const url = values['access-token-url'] as string | undefined;
  if (command !== undefined && url !== undefined) {
    throw new UsageError(
      'debug: --access-token-command and --access-token-url cannot be used together',
    );
  }
  if (command !== undefined) {
    return async () => {
      const { stdout } = await promisify(exec)(command, {
        cwd,
        env,
        timeout: LONGEST_COMMAND_MS,
      }).catch((error: { code?: unknown; killed?: boolean }) => {
        // The error's message contains the command line, and the output may be a token.
        const how = error.killed ? 'took too long' : `ended with code ${error.code}`;
        throw new TokenError(`the command for the access token ${how}`);
      });
      return accessToken(stdout, 'the command');
    };
  }
  if (url !== undefined) {
    urlArgument('debug: --access-token-url', url);
    return async () => {
      const { status, body } = await download(url).catch(() => {
        throw new TokenError('the server for the access token cannot be reached');
      });
      if (status < 200 || status > 299) {
        throw new TokenError(`the server for the access token responded with status ${status}`);
      }
      return accessToken(body, 'the server');
    };
  }
  const token = env.WEWORK_SPEC_ACCESS_TOKEN;
  if (!token) {
    throw new UsageError(
      'debug: WEWORK_SPEC_ACCESS_TOKEN is not set; set it, or use --access-token-command or --access-token-url',
    );
  }
  return { token, lifetime: lifetime.accessToken };
}

/** A server on this machine is asked without a proxy; for others, the environment may ask for one. */
async function download(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const signal = AbortSignal.timeout(LONGEST_COMMAND_MS);
  if (isLoopback(url)) return directRequest(url, { method: 'GET', signal });
  const response = await fetch(url, { signal });
  return { status: response.status, body: await response.text() };
}

/** No access token is available. The message contains no output of the source, which may be a token. */
class TokenError extends Error {}

/** Parses a plain token, or the JSON of the platform's gettoken. */
function accessToken(text: string, giver: string): AccessToken {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) {
    if (/^\S+$/.test(trimmed)) return { token: trimmed, lifetime: lifetime.accessToken };
    throw new TokenError(`${giver} for the access token returned none`);
  }
  let response: { access_token?: unknown; expires_in?: unknown };
  try {
    response = JSON.parse(trimmed);
  } catch {
    throw new TokenError(`${giver} for the access token returned invalid JSON`);
  }
  const { access_token: token, expires_in: seconds } = response;
  if (typeof token !== 'string' || token === '') {
    throw new TokenError(`${giver} for the access token returned JSON without access_token`);
  }
  const isGiven = typeof seconds === 'number' && seconds > 0;
  if (!isGiven) return { token, lifetime: lifetime.accessToken };
  return { token, lifetime: Math.min(Math.max(seconds * SECOND, SECOND), LONGEST_LIFETIME) };
}

interface Words {
  say(text: string): void;
  warn(text: string): void;
}

/** Opens debug mode, and reopens it with a new access token before the old one expires, if the source provides new ones. */
class DebugSession {
  readonly #debugToken: string;
  readonly #source: TokenSource | AccessToken;
  readonly #words: Words;
  #accessLifetime: number = lifetime.accessToken;
  #openedAt = 0;
  #triedAt = 0;
  #isOpening = false;
  /** Timers of the current access token. */
  #timers: (() => void)[] = [];

  constructor(debugToken: string, source: TokenSource | AccessToken, words: Words) {
    this.#debugToken = debugToken;
    this.#source = source;
    this.#words = words;
  }

  async open(): Promise<boolean> {
    this.#triedAt = Date.now();
    const { token, lifetime: time } =
      typeof this.#source === 'function' ? await this.#source() : this.#source;
    if (!(await SpecOpenDebugMode(this.#debugToken, token))) return false;
    this.#accessLifetime = time;
    this.#openedAt = Date.now();
    return true;
  }

  /** Starts the timers. They do not keep the process alive; the program decides how long it runs. */
  keepOpen(): void {
    const { say, warn } = this.#words;
    say(`The debug token expires ${at(Date.now() + lifetime.debugToken)} at the latest.`);
    later(lifetime.debugToken - HOUR, () => {
      warn("the debug token expires within an hour; get a new one from the program's page");
    });
    later(lifetime.debugToken, () => {
      warn('the debug token has expired; restart with a new WEWORK_SPEC_DEBUG_TOKEN');
    });
    this.#afterOpening();
    subscribe(invokeChannel.asyncEnd.name, (message) => {
      if ((message as InvokeTrace).ret === RET_KEY_VERSION) this.#lapsed();
    });
  }

  #afterOpening(): void {
    const { say, warn } = this.#words;
    for (const cancel of this.#timers) cancel();
    const end = this.#openedAt + this.#accessLifetime;
    const early = Math.min(EARLY, this.#accessLifetime / 2);
    if (typeof this.#source === 'function') {
      say(`The access token expires ${at(end)}; a new one is fetched before.`);
      this.#timers = [later(this.#accessLifetime - early, () => void this.#reopen())];
      return;
    }
    say(`The access token expires ${at(end)} at the latest.`);
    this.#timers = [
      later(this.#accessLifetime - early, () => {
        warn(
          `the access token expires ${at(end)} at the latest; restart with a new WEWORK_SPEC_ACCESS_TOKEN, or with ` +
            '--access-token-command or --access-token-url to renew it automatically',
        );
      }),
      later(this.#accessLifetime, () => warn('the access token has expired')),
    ];
  }

  /** A call returned the code of an expired access token, earlier than expected. */
  #lapsed(): void {
    if (Date.now() - this.#triedAt < PAUSE) return;
    if (typeof this.#source === 'function') {
      void this.#reopen();
      return;
    }
    this.#triedAt = Date.now();
    this.#words.warn(`a call returned ${RET_KEY_VERSION}: the access token may have expired`);
  }

  async #reopen(): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    let why = 'the platform refused it';
    const isOpen = await this.open().catch((error: Error) => {
      why = error.message;
      return false;
    });
    this.#isOpening = false;
    if (isOpen) {
      this.#words.say('Debug mode was reopened with a new access token.');
      this.#afterOpening();
      return;
    }
    this.#words.warn(`debug mode could not be reopened: ${why}; next attempt in a minute`);
    this.#timers = [later(PAUSE, () => void this.#reopen())];
  }
}

function at(time: number): string {
  return `at ${new Date(time).toLocaleString('sv-SE')}`;
}
