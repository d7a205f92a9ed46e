const { TestEnvironment } = require('jest-environment-node');

let failedMutant;

module.exports = class extends TestEnvironment {
  async handleTestEvent({ name, test }, state) {
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) return;
    // A test that would wait forever fails early, also in a file with a time-out of its own. Stryker's time-out would start a new process.
    if (name === 'test_start') state.testTimeout = test.timeout = 10_000;
    // One failed test settles a mutant, and Jest cannot stop a file at the first failure: the rest of the file is skipped.
    if (name === 'test_fn_failure') failedMutant = mutant;
    if (name === 'test_start' && failedMutant === mutant) test.mode = 'skip';
  }
};
