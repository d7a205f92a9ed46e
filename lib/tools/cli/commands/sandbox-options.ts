import { ControlClient } from '../../../sandbox/control/control-client';
import { integerArgument, urlArgument } from '../arguments';
import { type Context, type Option, UsageError } from '../command';

/** Options of the commands that connect to a running sandbox. */
export const sandboxOptions = {
  url: {
    type: 'string',
    value: 'URL',
    description:
      'sandbox to connect to, with the token in $WEWORK_SPEC_SANDBOX_TOKEN if it is not yours (default: the one of this folder)',
  },
  json: { type: 'boolean', description: 'print JSON' },
} as const satisfies Readonly<Record<string, Option>>;

/** The option `--limit` of commands that list something. */
export function limitOption(what: string) {
  return {
    limit: { type: 'string', value: 'N', description: `at most N, ${what} (default: 100)` },
  } as const satisfies Readonly<Record<string, Option>>;
}

/** Parses {@link limitOption}. Throws {@link UsageError}. */
export function limitArgument(command: string, limit: string | undefined): { limit?: number } {
  if (limit === undefined) return {};
  return { limit: integerArgument(`${command}: --limit`, limit, 1, 1_000_000) };
}

/** Client of the sandbox that a command connects to. Throws {@link UsageError} for an invalid `--url`. */
export async function sandboxOf({
  values,
  env,
  cwd,
}: {
  readonly values: { readonly url?: string };
  readonly env: Context['env'];
  readonly cwd: string;
}): Promise<ControlClient> {
  const url = values.url === undefined ? undefined : urlArgument('--url', values.url);
  return ControlClient.find(url?.replace(/\/+$/, ''), { env, cwd });
}

/** Parses a JSON argument; `-` reads it from stdin. Throws {@link UsageError}. */
export async function jsonArgument(
  text: string,
  what: string,
  stdin: NodeJS.ReadableStream,
): Promise<unknown> {
  let json = text;
  if (text === '-') {
    json = '';
    for await (const chunk of stdin) json += chunk.toString();
  }
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError(
      `${what} must be JSON, for example '{"days":3}'; check the quotes for your shell`,
    );
  }
}
