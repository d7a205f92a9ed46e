import { argumentsErrors } from './arguments';
import { buildErrors } from './build';
import type { Entry } from './entry';
import { loadingErrors } from './loading';
import { programErrors } from './program';
import { describeOutOfRange, describeReceived } from './received';
import { type SandboxErrorCode, sandboxErrors } from './sandbox';
import { sdkErrors } from './sdk';
import { zoneErrors } from './zone';

export type { SandboxErrorCode };

/** Every error of this package; docs/errors.md has cause and action for each. */
const catalogue = {
  ...argumentsErrors,
  ...sdkErrors,
  ...zoneErrors,
  ...programErrors,
  ...loadingErrors,
  ...buildErrors,
  ...sandboxErrors,
} satisfies Record<string, Entry>;

/** All codes of this package's errors. */
export const specErrorCodes = codesOf(catalogue);

/** The codes of this package's errors; docs/errors.md has cause and action for each. */
export type SpecErrorCode = (typeof specErrorCodes)[number];

/** Its return type appears as a list of codes in the declarations; `keyof typeof catalogue` would name a private constant. */
function codesOf<Codes extends object>(entries: Codes): (keyof Codes)[] {
  return Object.keys(entries) as (keyof Codes)[];
}

/** An error of this package that is neither a TypeError nor a RangeError. */
export class SpecError extends Error {
  override readonly name: string = 'SpecError';
  /** Stable; the text is not. */
  readonly code: SpecErrorCode;

  constructor(code: SpecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the sandbox: it was used wrongly, or cannot do its work. */
export class SandboxError extends SpecError {
  override readonly name = 'SandboxError';
  declare readonly code: SandboxErrorCode;
}

/**
 * Whether a caught value is an error of this package: a {@link SpecError}, or a TypeError or RangeError for a bad
 * argument. It has a `code` then.
 */
export function isSpecError(value: unknown): value is Error & { readonly code: SpecErrorCode } {
  return value instanceof Error && 'code' in value && Object.hasOwn(catalogue, String(value.code));
}

/** The text of an error; for classes that carry more than a code. */
export function errorText(code: SpecErrorCode, subject: string, detail: string): string {
  return (catalogue[code] as Entry).text(subject, detail);
}

/**
 * Makes the error for a code.
 *
 * @param subject - what the error is about
 * @param detail - the facts, or the words of somebody else
 * @param received - for an error about an argument: the value that was passed
 */
export function makeError(
  code: SpecErrorCode,
  subject = '',
  detail = '',
  ...received: [value?: unknown]
): Error {
  const { base } = catalogue[code] as Entry;
  let message = errorText(code, subject, detail);
  if (received.length > 0) {
    const describe = base === 'RangeError' ? describeOutOfRange : describeReceived;
    message += ` Received ${describe(received[0], subject)}`;
  }
  if (base === 'Error') return new SpecError(code, message);
  const argumentError = base === 'TypeError' ? new TypeError(message) : new RangeError(message);
  return Object.assign(argumentError, { code });
}

/** Makes a {@link SandboxError}; `cause` is what was caught. */
export function sandboxError(
  code: SandboxErrorCode,
  subject = '',
  detail = '',
  cause?: unknown,
): SandboxError {
  return new SandboxError(
    code,
    errorText(code, subject, detail),
    cause === undefined ? undefined : { cause },
  );
}
