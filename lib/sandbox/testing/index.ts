export type { TestProgram, WithSandboxOptions } from './with-sandbox';
export { withSandbox } from './with-sandbox';
