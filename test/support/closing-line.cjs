// The last line of a run in the plain form that CI systems of any language read.
module.exports = class {
  onRunComplete(_, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
    // A file that did not even run has no failed tests of its own.
    const broken = testResults.filter((file) => file.testExecError).length;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    console.log(`tests: ${numPassedTests} passed, ${numFailedTests + broken} failed${skipped}`);
  }
};
