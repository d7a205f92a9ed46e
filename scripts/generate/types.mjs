// Generates the types of lib/interfaces and the methods of ZoneClient.
import {
  pageAddress,
  serverInterfaces,
  zoneEvents,
  zoneInterfaces,
  zoneTasks,
} from './definitions.mjs';
import { describe, errcodeText, pascal, sentence } from './words.mjs';

const namedTypes = new Map();

function collectNamed(schema, inRequest) {
  if (schema.kind === 'list') return collectNamed(schema.items, inRequest);
  if (schema.kind === 'integer') {
    if (schema.typeName) namedTypes.set(schema.typeName, { schema, inRequest: true });
    return undefined;
  }
  if (schema.kind !== 'struct' && schema.kind !== 'variants') return undefined;
  const parts = schema.kind === 'variants' ? schema.of : [];
  if (schema.typeName) {
    const known = namedTypes.get(schema.typeName);
    if (known && known.schema !== schema) throw new Error(`two types ${schema.typeName}`);
    namedTypes.set(schema.typeName, {
      schema,
      inRequest: inRequest || (known?.inRequest ?? false),
    });
  }
  for (const part of parts) collectNamed(part, inRequest);
  for (const field of Object.values(schema.fields ?? {})) collectNamed(field.schema, inRequest);
  return undefined;
}

function comment(lines) {
  const words = lines
    .filter((line) => line !== undefined)
    .join('\n')
    .trim();
  if (words === '') return '';
  const all = words.split('\n');
  return all.length === 1
    ? `/** ${all[0]} */\n`
    : `/**\n${all.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

function typeOf(schema, inRequest) {
  switch (schema.kind) {
    case 'text':
      return schema.values ? schema.values.map((value) => `'${value}'`).join(' | ') : 'string';
    case 'integer':
      if (schema.typeName) return openType(schema.typeName, schema, inRequest);
      return schema.values
        ? openType(Object.keys(schema.values).join(' | '), schema, inRequest)
        : 'number';
    case 'boolean':
      return 'boolean';
    case 'list': {
      const items = typeOf(schema.items, inRequest);
      const list = /[|{&]/.test(items) ? `(${items})[]` : `${items}[]`;
      return inRequest ? `readonly ${list}` : list;
    }
    case 'variants':
      return schema.typeName;
    case 'absent':
      return 'never';
    default:
      return schema.typeName ?? `{\n${membersOf(schema, inRequest)}}`;
  }
}

/** Editors still complete the known values, and a value that the platform adds later needs no cast. */
function openType(type, schema, inRequest) {
  return schema.mayGrow && !inRequest ? `${type} | (number & {})` : type;
}

function membersOf(schema, inRequest, more = '') {
  const members = Object.entries(schema.fields).map(([name, field]) => {
    // api-extractor does not see the members of inline object types, so this is the only check for them.
    if (!field.note) throw new Error(`field ${name} has no note`);
    const type = typeOf(field.schema, inRequest);
    const optional = field.isRequired ? '' : '?';
    const undefinedToo = inRequest && !field.isRequired ? ' | undefined' : '';
    return `${comment([describe(field)])}${name}${optional}: ${type}${undefinedToo};\n`;
  });
  if (schema.isOpen) members.push('/** Not documented. */\n[field: string]: unknown;\n');
  return more + members.join('');
}

function structType(name, schema, inRequest, lines, base) {
  return `${comment(lines)}export interface ${name}${base ? ` extends ${base}` : ''} {\n${membersOf(schema, inRequest)}}\n`;
}

function interfaceComment(definition) {
  const { title, pages, errcodes, notes, successor, confidence, sinceSdk } = definition;
  const lines = [`${title.en} (${title.zh}).`, ''];
  if (confidence === 'secondary') lines.push('Documented on a related page only.', '');
  if (sinceSdk) lines.push(`Requires C++ SDK ${sinceSdk} or newer.`, '');
  if (definition.limits.length) {
    lines.push('Limits:', ...definition.limits.map((limit) => `- ${limit}`), '');
  }
  if (notes.length) lines.push(...notes, '');
  if (errcodes.length) {
    lines.push(
      'Errcodes besides the general ones:',
      ...errcodes.map((code) => `- ${errcodeText(code)}`),
      '',
    );
  }
  if (successor) lines.push(`@deprecated Old name; use \`${successor}\`.`);
  for (const page of pages.slice(0, 2)) lines.push(`@see ${pageAddress(page)}`);
  return lines;
}

