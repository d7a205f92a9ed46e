const { randomUUID } = require('node:crypto');
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { promisify } = require('node:util');
const { TestEnvironment } = require('jest-environment-node');

const dist = pathToFileURL(join(__dirname, '..', '..', 'dist', '/')).href;

// Writes V8's coverage of a test file to WEWORK_TEST_COVERAGE, in the form in which node writes that of a child process for
// NODE_V8_COVERAGE. Jest by itself measures only its own processes.
module.exports = class extends TestEnvironment {
  #session = new Session();
  #post = promisify(this.#session.post.bind(this.#session));

  async setup() {
    await super.setup();
    // For the Workers that a test starts. Node itself writes their coverage.
    process.env.NODE_V8_COVERAGE = process.env.WEWORK_TEST_COVERAGE;
    this.#session.connect();
    await this.#post('Profiler.enable');
    await this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  async teardown() {
    const { result } = await this.#post('Profiler.takePreciseCoverage');
    await this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    const scripts = result.filter(({ url }) => url.startsWith(dist));
    const file = join(process.env.WEWORK_TEST_COVERAGE, `jest-${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify({ result: scripts }));
    await super.teardown();
  }
};
