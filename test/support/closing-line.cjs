// Prints a summary as the last line of a run, in a plain format that is easy to parse.
const { readFileSync, writeFileSync } = require('node:fs');

module.exports = class {
  onRunComplete(_, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
    // A file that could not run has no failed tests.
    const broken = testResults.filter((file) => file.testExecError).length;
    const { passed, failed, pending } = withEarlierPart({
      passed: numPassedTests,
      failed: numFailedTests + broken,
      pending: numPendingTests,
    });
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    console.log(`tests: ${passed} passed, ${failed} failed${skipped}`);
  }
};

/** `scripts/test-coverage short` stores its counts, and `scripts/test-coverage long` adds them to its own. */
function withEarlierPart(counts) {
  const { WEWORK_TEST_PART: part, WEWORK_TEST_COUNTS: file } = process.env;
  if (part === 'short') writeFileSync(file, JSON.stringify(counts));
  if (part !== 'long') return counts;
  const earlier = JSON.parse(readFileSync(file, 'utf8'));
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, count + earlier[name]]),
  );
}
