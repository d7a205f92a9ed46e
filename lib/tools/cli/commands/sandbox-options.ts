import { ControlClient } from '../../../sandbox/control/control-client';
import { type Context, type Option, UsageError } from '../command';

/** Options of the commands that talk to a running sandbox. */
export const sandboxOptions = {
  url: {
    type: 'string',
    value: 'URL',
    description:
      'the sandbox to talk to, with $WEWORK_SPEC_SANDBOX_TOKEN; default: the last one started',
  },
  json: { type: 'boolean', description: 'print JSON, for scripts' },
} as const satisfies Readonly<Record<string, Option>>;

/** The sandbox that a command is for. */
export function sandboxOf({
  values,
  env,
}: {
  readonly values: { readonly url?: string };
  readonly env: Context['env'];
}): ControlClient {
  return ControlClient.find(values.url, env);
}

/** JSON that was given on the command line; `-` reads the standard input. */
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
    throw new UsageError(`${what} must be JSON, such as '{"days":3}'; quote it for your shell`);
  }
}
