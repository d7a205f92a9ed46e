/**
 * The schema of the interface definitions (`definitions/`). The definitions are the single source of truth: the types with
 * their documentation, docs/interfaces.md and the checks of the sandbox are generated or derived from them.
 *
 * @module
 */

/** A string, UTF-8 on the wire. */
export interface TextSchema {
  readonly kind: 'text';
  readonly minChars?: number;
  /** Unicode characters. */
  readonly maxChars?: number;
  /** Bytes of UTF-8. */
  readonly maxBytes?: number;
  /** The only allowed values. */
  readonly values?: readonly string[];
  /** An id of a task, rule, model or the like. Errors may contain it; no other strings. */
  readonly isPublicId?: true;
}

/** An integer. `wire` is the type on the official page; JSON itself knows only doubles. */
export interface IntegerSchema {
  readonly kind: 'integer';
  readonly wire: 'int' | 'int32' | 'uint32' | 'uint64';
  readonly min?: number;
  readonly max?: number;
  /** The meaning of each allowed value. */
  readonly values?: Readonly<Record<number, string>>;
  /** Responses can contain further values in future; requests cannot. */
  readonly mayGrow?: true;
  /** Name of the exported type of `values`. */
  readonly typeName?: string;
}

export interface BooleanSchema {
  readonly kind: 'boolean';
}

export interface ListSchema {
  readonly kind: 'list';
  readonly items: Schema;
  readonly min?: number;
  readonly max?: number;
}

export interface StructSchema {
  readonly kind: 'struct';
  /** Name of the exported type; without one the type is inlined. */
  readonly typeName?: string;
  /** Documentation of that type. */
  readonly note?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Undocumented fields are accepted. */
  readonly isOpen?: true;
}

/** One of several structs. */
export interface VariantsSchema {
  readonly kind: 'variants';
  readonly typeName: string;
  readonly note: string;
  readonly of: readonly StructSchema[];
  /** Returns the index in `of` of the struct that applies to a value. */
  readonly choose: (value: Readonly<Record<string, unknown>>) => number;
}

export type Schema =
  | TextSchema
  | IntegerSchema
  | BooleanSchema
  | ListSchema
  | StructSchema
  | VariantsSchema;

/** A field of an object. */
export interface Field {
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** Its meaning; limits and values are in the schema. */
  readonly note: string;
  /** The errcode that a page names for an invalid or too long value. */
  readonly errcode?: number;
  /** An empty string is not sent: clients report that the platform refuses it. */
  readonly isLeftOutWhenEmpty?: true;
}

/** A rule between fields. */
export interface Rule {
  /** The errcode that a page names for a violation. */
  readonly errcode?: number;
  /** The rule, as a sentence. */
  readonly text: string;
  readonly isBroken: (request: Readonly<Record<string, unknown>>) => boolean;
}

/** The source of an interface definition. */
export type Confidence =
  /** Its own page. */
  | 'documented'
  /** A related page. */
  | 'secondary'
  /** A list of names; the fields are unknown. */
  | 'name only';

/** The effect of a call on the platform, which decides whether it can be retried. */
export type Effect =
  /** No effect. */
  | 'read'
  /** Idempotent: a second call leads to the same state. */
  | 'write'
  /** Not idempotent: a second call creates a second object. */
  | 'create';

/** An interface of the zone. */
export interface ZoneInterfaceDefinition {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly group: InterfaceGroup;
  /** Numbers of the official pages, the interface's own first. */
  readonly pages: readonly number[];
  readonly confidence: Confidence;
  readonly effect: Effect;
  readonly request: StructSchema | VariantsSchema;
  /** Without `errcode` and `errmsg`, which every response has. */
  readonly response: StructSchema;
  readonly rules: readonly Rule[];
  /** The errcodes that its page names. */
  readonly errcodes: readonly number[];
  readonly limits: readonly string[];
  /** The maximum number of concurrent calls per corp. */
  readonly concurrentCalls?: number;
  /** The maximum number of calls per corp and day. */
  readonly callsPerDay?: number;
  readonly notes: readonly string[];
  /** The first C++ SDK that supports it, if a page names it. */
  readonly sinceSdk?: string;
  /** For an old name: the name to use instead. */
  readonly successor?: string;
  readonly example: { readonly request: object; readonly response: object };
}

