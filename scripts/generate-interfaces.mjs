#!/usr/bin/env node
// Makes from lib/interfaces what must say the same: the types in lib/interfaces/types.ts and docs/interfaces.md; of the server
// interfaces, the types in lib/interfaces/server-types.ts and docs/server-interfaces.md. All are committed, for reading
// and for the editor. With --check nothing is written: it ends with 1 if they are not up to date.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');

const {
  zoneInterfaces,
  interfaceGroups,
  zoneEvents,
  zoneTasks,
  pageAddress,
  errcodeMeaning,
  knownErrcodes,
  invokeCodeMeaning,
  knownInvokeCodes,
  serverInterfaces,
  serverInterfaceGroups,
} = loadDefinitions();

/** The definitions, compiled without types: dist/ cannot be made before the types that are made here. */
function loadDefinitions() {
  const source = join(root, 'lib', 'interfaces');
  const target = mkdtempSync(join(tmpdir(), 'wework-spec-interfaces-'));
  try {
    for (const file of readdirSync(source, { recursive: true })) {
      if (!statSync(join(source, file)).isFile()) continue;
      const { code } = transformFileSync(join(source, file), {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        swcrc: false,
      });
      const compiled = join(target, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(compiled), { recursive: true });
      writeFileSync(compiled, code);
    }
    return require(join(target, 'index.js'));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

// ---- words ------------------------------------------------------------------------------------------------------

const pascal = (name) =>
  name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase()).replaceAll(/[^\w]/g, '');

const sentence = (text) => {
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

/** The limits of a value in words; the values that are listed are said elsewhere. */
function limitsOf(schema) {
  if (schema.kind === 'text') {
    // One character at least is what "required" means to everybody.
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

/** The values of a schema or of a list's entries, each with its meaning. */
function valuesOf(schema) {
  if (schema.kind === 'list') return valuesOf(schema.items);
  if (schema.kind !== 'integer' || schema.values === undefined) return '';
  const entries = Object.entries(schema.values);
  if (entries.length === 2 && schema.values[0] === 'no' && schema.values[1] === 'yes') {
    return '0 no, 1 yes';
  }
  return entries.map(([value, meaning]) => `${value} ${meaning}`).join(', ');
}

/** Everything there is to say of a field. */
function describe({ schema, note }) {
  return [note, limitsOf(schema), valuesOf(schema)].filter(Boolean).map(sentence).join(' ');
}

const errcodeText = (errcode) =>
  `${errcode}: ${errcodeMeaning(errcode)?.meaning ?? 'no meaning known'}`;

// ---- TypeScript -------------------------------------------------------------------------------------------------

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

/** Completion still offers the known values; others need no cast when the platform grows. */
function openType(type, schema, inRequest) {
  return schema.mayGrow && !inRequest ? `${type} | (number & {})` : type;
}

function membersOf(schema, inRequest, more = '') {
  const members = Object.entries(schema.fields).map(([name, field]) => {
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
  if (confidence === 'secondary') lines.push('Known from a neighbouring page only.', '');
  if (sinceSdk) lines.push(`Needs the C++ SDK ${sinceSdk} or newer.`, '');
  if (definition.limits.length) {
    lines.push('Limits:', ...definition.limits.map((limit) => `- ${limit}`), '');
  }
  if (notes.length) lines.push(...notes, '');
  if (errcodes.length) {
    lines.push(
      'Errors beside the general ones:',
      ...errcodes.map((code) => `- ${errcodeText(code)}`),
      '',
    );
  }
  if (successor) lines.push(`@deprecated An old name; use \`${successor}\`.`);
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
  // runTask moves the one to the other.
  if (task.resultFields.includes('filtered_content_list')) delete fields.filtered_doc_list;
  if (task.protocol === 'report') fields.response_errcode = undefined;
  if (task.protocol === 'export') fields.result_errcode = undefined;
  const entries = Object.fromEntries(Object.entries(fields).filter(([, field]) => field));
  const status3 = { status: 'status', export: 'status' }[task.protocol];
  const zero = { report: 'response_errcode', export: 'result_errcode' }[task.protocol];
  const more = [
    '/** The task; resumeTask takes it. */\njobid: string;\n',
    status3 ? `/** Finished. */\nstatus: ${done};\n` : '',
    zero ? `/** The task went well. */\n${zero}: 0;\n` : '',
  ].join('');
  return `${comment([`What ${task.create} gives when it is done.`])}export interface ${pascal(task.create)}Result extends ZoneResponse {\n${membersOf({ fields: entries }, false, more)}}\n`;
}

function eventType(event) {
  const name = `${pascal(event.eventType)}Event`;
  const lines = [sentence(event.title), '', ...event.notes, `@see ${pageAddress(event.page)}`];
  return `${comment(lines)}export interface ${name} {
event_type: '${event.eventType}';
/** Unix seconds. */
timestamp: number;
${event.object}: {
${membersOf({ fields: event.fields }, false)}};
}
`;
}

function types() {
  for (const { request, response } of zoneInterfaces) {
    collectNamed(request, true);
    collectNamed(response, false);
  }
  const named = [...namedTypes].map(([name, { schema, inRequest }]) => {
    if (schema.kind === 'integer') {
      const values = Object.entries(schema.values).map(
        ([value, meaning]) => `- ${value} ${meaning}`,
      );
      const what = name === 'Msgtype' ? 'What a message is:' : 'Values:';
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
        definition.successor && `\n@deprecated An old name; use \`${definition.successor}\`.`,
      ])}${definition.name}: { request: ${requestName(definition)}; response: ${responseName(definition)} };\n`,
  );
  const tasks = zoneTasks.map(
    ({ create, result }) =>
      `${comment([`Its result comes from \`${result}\`.`])}${create}: { request: ${pascal(create)}Request; result: ${pascal(create)}Result };\n`,
  );
  return `// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

/** What every response has. Other errcodes than 0 are thrown as ZoneApiError. */
export interface ZoneResponse {
errcode: 0;
/** A text for people; do not match on it. */
errmsg: string;
}

${named.join('\n')}
${requests.join('\n')}
${responses.join('\n')}
/**
 * The interfaces of the zone: name, request and response. A project may add its own by declaration merging, when the
 * platform has interfaces that this version does not know.
 */
export interface ZoneInterfaces {
${map.join('')}}

/** The name of an interface. */
export type ZoneInterfaceName = keyof ZoneInterfaces;

${zoneTasks.map(taskResultType).join('\n')}
/** The interfaces that create a task, with the result that runTask waits for. */
export interface ZoneTasks {
${tasks.join('')}}

/** The name of an interface that creates a task. */
export type ZoneTaskName = keyof ZoneTasks;

${zoneEvents.map(eventType).join('\n')}
/** The events that the platform sends, told apart by \`event_type\`. */
export type ZoneEvent = ${zoneEvents.map(({ eventType: type }) => `${pascal(type)}Event`).join(' | ')};
`;
}

function methods() {
  const declarations = zoneInterfaces.map(
    (definition) =>
      `${comment(interfaceComment(definition))}${definition.name}(request${mayBeLeftOut(definition) ? '?' : ''}: ${requestName(definition)}, options?: InvokeOptions): Promise<${responseName(definition)}>;\n`,
  );
  const types = new Set(zoneInterfaces.flatMap((one) => [requestName(one), responseName(one)]));
  return `// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

import type { ${[...types].sort().join(', ')} } from '../interfaces/types';
import type { InvokeOptions } from './options';

/** Every interface as a method, as the vendor's Python SDK has them. */
export interface ZoneMethods {
${declarations.join('')}}
`;
}

function serverTypes() {
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
  return `// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

${named.join('\n')}
/** The server interfaces by their path below \`/cgi-bin/\`; the responses without errcode and errmsg. */
export interface ServerInterfaces {
${map.join('')}}
`;
}

const serverType = (schema, inRequest) =>
  Object.keys(schema.fields).length === 0 ? 'Record<never, never>' : typeOf(schema, inRequest);

/** In a union, the fields that only another variant has must be seen to be absent. */
function forVariant(schema) {
  const union = [...namedTypes.values()].find(
    (candidate) => candidate.schema.kind === 'variants' && candidate.schema.of.includes(schema),
  );
  if (!union) return schema;
  const fields = { ...schema.fields };
  for (const other of union.schema.of) {
    for (const name of Object.keys(other.fields)) {
      fields[name] ??= { schema: { kind: 'absent' }, isRequired: false, note: '' };
    }
  }
  return { ...schema, fields };
}

// ---- documentation ----------------------------------------------------------------------------------------------

const cell = (text) => text.replaceAll('|', '\\|');

const markdownType = (schema) => {
  if (schema.kind === 'list') return `${markdownType(schema.items)}[]`;
  if (schema.kind === 'text') return 'string';
  if (schema.kind === 'integer') return schema.wire;
  if (schema.kind === 'boolean') return 'bool';
  return 'object';
};

function rowsOf(schema, prefix = '', isRequest = true) {
  if (schema.kind === 'variants') {
    return schema.of.flatMap((part) => [
      ['', '', '', `*${part.note}*`],
      ...rowsOf(part, prefix, isRequest),
    ]);
  }
  return Object.entries(schema.fields).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    let inner = field.schema;
    let innerPath = path;
    while (inner.kind === 'list') {
      inner = inner.items;
      innerPath += '[]';
    }
    const more = inner.kind === 'struct' || inner.kind === 'variants';
    const presence = field.isRequired ? (isRequest ? 'required' : 'always') : 'optional';
    return [
      [`\`${path}\``, markdownType(field.schema), presence, describe(field)],
      ...(more ? rowsOf(inner, `${innerPath}.`, isRequest) : []),
    ];
  });
}

function table(schema, isRequest) {
  const rows = rowsOf(schema, '', isRequest);
  if (rows.length === 0) return schema.isOpen ? 'Not documented.\n' : 'No fields.\n';
  return `| field | type | | |\n|---|---|---|---|\n${rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}\n`;
}

/** A value as a program would write it. */
function literal(value, indent = '') {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = `[${value.map((item) => literal(item, inner)).join(', ')}]`;
    return flat.includes('\n') || flat.length > 80
      ? `[\n${value.map((item) => `${inner}${literal(item, inner)},\n`).join('')}${indent}]`
      : flat;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    const flat = `{ ${entries.map(([name, item]) => `${name}: ${literal(item, inner)}`).join(', ')} }`;
    return flat.includes('\n') || flat.length > 80
      ? `{\n${entries.map(([name, item]) => `${inner}${name}: ${literal(item, inner)},\n`).join('')}${indent}}`
      : flat;
  }
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

const bullets = (lines) => lines.map((line) => `- ${line}\n`).join('');

const confidenceText = {
  documented: '',
  secondary:
    'Not from its own page but from a neighbouring one; try it in a real zone before you rely on it.',
  'name only': 'Only the name is known, from a list of the SDK; its fields are not documented.',
};

function interfaceSection(definition) {
  const { name, title, pages, confidence, successor, sinceSdk, rules, errcodes, limits, notes } =
    definition;
  const task = zoneTasks.find(({ create }) => create === name);
  const parts = [`### ${name}\n\n**${title.zh}** · ${title.en}\n`];
  if (successor) parts.push(`Deprecated: an old name of [${successor}](#${successor}).\n`);
  if (confidenceText[confidence]) parts.push(`${confidenceText[confidence]}\n`);
  if (sinceSdk) parts.push(`Needs the C++ SDK ${sinceSdk} or newer.\n`);
  parts.push(
    `\`\`\`ts\nconst response = await zone.invoke('${name}', ${literal(definition.example.request)});\n\`\`\`\n`,
  );
  if (task) {
    parts.push(
      `\`zone.runTask('${name}', …)\` also waits for the result of [${task.result}](#${task.result}).\n`,
    );
  }
  if (name === 'sync_msg') {
    parts.push('`zone.messages()` and `zone.batches()` pull the whole stream with it.\n');
  }
  parts.push(`Request:\n\n${table(definition.request, true)}`);
  parts.push(
    `Response, beside \`errcode\` and \`errmsg\`:\n\n${table(definition.response, false)}`,
    `\`\`\`json\n${JSON.stringify(definition.example.response, null, 2)}\n\`\`\`\n`,
  );
  if (rules.length) {
    parts.push(
      `Rules:\n\n${bullets(rules.map(({ errcode, text }) => `${text}${errcode ? `, else ${errcode}` : ''}`))}`,
    );
  }
  if (limits.length) parts.push(`Limits:\n\n${bullets(limits)}`);
  if (notes.length) parts.push(`${notes.join(' ')}\n`);
  if (errcodes.length) {
    parts.push(`Errors that its page names:\n\n${bullets(errcodes.map(errcodeText))}`);
  }
  if (pages.length) {
    parts.push(
      `Official pages: ${pages.map((page) => `[${page}](${pageAddress(page)})`).join(', ')}\n`,
    );
  }
  return parts.join('\n');
}

const retryText = { soon: 'yes, after a moment', later: 'later', no: 'no' };

function documentation() {
  const groups = Object.entries(interfaceGroups).map(([group, title]) => ({
    title,
    members: zoneInterfaces.filter((definition) => definition.group === group),
  }));
  const index = groups.map(
    ({ title, members }) =>
      `**${title.zh} · ${title.en}**\n\n| interface | 中文 | English |\n|---|---|---|\n${members
        .map(({ name, title: { zh, en } }) => `| [${name}](#${name}) | ${zh} | ${en} |`)
        .join('\n')}\n`,
  );
  const sections = groups.map(
    ({ title, members }) =>
      `## ${title.en} (${title.zh})\n\n${members.map(interfaceSection).join('\n')}`,
  );
  const events = zoneEvents.map(
    ({ eventType: type, title, page, object, fields, notes }) =>
      `| \`${type}\` | ${title}. ${notes.map(sentence).join(' ')} | \`${object}\`: ${Object.entries(
        fields,
      )
        .map(([name, field]) => `\`${name}\` ${describe(field)}`.trim())
        .join(' ')} | [${page}](${pageAddress(page)}) |`,
  );
  return `<!-- Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file. -->

# The interfaces of the zone

All 46 interfaces that a zone program can call, as the official pages describe them. Nothing here was tried in a live zone. The calls
below work as they stand once there is a client:

\`\`\`ts
import { ZoneClient } from 'wework-spec-sdk';

const zone = new ZoneClient({ corpId: 'ww1', agentId: 1000002 });
\`\`\`

or, in the handler of a request, \`const zone = ZoneClient.from(callback);\`. Every interface is a method, too:
\`zone.sync_msg({ limit: 200 })\`. An errcode other than 0 is thrown as \`ZoneApiError\`.

${index.join('\n')}
Other things: [events](#events) · [errcodes](#errcodes) · [return values of Invoke](#return-values-of-invoke)

${sections.join('\n')}
## Events

What the platform sends to a program with call_type 2; \`parseEvent(callback.GetData())\` gives it typed. These nine are the list as of
2026-07. How often an event is repeated, and in which order events come, is not documented.

| event_type | when | object | page |
|---|---|---|---|
${events.join('\n')}

## Errcodes

What a \`ZoneApiError\` knows of an errcode. The list is that of the zone's pages ([90313](${pageAddress(90313)})).

| errcode | meaning | again? |
|---|---|---|
${knownErrcodes.map((code) => `| ${code} | ${errcodeMeaning(code).meaning} | ${retryText[errcodeMeaning(code).retry]} |`).join('\n')}

## Return values of Invoke

What a \`SpecInvokeError\` knows of a return value. The table is that of page [100052](${pageAddress(100052)}), which was refined for the
Java SDK in 2025; whether the C++ library returns the same numbers is not documented. The names are ours.

| ret | name | meaning | what to do |
|---|---|---|---|
${knownInvokeCodes
  .map((ret) => [ret, invokeCodeMeaning(ret)])
  .map(([ret, { name, meaning, action }]) => `| ${ret} | ${name} | ${meaning} | ${action} |`)
  .join('\n')}
`;
}

/** A text for a JSON body in single quotes of the shell; `$NAME` is filled in by it. */
const shellText = (value) =>
  JSON.stringify(value)
    .replaceAll("'", "'\\''")
    .replaceAll(/"(\$[A-Z_]+)"/g, `"'"$1"'"`);

function curlLine({ path, method, needsToken, fileField, example }) {
  const values = { ...(needsToken ? { access_token: '$TOKEN' } : {}), ...example.query };
  const parameters = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const address = `"$BASE/cgi-bin/${path}${parameters.length ? `?${parameters.join('&')}` : ''}"`;
  if (fileField) return `curl -s -F ${fileField}=@"$FILE" ${address}`;
  if (method === 'GET') return `curl -s ${address}`;
  return example.request === undefined
    ? `curl -s -X POST ${address}`
    : `curl -s -d '${shellText(example.request)}' ${address}`;
}

const serverAnchor = (path) => path.replaceAll('/', '');

function serverSection(definition) {
  const { path, aliases, method, title, pages, query, request, response } = definition;
  const { fileField, appTypes, rules, errcodes, limits, notes, example } = definition;
  const parts = [
    `### ${path}\n\n**${title.zh}** · ${title.en}\n`,
    `\`\`\`sh\n${curlLine(definition)}\n\`\`\`\n`,
    `\`\`\`json\n${JSON.stringify(example.response)}\n\`\`\`\n`,
  ];
  if (aliases.length) parts.push(`Also: ${aliases.map((alias) => `\`${alias}\``).join(', ')}.\n`);
  if (appTypes) parts.push(`For these app types: ${appTypes.join(', ')}; else 710640.\n`);
  if (Object.keys(query.fields).length) {
    parts.push(`Parameters of the address:\n\n${table(query, true)}`);
  }
  if (fileField) parts.push(`A form (multipart/form-data) with the file in \`${fileField}\`.\n`);
  else if (method === 'POST') parts.push(`Request:\n\n${table(request, true)}`);
  if (Object.keys(response.fields).length) {
    parts.push(`Response, beside \`errcode\` and \`errmsg\`:\n\n${table(response, false)}`);
  }
  if (rules.length) parts.push(`Rules:\n\n${bullets(rules.map(({ text }) => text))}`);
  if (limits.length) parts.push(`Limits:\n\n${bullets(limits)}`);
  if (notes.length) parts.push(`${notes.join(' ')}\n`);
  if (errcodes.length) parts.push(`Errors:\n\n${bullets(errcodes.map(errcodeText))}`);
  if (pages.length) {
    parts.push(
      `Official pages: ${pages.map((page) => `[${page}](${pageAddress(page)})`).join(', ')}\n`,
    );
  } else {
    parts.push('The number of its official page is not known here.\n');
  }
  return parts.join('\n');
}

