/** Resident memory and page faults over 200,000 callbacks of 64 KiB from an asynchronous loop. */
import { join } from 'node:path';
import type { Figure, Options, Outcome } from './run/bench';
import { runSide } from './run/side';
import type { MemoryFigures } from './sides/memory';

const BYTES = 65536;

export async function run(options: Options): Promise<Outcome> {
  const first = options.quick ? 5000 : 20_000;
  const figures: Figure[] = [];
  const rows: string[][] = [];
  const script = (name: string) => join(__dirname, 'sides', name);
  for (const [name, env, times] of [
    ['pinned malloc', {}, 10],
    ["glibc's defaults", { GLIBC_TUNABLES: '' }, 3],
  ] as const) {
    const count = first * times;
    options.progress(`memory, ${name}, ${count} callbacks`);
    const side = { name, command: 'sh', args: ['-c', '"$0" "$1" "$4" "$5" | "$0" "$2" "$3" "$4"'] };
    const args = [
      process.execPath,
      script('sealer.js'),
      script('memory.js'),
      String(first),
      String(count),
      String(BYTES),
    ];
    const { early, late, peak, faults } = await runSide<MemoryFigures>(side, args, env);
    figures.push(
      {
        name: `${name}: growth of resident memory`,
        values: [late / early],
        unit: '',
      },
      { name: `${name}: page faults for a request`, values: [faults], unit: '' },
    );
    const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
    rows.push([
      `${name}, ${count} callbacks`,
      mebibytes(early),
      mebibytes(late),
      mebibytes(peak),
      faults.toFixed(2),
    ]);
  }
  const table = {
    title: 'memory, callbacks of 64 KiB from an asynchronous loop, MiB',
    columns: ['', `after ${first}`, 'at the end', 'peak', 'page faults for a request'],
    rows,
  };
  return { figures, tables: [table] };
}
