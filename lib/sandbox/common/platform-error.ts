import { errcodeMeaning, MALFORMED_REQUEST, type Violation } from '../../interfaces';

export { MALFORMED_REQUEST };

/** The text of an errcode. It is ours: nobody should match on an errmsg. */
export function errmsgOf(errcode: number): string {
  if (errcode === 0) return 'ok';
  if (errcode === MALFORMED_REQUEST) return 'invalid parameter';
  return errcodeMeaning(errcode)?.meaning ?? 'unknown error';
}

/** Thrown by an interface handler to answer with an errcode of the platform. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  /** @param detail - appended to the errcode's text. */
  constructor(
    readonly errcode: number,
    detail?: string,
  ) {
    super(detail === undefined ? errmsgOf(errcode) : `${errmsgOf(errcode)}: ${detail}`);
  }

  /** With a text that is whole. */
  static withText(errcode: number, text: string): PlatformError {
    const error = new PlatformError(errcode);
    error.message = text;
    return error;
  }

  /** For a request that breaks its definition. */
  static of({ path, text, errcode = MALFORMED_REQUEST }: Violation): PlatformError {
    return new PlatformError(errcode, path === '' ? text : `${path} ${text}`);
  }
}
