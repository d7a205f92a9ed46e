const TestEnvironment = require('../../test/support/environment.cjs');

let failedMutant;

// One failed test settles a mutant, and Jest cannot stop a file at the first failure: the rest of the file is skipped.
module.exports = class extends TestEnvironment {
  async handleTestEvent({ name, test }) {
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) return;
    if (name === 'test_fn_failure') failedMutant = mutant;
    if (name === 'test_start' && failedMutant === mutant) test.mode = 'skip';
  }
};
