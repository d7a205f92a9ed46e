import { parseJson } from '../../common/json';
import { UsageError } from './command';
import { didYouMean } from './suggestion';

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

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a duration such as `10m` or `-2h`; `undefined` for any other text. @returns milliseconds */
export function durationOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(-?\d{1,9})([smhd])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 0);
}

/** Parses a time such as `2026-01-31T12:00`. Throws {@link UsageError}. @returns milliseconds since 1970 */
export function timeArgument(option: string, text: string, alternatives = 'a time'): number {
  const moment = new Date(text).getTime();
  if (!Number.isNaN(moment)) return moment;
  throw new UsageError(`${option} must be ${alternatives} such as 2026-01-31T12:00`);
}

/** Parses `name=value,…`, or a JSON object. Throws {@link UsageError}. @param known - the possible names */
export function assignmentsArgument(
  option: string,
  text: string,
  known: readonly string[],
): Record<string, unknown> {
  const values = text.startsWith('{') ? parseJson(text)?.value : assignments(text);
  if (typeof values !== 'object' || values === null) {
    throw new UsageError(`${option} must be like ${known[0]}=10,${known[1]}=20`);
  }
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const list = known.join(', ');
    throw new UsageError(
      `${option}: unknown name "${name}"; known: ${list}.${didYouMean(name, known)}`,
    );
  }
  return { ...values };
}

function assignments(text: string): Record<string, unknown> | undefined {
  const pairs = text
    .split(',')
    .map((pair) => /^\s*(\w+)=(true|false|\d+(?:\.\d+)?)\s*$/.exec(pair));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => [pair?.[1], JSON.parse(pair?.[2] ?? 'null') as unknown]),
  );
}
