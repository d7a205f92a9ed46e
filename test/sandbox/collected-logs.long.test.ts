import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  SpecCallbackSDK,
  WWSPEC_LOG_DEBUG,
  WWSPEC_LOG_ERROR,
  WWSPEC_LOG_INFO,
} from 'wework-spec-sdk';
import { ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { onTestEnd } from '../support/clean-up';
import { setEnvironmentForTest, silenceLog } from '../support/process-environment';

silenceLog();

async function startZone(options: ZoneSandboxOptions = {}): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  onTestEnd(() => sandbox.stop());
  setEnvironmentForTest(sandbox.env);
  return sandbox;
}

const texts = async (sandbox: ZoneSandbox, query = {}) =>
  (await sandbox.logs.search(query)).map(({ text }) => text);

test('log records of a program are available at once, in order and with all fields', async () => {
  const zone = await startZone();
  const { method, headers, body } = zone.wire.seal();
  new SpecCallbackSDK(method, headers, body);
  const before = Date.now();
  WWSPEC_LOG_INFO('数 %d', 1);
  WWSPEC_LOG_ERROR('two');
  const records = await zone.logs.search();
  expect(records).toEqual([
    {
      seq: 1,
      programId: 'program-1',
      pid: process.pid,
      tid: expect.any(Number),
      time: expect.any(Number),
      level: 'INFO',
      reqId: expect.stringMatching(/^[0-9a-f]{16}$/),
      file: 'collected-logs.long.test.ts',
      line: expect.any(Number),
      text: '数 1',
    },
    expect.objectContaining({ seq: 2, level: 'ERR', text: 'two' }),
  ]);
  expect(records[0]?.time).toBeGreaterThanOrEqual(before);
  expect(records[0]?.time).toBeLessThanOrEqual(Date.now());
});

test('are found by req_id, level, text, time and program', async () => {
  const zone = await startZone();
  const request = () => {
    const { method, headers, body } = zone.wire.seal();
    new SpecCallbackSDK(method, headers, body);
  };
  request();
  WWSPEC_LOG_INFO('apples');
  WWSPEC_LOG_ERROR('pears');
  request();
  WWSPEC_LOG_INFO('more apples');
  setEnvironmentForTest(zone.programs.env('p-2'));
  WWSPEC_LOG_INFO('of another program');
  const all = await zone.logs.search();
  const [first, , third] = all;
  expect(await texts(zone, { reqId: first?.reqId })).toEqual(['apples', 'pears']);
  expect(await texts(zone, { level: 'ERR' })).toEqual(['pears']);
  expect(await texts(zone, { level: ['ERR', 'INFO'], text: 'apple' })).toEqual([
    'apples',
    'more apples',
  ]);
  expect(await texts(zone, { programId: 'p-2' })).toEqual(['of another program']);
  expect(await texts(zone, { after: third?.seq })).toEqual(['of another program']);
  expect(await texts(zone, { limit: 1 })).toEqual(['of another program']);
  expect(await texts(zone, { until: first?.time })).toEqual([]);
  expect(await texts(zone, { since: new Date(first?.time ?? 0) })).toHaveLength(4);
  expect(await texts(zone, { since: Date.now() + 1000 })).toEqual([]);
});

test("the platform's level determines what is collected, from the time at which it is set", async () => {
  const zone = await startZone();
  const log = (number: number) => {
    WWSPEC_LOG_ERROR(`error ${number}`);
    WWSPEC_LOG_INFO(`info ${number}`);
    WWSPEC_LOG_DEBUG(`debug ${number}`);
  };
  log(2);
  await zone.logs.setLevel(1);
  log(1);
  await fetch(
    `${zone.urls.server}/cgi-bin/chatdata/set_log_level?access_token=${zone.application.accessToken}`,
    {
      method: 'POST',
      body: JSON.stringify({ program_id: zone.programs.ownId, log_level: 3 }),
    },
  );
  log(3);
  expect(await texts(zone)).toEqual([
    'error 2',
    'info 2',
    'error 1',
    'error 3',
    'info 3',
    'debug 3',
  ]);
});

test('records beyond the limit of an hour are dropped, and the next hour starts from zero', async () => {
  let now = 3_600_000 * 500_000;
  const zone = await startZone({ clock: () => now, logs: { bytesPerHour: 350 } });
  for (let i = 0; i < 10; i += 1) WWSPEC_LOG_INFO('x'.repeat(60));
  const kept = await texts(zone);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length + zone.logs.dropped()).toBe(10);
  expect(zone.logs.dropped()).toBeGreaterThan(0);
  now += 3_599_999;
  WWSPEC_LOG_INFO('y'.repeat(120));
  expect(await texts(zone, { text: 'y' })).toHaveLength(0);
  now += 1;
  WWSPEC_LOG_INFO('z'.repeat(120));
  expect(await texts(zone, { text: 'z' })).toHaveLength(1);
});

test('the size on disk is limited; the oldest records are deleted first', async () => {
  const keepBytes = 64 * 1024;
  const zone = await startZone({ logs: { keepBytes } });
  for (let i = 0; i < 2000; i += 1) WWSPEC_LOG_INFO(`record ${i}`);
  const kept = await zone.logs.search({ limit: 5000 });
  expect(kept.at(-1)?.text).toBe('record 1999');
  expect(kept.length).toBeLessThan(2000);
  expect(kept.map(({ text }) => text)).toEqual(
    Array.from({ length: kept.length }, (_, i) => `record ${2000 - kept.length + i}`),
  );
  expect(JSON.stringify(kept).length).toBeLessThan(keepBytes * 1.2);
});

test('no record is lost when the file is renamed while the program writes', async () => {
  const zone = await startZone({ logs: { keepBytes: 1024 ** 3 } });
  const text = 'x'.repeat(100);
  const count = 130_000;
  let found = 0;
  let after = 0;
  for (let i = 0; i < count; i += 1) {
    WWSPEC_LOG_INFO(text);
    if (i % 20_000 === 0) {
      const records = await zone.logs.search({ after, limit: count });
      found += records.length;
      after = records.at(-1)?.seq ?? after;
    }
  }
  found += (await zone.logs.search({ after, limit: count })).length;
  expect(found).toBe(count);
  const folder = dirname(zone.env.WEWORK_SPEC_SANDBOX_LOG_COLLECT ?? '');
  expect(readdirSync(folder)).toContain('1.log.former');
});

test('are removed by a reset; the files are removed when the sandbox stops', async () => {
  const zone = await startZone();
  WWSPEC_LOG_INFO('before');
  await zone.reset();
  WWSPEC_LOG_INFO('after');
  expect(await texts(zone)).toEqual(['after']);
  const folder = dirname(zone.env.WEWORK_SPEC_SANDBOX_LOG_COLLECT ?? '');
  expect(existsSync(folder)).toBe(true);
  await zone.stop();
  expect(existsSync(folder)).toBe(false);
  // A program that outlives its sandbox continues without collection.
  WWSPEC_LOG_INFO('late');
});
