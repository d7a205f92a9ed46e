import type { Entry } from './entry';

/** As in Node.js: what has a dot in its name is a property of an argument. */
const nameOf = (name: string): string =>
  `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;

/** Arguments and options of a wrong type or value, in the words of Node.js. */
export const argumentsErrors = {
  ERR_SPEC_INVALID_ARG_TYPE: {
    base: 'TypeError',
    text: (name, expected) => `${nameOf(name)} must be ${expected}.`,
  },
  ERR_SPEC_INVALID_ARG_VALUE: {
    base: 'TypeError',
    text: (name, complaint) => `${nameOf(name)} ${complaint}.`,
  },
  ERR_SPEC_OUT_OF_RANGE: {
    base: 'RangeError',
    text: (name, range) => `The value of "${name}" is out of range. It must be ${range}.`,
  },
} satisfies Record<string, Entry>;
