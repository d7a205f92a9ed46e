import { inspect } from 'node:util';

/** Gives an object a form for `console.log` and `util.inspect`; its members, equality and JSON stay the same. */
export function withInspection<T extends object>(value: T, form: (value: T) => unknown): T {
  return Object.defineProperty(value, inspect.custom, {
    value: (_depth: number, options: object, inspectValue: typeof inspect = inspect) =>
      inspectValue(form(value), options),
    enumerable: false,
    configurable: true,
  });
}

/** Milliseconds for people: at most one decimal. */
export function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
