import type { Entry } from './entry';

/** Arguments and options of a wrong type or value, in the words of Node.js. */
export const argumentsErrors = {
  ERR_SPEC_INVALID_ARG_TYPE: {
    base: 'TypeError',
    text: (argument, expected) => `The argument "${argument}" must be ${expected}.`,
  },
  ERR_SPEC_INVALID_ARG_VALUE: {
    base: 'TypeError',
    text: (argument, complaint) => `The argument "${argument}" ${complaint}.`,
  },
  ERR_SPEC_OUT_OF_RANGE: {
    base: 'RangeError',
    text: (argument, range) => `"${argument}" must be ${range}.`,
  },
} satisfies Record<string, Entry>;
