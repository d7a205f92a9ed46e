// Generates docs/interfaces.md.
import {
  errcodeMeaning,
  interfaceGroups,
  invokeCodeMeaning,
  knownErrcodes,
  knownInvokeCodes,
  pageAddress,
  zoneEvents,
  zoneInterfaces,
  zoneTasks,
} from './definitions.mjs';
import { describe, errcodeText, sentence } from './words.mjs';

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

export function table(schema, isRequest) {
  const rows = rowsOf(schema, '', isRequest);
  if (rows.length === 0) return schema.isOpen ? 'Not documented.\n' : 'No fields.\n';
  return `| field | type | presence | meaning |\n|---|---|---|---|\n${rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')}\n`;
}

/** Formats a value as TypeScript. */
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

export const bullets = (lines) => lines.map((line) => `- ${line}\n`).join('');

const confidenceText = {
  documented: '',
  secondary:
    'Documented on a related page only, not on one of its own: try it in a real zone before you rely on it.',
  'name only': 'Only its name is documented, in a list of the SDK; its fields are unknown.',
};

function interfaceSection(definition) {
  const { name, title, pages, confidence, successor, sinceSdk, rules, errcodes, limits, notes } =
    definition;
  const task = zoneTasks.find(({ create }) => create === name);
  const parts = [`### ${name}\n\n**${title.zh}** · ${title.en}\n`];
  if (successor) parts.push(`Deprecated: the old name of [${successor}](#${successor}).\n`);
  if (confidenceText[confidence]) parts.push(`${confidenceText[confidence]}\n`);
  if (sinceSdk) parts.push(`Requires C++ SDK ${sinceSdk} or newer.\n`);
  parts.push(
    `\`\`\`ts\nconst response = await zone.invoke('${name}', ${literal(definition.example.request)});\n\`\`\`\n`,
  );
  if (task) {
    parts.push(
      `\`zone.runTask('${name}', …)\` creates the task and polls [${task.result}](#${task.result}) for the result.\n`,
    );
  }
  if (name === 'sync_msg') {
    parts.push('`zone.messages()` and `zone.batches()` pull the whole archive with it.\n');
  }
  parts.push(`Request:\n\n${table(definition.request, true)}`);
  parts.push(
    `Response, besides \`errcode\` and \`errmsg\`:\n\n${table(definition.response, false)}`,
    `\`\`\`json\n${JSON.stringify(definition.example.response, null, 2)}\n\`\`\`\n`,
  );
  if (rules.length) {
    parts.push(
      `Rules:\n\n${bullets(rules.map(({ errcode, text }) => `${text}${errcode ? `, otherwise ${errcode}` : ''}`))}`,
    );
  }
  if (limits.length) parts.push(`Limits:\n\n${bullets(limits)}`);
  if (notes.length) parts.push(`${notes.join(' ')}\n`);
  if (errcodes.length) {
    parts.push(`Errcodes on its page:\n\n${bullets(errcodes.map(errcodeText))}`);
  }
  if (pages.length) {
    parts.push(
      `Official pages: ${pages.map((page) => `[${page}](${pageAddress(page)})`).join(', ')}\n`,
    );
  }
  return parts.join('\n');
}

const retryText = { soon: 'after a moment', later: 'later', no: 'no' };

export function documentation() {
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
      `| \`${type}\` | ${[title, ...notes].map(sentence).join(' ')} | \`${object}\`: ${Object.entries(
        fields,
      )
        .map(([name, field]) => `\`${name}\` ${describe(field)}`.trim())
        .join(' ')} | [${page}](${pageAddress(page)}) |`,
  );
  return `<!-- Generated by scripts/generate-interfaces.mjs from lib/interfaces. Do not edit. -->

# The interfaces of the zone

All ${zoneInterfaces.length} interfaces that a zone program can call, as the official pages document them. Nothing here was tried in a real zone. The calls
below can be copied; they need a client:

\`\`\`ts
import { ZoneClient } from 'wework-spec-sdk';

const zone = new ZoneClient({ corpId: 'ww1', agentId: 1000002 });
\`\`\`

or, for a request, \`const zone = ZoneClient.from(callback);\`. Every interface is also a method: \`zone.sync_msg({ limit: 200 })\`. An
errcode other than 0 is thrown as \`ZoneApiError\`. [The guide](guide/zone-interfaces.md) shows how to use them.

${index.join('\n')}
Also: [events](#events) · [errcodes](#errcodes) · [return values of Invoke](#return-values-of-invoke)

${sections.join('\n')}
## Events

The platform sends events with call type 2; \`parseEvent(callback.GetData())\` returns them typed. These nine are documented as of
2026-07. Neither the order of events nor how often the platform retries them is documented.

| event_type | meaning | object | page |
|---|---|---|---|
${events.join('\n')}

## Errcodes

The errcodes of the zone's pages ([90313](${pageAddress(90313)})), with \`meaning\` and \`retry\` of a \`ZoneApiError\`.

| errcode | meaning | retry |
|---|---|---|
${knownErrcodes.map((code) => `| ${code} | ${errcodeMeaning(code).meaning} | ${retryText[errcodeMeaning(code).retry]} |`).join('\n')}

## Return values of Invoke

The return values of page [100052](${pageAddress(100052)}), which was refined for the Java SDK in 2025; whether the C++ library returns
the same values is not documented. The names are \`retName\` of a \`SpecInvokeError\` and not the vendor's.

| ret | name | meaning | action |
|---|---|---|---|
${knownInvokeCodes
  .map((ret) => [ret, invokeCodeMeaning(ret)])
  .map(([ret, { name, meaning, action }]) => `| ${ret} | ${name} | ${meaning} | ${action} |`)
  .join('\n')}
`;
}
