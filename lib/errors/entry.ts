/** The entry of a code in the catalogue. */
export interface Entry<Facts extends readonly unknown[] = never> {
  /** The class of the error; `Error` means {@link SpecError} and its subclasses. */
  readonly base: 'Error' | 'TypeError' | 'RangeError';
  /** Says what failed, in the SDK's or loader's own words where they exist, and what to do next. */
  readonly text: (...facts: Facts) => string;
}

/** The entry of an error that is neither a TypeError nor a RangeError. */
export const error = <Facts extends readonly unknown[] = [subject: string, detail: string]>(
  text: (...facts: Facts) => string,
): Entry<Facts> => ({ base: 'Error', text });
