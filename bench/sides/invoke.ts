/**
 * This package's side of bench/invoke.ts: `invoke calls THREADS CALLS`, `invoke queue CALLS`, `invoke large TIMES`.
 */
import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { configureThreadPool, SpecSdk } from 'wework-spec-sdk';
import { quantile } from '../run/statistics';
import { waitedMicroseconds } from './requests';

const [what, ...numbers] = process.argv.slice(2);
const [first = 0, second = 0] = numbers.map(Number);
const sdk = new SpecSdk('ww-bench', 1);

const TIMER_MS = 5;

/** Figures of `calls`; milliseconds, except of `cpu`. */
export interface CallFigures {
  readonly rate: number;
  /** Microseconds for a call. */
  readonly cpu: number;
  readonly loop: number;
  readonly stat: number;
  readonly idleLoop: number;
  readonly idleStat: number;
}

async function call(): Promise<void> {
  const { ret } = await sdk.Invoke('spec_notify_app', '{"notify_id":"bench"}');
  if (ret !== 0) throw new Error(`ret ${ret}`);
}

async function manyCalls(threads: number, calls: number): Promise<CallFigures> {
  configureThreadPool({ size: threads });
  const run = async (count: number) => {
    let left = count;
    const worker = async () => {
      for (; left > 0; await call()) left -= 1;
    };
    await Promise.all(Array.from({ length: threads }, worker));
  };
  await run(threads);
  const idle = await watch(() => pause(1000));
  // Not in the run below: watching needs processor time, too.
  const watched = await watch(() => run(calls));
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run(calls);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    rate: calls / seconds,
    cpu: (user + system) / calls,
    loop: watched.loop,
    stat: watched.stat,
    idleLoop: idle.loop,
    idleStat: idle.stat,
  };
}

/** The 99th percentiles of the delay of a timer and of the time of fs.stat during `work`, without waits of the main thread for a processor. */
async function watch(work: () => Promise<unknown>): Promise<{ loop: number; stat: number }> {
  const loop: number[] = [];
  const stats: number[] = [];
  let done = false;
  const watching = (async () => {
    while (!done) {
      const [start, waited] = [performance.now(), waitedMicroseconds()];
      await pause(TIMER_MS);
      const [fired, waitedThen] = [performance.now(), waitedMicroseconds()];
      loop.push(fired - start - TIMER_MS - (waitedThen - waited) / 1000);
      await stat(__filename);
      stats.push(performance.now() - fired - (waitedMicroseconds() - waitedThen) / 1000);
    }
  })();
  await work();
  done = true;
  await watching;
  return { loop: quantile(loop, 0.99), stat: quantile(stats, 0.99) };
}

/** Bytes of resident memory for a call that waits for a thread. */
async function queuedCalls(count: number): Promise<{ bytes: number }> {
  configureThreadPool({ size: 1, queueLimit: count });
  await call();
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  const before = process.memoryUsage.rss();
  for (let i = 0; i <= count; i += 1) {
    // The last ones are still waiting when the process ends.
    void sdk.Invoke('spec_notify_app', '{"notify_id":"bench"}');
  }
  await nextTurn();
  return { bytes: (process.memoryUsage.rss() - before) / count };
}

/** The longest time in which the main thread was held at a stretch by a call with 1 MiB of Chinese text each way: the median of the calls. */
async function largeCalls(times: number): Promise<{ hold: number }> {
  const text = '会话存档'.repeat(Math.ceil(2 ** 20 / 12));
  const holds: number[] = [];
  for (let i = 0; i < times + 5; i += 1) {
    // Another string each time, because a program does not send the same one twice.
    const request = JSON.stringify({ text: `${i}${text}` });
    await pause(20);
    let longest = 0;
    let answered = false;
    let last = performance.now();
    let waited = waitedMicroseconds();
    const turn = () => {
      const [now, waitedNow] = [performance.now(), waitedMicroseconds()];
      longest = Math.max(longest, now - last - (waitedNow - waited) / 1000);
      last = now;
      waited = waitedNow;
    };
    const calling = sdk.Invoke('spec_notify_app', request).then(({ ret, response }) => {
      if (ret !== 0 || response.length < request.length) throw new Error(`ret ${ret}`);
      answered = true;
    });
    turn();
    while (!answered) {
      await nextTurn();
      turn();
    }
    await calling;
    if (i >= 5) holds.push(longest);
  }
  return { hold: quantile(holds, 0.5) };
}

async function main(): Promise<void> {
  if (what === 'calls') console.log(JSON.stringify(await manyCalls(first, second)));
  else if (what === 'queue') console.log(JSON.stringify(await queuedCalls(first)));
  else console.log(JSON.stringify(await largeCalls(first)));
  // The queued calls would need minutes.
  process.exit();
}

void main();
