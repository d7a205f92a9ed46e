/** Parses JSON; `undefined` for a string that is not JSON. The value is wrapped, because JSON can be `null`. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** @returns undefined if the text is not JSON, or not that of an object or array */
export function parseObject(text: string): object | undefined {
  const value = parseJson(text)?.value;
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** The `errcode` of a response text; 0 if it has none. */
export function errcodeOf(text: string): number {
  const { errcode } = (parseObject(text) ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode : 0;
}
