import { printable } from '../../../common/text';

const LINES = 20;
const LONGEST_LINE = 500;
const KEPT = LINES * LONGEST_LINE;

/** The last lines that a program has written before it listens. */
export class LastLines {
  readonly #texts = { stdout: '', stderr: '' };
  #isClosed = false;

  /** Adds a piece of what it writes. */
  add(stream: 'stdout' | 'stderr', text: string): void {
    if (!this.#isClosed) this.#texts[stream] = (this.#texts[stream] + text).slice(-KEPT);
  }

  /** Stops collecting, once the program listens. */
  close(): void {
    this.#isClosed = true;
    this.#texts.stdout = this.#texts.stderr = '';
  }

  /** A sentence for an error message, with the lines; the standard error comes last, because it has the exception. */
  get text(): string {
    const { stdout, stderr } = this.#texts;
    const lines = [stdout, stderr]
      .flatMap((text) => text.split(/\r?\n/))
      .filter((line) => /\S/.test(line));
    if (lines.length === 0) return 'It has written nothing.';
    const shown = lines
      .slice(-LINES)
      .map((line) => `  ${printable(line.slice(0, LONGEST_LINE))}\n`);
    return `Its last lines:\n${shown.join('')}`;
  }
}
