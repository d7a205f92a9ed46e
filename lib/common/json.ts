/** Parses JSON; `undefined` for a string that is not JSON. The value is wrapped, because JSON can be `null`. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The `errcode` of a response text; 0 if it has none. */
export function errcodeOf(text: string): number {
  const value = parseJson(text)?.value;
  const { errcode } = (typeof value === 'object' ? (value ?? {}) : {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode : 0;
}
