import type { Command } from '../command';
import { build } from './build';
import { debug } from './debug';

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [build, debug];
