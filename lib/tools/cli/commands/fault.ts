import type { FaultRule } from '../../../sandbox/faults/fault';
import { faultDirections } from '../../../sandbox/faults/fault';
import { defineCommand, type Option, UsageError } from '../command';
import { table, writeJson, writeLine, writeText } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

const argument = (value: string, description: string) =>
  ({ type: 'string', value, description }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;

// Keys are the members of FaultRule in kebab case.
const ruleOptions = {
  direction: {
    type: 'string',
    value: 'WHICH',
    description: 'invoke, request, response, event or server (default: invoke)',
  },
  ability: { type: 'string', value: 'ID', description: 'request, response: only for this ability' },
  times: argument('N', 'inject N times (default: until removed)'),
  skip: argument('N', 'let the first N succeed'),
  probability: argument('P', 'inject with this probability, greater than 0, up to 1'),
  seed: argument('N', 'seed of the random numbers for --probability (default: 1)'),
  delay: argument('MS', 'wait first; for all directions'),
  status: argument('CODE', 'respond with this HTTP status; for all directions'),
  drop: flag('close the connection before the first byte; for all directions'),
  cut: flag('close the connection in the middle of the message; for all directions'),
  errcode: argument('CODE', 'invoke, server: the platform responds with this errcode'),
  ret: argument('CODE', 'invoke: Invoke() returns this code'),
  'access-token-expired': flag(
    "invoke: debug mode's access token has expired; server: the application's",
  ),
  'bad-signature': flag('invoke, request, response, event: the signature is wrong'),
  'bad-ciphertext': flag('invoke, request, response, event: the ciphertext is damaged'),
  'wrong-key-version': flag(
    'invoke, request, response, event: the key version is not the current one',
  ),
  replay: flag('invoke, request, response, event: an earlier message is sent again'),
  'clock-skew': argument(
    'SECONDS',
    'invoke, request, response, event: shift the time in the message',
  ),
  response: argument('TEXT', 'invoke: use this text as the response, JSON or not'),
  body: argument(
    'TEXT',
    'invoke: use this text as the HTTP body, in place of the encrypted result',
  ),
  'content-type': argument('TYPE', 'invoke: Content-Type of the response'),
  'bad-fields': flag('invoke: the fields of the result are truncated'),
  'key-version': argument('N', 'invoke: key version in the result'),
  timestamp: argument('SECONDS', 'invoke: Unix time in the result'),
  'request-nonce': argument('NONCE', 'invoke: nonce of the request in the result'),
  duplicate: argument('N', 'event: deliver N more times'),
  reorder: flag('event: deliver after the next event'),
} as const satisfies Readonly<Record<string, Option>>;

const TEXTS = new Set([
  'direction',
  'ability',
  'response',
  'body',
  'content-type',
  'request-nonce',
]);

/** Injects faults into a running sandbox, lists and removes them. */
export const fault = defineCommand({
  name: 'fault',
  summary: 'inject a fault into the sandbox; list and remove faults',
  positionals: '[name]',
  description: `The name is an interface (invoke: sync_msg; server: chatdata/sync_call_program) or an event, depending on the direction.
Each fault has one kind of failure, optionally with --delay. Without arguments, the active faults are listed. Negative numbers
need an equals sign: --errcode=-1. docs/guide/sandbox.md#faults describes the effect of each fault on program and application.`,
  options: {
    ...ruleOptions,
    clear: { type: 'boolean', description: 'remove all faults' },
    ...sandboxOptions,
  },
  examples: [
    [
      'wework-spec fault sync_msg --errcode 45009 --times 2',
      'the next two calls exceed the rate limit',
    ],
    [
      'wework-spec fault --direction response --bad-signature',
      "the signatures of the program's responses are wrong",
    ],
    ['wework-spec fault --direction request --delay 60000', 'the program seems to hang'],
    ['wework-spec fault', 'list the active faults'],
    ['wework-spec fault --clear', 'remove all faults'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const [name, ...more] = positionals;
    if (more.length > 0)
      throw new UsageError('fault: expected at most one name; see wework-spec help fault');
    const rule = ruleOf(values, name);
    const client = await sandboxOf(context);
    if (values.clear) {
      if (rule !== undefined)
        throw new UsageError('fault: --clear cannot be combined with a fault');
      const { cleared } = await client.send('clear-faults', {});
      if (values.json) writeJson(stdout, { cleared });
      else writeLine(stdout, `removed: ${cleared}`);
      return 0;
    }
    if (rule !== undefined) {
      const added = await client.send('add-fault', rule);
      if (values.json) writeJson(stdout, added);
      else writeLine(stdout, `added: ${JSON.stringify(added.rule)}`);
      return 0;
    }
    const faults = await client.send('faults', {});
    if (values.json) writeJson(stdout, faults);
    else if (faults.length === 0) writeLine(stdout, 'no active faults');
    else {
      writeText(stdout, table(faults.map(({ rule, hits }) => [`${hits}×`, JSON.stringify(rule)])));
    }
    return 0;
  },
});

function ruleOf(
  values: Readonly<Record<string, unknown>>,
  name: string | undefined,
): FaultRule | undefined {
  const rule: Record<string, unknown> = {};
  for (const [option, { type }] of Object.entries<Option>(ruleOptions)) {
    const value = values[option];
    if (value === undefined) continue;
    const member = option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const isText = TEXTS.has(option);
    rule[member] = type === 'boolean' || isText ? value : numberOf(option, String(value));
  }
  if (name !== undefined) {
    const direction = String(rule.direction ?? 'invoke');
    const known = Object.hasOwn(faultDirections, direction)
      ? faultDirections[direction as keyof typeof faultDirections]
      : undefined;
    rule[known?.filter ?? 'interface'] = name;
  }
  return Object.keys(rule).length === 0 ? undefined : (rule as unknown as FaultRule);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) {
    throw new UsageError(`fault: --${option} must be a number`);
  }
  return value;
}
