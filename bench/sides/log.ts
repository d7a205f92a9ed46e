/** This package's side of bench/log.ts. The arguments are those of sides/log.cc. */
import { GenerateNotifyId, WWSPEC_LOG_DEBUG, WWSPEC_LOG_INFO } from 'wework-spec-sdk';
import { meter } from './requests';

const [what = '', number = ''] = process.argv.slice(2);
const count = Number(number);

const repeat: Record<string, (count: number) => number> = {
  info(count) {
    for (let i = 0; i < count; i += 1) WWSPEC_LOG_INFO('request %d took %d ms', i, 12);
    return count;
  },
  debug(count) {
    for (let i = 0; i < count; i += 1) WWSPEC_LOG_DEBUG('request %d took %d ms', i, 12);
    return count;
  },
  'notify-id'(count) {
    let done = 0;
    for (let i = 0; i < count; i += 1) done += GenerateNotifyId() === '' ? 0 : 1;
    return done;
  },
};

const run = repeat[what];
if (run === undefined) throw new Error(`unknown function ${what}`);
run(Math.floor(count / 4));
meter(count, () => run(count));
