import type { Command } from '../command';
import { build } from './build';
import { doctor } from './doctor';
import { link } from './link';

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [build, link, doctor];
