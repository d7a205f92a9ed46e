import type { Command } from './command';
import { table } from './output';

/** The text of `wework-spec --help`. */
export function programHelp(commands: readonly Command[]): string {
  return `Usage: wework-spec <command> [options]

Commands:
${indent(table(commands.map(({ name, summary }) => [name, summary])).text)}
Options:
${indent(
  table([
    ['-h, --help', 'show help; after a command, the help of that command'],
    ['-v, --version', 'show the version of this package'],
  ]).text,
)}
See 'wework-spec help <command>' for the options and examples of a command.
`;
}

/** The text of `wework-spec help <command>`. */
export function commandHelp(command: Command): string {
  const { name, summary, positionals, description, options, examples } = command;
  const usage = ['wework-spec', name, '[options]', positionals].filter(Boolean).join(' ');
  const rows = Object.entries(options).map(([option, { short, value, description }]) => [
    `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`,
    description,
  ]);
  rows.push(['-h, --help', 'show this help']);
  const shown = examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}\n`);
  return [
    `Usage: ${usage}\n\n${summary}\n`,
    description === undefined ? '' : `\n${description}\n`,
    `\nOptions:\n${indent(table(rows).text)}`,
    shown.length === 0 ? '' : `\nExamples:\n${shown.join('\n')}`,
  ].join('');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
