import { cpus, loadavg } from 'node:os';
import type { Figure, Outcome, Table } from './bench';
import { type Summary, summarize } from './statistics';

/** What a figure must reach. */
export interface Bar {
  readonly atMost?: number;
  readonly atLeast?: number;
  /** The figure of an earlier build, which must not be exceeded by more than the tolerance. */
  readonly baseline?: number;
  readonly tolerance?: number;
  /** The {@link machineName} of the baseline. On another one the library takes other paths, and nothing is compared. */
  readonly on?: string;
}

/** What instruction counts depend on. */
export const machineName = `${cpus()[0]?.model.trim() ?? process.arch}, Node.js ${process.version}`;

/** Bars by `bench/figure`. */
export type Bars = Readonly<Record<string, Bar>>;

export interface Judged extends Summary {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly bar?: Bar;
  /** By how much the median misses the bar, in percent of it. */
  readonly missedBy?: number;
}

export interface Report {
  readonly figures: readonly Judged[];
  /** Bars of benches that ran, without a figure. */
  readonly unmeasured: readonly string[];
}

/** Compares the medians of a bench with its bars. */
export function judge(bench: string, outcome: Outcome, bars: Bars): Report {
  const figures = outcome.figures.map((figure) => judgeFigure(bench, figure, bars));
  const measured = new Set(figures.map(({ name }) => name));
  const isSkipped = (name: string) => outcome.skippedFigures?.some((figure) => figure.test(name));
  const unmeasured = Object.keys(bars).filter(
    (name) => name.startsWith(`${bench}/`) && !measured.has(name) && !isSkipped(name),
  );
  return { figures, unmeasured };
}

function judgeFigure(bench: string, figure: Figure, bars: Bars): Judged {
  const name = `${bench}/${figure.name}`;
  const summary = summarize(figure.values);
  const { unit, values } = figure;
  const bar = bars[name];
  if (bar === undefined) return { name, unit, values, ...summary };
  const missedBy = isComparable(bar) ? missed(summary.median, bar) : undefined;
  return { name, unit, values, ...summary, bar, ...(missedBy === undefined ? {} : { missedBy }) };
}

export function isComparable({ on }: Bar): boolean {
  return on === undefined || on === machineName;
}

function missed(value: number, bar: Bar): number | undefined {
  const { atMost, atLeast } = limits(bar);
  if (atMost !== undefined && value > atMost) return ((value - atMost) / atMost) * 100;
  if (atLeast !== undefined && value < atLeast) return ((atLeast - value) / atLeast) * 100;
  return undefined;
}

function limits({ atMost, atLeast, baseline, tolerance = 0 }: Bar) {
  return { atMost: baseline === undefined ? atMost : baseline * (1 + tolerance), atLeast };
}

/** Bars whose baselines are the figures of this run. */
export function withNewBaselines(bars: Bars, figures: readonly Judged[]): Bars {
  const changed = figures
    .filter(({ bar }) => bar?.baseline !== undefined)
    .map(({ name, bar, median }) => {
      const on = bar?.on === undefined ? {} : { on: machineName };
      return [name, { ...bar, baseline: Math.round(median), ...on }];
    });
  return { ...bars, ...Object.fromEntries(changed) };
}

export function printTable({ title, columns, rows }: Table): void {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))),
  );
  console.log(`\n${title}\n`);
  for (const line of lines) {
    const cells = line.map((text, column) => {
      const space = ' '.repeat((widths[column] as number) - displayWidth(text));
      return column === 0 ? text + space : space + text;
    });
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

function displayWidth(text: string): number {
  return [...text].length;
}

/** The figures with their spread, those with a bar first. */
export function printFigures(figures: readonly Judged[]): void {
  const sorted = [...figures].sort((a, b) => Number(!a.bar) - Number(!b.bar));
  printTable({
    title: 'figures: median, smallest and largest value of the rounds, and the bar',
    columns: ['figure', 'median', 'min', 'max', 'rounds', 'bar', ''],
    rows: sorted.map(({ name, unit, median, min, max, rounds, bar, missedBy }) => [
      name,
      withUnit(median, unit),
      withUnit(min, unit),
      withUnit(max, unit),
      String(rounds),
      bar ? barText(bar, unit) : '',
      bar ? (missedBy === undefined ? 'ok' : 'MISSED') : '',
    ]),
  });
}

export function withUnit(value: number, unit: string): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

export function barText(bar: Bar, unit: string): string {
  const { atMost, atLeast } = limits(bar);
  const parts = [
    ...(atMost === undefined ? [] : [`≤ ${shown(atMost)}`]),
    ...(atLeast === undefined ? [] : [`≥ ${shown(atLeast)}`]),
  ];
  return `${parts.join(', ')}${unit === '' ? '' : ` ${unit}`}`;
}

function shown(limit: number): string {
  return String(limit < 1000 ? limit : Math.round(limit));
}

/** What the figures depend on. The load shows whether other programs were running. */
export function machine() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    node: process.version,
    load: loadavg().map((value) => Number(value.toFixed(2))),
  };
}
