const { TestEnvironment } = require('jest-environment-node');

// Under Jest, process.env is a copy, but the SDK library reads the environment of the process itself. This environment gives tests access
// to the latter.
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.setProcessEnvironment = (variables) => Object.assign(process.env, variables);
  }
};
