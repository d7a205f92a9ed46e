import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { packageVersion } from '../../binding/locate';
import { isSpecError } from '../../errors';
import { type Command, type Context, UsageError } from './command';
import { commands } from './commands';
import { commandHelp, programHelp } from './help';
import { writeLine, writeText } from './output';

/** The process that runs a command. */
export type Surroundings = Omit<Context, 'values' | 'positionals' | 'isTTY'>;

/**
 * Runs `wework-spec` with its arguments and returns the exit code: 0 success, 1 failure, 2 invalid command line, 130 or 143 if a
 * waiting command is interrupted by SIGINT or SIGTERM. A failure is printed as one message on stderr; only unexpected errors are
 * printed with their stack.
 */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(args, around);
  } catch (error) {
    // The reason of Context.interrupted(): the command did what the user wanted, and ends as the signal would have ended it.
    if (error === 'SIGINT' || error === 'SIGTERM') return 128 + constants.signals[error];
    if (error instanceof UsageError) {
      writeLine(around.stderr, `wework-spec: ${error.message}`);
      return 2;
    }
    const coded = error instanceof Error && 'code' in error;
    if (isSpecError(error) || (coded && String(error.code).startsWith('ERR_SANDBOX_'))) {
      const { code, message } = error as Error & { code: string };
      writeLine(around.stderr, `wework-spec: ${code}: ${message}`);
    } else if (error instanceof Error && 'syscall' in error) {
      writeLine(around.stderr, `wework-spec: ${error.message}`);
    } else {
      writeLine(around.stderr, `wework-spec: ${error instanceof Error ? error.stack : error}`);
    }
    return 1;
  }
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
    throw new UsageError(`unknown command "${name}"; see wework-spec --help`);
  }
  return command;
}

function parse(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: command.positionals !== undefined,
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    const words = (error as Error).message.split(/\. |\n/)[0];
    throw new UsageError(`${command.name}: ${words}; see wework-spec help ${command.name}`);
  }
}
