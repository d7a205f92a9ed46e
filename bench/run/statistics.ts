/** What the rounds of one figure came to. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** Median (the mean of the two middle values of an even number), smallest and largest value. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new Error(`no figure can be made of the values [${values.join(', ')}]`);
  }
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1), rounds: sorted.length };
}

export function median(values: readonly number[]): number {
  return summarize(values).median;
}

/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.max(0, Math.ceil(sorted.length * share) - 1);
  const value = sorted[index];
  if (value === undefined) throw new Error('a quantile needs at least one value');
  return value;
}

/** The ratio of each round. Values of one round were measured close together, so that a slow minute affects both. */
export function ratios(values: readonly number[], of: readonly number[]): number[] {
  if (values.length !== of.length) throw new Error('both sides need a value for each round');
  return values.map((value, round) => value / (of[round] as number));
}
