/** @type {import('jest').Config} */
module.exports = {
  // The built package is tested, under the names by which users import it.
  moduleNameMapper: {
    '^wework-spec-sdk$': '<rootDir>/dist/index.js',
    '^wework-spec-sdk/bullmq$': '<rootDir>/dist/program/bullmq.js',
    '^wework-spec-sdk/fastify$': '<rootDir>/dist/program/fastify.js',
    '^wework-spec-sdk/sandbox$': '<rootDir>/dist/sandbox/index.js',
    '^wework-spec-sdk/testing$': '<rootDir>/dist/sandbox/testing/index.js',
  },
  // Copies of the package, made by `npm run mutation`.
  modulePathIgnorePatterns: ['<rootDir>/out/mutation/'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
  },
  testTimeout: 60_000,
  // Jest keeps one processor free by itself, half of a machine with two.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
};
