import type { Command } from '../command';
import { build } from './build';

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [build];
