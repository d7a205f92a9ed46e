import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpecSdk, ZoneApiError, ZoneClient } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import {
  checkFields,
  checkRequest,
  type Field,
  type Schema,
  type StructSchema,
  type ZoneInterfaceDefinition,
  zoneInterface,
  zoneInterfaces,
} from '../../lib/interfaces';
import { root } from '../support/child';
import { setEnvironment, silenceLog } from '../support/process-environment';
import { rejectionOf } from '../support/thrown';

// The definitions in lib/interfaces are the source of truth; these tests compare everything else with them.

silenceLog();
let sandbox: ZoneSandbox;
let zone: ZoneClient;
beforeAll(async () => {
  sandbox = await ZoneSandbox.start({ examples: true });
  setEnvironment(sandbox.env);
  zone = new ZoneClient({
    corpId: sandbox.application.corpId,
    agentId: sandbox.application.agentId,
  });
});
afterAll(() => sandbox.stop());

const every = zoneInterfaces.map((definition) => [definition.name, definition] as const);

test('46 interfaces are defined, each once', () => {
  expect(zoneInterfaces).toHaveLength(46);
  expect(new Set(zoneInterfaces.map(({ name }) => name)).size).toBe(46);
});

test('the types and docs/interfaces.md are up to date with the definitions', () => {
  const script = join(root, 'scripts', 'generate-interfaces.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe.each(every)('%s', (name, definition) => {
  const { request, response } = definition.example;

  test('returns its example response for its example request', async () => {
    await expect(zone.invoke<object, object>(name, request)).resolves.toEqual(response);
    expect(JSON.parse(sandbox.wire.exchanges.at(-1)?.request ?? '')).toEqual(request);
    expect(sandbox.wire.exchanges.at(-1)?.interfaceName).toBe(name);
  });

  test('has an example that matches its definition', () => {
    expect(checkRequest(definition, request as Request)).toBeUndefined();
    const { errcode, errmsg, ...fields } = response as Record<string, unknown>;
    expect({ errcode, errmsg }).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(checkFields(definition.response, fields)).toBeUndefined();
  });

  test('is also a method of the client', async () => {
    const method = (zone as unknown as Record<string, (request: object) => Promise<object>>)[name];
    await expect(method?.call(zone, request)).resolves.toEqual(response);
    expect(sandbox.wire.exchanges.at(-1)?.interfaceName).toBe(name);
  });

  test('is refused by the sandbox if the request violates its definition', async () => {
    const broken = breakages(definition);
    for (const [what, wrong] of broken) {
      const violation = checkRequest(definition, wrong);
      expect([what, violation]).toEqual([what, expect.anything()]);
      const sdk = new SpecSdk(sandbox.application.corpId, sandbox.application.agentId);
      const parsed = JSON.parse((await sdk.Invoke(name, JSON.stringify(wrong))).response);
      expect([what, parsed.errcode]).toEqual([what, violation?.errcode ?? 40058]);
      if (violation?.path) expect(parsed.errmsg).toContain(violation.path);
    }
    // The fields of two old names are unknown, so no request can violate their definition.
    expect(broken.length > 0 || definition.confidence === 'name only').toBe(true);
  });

  test('has its section in docs/interfaces.md, with both titles and a call that works', async () => {
    const page = readFileSync(join(root, 'docs', 'interfaces.md'), 'utf8');
    const section = page.split(/^### /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
    expect(section).toContain(definition.title.zh);
    expect(section).toContain(definition.title.en);
    expect(page.split('\n## ')[0]).toContain(
      `| [${name}](#${name}) | ${definition.title.zh} | ${definition.title.en} |`,
    );
    const [, call = ''] = /```ts\n([^`]+)```/.exec(section) ?? [];
    const run = new Function('zone', `return (async () => { ${call}; return response; })()`);
    await expect(run(zone)).resolves.toEqual(response);
  });
});

test.each([
  ['document_list', 'knowledge_base_list'],
  ['create_private_task', 'create_model_task'],
  ['get_private_task_result', 'get_model_task_result'],
])('the old name %s is marked as deprecated in favour of %s', (name, successor) => {
  expect(zoneInterface(name)?.successor).toBe(successor);
  const types = readFileSync(join(root, 'lib', 'zone', 'methods.ts'), 'utf8');
  const lines = types.split('\n');
  const declaration = lines.findIndex((line) => line.startsWith(`  ${name}(`));
  expect(declaration).toBeGreaterThan(0);
  const comment = lines.slice(declaration - 8, declaration).join('\n');
  expect(comment).toContain(`@deprecated Old name; use \`${successor}\`.`);
});

test('the sandbox does not know other names, nor those of Object.prototype', async () => {
  for (const name of ['sync_message', 'constructor', '__proto__', 'toString', '']) {
    const { ret } = await new SpecSdk('ww', 1).Invoke(name, '{}');
    expect([name, ret]).toEqual([name, -10006]);
  }
});

test('an errcode of a definition reaches the program as an error with its meaning', async () => {
  const error = await rejectionOf(zone.invoke('sync_msg', { cursor: 'x'.repeat(129) }));
  expect(error).toBeInstanceOf(ZoneApiError);
  expect(error).toMatchObject({ errcode: 710611, meaning: 'the cursor is invalid', retry: 'no' });
});

type Request = Readonly<Record<string, unknown>>;

/** The example request with one violation of each kind that its definition rules out. */
function breakages(definition: ZoneInterfaceDefinition): [what: string, request: Request][] {
  const example = definition.example.request as Request;
  const schema =
    definition.request.kind === 'variants'
      ? (definition.request.of[definition.request.choose(example)] as StructSchema)
      : definition.request;
  const broken: [string, Request][] = [];
  if (!schema.isOpen) {
    broken.push(['an unknown field', { ...example, not_a_field_of_it: 1 }]);
  }
  for (const [name, field] of Object.entries(schema.fields)) {
    if (field.isRequired && name in example) {
      const { [name]: _, ...rest } = example;
      broken.push([`${name} is missing`, rest]);
    }
    for (const [what, value] of wrongValues(field)) {
      broken.push([`${name} is ${what}`, { ...example, [name]: value }]);
    }
  }
  return broken;
}

function wrongValues({ schema }: Field): [what: string, value: unknown][] {
  const wrong: [string, unknown][] = [['null', null]];
  return wrong.concat(outside(schema));
}

function outside(schema: Schema): [what: string, value: unknown][] {
  switch (schema.kind) {
    case 'text': {
      const wrong: [string, unknown][] = [['a number', 5]];
      if (schema.minChars === 1) wrong.push(['empty', '']);
      if (schema.maxChars !== undefined) wrong.push(['long', '长'.repeat(schema.maxChars + 1)]);
      if (schema.maxBytes !== undefined) wrong.push(['large', 'x'.repeat(schema.maxBytes + 1)]);
      if (schema.values !== undefined) wrong.push(['no value', 'no such value']);
      return wrong;
    }
    case 'integer': {
      const wrong: [string, unknown][] = [
        ['a text', '1'],
        ['a fraction', 1.5],
      ];
      if (schema.values !== undefined) wrong.push(['no value', 987]);
      if (schema.min !== undefined) wrong.push(['low', schema.min - 1]);
      if (schema.max !== undefined) wrong.push(['high', schema.max + 1]);
      return wrong;
    }
    case 'boolean':
      return [['a number', 1]];
    case 'list': {
      const wrong: [string, unknown][] = [['an object', {}]];
      if (schema.min !== undefined && schema.min > 0) wrong.push(['an empty list', []]);
      if (schema.max !== undefined) {
        wrong.push(['a long list', Array.from({ length: schema.max + 1 }, () => 0)]);
      }
      return wrong.concat(
        outside(schema.items).map(([what, value]) => [`a list with ${what}`, [value]]),
      );
    }
    case 'struct':
      return [
        ['a list', []],
        ['an object with an unknown field', { not_a_field_of_it: 1 }],
      ];
    case 'variants':
      return [['a list', []]];
  }
}
