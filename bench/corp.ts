/**
 * Measures the sandbox with a large corp: creation, pulling all messages through the SDK, reset, save and load.
 *
 * npm run bench -- corp, or node out/bench/corp.js [messages]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SpecSdk } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const messages = Number(process.argv[2] ?? 100_000);
const PAGE = 1000;

if (process.send) void platform();
else void program();

/** Runs in a child process, as in real use. */
async function platform(): Promise<void> {
  const corp = { staff: 50, customers: 2000, messages, seed: 7 };
  const sandbox = await timed('create the corp and start', () => ZoneSandbox.start({ corp }));
  await sandbox.corp.keyPair();
  process.send?.(sandbox.env);
  await once(process, 'message');

  const [staff = '', to = ''] = [sandbox.corp.staff[0], sandbox.corp.customers[0]];
  await timed('add 100 messages', async () => {
    for (let count = 0; count < 100; count += 1) sandbox.corp.say(staff, { to }, '你好');
  });
  await timed('reset', async () => sandbox.reset());
  const folder = mkdtempSync(join(tmpdir(), 'wework-spec-bench-'));
  const file = join(folder, 'state.json');
  await timed('save', () => sandbox.save(file));
  await timed(`load ${(statSync(file).size / 1e6).toFixed(0)} MB`, () => sandbox.load(file));
  rmSync(folder, { recursive: true });
  await sandbox.stop();
  process.disconnect();
}

async function program(): Promise<void> {
  const child: ChildProcess = fork(__filename, process.argv.slice(2));
  const [environment] = await once(child, 'message');
  Object.assign(process.env, environment);
  for (const what of ['pull, encrypting each key', 'pull again']) {
    const start = performance.now();
    const count = await pull();
    const seconds = (performance.now() - start) / 1000;
    print(what, seconds, `${count} messages, ${(count / seconds).toFixed(0)}/s`);
  }
  child.send('go on');
}

async function pull(): Promise<number> {
  const sdk = new SpecSdk('ww-bench', 1);
  let count = 0;
  let cursor: string | undefined;
  for (;;) {
    const request = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { response } = await sdk.Invoke('sync_msg', JSON.stringify(request));
    const page = JSON.parse(response);
    if (page.errcode !== 0) throw new Error(`errcode ${page.errcode}`);
    count += page.msg_list.length;
    cursor = page.next_cursor;
    if (page.has_more === 0) return count;
  }
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  print(what, (performance.now() - start) / 1000);
  return result;
}

function print(what: string, seconds: number, more = ''): void {
  console.log(`${what.padEnd(28)} ${seconds.toFixed(3).padStart(8)} s  ${more}`);
}
