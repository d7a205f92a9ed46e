import { styleText } from 'node:util';
import type { Writer } from './command';

/** The styles that {@link Style} has. */
export type StyleName = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Applies a style to a text, or returns it unchanged. */
export type Style = (name: StyleName, text: string) => string;

/** Colours only for a terminal, and neither if `NO_COLOR` is set (https://no-color.org) nor if the terminal is dumb. */
export function styleFor(writer: Writer, env: NodeJS.ProcessEnv): Style {
  const coloured = writer.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  // validateStream would check process.stdout and process.env, which are not those of the caller.
  return coloured
    ? (name, text) => styleText(name, text, { validateStream: false })
    : (_, text) => text;
}

/** Writes one JSON document, for `--json`. */
export function writeJson(writer: Writer, value: unknown): void {
  writer.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes a line. */
export function writeLine(writer: Writer, text = ''): void {
  writer.write(`${text}\n`);
}

/**
 * Formats rows as columns, two spaces apart. The last column is not padded, so it can hold long texts.
 *
 * @param style - applied to each cell; does not affect its width
 */
export function table(
  rows: readonly (readonly string[])[],
  style: (cell: string, column: number, row: readonly string[]) => string = (cell) => cell,
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        const last = column === row.length - 1;
        const padding = last ? 0 : (widths[column] ?? 0) - displayWidth(cell);
        return style(cell, column, row) + ' '.repeat(padding);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
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