function serverDocumentation() {
  const groups = Object.entries(serverInterfaceGroups).map(([group, title]) => ({
    title,
    members: serverInterfaces.filter((definition) => definition.group === group),
  }));
  const index = groups.flatMap(({ members }) =>
    members.map(
      ({ path, title: { zh, en } }) => `| [${path}](#${serverAnchor(path)}) | ${zh} | ${en} |`,
    ),
  );
  const sections = groups.map(
    ({ title, members }) =>
      `## ${title.en} (${title.zh})\n\n${members.map(serverSection).join('\n')}`,
  );
  return `<!-- Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file. -->

# The server interfaces of the zone

What an application calls on the platform's server, as the official pages describe it and as the sandbox serves it. An application that
is built for the platform is pointed at the sandbox by its base URL alone: \`sandbox.urls.server\` in place of
\`https://qyapi.weixin.qq.com\`. [sandbox.md](sandbox.md) tells how to start a sandbox. \`wework-spec sandbox\` prints the variables that the
commands below need (\`BASE\`, \`TOKEN\` and so on); they run as they stand here, from top to bottom, with a program that has an ability
\`echo\`. \`JOBID\` is what the answer of async_program_task gave.

Every interface is also tried by a test with curl, by these very lines. The answers are examples.

| interface | 中文 | English |
|---|---|---|
${index.join('\n')}

## What all have in common

POST with a JSON body in UTF-8, unless it says otherwise below; \`access_token\` in the address. The answer is JSON with \`errcode\` and
\`errmsg\`, status 200 also when it failed. A path that is none of these gets status 404, another method 405, a body that is too
large 413.

| errcode | when |
|---|---|
| 41001 | the access_token is missing |
| 40014 | it is none that the platform has given |
| 42001 | it has expired: after 7200 seconds of the sandbox's clock |
| 40058 | the body is not JSON, or breaks what the table says: the sandbox's own choice where no other errcode is named |
| 710640 | the type of the app does not allow it |

Some members of an answer stand in no table of the official pages; then there is a note.

${sections.join('\n')}
## What the application is told

When a program calls \`spec_notify_app\`, the platform posts XML to the application ([99843](${pageAddress(99843)})); the sandbox sends it to its option
\`appCallback\`:

\`\`\`xml
<xml><ToUserName><![CDATA[ww-sandbox]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1760000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[n-1]]></NotifyId><NotifyScene>7</NotifyScene></xml>
\`\`\`

Without \`NotifyScene\` when the program gave none, or one outside 0 to 255.

The platform encrypts what it sends to applications ([90968](${pageAddress(90968)})). With the secrets of the callback page the sandbox
does, too:

\`\`\`ts
const sandbox = await ZoneSandbox.start({
  appCallback: {
    url: 'http://127.0.0.1:3000/callback',
    token: '…', // of the callback page, as the next one is
    encodingAESKey: '…', // 43 letters and digits
    receiveId: 'ww-sandbox', // the corpid by default; a suiteid, or nothing, for some third-party apps
  },
});
\`\`\`

Then the XML above stands encrypted in \`<xml><ToUserName>…</ToUserName><AgentID>…</AgentID><Encrypt>…</Encrypt></xml>\`, and the address has
\`msg_signature\`, \`timestamp\` and \`nonce\`. On the command line, WEWORK_SPEC_APP_TOKEN and WEWORK_SPEC_APP_AES_KEY go with \`--app-callback\`. Without
secrets the XML is sent as it is.
`;
}

// ---- files ------------------------------------------------------------------------------------------------------

function formatted(text, file) {
  const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${file}`],
    { input: text, encoding: 'utf8', cwd: root, maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`biome: ${stderr}`);
  return stdout;
}

const typesFile = join(root, 'lib', 'interfaces', 'types.ts');
const methodsFile = join(root, 'lib', 'zone', 'methods.ts');
const serverTypesFile = join(root, 'lib', 'interfaces', 'server-types.ts');
const made = new Map([
  [typesFile, formatted(types(), typesFile)],
  [methodsFile, formatted(methods(), methodsFile)],
  [join(root, 'docs', 'interfaces.md'), documentation()],
  [serverTypesFile, formatted(serverTypes(), serverTypesFile)],
  [join(root, 'docs', 'server-interfaces.md'), serverDocumentation()],
]);

let stale = false;
for (const [file, text] of made) {
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {}
  if (present === text) continue;
  if (check) {
    stale = true;
    console.error(`${relative(root, file)} is not up to date: run npm run generate`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${relative(root, file)}`);
  }
}
process.exitCode = stale ? 1 : 0;
