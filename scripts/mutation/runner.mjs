// Stryker's runner for Jest, with one difference: it runs only the test files that hold a test of the mutant, the quickest
// first, and stops at the first that fails. Stryker's own runner loads every test file for every mutant, since Jest selects tests by
// name only after it has loaded their files.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  strykerPlugins as jestPlugins,
  strykerValidationSchema,
} from '@stryker-mutator/jest-runner';

export { strykerValidationSchema };

/** In the folder of the mutated copy, which the processes of Stryker share: test name -> its file and its duration. */
const testsFile = 'mutation-tests.json';

function createRunner(injector) {
  const runner = injector.injectFunction(jestPlugins[0].factory);
  const { dryRun, mutantRun, jestTestAdapter } = runner;
  const runJest = jestTestAdapter.run.bind(jestTestAdapter);
  let wanted;

  runner.dryRun = async (options) => {
    const started = performance.now();
    const result = await dryRun.call(runner, options);
    spreadOverhead(result.tests ?? [], performance.now() - started);
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
