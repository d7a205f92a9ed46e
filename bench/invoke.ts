/**
 * Measures many concurrent calls of Invoke against a slow platform, and their effect on the rest of the program.
 *
 * npm run bench -- invoke, or node out/bench/invoke.js [calls] [milliseconds]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { configureThreadPool, GetSdkInfo, SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const calls = Number(process.argv[2] ?? 64);
const delay = Number(process.argv[3] ?? 200);

if (process.send) void platform();
else void program();

/** Runs in a child process, so that it does not occupy the program's event loop. */
async function platform(): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  sandbox.faults.inject(() => ({ delay }));
  process.send?.(sandbox.env);
  process.once('disconnect', () => void sandbox.stop());
}

async function program(): Promise<void> {
  const child: ChildProcess = fork(__filename);
  const [environment] = await once(child, 'message');
  Object.assign(process.env, environment);

  const sdk = new SpecSdk('ww-bench', 1);
  const call = async () => {
    const { ret } = await sdk.Invoke('spec_notify_app', '{}');
    if (ret !== 0) throw new Error(`ret ${ret}`);
  };
  await call();

  const idle = await othersDuring(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
  print('without calls', idle);
  for (const size of [4, 16, 64]) {
    configureThreadPool({ size });
    const figures = await othersDuring(() => Promise.all(Array.from({ length: calls }, call)));
    const ideal = Math.ceil(calls / size) * delay;
    print(`${calls} calls of ${delay} ms, ${size} threads`, figures);
    const ratio = (figures.total / ideal).toFixed(2);
    console.log(`    ${figures.total.toFixed(0)} ms in total; ideal ${ideal} ms; ratio ${ratio}`);
  }
  console.log(`threads started: ${GetSdkInfo().threadPool.threads}`);
  child.disconnect();
}

interface Figures {
  total: number;
  stat: number[];
  timer: number[];
}

/** Measures the latency of fs.stat and the delay of a 10 ms timer while `work` runs. */
async function othersDuring(work: () => Promise<unknown>): Promise<Figures> {
  const figures: Figures = { total: 0, stat: [], timer: [] };
  let done = false;
  const watch = (async () => {
    while (!done) {
      const before = performance.now();
      await stat(__filename);
      const statted = performance.now();
      figures.stat.push(statted - before);
      await new Promise((resolve) => setTimeout(resolve, 10));
      figures.timer.push(performance.now() - statted - 10);
    }
  })();
  const start = performance.now();
  await work();
  figures.total = performance.now() - start;
  done = true;
  await watch;
  return figures;
}

function print(title: string, { stat: stats, timer }: Figures): void {
  const at = (list: number[], share: number) =>
    [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)]?.toFixed(2);
  console.log(title);
  console.log(`    fs.stat: median ${at(stats, 0.5)} ms, 99 % ${at(stats, 0.99)} ms`);
  console.log(`    delay of a timer: median ${at(timer, 0.5)} ms, 99 % ${at(timer, 0.99)} ms`);
}
