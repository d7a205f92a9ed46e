import { styleText } from 'node:util';
import { printable } from '../../common/text';
import type { Writer } from './command';

/** The styles that {@link Style} has. */
export type StyleName = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Text that is safe to print: control characters from outside are escaped, so that only styles contain any. */
export class TerminalText {
  constructor(readonly text: string) {}
}

/** Text to print: a string may hold anything, also what a program or the platform has sent. */
export type Printed = string | TerminalText;

/** Applies a style to a text, or returns it without. */
export type Style = (name: StyleName, text: string) => TerminalText;

/** Colours only for a terminal, and neither if `NO_COLOR` is set (https://no-color.org) nor if the terminal is dumb. */
export function styleFor(writer: Writer, env: NodeJS.ProcessEnv): Style {
  const coloured = writer.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  // validateStream would check process.stdout and process.env, which are not those of the caller.
  return (name, text) =>
    new TerminalText(
      coloured ? styleText(name, printable(text), { validateStream: false }) : printable(text),
    );
}

/** Writes texts one after the other. Everything that a command prints goes through here, so that no foreign text controls the terminal. */
export function writeText(writer: Writer, ...parts: readonly Printed[]): void {
  writer.write(parts.map(textOf).join(''));
}

/** A time for people, as `2026-01-31 12:00:00` of this machine. @param time - milliseconds since 1970 */
export function localTime(time: number | Date): string {
  return new Date(time).toLocaleString('sv');
}

/** A text in single quotes, for bash and zsh. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Writes texts as a line. */
export function writeLine(writer: Writer, ...parts: readonly Printed[]): void {
  writeText(writer, ...parts, '\n');
}

/** Writes one JSON document, for `--json`. @param indent - 0: one line */
export function writeJson(writer: Writer, value: unknown, indent = 2): void {
  writeLine(writer, JSON.stringify(value, undefined, indent));
}

function textOf(part: Printed): string {
  return typeof part === 'string' ? printable(part) : part.text;
}

/**
 * Formats rows as columns, two spaces apart. The last column is not padded, so it can hold long texts.
 *
 * @param style - applied to each cell; does not affect its width
 */
export function table(
  contents: readonly (readonly string[])[],
  style: (cell: string, column: number, row: readonly string[]) => Printed = (cell) => cell,
): TerminalText {
  // A line feed in a cell would look like another row.
  const rows = contents.map((row) =>
    row.map((cell) => printable(cell).replaceAll('\n', '\\u000a')),
  );
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const last = column === row.length - 1;
      const padding = last ? 0 : (widths[column] ?? 0) - displayWidth(cell);
      return textOf(style(cell, column, row)) + ' '.repeat(padding);
    });
    return `${cells.join('  ').trimEnd()}\n`;
  });
  return new TerminalText(lines.join(''));
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Width of a text in terminal columns: Chinese characters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d/u.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}
