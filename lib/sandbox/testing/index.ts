export type { TestProgram, TestZone, WithSandboxOptions } from './with-sandbox';
export { withSandbox } from './with-sandbox';
