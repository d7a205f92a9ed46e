import type { Command } from '../command';
import { build } from './build';
import { call } from './call';
import { clock } from './clock';
import { completionOf } from './completion';
import { debug } from './debug';
import { doctor } from './doctor';
import { emit } from './emit';
import { fault } from './fault';
import { image } from './image';
import { init } from './init';
import { jobs } from './jobs';
import { key } from './key';
import { link } from './link';
import { logs } from './logs';
import { messages } from './messages';
import { notifications } from './notifications';
import { people } from './people';
import { ps } from './ps';
import { requests } from './requests';
import { sandbox } from './sandbox';
import { say } from './say';
import { state } from './state';

const list: readonly Command[] = [
  init,
  sandbox,
  ps,
  call,
  emit,
  logs,
  requests,
  notifications,
  people,
  say,
  messages,
  clock,
  key,
  fault,
  state,
  build,
  link,
  doctor,
  debug,
  jobs,
  image,
];

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [...list, completionOf(list)];
