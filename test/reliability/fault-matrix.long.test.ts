import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DecryptSecretKey,
  SpecOpenDebugMode,
  SpecSdk,
  ZoneClient,
  ZoneProgram,
} from 'wework-spec-sdk';
import type { FaultRule, ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { zoneInterface, zoneTasks } from '../../lib/interfaces';
import { faultDirections } from '../../lib/sandbox/faults/fault';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';
import { until } from '../support/until';

// Every fault of the sandbox with every feature of a program. fault-matrix.json holds the expected cell: what comes of the feature when the
// fault takes effect once, and when it takes effect three times; empty if the fault does not reach the feature.

silenceLog();
jest.setTimeout(900_000);

/** The value of each failure that is not a flag. */
const values: Readonly<Record<string, unknown>> = {
  delay: 20,
  status: 502,
  clockSkew: 400,
  ret: -10_001,
  response: 'not JSON',
  body: 'x',
  contentType: 'text/html',
  keyVersion: 99,
  timestamp: 1,
  requestNonce: 'x',
  errcode: 45_009,
  duplicate: 2,
};

const faults = Object.entries(faultDirections).flatMap(([direction, { kinds }]) =>
  ['delay', ...kinds].map((kind) => ({
    name: `${direction} ${kind}`,
    rule: { direction, [kind]: values[kind] ?? true } as unknown as FaultRule,
  })),
);

let sandbox: ZoneSandbox;
let address: string;
let program: ZoneProgram;
let events: number;

const brief = (error: unknown): string => {
  const { code, errcode, ret } = error as { code?: string; errcode?: number; ret?: number };
  return [code, errcode ?? ret].filter((part) => part !== undefined).join(' ');
};

/** What an ability made of a call to the zone, as the application sees it. */
async function call(ability: string, data: object = {}): Promise<string> {
  const { errcode, response } = await sandbox.call(ability, data);
  const { came, errcode: inner } = (response ?? {}) as { came?: string; errcode?: number };
  return errcode === 0 ? `ok ${came ?? inner}` : String(errcode);
}

const doing =
  (work: (zone: ZoneClient) => Promise<unknown>) =>
  async (_: unknown, { zone }: { zone: ZoneClient }) => {
    try {
      await work(zone);
      return { came: 'done' };
    } catch (error) {
      return { came: brief(error) };
    }
  };

/** Each returns what came of it, and names the members that it exercises. */
const features: Readonly<Record<string, { members: string; use: () => Promise<string> }>> = {
  ability: {
    members: 'ability handle listen start requestListener readBody',
    use: () => call('plain'),
  },
  'no handler': { members: 'notFound', use: () => call('nothing') },
  'pass-through': { members: 'passThrough', use: () => call('invoke_sync_msg', { limit: 1 }) },
  log: { members: 'log', use: () => call('log') },
  'zone.invoke': { members: 'invoke', use: () => call('invoke') },
  messages: { members: 'messages batches pages', use: () => call('messages') },
  task: { members: 'runTask resumeTask', use: () => call('task') },
  'secret key': { members: '', use: () => call('secretKey') },
  job: {
    members: 'deadJobs',
    use: async () => {
      const { errcode, result } = await sandbox.callAsync('job', {});
      const reported = result().then(
        ({ response_errcode }) => `reported ${response_errcode}`,
        (error: unknown) => brief(error),
      );
      return errcode === 0 ? `ok, ${await reported}` : String(errcode);
    },
  },
  'event handler': {
    members: 'event',
    use: async () => {
      events = 0;
      const { errcode } = await sandbox.emit('hit_keyword', { token: 't' });
      return `${errcode}, handled ${events}`;
    },
  },
  'event relay': {
    members: 'relayEvents',
    use: async () => {
      const before = sandbox.application.notifications.length;
      const { errcode } = await sandbox.emit('conversation_new_message', { token: 't' });
      const notified = sandbox.application.notifications.slice(before);
      const last = notified.at(-1)?.notifyId;
      if (last === undefined) return `${errcode}, not notified`;
      const { errcode: fetched } = await sandbox.call('get_callback_data', {}, { notifyId: last });
      return `${errcode}, notified ${notified.length}, fetched ${fetched}`;
    },
  },
  'debug mode': {
    members: '',
    use: async () => {
      const isOpen = await SpecOpenDebugMode(
        sandbox.programs.debugToken(),
        sandbox.application.accessToken,
      );
      return String(isOpen);
    },
  },
  SpecSdk: {
    members: '',
    use: async () => {
      const { corpId, agentId } = sandbox.application;
      const { ret, response } = await new SpecSdk(corpId, agentId).Invoke(
        'sync_msg',
        '{"limit":1}',
      );
      return ret === 0 ? `errcode ${JSON.parse(response).errcode}` : `ret ${ret}`;
    },
  },
  health: {
    members: 'fetch',
    use: async () => String((await fetch(address)).status),
  },
  metrics: { members: 'metrics', use: async () => call('metrics') },
  'call over HTTP': {
    members: '',
    use: async () => {
      const url = `${sandbox.urls.server}/cgi-bin/chatdata/sync_call_program?access_token=${sandbox.application.accessToken}`;
      const body = JSON.stringify({
        program_id: sandbox.programs.ownId,
        ability_id: 'plain',
        request_data: '{}',
      });
      try {
        const response = await fetch(url, { method: 'POST', body });
        if (response.status !== 200) return `HTTP ${response.status}`;
        return String(((await response.json()) as { errcode: number }).errcode);
      } catch {
        return 'no response';
      }
    },
  },
};

const task = zoneTasks[0];
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const key = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
const ciphertext = publicEncrypt(key, Buffer.from('secret')).toString('base64');

async function everyMessage(zone: ZoneClient): Promise<void> {
  let count = 0;
  for await (const _ of zone.messages({ limit: 10 })) count += 1;
  if (count < 20) throw Object.assign(new Error(), { code: `only ${count} messages` });
}

beforeAll(async () => {
  sandbox = await startSandbox({ corp: { messages: 20 } });
  sandbox.use(task.create, () => ({ errcode: 0, errmsg: 'ok', jobid: 'j' }));
  sandbox.use(task.result, () => zoneInterface(task.result)?.example.response as object);
});
afterAll(() => sandbox.stop());

/** Registers a handler for each feature. */
function register(registering: ZoneProgram): void {
  const poll = { delay: 1, maxDelay: 2 };
  const request = zoneInterface(task.create)?.example.request as never;
  registering
    .ability('plain', () => ({ came: 'done' }))
    .notFound(() => ({ came: 'found' }))
    .passThrough({ interfaces: ['sync_msg'] })
    .ability('log', (_, { log }) => {
      log.info('%d', 1);
      return { came: 'done' };
    })
    .ability(
      'invoke',
      doing((zone) => zone.invoke('sync_msg', { limit: 1 })),
    )
    .ability('messages', doing(everyMessage))
    .ability(
      'task',
      doing((zone) => zone.runTask(task.create, request, { poll })),
    )
    .ability(
      'secretKey',
      doing(async () => DecryptSecretKey(ciphertext, privateKey)),
    )
    .ability('job', () => ({}))
    .ability('metrics', async () => ({ came: typeof (await program.metrics()) }))
    .event('hit_keyword', () => {
      events += 1;
      return {};
    })
    .relayEvents({ events: ['conversation_new_message'] });
}

/** Lets a fault take effect so many times, and says what came of the feature; undefined if the fault did not take effect. */
async function cellOf(
  rule: FaultRule,
  times: number,
  use: () => Promise<string>,
): Promise<string | undefined> {
  const fault = sandbox.faults.inject({ ...rule, times });
  const outcome = await use();
  fault.remove();
  // A job whose response was lost is refused later, which must not disturb the next cell.
  await until(async () => {
    const { waiting, running, delayed } = (await program.metrics()).jobs;
    return waiting + running + delayed === 0;
  });
  return fault.hits === 0 ? undefined : outcome;
}

test('each fault has the expected consequence for each feature', async () => {
  const expected = JSON.parse(readFileSync(join(__dirname, 'fault-matrix.json'), 'utf8'));
  ({ program, address } = await serveProgram(sandbox, register, {
    zone: { retry: { delay: 1, maxDelay: 2 } },
    jobs: { retry: { delay: 5, maxDelay: 20 } },
  }));
  const usual: Record<string, string> = {};
  for (const [name, { use }] of Object.entries(features)) usual[name] = await use();
  const found: Record<string, Record<string, string>> = { 'no fault': usual };
  for (const { name, rule } of faults) {
    const row: Record<string, string> = {};
    for (const [feature, { use }] of Object.entries(features)) {
      const once = await cellOf(rule, 1, use);
      // A fault that does not reach the feature leaves it as it is.
      if (once === undefined) {
        expect([name, feature, await use()]).toEqual([name, feature, usual[feature]]);
        continue;
      }
      const thrice = await cellOf(rule, 3, use);
      row[feature] = once === thrice ? once : `${once}; 3 times: ${thrice}`;
      // Nothing of it stays.
      expect([name, feature, await use()]).toEqual([name, feature, usual[feature]]);
    }
    found[name] = row;
  }
  const lines = Object.entries(found).flatMap(([name, row]) => [
    name,
    ...Object.entries(row).map(([feature, cell]) => `    ${feature.padEnd(16)} ${cell}`),
  ]);
  process.stdout.write(
    `${lines.join('\n')}\n${faults.length} faults, ${Object.keys(features).length} features\n`,
  );
  expect(found).toEqual(expected);
});

test('each member of ZoneProgram and ZoneClient belongs to a feature', () => {
  const covered = new Set(Object.values(features).flatMap(({ members }) => members.split(' ')));
  // One method for each interface is as `invoke`; closing is not a feature that a fault of the platform reaches; functions are
  // abilities and interfaces under another name.
  const others = new Set([
    'constructor',
    'close',
    'isClosing',
    'requestListener',
    'serveFunctions',
  ]);
  const membersOf = (prototype: object) => Object.getOwnPropertyNames(prototype);
  const members = [
    ...membersOf(ZoneProgram.prototype),
    ...membersOf(ZoneClient.prototype).filter((name) => zoneInterface(name) === undefined),
  ];
  expect(members.filter((name) => !covered.has(name) && !others.has(name))).toEqual([]);
});
