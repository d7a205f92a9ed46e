export type { AbilityType, AbilityTypes, AnyAbilities } from '../../interfaces/abilities';
export type { TestProgram, WithSandboxOptions } from './with-sandbox';
export { withSandbox } from './with-sandbox';
