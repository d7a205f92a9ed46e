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

function jobs(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const main = join(root, 'dist', 'tools', 'cli', 'main.js');
  return runProgram(process.execPath, [main, 'jobs', ...args], { env });
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
