import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Sample } from '../run/side';

/** A request as a server has received it. */
export interface Received {
  readonly headers: Record<string, string>;
  /** One or more slices of received memory. */
  readonly body: readonly Buffer[];
}

export type Layout = 'own' | 'chunks';

const CHUNK = 65536;
const HEAD = 300;

/**
 * Where received bodies lie: in a Buffer of their own, or in chunks of 64 KiB as a socket delivers them, in which a body begins at an odd
 * address after the head of its request. sides/requests.h does the same.
 */
class Placement {
  #chunk = Buffer.alloc(0);
  #position = CHUNK;

  constructor(private readonly layout: Layout) {}

  place(body: Buffer): Buffer[] {
    if (this.layout === 'own') {
      const own = Buffer.allocUnsafeSlow(body.length);
      body.copy(own);
      return [own];
    }
    this.#position = (this.#position + HEAD) | 1;
    const wanted = Math.min(body.length, CHUNK - (HEAD | 1));
    if (this.#position + wanted > CHUNK) this.#newChunk(HEAD | 1);
    const slices: Buffer[] = [];
    for (let done = 0; done < body.length; ) {
      if (this.#position === CHUNK) this.#newChunk(0);
      const size = Math.min(body.length - done, CHUNK - this.#position);
      const slice = this.#chunk.subarray(this.#position, this.#position + size);
      body.copy(slice, 0, done, done + size);
      slices.push(slice);
      this.#position += size;
      done += size;
    }
    return slices;
  }

  #newChunk(position: number): void {
    this.#chunk = Buffer.allocUnsafeSlow(CHUNK);
    this.#position = position;
  }
}

/** Reads the requests of a file, whose format sides/requests.h describes. */
export function readRequests(path: string, layout: Layout): Received[] {
  const file = readFileSync(path);
  const placement = new Placement(layout);
  const requests: Received[] = [];
  let at = 0;
  const line = () => {
    const end = file.indexOf(10, at);
    const text = file.toString('utf8', at, end);
    at = end + 1;
    return text;
  };
  while (at < file.length) {
    const headers: Record<string, string> = {};
    for (let left = Number(line()); left > 0; left -= 1) {
      const [name = '', value = ''] = line().split(' ');
      headers[name] = value;
    }
    const length = Number(line());
    requests.push({ headers, body: placement.place(file.subarray(at, at + length)) });
    at += length + 1;
  }
  return requests;
}

/** Counters of this process and its main thread. */
function counters() {
  const { minorPageFault: faults, userCPUTime, systemCPUTime } = process.resourceUsage();
  return {
    faults,
    cpu: userCPUTime + systemCPUTime,
    waited: waitedMicroseconds(),
    time: performance.now(),
  };
}

/** Microseconds in which the calling thread was ready to run, but had no processor. */
export function waitedMicroseconds(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1000;
  } catch {
    return 0;
  }
}

/** Measures `work`, and prints the figures. */
export function meter(requests: number, work: () => number): void {
  const before = counters();
  const check = work();
  const after = counters();
  const sample: Sample = {
    requests,
    wall: (after.time - before.time) * 1000,
    waited: after.waited - before.waited,
    cpu: after.cpu - before.cpu,
    faults: after.faults - before.faults,
    check,
  };
  console.log(JSON.stringify(sample));
}
