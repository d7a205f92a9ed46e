import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneProgram } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { withSandbox } from 'wework-spec-sdk/testing';
import { root } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();

const PROGRAM = `
const { existsSync } = require('node:fs');
const { ZoneProgram } = require('wework-spec-sdk');
const program = new ZoneProgram();
// Crashes until its sandbox has let it go on, so that the job is still in the folder.
program.ability('held', () => new Promise(() => {}));
program.ability('quick', () => ({ errcode: 0 }));
program.ability('folder', () => ({ cwd: existsSync('wework-spec-data'), env: process.env.WEWORK_SPEC_DATA_DIR }));
program.listen(8080, { signals: true });
`;

const dataDirOf = (zone: ZoneSandbox) => zone.env.WEWORK_SPEC_DATA_DIR ?? '';

test('programs in one folder, each in a sandbox of its own, share no data folder', async () => {
  const folder = newDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wework-spec-sdk'));
  const script = join(folder, 'app.js');
  writeFileSync(script, PROGRAM);
  const zones = await Promise.all([withSandbox(script), withSandbox(script)]);
  onTestEnd(() => Promise.all(zones.map((zone) => zone.stop())));
  const [first, second] = zones as [ZoneSandbox, ZoneSandbox];
  // A job that the other sandbox must not get.
  expect((await first.callAsync('held', {})).errcode).toBe(0);
  expect(await (await second.callAsync('quick', {})).result()).toMatchObject({
    response_errcode: 0,
  });
  expect(dataDirOf(first)).not.toBe(dataDirOf(second));
  for (const zone of zones) {
    const { response } = await zone.call('folder', {});
    expect(response).toEqual({ cwd: false, env: dataDirOf(zone) });
    expect(readdirSync(dataDirOf(zone))).not.toEqual([]);
  }
  await Promise.all(zones.map((zone) => zone.stop()));
  expect(zones.map((zone) => existsSync(dataDirOf(zone)))).toEqual([false, false]);
});

test('each program of a sandbox has a data folder of its own, which stays the same', async () => {
  const zone = await withSandbox('http://127.0.0.1:1');
  onTestEnd(() => zone.stop());
  zone.programs.add('program-2', 'http://127.0.0.1:2');
  const [own, other] = [zone.programs.env(), zone.programs.env('program-2')];
  expect(own.WEWORK_SPEC_DATA_DIR).not.toBe(other.WEWORK_SPEC_DATA_DIR);
  expect(zone.env).toEqual(own);
});

test('a program that was created before its sandbox uses the folder of the sandbox', async () => {
  const program = new ZoneProgram();
  program.ability('quick', () => ({ errcode: 0, n: 1 }));
  for (const _ of ['a sandbox', 'another one for the same program']) {
    const zone = await withSandbox(program.requestListener);
    onTestEnd(() => zone.stop());
    const result = await (await zone.callAsync('quick', {})).result();
    expect(result).toMatchObject({ response_errcode: 0 });
    await zone.stop();
  }
  await program.close();
  expect(existsSync('wework-spec-data')).toBe(false);
});
