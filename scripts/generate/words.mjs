// Texts for definitions, shared by types and documents.
import { errcodeMeaning, MALFORMED_REQUEST } from './definitions.mjs';

export const pascal = (name) =>
  name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase()).replaceAll(/[^\w]/g, '');

export const sentence = (text) => {
  if (text === '') return '';
  const first = /^[a-z]\w*_|^`|^[a-z]\w*\./.test(text) ? text[0] : text[0].toUpperCase();
  return /[.!?…]$/.test(text) ? first + text.slice(1) : `${first}${text.slice(1)}.`;
};

const count = (min, max, one, many) => {
  if (min > 0 && max !== undefined)
    return min === max ? `${min} ${one}` : `${min} to ${max} ${many}`;
  if (max !== undefined) return `at most ${max} ${max === 1 ? one : many}`;
  return min > 0 ? `at least ${min} ${min === 1 ? one : many}` : '';
};

/** Describes the limits of a value; valuesOf describes its allowed values. */
function limitsOf(schema) {
  if (schema.kind === 'text') {
    // A minimum of one character is implied by "required".
    const min = schema.minChars > 1 || schema.maxChars !== undefined ? (schema.minChars ?? 0) : 0;
    return [
      count(min, schema.maxChars, 'character', 'characters'),
      count(0, schema.maxBytes, 'byte', 'bytes'),
    ]
      .filter(Boolean)
      .join(', ');
  }
  if (schema.kind === 'integer') {
    const { min, max } = schema;
    if (min !== undefined && max !== undefined) return `${min} to ${max}`;
    return min > 0 ? `at least ${min}` : '';
  }
  if (schema.kind === 'list') {
    const inner = limitsOf(schema.items);
    const outer = count(schema.min ?? 0, schema.max, 'entry', 'entries');
    return [outer, inner && `each ${inner}`].filter(Boolean).join(', ');
  }
  return '';
}

/** Describes the allowed values of a schema or of the entries of a list. */
function valuesOf(schema) {
  if (schema.kind === 'list') return valuesOf(schema.items);
  if (schema.kind !== 'integer' || schema.values === undefined) return '';
  const entries = Object.entries(schema.values);
  if (entries.length === 2 && schema.values[0] === 'no' && schema.values[1] === 'yes') {
    return '0 no, 1 yes';
  }
  return entries.map(([value, meaning]) => `${value} ${meaning}`).join(', ');
}

/** Describes a field: meaning, limits and values. */
export function describe({ schema, note }) {
  return [note, limitsOf(schema), valuesOf(schema)].filter(Boolean).map(sentence).join(' ');
}

export function errcodeText(errcode) {
  if (errcode === MALFORMED_REQUEST) {
    return `${errcode}: the request is malformed (own choice of the sandbox: no page names an errcode for this)`;
  }
  const known = errcodeMeaning(errcode);
  if (known === undefined) throw new Error(`lib/interfaces/errcodes.ts lacks errcode ${errcode}`);
  const { meaning } = known;
  return `${errcode}: ${meaning}`;
}
