/** From the start of Node.js to the first verified callback, above a start of Node.js alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import type { Options, Outcome } from './run/bench';
import { inOrder, runSide, type Side } from './run/side';
import { median } from './run/statistics';

/** Starts differ more than loops. */
const MIN_ROUNDS = 15;

const scripts = {
  bare: 'bare-start.js',
  require: 'first-callback.js',
  import: 'first-callback-module.mjs',
};
type Name = keyof typeof scripts;

export async function run(options: Options): Promise<Outcome> {
  const sandbox = await ZoneSandbox.start();
  const file = join(options.folder, 'request.json');
  const { headers, body } = sandbox.wire.seal({ abilityId: 'first', data: { text: 'hello' } });
  writeFileSync(file, JSON.stringify({ headers, body: body.toString() }));
  const env = {
    ...sandbox.env,
    WEWORK_SPEC_SANDBOX_WINDOW: '86400',
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
  };
  const names = Object.keys(scripts) as Name[];
  const times: Record<Name, number[]> = { bare: [], require: [], import: [] };
  const rounds = Math.max(options.rounds, MIN_ROUNDS);
  options.progress('start');
  try {
    // The first round fills the page cache.
    for (let round = -1; round < rounds; round += 1) {
      for (const name of inOrder(names, round + 1)) {
        const script = join(__dirname, 'sides', scripts[name]);
        const side: Side = { name, command: process.execPath, args: [script] };
        const { milliseconds } = await runSide<{ milliseconds: number }>(side, [file], env);
        if (round >= 0) times[name].push(milliseconds);
      }
    }
  } finally {
    await sandbox.stop();
  }
  const above = (name: Name) =>
    times[name].map((time, round) => time - (times.bare[round] as number));
  return {
    figures: [
      {
        name: 'require to first callback, above a bare start',
        values: above('require'),
        unit: 'ms',
      },
      { name: 'import to first callback, above a bare start', values: above('import'), unit: 'ms' },
    ],
    tables: [
      {
        title: 'start, ms since the start of Node.js',
        columns: ['script', 'median', 'above the bare start'],
        rows: names.map((name) => [
          name,
          median(times[name]).toFixed(1),
          median(above(name)).toFixed(1),
        ]),
      },
    ],
  };
}
