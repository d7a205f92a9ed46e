import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneProgram } from 'wework-spec-sdk';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { runProgram } from '../support/child';
import { Gate } from '../support/gate';
import { randomFrom } from '../support/job-fault';
import { silenceLog } from '../support/process-environment';
import { startSandbox } from '../support/sandbox';
import { logForTest, newProgram, serveProgram } from '../support/served-program';
import { tempDirs } from '../support/temp-dir';
import { until } from '../support/until';

// What somebody, or a broken disk, does to the files of the program's folder.

let sandbox: ZoneSandbox;
let reported: Set<string>;
silenceLog();
const newDir = tempDirs();

beforeEach(async () => {
  sandbox = await startSandbox();
  reported = new Set();
  sandbox.use('program_async_job_call_back', (_, { jobInfo }) => {
    reported.add(jobInfo);
    return { errcode: 0, errmsg: 'ok' };
  });
});
afterEach(() => sandbox.stop());

async function send(jobInfo: string): Promise<number> {
  const request = sandbox.wire.seal({
    isAsync: true,
    jobInfo,
    abilityId: 'job',
    data: { jobInfo },
  });
  return (await sandbox.wire.send(request)).status;
}

/** A folder with accepted jobs that no program has run. */
async function folderWithJobs(count: number): Promise<string> {
  const dataDir = newDir();
  const gate = new Gate();
  const { program } = await serveProgram(
    sandbox,
    (p) => p.ability('job', () => gate.pass().then(() => ({}))),
    { dataDir, closeTimeout: 0 },
  );
  for (let n = 0; n < count; n += 1) expect(await send(`j-${n}`)).toBe(200);
  await program.close();
  expect(reported.size).toBe(0);
  return dataDir;
}

const handle = (p: ZoneProgram) => p.ability('job', () => ({}));

describe.each([
  ['removed', (folder: string) => rmSync(folder, { recursive: true })],
  ['moved away', (folder: string) => renameSync(folder, `${folder}-moved`)],
  [
    'replaced by an empty one',
    (folder: string) => {
      renameSync(folder, `${folder}-moved`);
      mkdirSync(folder);
    },
  ],
])('a folder that is %s while the program runs', (_, change) => {
  test('makes requests busy, and nothing is written elsewhere', async () => {
    const log = logForTest();
    const dataDir = join(newDir(), 'data');
    await serveProgram(sandbox, handle, { dataDir });
    expect(await send('before')).toBe(200);
    await until(() => reported.size === 1);
    change(dataDir);
    expect([await send('after'), await send('later')]).toEqual([503, 503]);
    expect(log.text).toMatch(/,ERR,.*ERR_SPEC_STORE/);
    rmSync(dataDir, { recursive: true, force: true });
  });
});

test('a folder that is moved back is used again', async () => {
  const dataDir = join(newDir(), 'data');
  await serveProgram(sandbox, handle, { dataDir });
  expect(await send('before')).toBe(200);
  renameSync(dataDir, `${dataDir}-moved`);
  expect(await send('after')).toBe(503);
  renameSync(`${dataDir}-moved`, dataDir);
  expect(await send('later')).toBe(200);
  await until(() => reported.has('later'));
});

