import type { Entry } from './entry';

/** As in Node.js: a name with a dot is a property of an argument. */
function nameOf(name: string): string {
  if (/^[A-Z_]+$/.test(name)) return `The environment variable ${name}`;
  return `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

/** Arguments and options with a wrong type or value, in the words of Node.js. `Received …` is appended to these texts. */
export const argumentErrors = {
  ERR_SPEC_INVALID_ARG_TYPE: {
    base: 'TypeError',
    text: (name: string, expected: string) => `${nameOf(name)} must be ${expected}.`,
  },
  ERR_SPEC_INVALID_ARG_VALUE: {
    base: 'TypeError',
    text: (name: string, requirement: string) => `${nameOf(name)} is invalid. It ${requirement}.`,
  },
  ERR_SPEC_OUT_OF_RANGE: {
    base: 'RangeError',
    text: (name: string, range: string) =>
      `The value of "${name}" is out of range. It must be ${range}.`,
  },
} satisfies Record<string, Entry>;

/** Options that do not exist. */
export const optionErrors = {
  ERR_SPEC_UNKNOWN_OPTION: {
    base: 'TypeError',
    text: (name: string, known: string) =>
      `Unknown option "${name.replace(/^options\./, '')}". The options here are: ${known}.`,
  },
} satisfies Record<string, Entry>;
