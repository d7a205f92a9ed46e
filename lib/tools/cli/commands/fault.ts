import { serverInterfaces, zoneEvents, zoneInterfaces } from '../../../interfaces';
import type { ControlClient } from '../../../sandbox/control/control-client';
import type { FaultReport } from '../../../sandbox/control/control-service';
import type { FaultDirection, FaultRule } from '../../../sandbox/faults/fault';
import { checkFaultRule, faultDirections } from '../../../sandbox/faults/fault';
import { integerArgument } from '../arguments';
import { type Context, defineCommand, type Option, UsageError } from '../command';
import { table, writeJson, writeLine, writeText } from '../output';
import { didYouMean } from '../suggestion';
import { sandboxOf, sandboxOptions } from './sandbox-options';

const argument = (value: string, description: string) =>
  ({ type: 'string', value, description }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;

// Keys are the members of FaultRule in kebab case.
const ruleOptions = {
  direction: {
    type: 'string',
    value: 'WHICH',
    choices: Object.keys(faultDirections),
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
  choices: [
    ...zoneInterfaces.map(({ name }) => name),
    ...serverInterfaces.map(({ path }) => path),
    ...zoneEvents.map(({ eventType }) => eventType),
  ],
  description: `The name is an interface (invoke: sync_msg; server: chatdata/sync_call_program) or an event, depending on the direction.
Each fault has one kind of failure, optionally with --delay. Without arguments, the active faults are listed.
docs/guide/sandbox.md#faults describes the effect of each fault on program and application.`,
  options: {
    ...ruleOptions,
    remove: {
      type: 'string',
      multiple: true,
      value: 'ID',
      description: 'remove the fault with this id; can be repeated',
    },
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
    ['wework-spec fault --remove 2', 'remove one fault'],
    ['wework-spec fault --clear', 'remove all faults'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const [name, ...more] = positionals;
    if (more.length > 0)
      throw new UsageError('fault: expected at most one name; see wework-spec help fault');
    const given = ruleOf(values, name);
    const rule = given && checkedRule(given);
    const { remove, clear, json } = values;
    if ([rule, remove, clear].filter((part) => part !== undefined).length > 1) {
      throw new UsageError('fault: --clear and --remove cannot be combined with anything else');
    }
    const ids = remove?.map((id) => integerArgument('fault: --remove', id, 1, 2 ** 31));
    const client = await sandboxOf(context);
    if (clear) {
      const { cleared } = await client.send('clear-faults', {});
      if (json) writeJson(stdout, { cleared });
      else writeLine(stdout, `removed: ${cleared}`);
      return 0;
    }
    if (ids !== undefined) return removeFaults(client, ids, context);
    if (rule !== undefined) {
      await checkName(client, rule, name);
      const added = await client.send('add-fault', rule);
      if (json) writeJson(stdout, added);
      else writeLine(stdout, `added fault ${added.id}: ${described(added)}`);
      return 0;
    }
    const faults = await client.send('faults', {});
    if (json) writeJson(stdout, faults);
    else if (faults.length === 0) writeLine(stdout, 'no active faults');
    else {
      const rows = faults.map((fault) => [
        String(fault.id),
        described(fault),
        `took effect ${fault.hits}×`,
      ]);
      writeText(stdout, table([['ID', 'FAULT', ''], ...rows]));
    }
    return 0;
  },
});

async function removeFaults(
  client: ControlClient,
  ids: readonly number[],
  { values, stdout, stderr }: Pick<Context, 'values' | 'stdout' | 'stderr'>,
): Promise<number> {
  const removed: number[] = [];
  for (const id of ids) {
    if ((await client.send('remove-fault', { id })).removed) removed.push(id);
  }
  const unknown = ids.filter((id) => !removed.includes(id));
  if (values.json) writeJson(stdout, { removed, unknown });
  else {
    writeLine(stdout, `removed: ${removed.length}`);
    if (unknown.length > 0) writeLine(stderr, `wework-spec: no such fault: ${unknown.join(', ')}`);
  }
  return unknown.length === 0 ? 0 : 1;
}

/** A fault in words: `invoke sync_msg: errcode 45009, times 2`. */
function described({ rule }: FaultReport): string {
  const { direction = 'invoke', ...rest } = rule as Record<string, unknown>;
  const { filter } = faultDirections[direction as FaultDirection];
  const { [filter]: name, ...parts } = rest;
  const words = Object.entries(parts).map(([part, value]) => {
    const spoken = part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return value === true ? spoken : `${spoken} ${JSON.stringify(value)}`;
  });
  return `${direction}${name === undefined ? '' : ` ${name}`}: ${words.join(', ')}`;
}

/** Refuses the name of an interface or event that the sandbox does not have, because the fault would never take effect. */
async function checkName(
  client: ControlClient,
  { direction = 'invoke' }: FaultRule,
  name: string | undefined,
): Promise<void> {
  if (name === undefined) return;
  const known = await knownNames(client, direction);
  if (known === undefined || known.includes(name)) return;
  const what = direction === 'event' ? 'event' : 'interface';
  throw new UsageError(`fault: there is no ${what} "${name}".${didYouMean(name, known)}`);
}

async function knownNames(
  client: ControlClient,
  direction: FaultDirection,
): Promise<readonly string[] | undefined> {
  if (direction === 'invoke') return (await client.send('info', {})).interfaces;
  if (direction === 'server') return serverInterfaces.map(({ path }) => path);
  return direction === 'event' ? zoneEvents.map(({ eventType }) => eventType) : undefined;
}

/** Throws {@link UsageError} for an invalid rule. */
function checkedRule(rule: FaultRule): FaultRule {
  try {
    return checkFaultRule(rule);
  } catch (error) {
    throw new UsageError(`fault: ${(error as Error).message}`);
  }
}

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
