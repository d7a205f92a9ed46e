/** Headers of a response, with names in any case. Repeated headers are an array, or one string that node:http has joined. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The same headers with lower-case names. */
export function lowerCaseNames(headers: ResponseHeaders): ResponseHeaders {
  const lower: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) add(lower, name, value);
  }
  return lower;
}

/** Headers from undici's raw list, in which names and values alternate. */
export function headersOfWire(raw: readonly Buffer[]): ResponseHeaders {
  const headers: Record<string, string | readonly string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    add(headers, String(raw[at]?.toString('latin1')), String(raw[at + 1]?.toString('latin1')));
  }
  return headers;
}

/** The value of a header. Several values are joined, as in node:http, which makes a `ww-` header invalid. @param name - in lower case. */
export function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

function add(
  headers: Record<string, string | readonly string[]>,
  anyCase: string,
  value: string | readonly string[],
): void {
  const name = anyCase.toLowerCase();
  headers[name] = Object.hasOwn(headers, name) ? [headers[name] ?? [], value].flat() : value;
}
