/** What the command line asks of every bench. */
export interface Options {
  readonly rounds: number;
  /** Fewer requests: for trying a change, not for publishing. */
  readonly quick: boolean;
  /** A folder for files of the run, removed at its end. */
  readonly folder: string;
  /** Prints a line about the progress. */
  progress(line: string): void;
}

/** A figure that may have a bar. */
export interface Figure {
  /** Unique in the bench; `bars.json` names it as `bench/name`. */
  readonly name: string;
  /** One value for each round. */
  readonly values: readonly number[];
  /** Empty for a ratio. */
  readonly unit: string;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Outcome {
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  /** What could not be measured here, and why. */
  readonly skipped?: readonly string[];
  /** Figures with one of these prefixes were skipped, so that their bars do not count as missed. */
  readonly skippedFigures?: readonly RegExp[];
}

export type Run = (options: Options) => Promise<Outcome>;
