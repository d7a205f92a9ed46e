import type { Schema, ZoneInterfaceDefinition } from '../interfaces';

/**
 * A request in a form that is safe to log: numbers, booleans and the ids of tasks, rules, models and the like are unchanged.
 * All other strings (content, tokens, cursors, keys, ids of people, chats and messages) are replaced by their length.
 */
export type RequestSummary = {
  readonly [field: string]: string | number | boolean | RequestSummary;
};

const LONGEST_ID = 64;

/** Summarises a request. Of undocumented fields only the type is shown. */
export function summarize(
  definition: ZoneInterfaceDefinition | undefined,
  request: Readonly<Record<string, unknown>>,
): RequestSummary {
  return summaryOf(request, definition?.request);
}

function summaryOf(
  value: Readonly<Record<string, unknown>>,
  schema: Schema | undefined,
): RequestSummary {
  const entries: [string, string | number | boolean | RequestSummary][] = [];
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const known = fieldOf(schema, value, name);
    // The name of an undocumented field is hidden as well: a program may have built the object from message content.
    if (known === undefined && schema !== undefined) {
      entries.push(['(undocumented field)', typeName(part)]);
    } else {
      entries.push([name, partOf(part, known)]);
    }
  }
  return Object.fromEntries(entries);
}

function fieldOf(
  schema: Schema | undefined,
  value: Readonly<Record<string, unknown>>,
  name: string,
): Schema | undefined {
  if (schema?.kind === 'variants') return fieldOf(schema.of[schema.choose(value)], value, name);
  if (schema?.kind !== 'struct' || !Object.hasOwn(schema.fields, name)) return undefined;
  return schema.fields[name]?.schema;
}

function partOf(
  part: unknown,
  schema: Schema | undefined,
): string | number | boolean | RequestSummary {
  if (schema === undefined) return typeName(part);
  if (typeof part === 'string') {
    const isShown = schema.kind === 'text' && (schema.isPublicId || schema.values?.includes(part));
    if (isShown && part.length <= LONGEST_ID) return part;
    return `string of ${part.length} characters`;
  }
  if (typeof part === 'number' && schema.kind === 'integer') return part;
  if (typeof part === 'boolean' && schema.kind === 'boolean') return part;
  if (Array.isArray(part)) return `array of ${part.length}`;
  if (typeof part === 'object' && part !== null) {
    return summaryOf(part as Readonly<Record<string, unknown>>, schema);
  }
  return typeName(part);
}

function typeName(part: unknown): string {
  if (part === null) return 'null';
  return Array.isArray(part) ? `array of ${part.length}` : typeof part;
}
