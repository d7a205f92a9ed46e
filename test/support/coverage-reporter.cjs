// Jest's reporter in a coverage run: prints the coverage of lib/ room by room, and fails the run below the floor.
const { readdirSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { CoverageReport } = require('monocart-coverage-reports');

const root = join(__dirname, '..', '..');
const dist = join(root, 'dist');

/** In percent, a bit below what was measured. Raise it with the figures. */
const floor = { lines: 94, branches: 88 };

module.exports = class {
  #error;

  async onRunComplete() {
    const report = new CoverageReport({
      name: 'lib',
      logging: 'error',
      outputDir: join(root, 'out', 'coverage', 'lib'),
      reports: ['v8', 'lcovonly'],
      baseDir: root,
      entryFilter: ({ url, functions }) => url.includes(`${dist}/`) && isAsBuilt(url, functions),
      sourcePath: (path) => path.replace(/^dist\/(.*)\.js$/, 'lib/$1.ts'),
      // A file that no test loads counts as well.
      all: { dir: [dist], filter: { '**/*.js': true, '**/*': false } },
    });
    removeCutOff(process.env.WEWORK_TEST_COVERAGE);
    await report.addFromDir(process.env.WEWORK_TEST_COVERAGE);
    const { files } = await report.generate();
    const total = Coverage.of(files);
    console.log(`\n${table([...Coverage.ofRooms(files), ['lib', total]])}\n`);
    const below = Object.keys(floor).filter((metric) => total.percent(metric) < floor[metric]);
    if (below.length > 0) {
      const facts = below.map((name) => `${name} ${total.text(name)}, floor ${floor[name]} %`);
      this.#error = new Error(`Coverage of lib/ is below the floor: ${facts.join('; ')}.`);
      console.error(this.#error.message);
    }
  }

  getLastError() {
    return this.#error;
  }
};

class Coverage {
  #summaries;

  constructor(summaries) {
    this.#summaries = summaries;
  }

  static of(files) {
    return new Coverage(files.map(({ summary }) => summary));
  }

  static ofRooms(files) {
    const rooms = new Map();
    for (const file of files) {
      const room = roomOf(file);
      rooms.set(room, [...(rooms.get(room) ?? []), file]);
    }
    return [...rooms]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([room, filesOfRoom]) => [room, Coverage.of(filesOfRoom)]);
  }

  percent(metric) {
    const { covered, total } = this.#sum(metric);
    return total === 0 ? 100 : (100 * covered) / total;
  }

  text(metric) {
    return `${this.percent(metric).toFixed(1)} %`;
  }

  #sum(metric) {
    const add = (key) => this.#summaries.reduce((sum, { [metric]: one }) => sum + one[key], 0);
    return { covered: add('covered'), total: add('total') };
  }
}

/** Whether the code that ran is that of the file: a test that runs Jest as a user does makes it compile the file once more. */
function isAsBuilt(url, functions) {
  const ends = functions.map(({ ranges: [whole] }) => whole.endOffset);
  return Math.max(...ends) === lengthOf(fileURLToPath(url));
}

const lengths = new Map();

function lengthOf(path) {
  if (!lengths.has(path)) lengths.set(path, readFileSync(path, 'utf8').length);
  return lengths.get(path);
}

/** Files that lie above the rooms of a part, such as lib/program/program.ts, belong to the part. */
function roomOf({ sourcePath }) {
  return /^lib\/(?:(?:program|sandbox|tools)\/)?[^/]+(?=\/)/.exec(sourcePath)?.[0] ?? 'lib/*.ts';
}

function table(rows) {
  const line = (cells) => `${cells[0].padEnd(28)}${cells[1].padStart(9)}${cells[2].padStart(11)}`;
  const lines = rows.map(([name, coverage]) => [
    name,
    coverage.text('lines'),
    coverage.text('branches'),
  ]);
  return [['coverage', 'lines', 'branches'], ...lines].map(line).join('\n');
}

/** Processes of the tests about full disks may end without being able to write their coverage. */
function removeCutOff(folder) {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.endsWith('.json') && !readFileSync(file, 'latin1').trimEnd().endsWith('}'))
      rmSync(file);
  }
}
