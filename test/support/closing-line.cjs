// Prints a summary as the last line of a run, in a plain format that is easy to parse.
module.exports = class {
  onRunComplete(_, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
    // A file that could not run has no failed tests.
    const broken = testResults.filter((file) => file.testExecError).length;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    console.log(`tests: ${numPassedTests} passed, ${numFailedTests + broken} failed${skipped}`);
  }
};
