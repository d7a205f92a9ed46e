import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { packageVersion } from '../../binding/locate';
import { isSpecError } from '../../errors';
import { type Command, type Context, parseArgsWords, UsageError } from './command';
import { commands } from './commands';
import { commandHelp, programHelp } from './help';
import { writeJson, writeLine, writeText } from './output';
import { didYouMean } from './suggestion';

/** The process that runs a command. */
export type Surroundings = Omit<Context, 'values' | 'positionals' | 'isTTY'>;

/**
 * Runs `wework-spec` with its arguments and returns the exit code: 0 success, 1 failure, 2 invalid command line, 129, 130 or 143 if
 * a waiting command is interrupted by SIGHUP, SIGINT or SIGTERM. A failure is printed as one message on stderr, and with `--json` as
 * `{ error: { code, message } }` on stdout, too; only unexpected errors are printed with their stack.
 */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(args, around);
  } catch (error) {
    // The reason of Context.interrupted(): the command did what the user wanted, and ends as the signal would have ended it.
    if (isInterruption(error)) return 128 + constants.signals[error];
    const { code, message, text } = failureOf(error);
    if (args.includes('--json')) writeJson(around.stdout, { error: { code, message } });
    writeLine(around.stderr, `wework-spec: ${text}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function isInterruption(error: unknown): error is NodeJS.Signals {
  return typeof error === 'string' && error in constants.signals;
}

/** An error as `--json` shows it, and as a text. */
function failureOf(error: unknown): { code: string; message: string; text: string } {
  if (!(error instanceof Error)) {
    return { code: 'ERR_UNEXPECTED', message: String(error), text: String(error) };
  }
  const { message } = error;
  if (error instanceof UsageError) return { code: 'ERR_USAGE', message, text: message };
  const code = 'code' in error ? String(error.code) : 'ERR_UNEXPECTED';
  if (isSpecError(error) || code.startsWith('ERR_SANDBOX_')) {
    return { code, message, text: `${code}: ${message}` };
  }
  return { code, message, text: 'syscall' in error ? message : String(error.stack) };
}

async function dispatch(args: readonly string[], around: Surroundings): Promise<number> {
  const { stdout, stderr } = around;
  const [first, ...rest] = args;
  if (first === undefined) {
    writeText(stderr, programHelp(commands));
    return 2;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    writeText(stdout, programHelp(commands));
    return 0;
  }
  if (first === '--version' || first === '-v') {
    writeLine(stdout, packageVersion());
    return 0;
  }
  if (first === 'help') {
    writeText(stdout, commandHelp(find(rest[0] as string)));
    return 0;
  }
  if (first.startsWith('-')) {
    throw new UsageError(`unknown option ${first}; see wework-spec --help`);
  }
  const command = find(first);
  const { values, positionals } = parse(command, rest);
  if (values.help) {
    writeText(stdout, commandHelp(command));
    return 0;
  }
  return command.run({
    ...around,
    values: values as Context['values'],
    positionals,
    isTTY: stdout.isTTY === true,
  });
}

function find(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const similar = didYouMean(
      name,
      commands.map((known) => known.name),
    );
    throw new UsageError(`unknown command "${name}"; see wework-spec --help${dot(similar)}`);
  }
  return command;
}

function parse(command: Command, args: string[]) {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({
      args: withNegativeNumbers(args, command),
      allowPositionals: command.positionals !== undefined,
      options,
    });
    return { values, positionals: positionals.map((text) => text.replace(NUL, '')) };
  } catch (error) {
    const words = parseArgsWords(error);
    const [, unknown] = /^Unknown option '--([\w-]+)'/.exec(words) ?? [];
    const similar = unknown === undefined ? '' : didYouMean(unknown, Object.keys(options));
    throw new UsageError(
      `${command.name}: ${words}; see wework-spec help ${command.name}${dot(similar)}`,
    );
  }
}

// No argument of a process contains this character.
const NUL = '\0';

/**
 * Joins `--errcode -1` to `--errcode=-1`, and marks the number in `advance -1d` with {@link NUL}, because parseArgs takes the numbers for
 * options.
 */
function withNegativeNumbers(args: readonly string[], { options, positionals }: Command): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? '';
    const takesValue = last.startsWith('--') && options[last.slice(2)]?.type === 'string';
    if (!/^-\d/.test(arg)) joined.push(arg);
    else if (takesValue) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(positionals === undefined ? arg : NUL + arg);
  }
  return joined;
}

/** A sentence after a message that does not end with a period. */
function dot(sentence: string): string {
  return sentence === '' ? '' : `.${sentence}`;
}
