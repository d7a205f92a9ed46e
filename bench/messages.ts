/**
 * Measures pulling a whole archive from a slow platform with ZoneClient.batches(): adaptive mode against the default mode, which
 * requests one page after another.
 *
 * npm run bench -- messages, or node out/bench/messages.js [messages] [milliseconds]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { ZoneClient } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const messages = Number(process.argv[2] ?? 100_000);
const delay = Number(process.argv[3] ?? 50);
const rounds = 3;

if (process.send) void platform();
else void program();

/** Runs in a child process, so that it does not occupy the program's event loop. */
async function platform(): Promise<void> {
  const sandbox = await ZoneSandbox.start({ corp: { messages } });
  sandbox.faults.inject(() => ({ delay }));
  process.send?.(sandbox.env);
  process.once('disconnect', () => void sandbox.stop());
}

async function program(): Promise<void> {
  const child: ChildProcess = fork(__filename, process.argv.slice(2));
  const [environment] = await once(child, 'message');
  Object.assign(process.env, environment);
  const zone = new ZoneClient({ corpId: 'ww-bench', agentId: 1 });

  // Warm-up: the platform encrypts the keys of the messages on the first pull.
  await pull(zone, 2, 1000);
  console.log(`${messages} messages, ${delay} ms per call`);
  const ratios: Record<string, number[]> = { '1000': [], '200': [] };
  for (let round = 1; round <= rounds; round += 1) {
    const adaptive = await pull(zone, 2, 1000);
    const pages = await pull(zone, 0, 1000);
    const defaults = await pull(zone, 0, 200);
    ratios['1000']?.push(pages.elapsed / adaptive.elapsed);
    ratios['200']?.push(defaults.elapsed / adaptive.elapsed);
    console.log(`round ${round}`);
    print('adaptive, pages of 1000 concurrently', adaptive);
    print('default mode, pages of 1000 sequentially', pages);
    print('default mode, pages of 200 (the default)', defaults);
  }
  for (const [limit, list] of Object.entries(ratios)) {
    const [least, middle, most] = list.sort((a, b) => a - b).map((ratio) => ratio.toFixed(1));
    console.log(
      `adaptive is ${middle} times as fast as pages of ${limit} one after another (${least} to ${most})`,
    );
  }
  child.disconnect();
}

interface Pull {
  readonly elapsed: number;
  readonly batches: number;
  readonly heap: number;
}

/** Pulls all messages, and checks number and order. */
async function pull(zone: ZoneClient, mode: 0 | 2, limit: number): Promise<Pull> {
  const start = performance.now();
  const seen = new Set<string>();
  let batches = 0;
  let heap = 0;
  let last = 0;
  for await (const batch of zone.batches({ mode, limit })) {
    batches += 1;
    for (const { msgid, send_time: time } of batch.messages) {
      seen.add(msgid);
      if (time < last) throw new Error('the order was lost');
      last = time;
    }
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  }
  if (seen.size !== messages) throw new Error(`${seen.size} of ${messages} messages`);
  return { elapsed: performance.now() - start, batches, heap };
}

function print(title: string, { elapsed, batches, heap }: Pull): void {
  const rate = Math.round((messages / elapsed) * 1000);
  console.log(
    `    ${title}: ${elapsed.toFixed(0)} ms, ${rate} messages a second, ${batches} batches, heap ${(heap / 2 ** 20).toFixed(0)} MiB at most`,
  );
}
