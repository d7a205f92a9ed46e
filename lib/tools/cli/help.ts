import type { Command } from './command';
import { table } from './output';

/** What `wework-spec --help` says. */
export function programHelp(commands: readonly Command[]): string {
  return `Usage: wework-spec <command> [options]

Commands:
${indent(table(commands.map(({ name, summary }) => [name, summary])))}
Options:
${indent(
  table([
    ['-h, --help', 'this text, or after a command its own'],
    ['-v, --version', 'the version of the package'],
  ]),
)}
wework-spec help <command> explains a command, with examples.
`;
}

/** What `wework-spec help <command>` says. */
export function commandHelp(command: Command): string {
  const { name, summary, positionals, description, options, examples } = command;
  const usage = ['wework-spec', name, '[options]', positionals].filter(Boolean).join(' ');
  const rows = Object.entries(options).map(([option, { short, value, description }]) => [
    `${short === undefined ? '    ' : `-${short}, `}--${option}${value === undefined ? '' : ` ${value}`}`,
    description,
  ]);
  rows.push(['-h, --help', 'this text']);
  const shown = examples.map(([line, purpose]) => `  # ${purpose}\n  ${line}\n`);
  return [
    `Usage: ${usage}\n\n${summary}\n`,
    description === undefined ? '' : `\n${description}\n`,
    `\nOptions:\n${indent(table(rows))}`,
    shown.length === 0 ? '' : `\nExamples:\n${shown.join('\n')}`,
  ].join('');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
