#!/usr/bin/env node
/**
 * `npm create wework-program`: `wework-spec init` as a command of its own. The package create-wework-program has this file and what it
 * imports (scripts/build-create.mjs).
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { CreateError } from '../create/create-error';
import { parseArgsWords } from './command';
import { type InitContext, init, initialise } from './commands/init';
import { commandHelp } from './help';
import { writeLine, writeText } from './output';

async function run(args: string[]): Promise<number> {
  const { stdout, stderr, stdin, env } = process;
  try {
    const { values, positionals } = parsed(args);
    if (values.help) {
      const help = commandHelp(init).replaceAll('wework-spec init', 'npm create wework-program --');
      writeText(stdout, help);
      return 0;
    }
    return await initialise({
      values: values as InitContext['values'],
      ...{ positionals, stdout, stderr, stdin, env },
      cwd: process.cwd(),
      isTTY: stdout.isTTY === true,
      interrupted: () => new AbortController().signal,
    });
  } catch (error) {
    const { message, stack } = error as Error;
    const isExpected = error instanceof CreateError || 'syscall' in (error as Error);
    writeLine(stderr, `create-wework-program: ${isExpected ? message : stack}`);
    return error instanceof CreateError && error.kind === 'usage' ? 2 : 1;
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...init.options, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new CreateError('usage', `${parseArgsWords(error)}; --help lists the options`);
  }
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
