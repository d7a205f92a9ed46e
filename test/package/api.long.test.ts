import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

// docs/api shows the public surface, so that a review sees each change of it.

const newDir = tempDirs();
const api = join(root, 'docs', 'api');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const check = (...args: string[]) =>
  runProgram(process.execPath, [join(root, 'scripts', 'api-report.mjs'), '--check', ...args]);

test('every entry of the package has a report that matches the build', async () => {
  const names = Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => `${entry === '.' ? 'index' : entry.slice(2)}.api.md`);
  expect(readdirSync(api).sort()).toEqual(names.sort());
  expect(await check()).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

test('a report that differs, is missing or belongs to no entry fails the check, which names it', async () => {
  const folder = join(newDir(), 'api');
  cpSync(api, folder, { recursive: true });
  const fastify = join(folder, 'fastify.api.md');
  writeFileSync(fastify, readFileSync(fastify, 'utf8').replace('export', 'export declare'));
  rmSync(join(folder, 'bullmq.api.md'));
  appendFileSync(join(folder, 'gone.api.md'), '');
  const { code, stdout, stderr } = await check('--folder', folder);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^-export declare .*\n\+export /m);
  expect(stderr).toContain('bullmq.api.md is missing.');
  expect(stderr).toContain('gone.api.md belongs to no entry');
  expect(stderr).toContain('npm run api');
});
