import type { Field, Rule, Schema, StructSchema, VariantsSchema } from './schema';

/** A violation of a definition by a value. */
export interface Violation {
  /** Path of the field, for example `msg_list[0].msgid`; empty for a rule between fields. */
  readonly path: string;
  /** The violation, without the value, which can be content or a secret. */
  readonly text: string;
  /** The errcode that a page names for it. */
  readonly errcode?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Checks a request against its definition, rules between fields included. Returns the first violation. */
export function checkRequest(
  definition: {
    readonly request: StructSchema | VariantsSchema;
    readonly rules: readonly Rule[];
  },
  request: Fields,
): Violation | undefined {
  const violation = checkFields(definition.request, request);
  if (violation !== undefined) return violation;
  const broken = definition.rules.find((rule) => rule.isBroken(request));
  if (broken === undefined) return undefined;
  return {
    path: '',
    text: `violates the rule: ${broken.text}`,
    ...(broken.errcode === undefined ? {} : { errcode: broken.errcode }),
  };
}

/**
 * Checks that all required fields of an object are present, and that each field is documented, has its type and is within
 * its limits. With `lenient`, for data from the platform, only required fields and types are checked.
 */
export function checkFields(
  schema: StructSchema | VariantsSchema,
  value: Fields,
  { lenient = false } = {},
): Violation | undefined {
  return checkValue(schema, value, '', lenient);
}

function checkStruct(
  schema: StructSchema,
  value: Fields,
  path: string,
  lenient: boolean,
): Violation | undefined {
  for (const [name, field] of Object.entries(schema.fields)) {
    const violation = checkField(
      field,
      value[name],
      path === '' ? name : `${path}.${name}`,
      lenient,
    );
    if (violation !== undefined) return violation;
  }
  if (lenient || schema.isOpen) return undefined;
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(schema.fields, name));
  if (unknown === undefined) return undefined;
  return { path: path === '' ? unknown : `${path}.${unknown}`, text: 'is not a documented field' };
}

function checkField(
  field: Field,
  value: unknown,
  path: string,
  lenient: boolean,
): Violation | undefined {
  if (value === undefined) return field.isRequired ? { path, text: 'is missing' } : undefined;
  const violation = checkValue(field.schema, value, path, lenient);
  if (violation === undefined || violation.errcode !== undefined || field.errcode === undefined) {
    return violation;
  }
  // The errcode of a list does not apply to violations inside one of its objects.
  return violation.path.startsWith(`${path}[`) && violation.path.includes('].')
    ? violation
    : { ...violation, errcode: field.errcode };
}

function checkValue(
  schema: Schema,
  value: unknown,
  path: string,
  lenient: boolean,
): Violation | undefined {
  switch (schema.kind) {
    case 'text': {
      if (typeof value !== 'string') return { path, text: 'must be a string' };
      if (lenient) return undefined;
      const { values, minChars = 0, maxChars, maxBytes } = schema;
      if (values !== undefined && !values.includes(value)) {
        return { path, text: `must be one of ${values.join(', ')}` };
      }
      const chars = [...value].length;
      if (chars < minChars) {
        return {
          path,
          text: minChars === 1 ? 'must not be empty' : `must have at least ${minChars} characters`,
        };
      }
      if (maxChars !== undefined && chars > maxChars) {
        return { path, text: `must have at most ${maxChars} characters` };
      }
      if (maxBytes !== undefined && Buffer.byteLength(value) > maxBytes) {
        return { path, text: `must have at most ${maxBytes} bytes` };
      }
      return undefined;
    }
    case 'integer': {
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        return { path, text: 'must be an integer' };
      }
      if (lenient) return undefined;
      const { values } = schema;
      if (values !== undefined && !Object.hasOwn(values, value)) {
        return { path, text: `must be one of ${Object.keys(values).join(', ')}` };
      }
      const { min = lowest[schema.wire], max = highest[schema.wire] } = schema;
      if (value < min || value > max) {
        return { path, text: `must be an integer from ${min} to ${max}` };
      }
      return undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { path, text: 'must be a boolean' };
    case 'list': {
      if (!Array.isArray(value)) return { path, text: 'must be an array' };
      const { min = 0, max } = schema;
      if (!lenient && value.length < min) {
        return { path, text: `must have at least ${min} ${min === 1 ? 'entry' : 'entries'}` };
      }
      if (!lenient && max !== undefined && value.length > max) {
        return { path, text: `must have at most ${max} entries` };
      }
      for (const [index, item] of value.entries()) {
        const violation = checkValue(schema.items, item, `${path}[${index}]`, lenient);
        if (violation !== undefined) return violation;
      }
      return undefined;
    }
    case 'struct':
      return isObject(value)
        ? checkStruct(schema, value, path, lenient)
        : { path, text: 'must be an object' };
    case 'variants': {
      if (!isObject(value)) return { path, text: 'must be an object' };
      const variant = schema.of[schema.choose(value)] as StructSchema;
      return checkStruct(variant, value, path, lenient);
    }
  }
}

// JSON numbers are doubles: integers beyond these limits have already lost digits.
const lowest = {
  int: Number.MIN_SAFE_INTEGER,
  int32: -(2 ** 31),
  uint32: 0,
  uint64: 0,
} as const;
const highest = {
  int: Number.MAX_SAFE_INTEGER,
  int32: 2 ** 31 - 1,
  uint32: 2 ** 32 - 1,
  uint64: Number.MAX_SAFE_INTEGER,
} as const;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
