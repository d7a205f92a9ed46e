import { errcodeMeaning, MALFORMED_REQUEST, type Violation } from '../../interfaces';

export { MALFORMED_REQUEST };

/** The text of an errcode. The platform's texts differ, so a program must not match on an errmsg. */
export function errmsgOf(errcode: number): string {
  if (errcode === 0) return 'ok';
  if (errcode === MALFORMED_REQUEST) return 'invalid parameter';
  return errcodeMeaning(errcode)?.meaning ?? 'unknown error';
}

/** Thrown by the handler of an interface to return an errcode of the platform. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  /** @param detail - appended to the errcode's text */
  constructor(
    readonly errcode: number,
    detail?: string,
  ) {
    super(detail === undefined ? errmsgOf(errcode) : `${errmsgOf(errcode)}: ${detail}`);
  }

  /** Makes an error whose text is complete. */
  static withText(errcode: number, text: string): PlatformError {
    const error = new PlatformError(errcode);
    error.message = text;
    return error;
  }

  /** Makes the error for a request that does not match its definition. */
  static of({ path, text, errcode = MALFORMED_REQUEST }: Violation): PlatformError {
    return new PlatformError(errcode, path === '' ? text : `${path} ${text}`);
  }
}
