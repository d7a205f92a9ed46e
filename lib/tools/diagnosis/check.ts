/** Result of a check; `warn`: works, but may be unintended. */
export type Status = 'ok' | 'warn' | 'fail';

/** A check and its result. */
export interface Check {
  readonly name: string;
  readonly status: Status;
  /** What was found. Never a key or a token. */
  readonly finding: string;
  /** What to do; present with `warn` and `fail`. */
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
