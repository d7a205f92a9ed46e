// Stryker's runner for Jest, with one difference: it runs only the test files that hold a test of the mutant, the quickest
// first, and stops at the first that fails. Stryker's own runner loads every test file for every mutant, since Jest selects tests by
// name only after it has loaded their files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  strykerPlugins as jestPlugins,
  strykerValidationSchema,
} from '@stryker-mutator/jest-runner';

export { strykerValidationSchema };

/** In the folder of the mutated copy, which the processes of Stryker share: test name -> its file and its duration. */
const testsFile = 'mutation-tests.json';

/** The code that runs in a Worker, and the tests that use it. */
const inWorkers = 'dist/program/store';
const testsOfWorkers =
  /\/program\/(?:async-jobs|dead-jobs|job-traces|operations|store-damage|program)\b/;

function createRunner(injector) {
  const runner = injector.injectFunction(jestPlugins[0].factory);
  const { dryRun, mutantRun, jestTestAdapter } = runner;
  const runJest = jestTestAdapter.run.bind(jestTestAdapter);
  let wanted;

  runner.dryRun = async (options) => {
    const started = performance.now();
    const result = await dryRun.call(runner, options);
    spreadOverhead(result.tests ?? [], performance.now() - started);
    coverWorkers(result);
    const tests = (result.tests ?? []).map(({ id, fileName, timeSpentMs }) => [
      id,
      { fileName, timeSpentMs },
    ]);
    writeFileSync(testsFile, JSON.stringify(Object.fromEntries(tests)));
    return result;
  };

  runner.mutantRun = (options) => {
    wanted = options.testFilter;
    return mutantRun.call(runner, options);
  };

  jestTestAdapter.run = async (settings) => {
    if (!wanted || !settings.testNamePattern) return runJest(settings);
    const testNamePattern = `^(?:${settings.testNamePattern})$`;
    let result;
    for (const file of filesOf(wanted)) {
      result = await runJest({ ...settings, testNamePattern, testFiles: [file] });
      if (result.results.numFailedTests > 0 || result.results.numRuntimeErrorTestSuites > 0) break;
    }
    return result;
  };

  return runner;
}
createRunner.inject = ['$injector'];

/**
 * Counts the time for loading the test files as time of the tests. Stryker would add the sum for all files, more than a minute, to
 * the time-out of each mutant.
 */
function spreadOverhead(tests, elapsedMs) {
  const ran = tests.reduce((sum, { timeSpentMs }) => sum + timeSpentMs, 0);
  const share = Math.max(0, elapsedMs - ran) / tests.length;
  for (const test of tests) test.timeSpentMs += share;
}

/**
 * Assigns the mutants that only a Worker reaches to the tests of jobs and events: Stryker counts the coverage of the main thread. The
 * Worker of the store gets the active mutant by its environment.
 */
function coverWorkers({ tests = [], mutantCoverage }) {
  if (mutantCoverage === undefined) return;
  const { static: whileLoading, perTest } = mutantCoverage;
  const covered = new Set(Object.keys(whileLoading));
  for (const counts of Object.values(perTest))
    for (const id of Object.keys(counts)) covered.add(id);
  const ids = readdirSync(inWorkers)
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(inWorkers, file), 'utf8').matchAll(/stryMutAct_\w+\("(\d+)"\)/g),
    ])
    .map(([, id]) => id)
    .filter((id) => !covered.has(id));
  for (const { id: test } of tests.filter(({ fileName }) => testsOfWorkers.test(fileName))) {
    perTest[test] = { ...perTest[test], ...Object.fromEntries(ids.map((id) => [id, 1])) };
  }
}

/** The files of these tests, the quickest first. */
function filesOf(names) {
  const tests = JSON.parse(readFileSync(testsFile, 'utf8'));
  const durations = new Map();
  for (const name of names) {
    const { fileName, timeSpentMs } = tests[name];
    durations.set(fileName, (durations.get(fileName) ?? 0) + timeSpentMs);
  }
  return [...durations.keys()].sort((a, b) => durations.get(a) - durations.get(b));
}

export const strykerPlugins = [
  { kind: jestPlugins[0].kind, name: 'jest-file-by-file', factory: createRunner },
];
