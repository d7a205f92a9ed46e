import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Ended, root, runProgram } from '../support/child';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

// The command works on the folder of a program, also while that runs.

let sandbox: ZoneSandbox;
silenceLog();
const newDir = tempDirs();
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

function jobs(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd: string = root,
): Promise<Ended> {
  const main = join(root, 'dist', 'tools', 'cli', 'main.js');
  return runProgram(process.execPath, [main, 'jobs', ...args], { cwd, env });
}

test('a job that the platform refused is listed, retried by the running program, and discarded', async () => {
  const dataDir = newDir();
  const errcodes = [790014, 790014];
  let reports = 0;
  sandbox.use('program_async_job_call_back', () => {
    reports += 1;
    return { errcode: errcodes.shift() ?? 0, errmsg: '' };
  });
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('job', () => ({ content: '秘密' })),
    { dataDir },
  );
  await sandbox.wire.send(sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'job' }));
  await until(async () => (await program.metrics()).jobs.dead === 1);

  const env = { WEWORK_SPEC_DATA_DIR: dataDir };
  const listed = await jobs(['list'], env);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout).toMatch(
    /^[0-9a-f]{32} {2}\d{4}-.*Z {2}job {2}result stored {2}refused: errcode 790014\n$/,
  );
  const [{ id }] = JSON.parse((await jobs(['list', '--json', '--data-dir', dataDir])).stdout);

  expect(await jobs(['retry', id], env)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  await until(() => reports === 2);
  await until(async () => (await program.metrics()).jobs.dead === 1);
  expect(await jobs(['discard', id], env)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect((await jobs(['list'], env)).stdout).toBe('no dead jobs\n');
  expect(await jobs(['retry', id], env)).toMatchObject({
    code: 1,
    stderr: `wework-spec: no such job: ${id}\n`,
  });
});

test('without a folder, the one of the sandbox in this folder is used, and said', async () => {
  const { program, folder, runtime } = await announcedProgram();
  await sandbox.wire.send(sandbox.wire.seal({ isAsync: true, jobInfo: 'j', abilityId: 'job' }));
  await until(async () => (await program.metrics()).jobs.dead === 1);
  const env = { XDG_RUNTIME_DIR: runtime };
  const { WEWORK_SPEC_DATA_DIR: dataDir } = sandbox.env;
  const inside = await jobs(['list', '--json'], env, join(folder, 'src'));
  expect(inside).toMatchObject({
    code: 0,
    stderr: `jobs in ${dataDir} (of the program in the sandbox at ${sandbox.urls.server})\n`,
  });
  const [{ id }] = JSON.parse(inside.stdout);
  expect((await jobs(['discard', id], env, folder)).code).toBe(0);
  expect((await program.metrics()).jobs.dead).toBe(0);

  const elsewhere = newDir();
  expect(await jobs(['list'], env, elsewhere)).toMatchObject({
    code: 2,
    stderr: `wework-spec: jobs: no program has stored jobs in ${join(elsewhere, 'wework-spec-data')} (the default)\n`,
  });
  expect(await jobs(['list', '--data-dir', 'other'], env, folder)).toMatchObject({
    code: 2,
    stderr: `wework-spec: jobs: no program has stored jobs in ${join(folder, 'other')}\n`,
  });
});

/** A program in the sandbox, which was started in a folder as the command does it. */
async function announcedProgram() {
  sandbox.use('program_async_job_call_back', () => ({ errcode: 790014, errmsg: '' }));
  const { program } = await serveProgram(sandbox, (p) => p.ability('job', () => ({ errcode: 0 })), {
    dataDir: sandbox.env.WEWORK_SPEC_DATA_DIR as string,
  });
  const [folder, runtime] = [newDir(), newDir()];
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(runtime, 'wework-spec'), { mode: 0o700 });
  const { urls, controlToken: token } = sandbox;
  const file = join(runtime, 'wework-spec', 'sandbox-0123456789abcdef.json');
  const found = { url: urls.server, token, pid: process.pid, folder, startedAt: Date.now() };
  writeFileSync(file, JSON.stringify(found), { mode: 0o600 });
  return { program, folder, runtime };
}

test.each([
  [[], /expected "list"/],
  [['lost'], /expected "list"/],
  [['retry'], /retry needs an id/],
  [['list', 'x'], /list takes no id/],
  [['list', '--data-dir', '/nowhere'], /no program has stored jobs in \/nowhere/],
])('%j is refused in one line', async (args, words) => {
  const { code, stdout, stderr } = await jobs(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd()).not.toContain('\n');
});
