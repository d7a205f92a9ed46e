/** How a check came out: `warn` is what works, but may not be what is wanted. */
export type Status = 'ok' | 'warn' | 'fail';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: Status;
  /** What was found. Never a key or a token. */
  readonly finding: string;
  /** What to do; with `warn` and `fail`. */
  readonly fix?: string;
}

export const ok = (name: string, finding: string): Check => ({ name, status: 'ok', finding });

export const warn = (name: string, finding: string, fix: string): Check => ({
  name,
  status: 'warn',
  finding,
  fix,
});

export const fail = (name: string, finding: string, fix: string): Check => ({
  name,
  status: 'fail',
  finding,
  fix,
});
