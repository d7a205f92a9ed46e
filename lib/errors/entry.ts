/** What stands in the catalogue for a code. */
export interface Entry {
  /** The class of the error; `Error` stands for {@link SpecError} and its subclasses. */
  readonly base: 'Error' | 'TypeError' | 'RangeError';
  /** What failed, in the SDK's or loader's own words where they exist, and what to do next. */
  readonly text: (subject: string, detail: string) => string;
}

/** The entry of an error that is neither a TypeError nor a RangeError. */
export const error = (text: Entry['text']): Entry => ({ base: 'Error', text });
