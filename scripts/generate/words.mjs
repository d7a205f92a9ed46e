// Texts for definitions, shared by types and documents.
import { errcodeMeaning, MALFORMED_REQUEST } from './definitions.mjs';
import { english } from './languages.mjs';

export const pascal = (name) =>
  name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase()).replaceAll(/[^\w]/g, '');

export const { sentence } = english;

/** Describes the limits of a value; valuesOf describes its allowed values. */
function limitsOf(schema, language) {
  const { count, units, range } = language;
  if (schema.kind === 'text') {
    // A minimum of one character is implied by "required".
    const min = schema.minChars > 1 || schema.maxChars !== undefined ? (schema.minChars ?? 0) : 0;
    return [count(min, schema.maxChars, units.characters), count(0, schema.maxBytes, units.bytes)]
      .filter(Boolean)
      .join(language.comma);
  }
  if (schema.kind === 'integer') {
    const { min, max } = schema;
    if (min !== undefined && max !== undefined) return range(min, max);
    return min > 0 ? range(min) : '';
  }
  if (schema.kind === 'list') {
    const inner = limitsOf(schema.items, language);
    const outer = count(schema.min ?? 0, schema.max, units.entries);
    return [outer, inner && language.each(inner)].filter(Boolean).join(language.comma);
  }
  return '';
}

/** Describes the allowed values of a schema or of the entries of a list. */
function valuesOf(schema, language) {
  if (schema.kind === 'list') return valuesOf(schema.items, language);
  if (schema.kind !== 'integer' || schema.values === undefined) return '';
  const entries = Object.entries(schema.values);
  if (entries.length === 2 && schema.values[0] === 'no' && schema.values[1] === 'yes') {
    return language.yesOrNo;
  }
  return entries
    .map(([value, meaning]) => `${value} ${language.text(meaning)}`)
    .join(language.comma);
}

/** Describes a field: meaning, limits and values. */
export function describe({ schema, note }, language = english) {
  return [note && language.text(note), limitsOf(schema, language), valuesOf(schema, language)]
    .filter(Boolean)
    .map(language.sentence)
    .join(language.space);
}

export function errcodeText(errcode, language = english) {
  if (errcode === MALFORMED_REQUEST) return language.errcode(errcode, language.malformed);
  const known = errcodeMeaning(errcode);
  if (known === undefined) throw new Error(`lib/interfaces/errcodes.ts lacks errcode ${errcode}`);
  return language.errcode(errcode, language.text(known.meaning));
}