const requestName = ({ name }) => `${pascal(name)}Request`;
const responseName = ({ name }) => `${pascal(name)}Response`;
const mayBeLeftOut = ({ request }) =>
  request.kind === 'struct' && Object.values(request.fields).every((field) => !field.isRequired);

function taskResultType(task) {
  const result = zoneInterfaces.find(({ name }) => name === task.result);
  const { status, ...others } = result.response.fields;
  const done = { status: 1, export: 3 }[task.protocol];
  const fields = Object.fromEntries(
    Object.entries(others).map(([name, field]) => [
      name,
      task.resultFields.includes(name) ? { ...field, isRequired: true } : field,
    ]),
  );
  // runTask returns this list as filtered_content_list.
  if (task.resultFields.includes('filtered_content_list')) delete fields.filtered_doc_list;
  if (task.protocol === 'report') fields.response_errcode = undefined;
  if (task.protocol === 'export') fields.result_errcode = undefined;
  const entries = Object.fromEntries(Object.entries(fields).filter(([, field]) => field));
  const status3 = { status: 'status', export: 'status' }[task.protocol];
  const zero = { report: 'response_errcode', export: 'result_errcode' }[task.protocol];
  const more = [
    '/** The task. */\njobid: string;\n',
    status3 ? `/** Finished. */\nstatus: ${done};\n` : '',
    zero ? `/** The task has succeeded. */\n${zero}: 0;\n` : '',
  ].join('');
  return `${comment([`The result of ${task.create} in \`ZoneClient.runTask\`.`])}export interface ${pascal(task.create)}Result extends ZoneResponse {\n${membersOf({ fields: entries }, false, more)}}\n`;
}

function eventType(event) {
  const dataNote =
    event.object === event.eventType
      ? 'The data of the event.'
      : 'The data of the event; on the wire it is not named after the event type.';
  const name = `${pascal(event.eventType)}Event`;
  const lines = [sentence(event.title), '', ...event.notes, `@see ${pageAddress(event.page)}`];
  return `${comment(lines)}export interface ${name} {
/** Always \`${event.eventType}\`. */
event_type: '${event.eventType}';
/** When the event occurred, in Unix seconds. */
timestamp: number;
${comment([dataNote])}${event.object}: {
${membersOf({ fields: event.fields }, false)}};
}
`;
}

export function types() {
  for (const { request, response } of zoneInterfaces) {
    collectNamed(request, true);
    collectNamed(response, false);
  }
  const named = [...namedTypes].map(([name, { schema, inRequest }]) => {
    if (schema.kind === 'integer') {
      const values = Object.entries(schema.values).map(
        ([value, meaning]) => `- ${value} ${meaning}`,
      );
      const what = name === 'Msgtype' ? 'Types of messages:' : 'Values:';
      return `${comment([what, ...values])}export type ${name} = ${Object.keys(schema.values).join(' | ')};\n`;
    }
    if (schema.kind === 'variants') {
      return `${comment([schema.note])}export type ${name} = ${schema.of.map((part) => part.typeName).join(' | ')};\n`;
    }
    return structType(name, forVariant(schema), inRequest, [schema.note]);
  });
  const requests = zoneInterfaces
    .filter(({ request }) => request.typeName === undefined)
    .map((definition) => {
      const empty =
        Object.keys(definition.request.fields).length === 0 && !definition.request.isOpen;
      const lines = [`Request of \`${definition.name}\`: ${definition.title.en}.`];
      return empty
        ? `${comment([...lines, 'It has no fields.'])}export type ${requestName(definition)} = Record<string, never>;\n`
        : structType(requestName(definition), definition.request, true, lines);
    });
  const responses = zoneInterfaces.map((definition) => {
    const empty =
      Object.keys(definition.response.fields).length === 0 && !definition.response.isOpen;
    const lines = [`Response of \`${definition.name}\` (${definition.title.zh}).`];
    return empty
      ? `${comment(lines)}export type ${responseName(definition)} = ZoneResponse;\n`
      : structType(responseName(definition), definition.response, false, lines, 'ZoneResponse');
  });
  const map = zoneInterfaces.map(
    (definition) =>
      `${comment([
        `${definition.title.en} (${definition.title.zh}).`,
        definition.successor && `\n@deprecated Old name; use \`${definition.successor}\`.`,
      ])}${definition.name}: { request: ${requestName(definition)}; response: ${responseName(definition)} };\n`,
  );
  const tasks = zoneTasks.map(
    ({ create, result }) =>
      `${comment([`Its result is polled with \`${result}\`.`])}${create}: { request: ${pascal(create)}Request; result: ${pascal(create)}Result };\n`,
  );
  return `// Generated by scripts/generate-interfaces.mjs from lib/interfaces. Do not edit.