describe('a program does not start', () => {
  test.each<[string, (folder: string) => void, RegExp]>([
    ['without the database', (f) => rmSync(join(f, 'store.db')), /store\.db is missing/],
    [
      'with an empty database',
      (f) => writeFileSync(join(f, 'store.db'), ''),
      /replaced or emptied/,
    ],
    [
      'with a database that is cut off',
      (f) => {
        const path = join(f, 'store.db');
        writeFileSync(path, readFileSync(path).subarray(0, 8192));
      },
      /damaged/,
    ],
    [
      'with a damaged schema',
      (f) => {
        const path = join(f, 'store.db');
        const bytes = readFileSync(path);
        const at = bytes.indexOf('OLD.size');
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
      /damaged schema/,
    ],
    ['with another file', (f) => writeFileSync(join(f, 'store.db'), 'x'.repeat(8192)), /damaged/],
  ])('%s, and reports it', async (_, change, words) => {
    const dataDir = await folderWithJobs(3);
    change(dataDir);
    const start = () => newProgram({ dataDir }).start();
    await expect(start()).rejects.toMatchObject({
      code: 'ERR_SPEC_STORE_DAMAGED',
      message: expect.stringMatching(words),
    });
    // The first attempt must not have made it look sound.
    await expect(start()).rejects.toMatchObject({ code: 'ERR_SPEC_STORE_DAMAGED' });
  });
});

test('a job with a damaged record is listed as dead, and the others run', async () => {
  const log = logForTest();
  const dataDir = await folderWithJobs(5);
  const path = join(dataDir, 'store.db');
  const bytes = readFileSync(path);
  const at = bytes.indexOf('{"id":', bytes.indexOf('j-2') - 200);
  const digit = bytes.indexOf('\\"j-2\\"', at) + 3;
  bytes[digit] = (bytes[digit] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const { program } = await serveProgram(sandbox, handle, { dataDir });
  await until(() => reported.size === 4);
  await until(async () => (await program.deadJobs.list()).length === 1);
  expect(await program.deadJobs.list()).toMatchObject([
    { reason: expect.stringContaining('damaged'), hasReport: false },
  ]);
  expect((await program.metrics()).jobs.dead).toBe(1);
  expect(log.text.match(/,ERR,.*ERR_SPEC_STORE_DAMAGED/g)).toHaveLength(1);
});

test('a stored text that is no longer UTF-8 does not end the process', async () => {
  const dataDir = await folderWithJobs(3);
  const path = join(dataDir, 'store.db');
  const bytes = readFileSync(path);
  // The content of each job, and its id: the first byte of each gets its highest bit.
  for (const mark of ['{"id":"', '"data":"{']) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      bytes[at] = (bytes[at] ?? 0) | 0x80;
    }
  }
  writeFileSync(path, bytes);
  const { program } = await serveProgram(sandbox, handle, { dataDir });
  await until(async () => (await program.metrics()).jobs.dead === 3);
  for (const { id, reason } of await program.deadJobs.list()) {
    expect(reason).toContain('damaged');
    expect(await program.deadJobs.retry(id)).toBe(false);
    expect(await program.deadJobs.discard(id)).toBe(true);
  }
});

test.each(['jobs_to_run', 'sqlite_autoindex_jobs_1', 'requests'])(
  'a program does not start when %s has lost its entries',
  async (name) => {
    const dataDir = await folderWithJobs(3);
    const path = join(dataDir, 'store.db');
    // The number of cells in the header of its first page.
    const forget = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
page, = db.execute('SELECT rootpage FROM sqlite_schema WHERE name = ?', sys.argv[2:]).fetchone()
size, = db.execute('PRAGMA page_size').fetchone()
db.close()
with open(sys.argv[1], 'r+b') as file:
    file.seek((page - 1) * size + 3)
    assert file.read(2) == bytes([0, 3])
    file.seek((page - 1) * size + 3)
    file.write(bytes(2))
`;
    const ended = await runProgram('python3', ['-c', forget, path, name]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const program = newProgram({ dataDir });
    handle(program);
    await expect(program.start()).rejects.toMatchObject({ code: 'ERR_SPEC_STORE_DAMAGED' });
  },
);

test('no flipped bit loses a job without a report', async () => {
  const JOBS = 20;
  const seed = Number(process.env.WEWORK_SPEC_TEST_SEED || Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const outcomes = { reported: 0, listed: 0, refused: 0 };
  const pristine = await folderWithJobs(JOBS);
  const bytes = readFileSync(join(pristine, 'store.db'));
  const identity = readFileSync(join(pristine, 'store.id'));
  for (let round = 0; round < 40; round += 1) {
    const dataDir = newDir();
    const flipped = Buffer.from(bytes);
    const at = Math.floor(random() * bytes.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeFileSync(join(dataDir, 'store.db'), flipped);
    writeFileSync(join(dataDir, 'store.id'), identity);
    reported.clear();
    const program = newProgram({ dataDir });
    handle(program);
    try {
      await program.start();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_SPEC_STORE/) });
      outcomes.refused += 1;
      continue;
    }
    let dead = 0;
    await until(async () => {
      dead = (await program.metrics()).jobs.dead;
      return reported.size + dead >= JOBS;
    });
    outcomes[dead > 0 ? 'listed' : 'reported'] += 1;
    await program.close();
  }
  process.stdout.write(`flipped bits: ${JSON.stringify({ seed, ...outcomes })}\n`);
  expect(outcomes.refused + outcomes.listed).toBeGreaterThan(0);
});
