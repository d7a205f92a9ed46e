/** What a log record and a notify_id cost above the SDK's own functions. */
import { join } from 'node:path';
import type { Figure, Options, Outcome } from './run/bench';
import { compileProgram } from './run/native';
import { sealedRequests } from './run/requests';
import { inOrder, microseconds, runSide, type Side } from './run/side';
import { median } from './run/statistics';

const functions = [
  { name: 'record with file and line', argument: 'info', count: 100_000, above: true },
  // The SDK's own function only compares two numbers, so the whole is the figure.
  { name: 'DEBUG record that is off', argument: 'debug', count: 400_000, above: false },
  { name: 'GenerateNotifyId', argument: 'notify-id', count: 200_000, above: true },
] as const;

export async function run(options: Options): Promise<Outcome> {
  const sides: Side[] = [
    { name: 'C++', command: compileProgram('log'), args: [] },
    { name: 'node', command: process.execPath, args: [join(__dirname, 'sides', 'log.js')] },
  ];
  const { env: sandbox, close } = await sealedRequests(options.folder);
  // Level 2 prints ERR and INFO to the file; nothing is collected, so that DEBUG is off.
  const env = {
    ...sandbox,
    WEWORK_SPEC_SANDBOX_LOG_LEVEL: '2',
    WEWORK_SPEC_SANDBOX_LOG_COLLECT: '',
  };
  const figures: Figure[] = [];
  const rows: string[][] = [];
  try {
    for (const { name, argument, count, above } of functions) {
      options.progress(`log, ${name}`);
      const own: number[] = [];
      const node: number[] = [];
      const args = [argument, String(Math.ceil(count / (options.quick ? 5 : 1)))];
      for (let round = 0; round < options.rounds; round += 1) {
        for (const side of inOrder(sides, round)) {
          const time = microseconds(await runSide(side, args, env));
          (side.name === 'C++' ? own : node).push(time);
        }
      }
      const values = node.map((time, round) => time - (above ? (own[round] as number) : 0));
      figures.push({ name: `${name}${above ? ', above the SDK' : ''}`, values, unit: 'µs' });
      rows.push([name, median(own).toFixed(3), median(node).toFixed(3)]);
    }
  } finally {
    await close();
  }
  const title = 'log, records to /dev/null; µs for a call';
  return { figures, tables: [{ title, columns: ['function', 'C++', 'this package'], rows }] };
}
