/** Parses JSON; `undefined` for a string that is not JSON. The value is wrapped, because JSON can be `null`. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
