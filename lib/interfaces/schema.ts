/**
 * The words in which the zone's interfaces are written down (`definitions/`). What they say is said once: the types and
 * their documentation, docs/interfaces.md and the checks of the sandbox are all made from it.
 *
 * @module
 */

/** Text, UTF-8 on the wire. */
export interface TextSchema {
  readonly kind: 'text';
  readonly minChars?: number;
  /** Unicode characters. */
  readonly maxChars?: number;
  /** Bytes of UTF-8. */
  readonly maxBytes?: number;
  /** The only texts there are. */
  readonly values?: readonly string[];
  /** An id of a task, rule, model and the like, which may stand in an error; other texts may not. */
  readonly isPublicId?: true;
}

/** A whole number; JSON has no other width than a double's, `wire` is the page's. */
export interface IntegerSchema {
  readonly kind: 'integer';
  readonly wire: 'int' | 'int32' | 'uint32' | 'uint64';
  readonly min?: number;
  readonly max?: number;
  /** Each value and what it means. */
  readonly values?: Readonly<Record<number, string>>;
  /** The platform may come to answer others; callers may still send these only. */
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
  /** Name of the exported type; without one it is written in place. */
  readonly typeName?: string;
  /** Documentation of that type. */
  readonly note?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Fields that no page documents are let through. */
  readonly isOpen?: true;
}

/** One of several structs. */
export interface VariantsSchema {
  readonly kind: 'variants';
  readonly typeName: string;
  readonly note: string;
  readonly of: readonly StructSchema[];
  /** Index of the struct that this value is meant to be. */
  readonly choose: (value: Readonly<Record<string, unknown>>) => number;
}

export type Schema =
  | TextSchema
  | IntegerSchema
  | BooleanSchema
  | ListSchema
  | StructSchema
  | VariantsSchema;

/** What a field holds, and whether it must be there. */
export interface Field {
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** What it means; limits and values are the schema's to say. */
  readonly note: string;
  /** What the platform answers when the value is wrong or too long; only where a page says so. */
  readonly errcode?: number;
  /** An empty text is not sent: the platform is said to refuse it. */
  readonly isLeftOutWhenEmpty?: true;
}

/** What must hold between fields. */
export interface Rule {
  /** What the platform answers otherwise; absent where no page says. */
  readonly errcode?: number;
  /** The rule, as a sentence. */
  readonly text: string;
  readonly isBroken: (request: Readonly<Record<string, unknown>>) => boolean;
}

/** Where the knowledge of an interface comes from. */
export type Confidence =
  /** Its own page. */
  | 'documented'
  /** A neighbouring page. */
  | 'secondary'
  /** A list of names; fields are unknown. */
  | 'name only';

/** What a call does to the platform, which decides whether it may be repeated. */
export type Effect =
  /** Nothing: it may be repeated. */
  | 'read'
  /** A second call ends in the same state. */
  | 'write'
  /** A second call makes a second thing. */
  | 'create';

/** One interface of the zone. */
export interface ZoneInterfaceDefinition {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly group: InterfaceGroup;
  /** Numbers of the official pages, the interface's own first. */
  readonly pages: readonly number[];
  readonly confidence: Confidence;
  readonly effect: Effect;
  readonly request: StructSchema | VariantsSchema;
  /** Without `errcode` and `errmsg`, which all have. */
  readonly response: StructSchema;
  readonly rules: readonly Rule[];
  /** errcodes that its page names. */
  readonly errcodes: readonly number[];
  readonly limits: readonly string[];
  /** How many calls a corp may have under way. */
  readonly concurrentCalls?: number;
  /** How many calls a corp may make on a day. */
  readonly callsPerDay?: number;
  readonly notes: readonly string[];
  /** The C++ SDK that first had it, where a page says so. */
  readonly sinceSdk?: string;
  /** Set in an old name: the name to use. */
  readonly successor?: string;
  readonly example: { readonly request: object; readonly response: object };
}

/** The parts into which the official pages divide the interfaces. */
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

/** Address of an official page. */
export function pageAddress(page: number): string {
  return `https://developer.work.weixin.qq.com/document/path/${page}`;
}

export function text(limits: Omit<TextSchema, 'kind' | 'isPublicId'> = {}): TextSchema {
  return { kind: 'text', ...limits };
}

/** An id of a thing that is neither a person, a chat, a message nor a permission: errors may show it. */
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

/** Seconds since 1970. */
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

/** A struct whose type users can name. */
export function named(
  typeName: string,
  note: string,
  fields: Readonly<Record<string, Field>>,
): StructSchema {
  return { kind: 'struct', typeName, note, fields };
}

export function required(schema: Schema, note = '', errcode?: number): Field {
  return { schema, isRequired: true, note, ...(errcode === undefined ? {} : { errcode }) };
}

export function optional(schema: Schema, note = '', errcode?: number): Field {
  return { schema, isRequired: false, note, ...(errcode === undefined ? {} : { errcode }) };
}

/** A field that is not sent when its text is empty. */
export function leftOutWhenEmpty(field: Field): Field {
  return { ...field, isLeftOutWhenEmpty: true };
}

/** What is the same in many definitions is left out of them. */
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
