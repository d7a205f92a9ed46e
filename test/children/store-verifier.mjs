// Compares folders with what the processes of store-driver.mjs wrote before they were killed. Reads one line of JSON for each folder,
// `{ folder, output }`, and responds to each with one: `{ problems, acknowledged, unacknowledged }`.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jobOf } from './store-jobs.mjs';
import { Ledger } from './store-ledger.mjs';

const require = createRequire(import.meta.url);
const { EmbeddedStore } = require('../../dist/program/store/embedded-store.js');
const { Connection, loadAddon } = require('../../dist/program/store/sqlite.js');
const { storeFiles } = require('../../dist/program/store/store-files.js');

loadAddon(storeFiles().addon);

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 12);
const unlimited = { maxPending: 1e9, maxBytes: 1e15 };

/** What a program finds in the folder when it starts: the state of each job, and the events. */
async function contentOf(folder, ledger) {
  const store = new EmbeddedStore(() => folder);
  try {
    await store.call('openQueue');
    await store.call('takeOverJobs');
    const jobs = new Map();
    const pending = [];
    // Delayed jobs become due within milliseconds.
    for (let now = await claim(store); ; now = await claim(store)) {
      pending.push(...now.claims);
      if (now.nextDue === undefined) break;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, now.nextDue - Date.now())));
    }
    for (const { id, request, report, runAttempts, reportAttempts } of pending) {
      jobs.set(id, {
        state: 'pending',
        isWhole: request === JSON.stringify(jobOf(id)),
        report: report && hash(report),
        ...{ runAttempts, reportAttempts },
      });
    }
    for (const { id, reason, report } of await store.call('listDeadJobs')) {
      jobs.set(id, { state: 'dead', reason, isWhole: true, report: report && hash(report) });
    }
    for (const id of ledger.jobs.keys()) {
      if (jobs.has(id)) continue;
      const added = await store.call('addJob', { id, request: '{}' }, unlimited);
      jobs.set(id, { state: added === 'duplicate' ? 'finished' : 'absent', isWhole: true });
    }
    const events = new Map();
    for (const id of ledger.events.keys()) {
      const content = await store.call('getEvent', id);
      events.set(id, content && hash(content));
    }
    return { jobs, events };
  } finally {
    await store.close();
  }
}

async function claim(store) {
  const found = await store.call('claimJobs', 1000, 1000);
  if (found.damaged.length > 0) throw new Error(`damaged records: ${found.damaged}`);
  return found;
}

/** Everything that SQLite itself can find, and files that nobody removes. */
function remains(folder) {
  const problems = [];
  const database = new Connection(join(folder, 'store.db'), 10_000);
  const rows = database.prepare('PRAGMA integrity_check').all([]);
  const totals = database
    .prepare(
      `SELECT totals.jobs, totals.bytes, (SELECT count(*) FROM jobs) AS jobsFound,
        (SELECT coalesce(sum(size), 0) FROM (SELECT size FROM requests UNION ALL SELECT size FROM reports)) AS bytesFound
      FROM totals`,
    )
    .get([]);
  database.close();
  if (totals.jobs !== totals.jobsFound || totals.bytes !== totals.bytesFound) {
    problems.push(`totals: ${JSON.stringify(totals)}`);
  }
  for (const row of rows) {
    if (row.integrity_check !== 'ok') problems.push(`integrity: ${row.integrity_check}`);
  }
  const owners = join(folder, 'owners');
  const left = existsSync(owners) ? readdirSync(owners) : [];
  if (left.length > 0) problems.push(`files of dead owners: ${left}`);
  const drafts = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  if (drafts.length > 0) problems.push(`drafts: ${drafts}`);
  return problems;
}

async function verify({ folder, output }) {
  const ledger = new Ledger(output);
  const problems = [...ledger.problems];
  try {
    const content = await contentOf(folder, ledger);
    problems.push(...ledger.compare(content), ...remains(folder));
  } catch (error) {
    problems.push(`the folder cannot be used: ${error.code} ${error.message}`);
  }
  return { problems, ...ledger.figures };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await verify(JSON.parse(line)))}\n`);
}
