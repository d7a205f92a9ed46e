import { argumentErrors } from './arguments';
import { buildErrors } from './build';
import type { Entry } from './entry';
import { loadingErrors } from './loading';
import { programErrors } from './program';
import { describeOutOfRange, describeReceived } from './received';
import { sandboxErrors } from './sandbox';
import { sdkErrors } from './sdk';
import { zoneErrors } from './zone';

/** Every error of this package; docs/errors.md has cause and action for each. */
const catalogue = {
  ...argumentErrors,
  ...sdkErrors,
  ...zoneErrors,
  ...programErrors,
  ...loadingErrors,
  ...buildErrors,
  ...sandboxErrors,
} satisfies Record<string, Entry>;

/** The codes of this package's errors; docs/errors.md has cause and action for each. */
export type SpecErrorCode = keyof typeof catalogue;

/** All codes of this package's errors. */
export const specErrorCodes = Object.keys(catalogue) as SpecErrorCode[];

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

/** The codes that the sandbox throws. */
export type SandboxErrorCode = keyof typeof sandboxErrors;

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
export function makeError(code: FailureCode, subject = '', detail = ''): SpecError {
  return new SpecError(code, errorText(code, subject, detail));
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
): Error & { readonly code: ArgumentErrorCode } {
  const isRange = argumentErrors[code].base === 'RangeError';
  const describe = isRange ? describeOutOfRange : describeReceived;
  const message = `${errorText(code, name, requirement)} Received ${describe(received, name)}`;
  const ErrorClass = isRange ? RangeError : TypeError;
  return Object.assign(new ErrorClass(message), { code });
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
