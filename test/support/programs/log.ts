// Compilation removes types and comments like these, so that the line numbers of TypeScript and JavaScript differ.
interface Nothing {
  readonly one: string;
  readonly two: string;
}

type Also = Nothing | undefined;

import {
  configureLog,
  SpecCallbackSDK,
  WWSPEC_LOG_DEBUG,
  WWSPEC_LOG_ERROR,
  WWSPEC_LOG_INFO,
} from 'wework-spec-sdk';

export const nothing: Also = undefined;

interface Between {
  readonly three: string;
}
export const between: Between | undefined = undefined;

class Service {
  run(): void {
    WWSPEC_LOG_INFO('in a method');
  }
}

const scenes: Readonly<Record<string, () => void>> = {
  lines: () => {
    WWSPEC_LOG_INFO('info here');
    WWSPEC_LOG_ERROR('error here');
    WWSPEC_LOG_DEBUG('debug here');
    new Service().run();
    [1].map(() => WWSPEC_LOG_INFO('in a callback'));
    const log = WWSPEC_LOG_INFO;
    log('through another name');
  },
  levels: () => {
    WWSPEC_LOG_DEBUG('one');
    WWSPEC_LOG_INFO('two');
    WWSPEC_LOG_ERROR('three');
  },
  frozen: () => {
    Object.freeze(Error);
    scenes.levels?.();
  },
  long: () => {
    if (process.env.CONFIGURE) configureLog({ longText: process.env.CONFIGURE as 'cut' });
    WWSPEC_LOG_INFO(process.env.TEXT);
  },
  requests: () => {
    WWSPEC_LOG_INFO('before any request');
    for (let i = 0; i < 3; i += 1) {
      new SpecCallbackSDK('POST', {}, '');
      WWSPEC_LOG_INFO('first of %d', i);
      WWSPEC_LOG_INFO('second of %d', i);
    }
  },
  formatter: () => {
    // As source-map-support and some APM agents do.
    Error.prepareStackTrace = () => 'mine';
    Error.stackTraceLimit = 0;
    WWSPEC_LOG_INFO('with a formatter of the program');
    const kept = Error.prepareStackTrace(new Error(), []);
    WWSPEC_LOG_INFO('kept: %s %d', kept, Error.stackTraceLimit);
  },
};

scenes[process.argv[2] ?? '']?.();
