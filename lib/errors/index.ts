import { argumentErrors, optionErrors } from './arguments';
import { buildErrors } from './build';
import type { Entry } from './entry';
import { loadingErrors } from './loading';
import { programErrors } from './program';
import { describeOutOfRange, describeReceived } from './received';
import { type SandboxErrorCode, sandboxErrors } from './sandbox';
import { sdkErrors } from './sdk';
import { zoneErrors } from './zone';

export type { SandboxErrorCode };

/** All errors of this package; docs/errors.md has the cause of each and what to do. */
const catalogue = {
  ...argumentErrors,
  ...optionErrors,
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
  /** `SpecError` or the name of the subclass; tells them apart where `instanceof` cannot, as with two copies of this package. */
  override readonly name: string = 'SpecError';
  /** Stable, unlike the text. */
  readonly code: SpecErrorCode;

  constructor(code: SpecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the sandbox: wrong use, or a failure of the sandbox itself. */
export class SandboxError extends SpecError {
  /** Always `SandboxError`. */
  override readonly name = 'SandboxError';
  /** `ERR_SANDBOX_…`: stable, unlike the text; docs/errors.md has cause and action for each. */
  declare readonly code: SandboxErrorCode;
}

/**
 * Whether a caught value is an error of this package, which has a `code`: a {@link SpecError}, or a TypeError or RangeError for
 * a wrong argument.
 */
export function isSpecError(value: unknown): value is Error & { readonly code: SpecErrorCode } {
  return value instanceof Error && 'code' in value && Object.hasOwn(catalogue, String(value.code));
}

/** The codes of errors about an argument; their texts end with the value that was received. */
export type ArgumentErrorCode = keyof typeof argumentErrors;

/** The codes of errors that {@link makeError} makes. */
export type FailureCode = Exclude<SpecErrorCode, ArgumentErrorCode | SandboxErrorCode>;

/** The text of an error, for classes that carry more than a code. */
export function errorText(code: SpecErrorCode, ...facts: readonly unknown[]): string {
  return (catalogue[code] as Entry<readonly unknown[]>).text(...facts);
}

/**
 * Makes the error for a code.
 *
 * @param subject - what the error is about
 * @param detail - the facts, or the words of the SDK, the loader or the system
 */
export function makeError(code: FailureCode, subject = '', detail = ''): Error {
  return errorOf(code, errorText(code, subject, detail));
}

/** Makes an error from its code and text, such as an error of this package that another process has thrown. */
export function errorOf(code: SpecErrorCode, message: string): Error {
  if (Object.hasOwn(sandboxErrors, code))
    return new SandboxError(code as SandboxErrorCode, message);
  const { base } = catalogue[code] as Entry;
  if (base === 'Error') return new SpecError(code, message);
  return Object.assign(base === 'TypeError' ? new TypeError(message) : new RangeError(message), {
    code,
  });
}

/**
 * Makes the error for an argument or option.
 *
 * @param name - of the argument, or of a property such as `options.port`; {@link describeReceived} decides by it whether the value
 * may be shown
 * @param requirement - continues "must be" for a type or range, and "It" for a value
 * @param received - the value that was passed
 */
export function argumentError(
  code: ArgumentErrorCode,
  name: string,
  requirement: string,
  received: unknown,
): Error {
  const describe = code === 'ERR_SPEC_OUT_OF_RANGE' ? describeOutOfRange : describeReceived;
  return errorOf(
    code,
    `${errorText(code, name, requirement)} Received ${describe(received, name)}`,
  );
}

type FactsOf<Code extends SandboxErrorCode> = Parameters<(typeof sandboxErrors)[Code]['text']>;

/**
 * Makes a {@link SandboxError}.
 *
 * @param facts - what the text of the code is built from
 * @param cause - what was caught
 */
export function sandboxError<Code extends SandboxErrorCode>(
  code: Code,
  ...[facts, cause]: FactsOf<Code> extends readonly []
    ? [facts?: readonly [], cause?: unknown]
    : [facts: FactsOf<Code>, cause?: unknown]
): SandboxError {
  const message = errorText(code, ...(facts ?? []));
  return new SandboxError(code, message, cause === undefined ? undefined : { cause });
}
