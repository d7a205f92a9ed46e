import { UsageError } from './command';

/** Checks a URL of an option. Throws {@link UsageError}, which does not repeat it: it may contain a password. */
export function urlArgument(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new UsageError(`${option} must be a URL such as http://127.0.0.1:8080`);
}

/** Parses an integer of an option. Throws {@link UsageError}. */
export function integerArgument(option: string, text: string, min: number, max: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} must be an integer from ${min} to ${max}`);
}