/** The fields of every response. An errcode other than 0 is thrown as \`ZoneApiError\`. */
export interface ZoneResponse {
/** Always 0. */
errcode: 0;
/** A text for people; it can change. */
errmsg: string;
}

${named.join('\n')}
${requests.join('\n')}
${responses.join('\n')}
/**
 * Request and response of each interface of the zone. A project can add interfaces that this version does not know by
 * declaration merging.
 */
export interface ZoneInterfaces {
${map.join('')}}

/** The name of an interface. */
export type ZoneInterfaceName = keyof ZoneInterfaces;

${zoneTasks.map(taskResultType).join('\n')}
/** Request and result of each interface that creates a task, for \`ZoneClient.runTask\`. */
export interface ZoneTasks {
${tasks.join('')}}

/** The name of an interface that creates a task. */
export type ZoneTaskName = keyof ZoneTasks;

${zoneEvents.map(eventType).join('\n')}
/** The events of the platform, discriminated by \`event_type\`. */
export type ZoneEvent = ${zoneEvents.map(({ eventType: type }) => `${pascal(type)}Event`).join(' | ')};
`;
}

export function methods() {
  const declarations = zoneInterfaces.map(
    (definition) =>
      `${comment(interfaceComment(definition))}${definition.name}(request${mayBeLeftOut(definition) ? '?' : ''}: ${requestName(definition)}, options?: InvokeOptions): Promise<${responseName(definition)}>;\n`,
  );
  const types = new Set(zoneInterfaces.flatMap((one) => [requestName(one), responseName(one)]));
  return `// Generated by scripts/generate-interfaces.mjs from lib/interfaces. Do not edit.

import type { ${[...types].sort().join(', ')} } from '../interfaces/types';
import type { InvokeOptions } from './options';

/** The interfaces of the zone as methods, like those of the vendor's Python SDK. Each is \`ZoneClient.invoke\` with its name. */
export interface ZoneMethods {
${declarations.join('')}}
`;
}

export function serverTypes() {
  namedTypes.clear();
  for (const { query, request, response } of serverInterfaces) {
    collectNamed(query, true);
    collectNamed(request, true);
    collectNamed(response, false);
  }
  const named = [...namedTypes].map(([name, { schema, inRequest }]) =>
    structType(name, schema, inRequest, [schema.note]),
  );
  const map = serverInterfaces.map(
    ({ path, title, query, request, response }) =>
      `${comment([`${title.en} (${title.zh}).`])}'${path}': { query: ${serverType(query, true)}; request: ${serverType(request, true)}; response: ${serverType(response, false)} };\n`,
  );
  return `// Generated by scripts/generate-interfaces.mjs from lib/interfaces. Do not edit.

${named.join('\n')}
/** The server interfaces by path below \`/cgi-bin/\`. The responses omit errcode and errmsg. */
export interface ServerInterfaces {
${map.join('')}}
`;
}

const serverType = (schema, inRequest) =>
  Object.keys(schema.fields).length === 0 ? 'Record<never, never>' : typeOf(schema, inRequest);

/** Declares the fields of the other variants of a union as `never`, so that TypeScript rejects mixtures. */
function forVariant(schema) {
  const union = [...namedTypes.values()].find(
    (candidate) => candidate.schema.kind === 'variants' && candidate.schema.of.includes(schema),
  );
  if (!union) return schema;
  const fields = { ...schema.fields };
  for (const other of union.schema.of) {
    for (const name of Object.keys(other.fields)) {
      fields[name] ??= {
        schema: { kind: 'absent' },
        isRequired: false,
        note: `only in \`${other.typeName}\``,
      };
    }
  }
  return { ...schema, fields };
}
