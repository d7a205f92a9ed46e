import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from '../support/child';
import { tempDirs } from '../support/temp-dir';

const newDir = tempDirs();
const figure = 'start/require to first callback, above a bare start';
const other = 'start/import to first callback, above a bare start';

/** Runs `npm run bench -- start`, the shortest bench, with these bars. */
async function check(bars: Record<string, object>) {
  const folder = newDir();
  const [barsFile, jsonFile] = [join(folder, 'bars.json'), join(folder, 'figures.json')];
  writeFileSync(barsFile, JSON.stringify(bars));
  const ended = await runProgram(process.execPath, [
    join(root, 'out', 'bench', 'main.js'),
    ...['--quick', '--check', '--bars', barsFile, '--json', jsonFile, 'start'],
  ]);
  return { ...ended, figures: () => JSON.parse(readFileSync(jsonFile, 'utf8')).figures };
}

test('a check passes when each figure keeps to its bar, and the JSON has the value of each round', async () => {
  const ended = await check({ [figure]: { atMost: 100_000 }, [other]: { atMost: 100_000 } });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 bars') });
  const [first] = ended.figures();
  expect(first).toMatchObject({ name: figure, unit: 'ms', bar: { atMost: 100_000 } });
  expect(first.values).toHaveLength(first.rounds);
});

test('a missed bar, and a bar without a figure, end the command with exit code 1 and their names', async () => {
  const ended = await check({
    [figure]: { atMost: 0.001 },
    [other]: { atMost: 100_000 },
    'start/removed figure': { atMost: 1 },
  });
  expect(ended.code).toBe(1);
  const missed = ended.stdout.split('\n').filter((line) => line.startsWith('missed: '));
  expect(missed).toEqual([
    expect.stringMatching(`^missed: ${figure} is .* ms, bar ≤ 0.001 ms, by \\d+\\.\\d %$`),
    'missed: start/removed figure has a bar, but was not measured',
  ]);
});

test('a check without any bar fails', async () => {
  const ended = await check({ 'http/unrelated': { atMost: 1 } });
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('no figure') });
});

test.each([
  [['nonsense'], 'unknown bench "nonsense"'],
  [['--rounds', '4', 'start'], 'at least 5'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('the arguments %j end the command with exit code 2', async (args, text) => {
  const ended = await runProgram(process.execPath, [
    join(root, 'out', 'bench', 'main.js'),
    ...args,
  ]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(text) });
});
