import { readFileSync } from 'node:fs';

/** Milliseconds since the start of Node.js, without those in which the main thread was ready to run but had no processor. */
export function elapsed(): number {
  const passed = performance.now();
  const [, waited = '0'] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
  return passed - Number(waited) / 1e6;
}
