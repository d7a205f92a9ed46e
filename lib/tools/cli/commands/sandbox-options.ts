import { ControlClient } from '../../../sandbox/control/control-client';
import { type Context, type Option, UsageError } from '../command';

/** Options of the commands that connect to a running sandbox. */
export const sandboxOptions = {
  url: {
    type: 'string',
    value: 'URL',
    description:
      'sandbox to connect to; requires $WEWORK_SPEC_SANDBOX_TOKEN (default: the one started last)',
  },
  json: { type: 'boolean', description: 'print JSON' },
} as const satisfies Readonly<Record<string, Option>>;

/** Client of the sandbox that a command connects to. */
export function sandboxOf({
  values,
  env,
}: {
  readonly values: { readonly url?: string };
  readonly env: Context['env'];
}): ControlClient {
  return ControlClient.find(values.url, env);
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
