import type { FaultRule } from '../../../sandbox/faults/fault';
import { faultDirections } from '../../../sandbox/faults/fault';
import { defineCommand, type Option, UsageError } from '../command';
import { table, writeJson, writeLine } from '../output';
import { sandboxOf, sandboxOptions } from './sandbox-options';

const argument = (value: string, description: string) =>
  ({ type: 'string', value, description }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;

// By the names of FaultRule's members, in the spelling of the command line.
const ruleOptions = {
  direction: {
    type: 'string',
    value: 'WHICH',
    description: 'invoke (default), request, answer, event or server',
  },
  ability: { type: 'string', value: 'ID', description: 'request, answer: this ability only' },
  times: argument('N', 'N times; default: until it is removed'),
  skip: argument('N', 'the first N succeed'),
  probability: argument('P', 'with this probability, above 0 up to 1'),
  seed: argument('N', 'of the probability; default 1'),
  delay: argument('MS', 'wait first; all directions'),
  status: argument('CODE', 'HTTP status; all directions'),
  drop: flag('close the connection before a byte; all directions'),
  cut: flag('cut it in the middle; all directions'),
  errcode: argument('CODE', 'invoke, server: the platform answers this errcode'),
  ret: argument('CODE', 'invoke: Invoke returns this'),
  'access-token-expired': flag('invoke: of the debug mode; server: of the application'),
  'bad-signature': flag('invoke, request, answer, event'),
  'bad-ciphertext': flag('invoke, request, answer, event'),
  'wrong-key-version': flag('invoke, request, answer, event'),
  replay: flag('invoke, request, answer, event: an old message'),
  'clock-skew': argument(
    'SECONDS',
    'invoke, request, answer, event: the time in the message is off',
  ),
  response: argument('TEXT', 'invoke: the response text, JSON or not'),
  body: argument('TEXT', 'invoke: the HTTP body in place of the sealed result'),
  'content-type': argument('TYPE', 'invoke: the content type of the response'),
  'bad-fields': flag('invoke: the fields of the result are truncated'),
  'key-version': argument('N', 'invoke: the result names this key version'),
  timestamp: argument('SECONDS', 'invoke: the result carries this Unix time'),
  answers: argument('NONCE', 'invoke: the result claims to answer this nonce'),
  duplicate: argument('N', 'event: N times more'),
  reorder: flag('event: after the next one'),
} as const satisfies Readonly<Record<string, Option>>;

const TEXTS = new Set(['direction', 'ability', 'response', 'body', 'content-type', 'answers']);

/** Injects faults into a running sandbox, lists and removes them. */
export const fault = defineCommand({
  name: 'fault',
  summary: 'inject a fault into the sandbox; list and remove faults',
  positionals: '[name]',
  description: `The name is that of an interface (invoke: sync_msg; server: chatdata/sync_call_program) or of an event, according to the
direction. A fault has one failure, and --delay if you want one. Without arguments, the active faults are listed. Negative numbers
need an equals sign: --errcode=-1. docs/sandbox.md#faults says what program and application see of each.`,
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
      'wework-spec fault --direction answer --bad-signature',
      'no answer of the program is authentic',
    ],
    ['wework-spec fault --direction request --delay 60000', 'the program seems to hang'],
    ['wework-spec fault', 'list the active faults'],
    ['wework-spec fault --clear', 'remove all of them'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const [name, ...more] = positionals;
    if (more.length > 0)
      throw new UsageError('fault: give one name at most; see wework-spec help fault');
    const rule = ruleOf(values, name);
    const client = sandboxOf(context);
    if (values.clear) {
      if (rule !== undefined) throw new UsageError('fault: --clear stands alone');
      const { cleared } = await client.send('clear-faults', {});
      if (values.json) writeJson(stdout, { cleared });
      else writeLine(stdout, `cleared ${cleared}`);
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
    else stdout.write(table(faults.map(({ rule, hits }) => [`${hits}×`, JSON.stringify(rule)])));
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
    throw new UsageError(`fault: --${option} takes a number`);
  }
  return value;
}
