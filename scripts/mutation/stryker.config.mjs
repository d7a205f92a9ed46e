// Mutation testing (`npm run mutation`): Stryker changes one expression of lib/program, lib/zone or lib/sdk at a time and
// runs the tests that reach it. A mutant that survives shows behaviour that no test checks.
//
// The tests import the built package, so Stryker instruments a copy of lib/ and compiles that to its own dist/.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'lib/program/**/*.ts',
    'lib/zone/**/*.ts',
    'lib/sdk/**/*.ts',
    // Generated.
    '!lib/zone/methods.ts',
  ],
  mutator: {
    // Most strings are texts of errors, logs and spans, which may change. Tests compare codes. The strings that matter
    // (paths, headers, field names) are covered by tests against the sandbox and the real wire format.
    excludedMutations: ['StringLiteral'],
  },
  plugins: ['./runner.mjs'].map((file) => new URL(file, import.meta.url).pathname),
  testRunner: 'jest-file-by-file',
  coverageAnalysis: 'perTest',
  // A mutant in code that runs once, when a module is loaded, would need every test.
  ignoreStatic: true,
  // Mutants need not satisfy the compiler; the generated file must stay as it is.
  disableTypeChecks: 'lib/{program/**,sdk,zone}/!(methods).ts',
  buildCommand: 'node scripts/build-lib.mjs',
  jest: {
    configFile: 'jest.config.cjs',
    config: {
      roots: ['<rootDir>/dist', '<rootDir>/test'],
      testEnvironment: new URL('environment.cjs', import.meta.url).pathname,
      testMatch: ['<rootDir>/test/{program,zone,sdk}/**/*.test.ts'],
      // Of the long tests, those of the stores that take seconds; most others run programs as processes, where no coverage is counted.
      testPathIgnorePatterns: ['(?<!/(?:bullmq|store-damage))\\.long\\.test\\.ts$'],
    },
    // The tests import dist/, so Jest finds no test that is related to a file of lib/.
    enableFindRelatedTests: false,
  },
  // TypeScript 7 has no compiler API in JavaScript, with which Stryker would adapt the tsconfig.json files.
  tsconfigFile: 'none',
  // The copy needs the built addon, and nothing else of out/.
  ignorePatterns: ['/out/*', '!/out/sandbox', '/dist', '/prebuilds'],
  tempDirName: 'out/mutation/sandbox',
  incremental: true,
  incrementalFile: 'out/mutation/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  jsonReporter: { fileName: 'out/mutation/report.json' },
  htmlReporter: { fileName: 'out/mutation/report.html' },
  clearTextReporter: { logTests: false, allowColor: false },
  concurrency: 2,
  // On a busy machine, a slow test run must not count as a killed mutant.
  timeoutMS: 20_000,
  timeoutFactor: 3,
  dryRunTimeoutMinutes: 30,
  thresholds: { high: 90, low: 85, break: 85 },
};
