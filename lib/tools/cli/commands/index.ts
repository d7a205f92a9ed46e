import type { Command } from '../command';
import { build } from './build';
import { call } from './call';
import { debug } from './debug';
import { doctor } from './doctor';
import { emit } from './emit';
import { fault } from './fault';
import { image } from './image';
import { init } from './init';
import { jobs } from './jobs';
import { link } from './link';
import { logs } from './logs';
import { ps } from './ps';
import { sandbox } from './sandbox';
import { state } from './state';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  sandbox,
  ps,
  call,
  emit,
  logs,
  fault,
  state,
  build,
  link,
  doctor,
  debug,
  jobs,
  image,
];