/** The groups of interfaces on the official pages. */
export const interfaceGroups = {
  conversation: { zh: '会话内容', en: 'Conversations' },
  'keyword rules': { zh: '关键词规则', en: 'Keyword rules' },
  'knowledge base': { zh: '知识集', en: 'Knowledge bases' },
  models: { zh: '模型', en: 'Models' },
  export: { zh: '会话导出', en: 'Export' },
  program: { zh: '专区程序', en: 'Programs' },
  'display component': { zh: '会话展示组件', en: 'Display component' },
} as const;

export type InterfaceGroup = keyof typeof interfaceGroups;

/** The URL of an official page. */
export function pageAddress(page: number): string {
  return `https://developer.work.weixin.qq.com/document/path/${page}`;
}

export function text(limits: Omit<TextSchema, 'kind' | 'isPublicId'> = {}): TextSchema {
  return { kind: 'text', ...limits };
}

/** An id that errors may contain: not that of a person, chat or message, and not a permission. */
export function publicId(limits: Omit<TextSchema, 'kind' | 'isPublicId'> = {}): TextSchema {
  return { kind: 'text', ...limits, isPublicId: true };
}

export function int(limits: Omit<IntegerSchema, 'kind' | 'wire'> = {}): IntegerSchema {
  return { kind: 'integer', wire: 'int', ...limits };
}

export function integer(
  wire: IntegerSchema['wire'],
  limits: Omit<IntegerSchema, 'kind' | 'wire'> = {},
): IntegerSchema {
  return { kind: 'integer', wire, ...limits };
}

/** A Unix time in seconds. */
export function unixSeconds(): IntegerSchema {
  return int({ min: 0 });
}

/** 0 or 1. */
export function flag(no = 'no', yes = 'yes'): IntegerSchema {
  return int({ values: { 0: no, 1: yes } });
}

export const boolean: BooleanSchema = { kind: 'boolean' };

export function list(items: Schema, limits: Omit<ListSchema, 'kind' | 'items'> = {}): ListSchema {
  return { kind: 'list', items, ...limits };
}

export function struct(fields: Readonly<Record<string, Field>>): StructSchema {
  return { kind: 'struct', fields };
}

/** A struct with an exported type. */
export function named(
  typeName: string,
  note: string,
  fields: Readonly<Record<string, Field>>,
): StructSchema {
  return { kind: 'struct', typeName, note, fields };
}

export function required(schema: Schema, note: string, errcode?: number): Field {
  return { schema, isRequired: true, note, ...(errcode === undefined ? {} : { errcode }) };
}

export function optional(schema: Schema, note: string, errcode?: number): Field {
  return { schema, isRequired: false, note, ...(errcode === undefined ? {} : { errcode }) };
}

/** A field that is not sent if it is an empty string. */
export function leftOutWhenEmpty(field: Field): Field {
  return { ...field, isLeftOutWhenEmpty: true };
}

/** A definition in which fields with common values are optional. */
type Definition = Omit<
  ZoneInterfaceDefinition,
  'request' | 'response' | 'rules' | 'errcodes' | 'limits' | 'notes' | 'confidence'
> &
  Partial<
    Pick<ZoneInterfaceDefinition, 'rules' | 'errcodes' | 'limits' | 'notes' | 'confidence'>
  > & {
    readonly request?: Readonly<Record<string, Field>> | StructSchema | VariantsSchema;
    readonly response?: Readonly<Record<string, Field>> | StructSchema;
  };

/** Completes the definition of an interface with defaults. */
export function define(definition: Definition): ZoneInterfaceDefinition {
  const { request = {}, response = {} } = definition;
  return {
    confidence: 'documented',
    rules: [],
    errcodes: [],
    limits: [],
    notes: [],
    ...definition,
    request: isSchema(request) ? request : struct(request),
    response: isSchema(response) ? response : struct(response),
  };
}

function isSchema<S extends Schema>(value: S | Readonly<Record<string, Field>>): value is S {
  return typeof value.kind === 'string';
}
