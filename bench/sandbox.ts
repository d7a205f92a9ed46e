/**
 * How many requests of a trivial ability pass through the sandbox and a program in a second, and which of the two is the slower side:
 * the one that takes more time of a processor for a request.
 *
 * npm run bench:sandbox [-- requests] [-- concurrency]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { SpecCallbackSDK, ZoneProgram } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const requests = Number(process.argv[2] ?? 20_000);
const concurrency = Number(process.argv[3] ?? 64);

if (process.send) void program();
else void platform();

async function program(): Promise<void> {
  const port = process.env.BENCH_PROGRAM === 'bare' ? await bareProgram() : await zoneProgram();
  process.send?.(port);
  process.on('message', () => process.send?.(process.cpuUsage()));
  process.once('disconnect', () => process.exit());
}

async function zoneProgram(): Promise<number> {
  const trivial = new ZoneProgram().ability('trivial', () => ({ errcode: 0 }));
  return (await trivial.listen({ port: 0, host: '127.0.0.1' })).port;
}

/** The least that a program can do: verifies, decrypts, answers. */
async function bareProgram(): Promise<number> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const callback = new SpecCallbackSDK('POST', incoming.headers, Buffer.concat(chunks));
      const answer = callback.IsOk() ? '{"errcode":0}' : '';
      const { headers, body } = callback.BuildResponseHeaderBody(answer);
      outgoing.writeHead(200, headers).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function platform(): Promise<void> {
  await measureWith('zone', 'a ZoneProgram');
  await measureWith('bare', "a program on the SDK's classes alone");
}

async function measureWith(kind: 'zone' | 'bare', title: string): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  const env = { ...process.env, ...sandbox.env, BENCH_PROGRAM: kind };
  const child = fork(__filename, { env });
  const [port] = await once(child, 'message');
  sandbox.program = `http://127.0.0.1:${port}`;

  const call = async () => {
    const { errcode } = await sandbox.call('trivial', {});
    if (errcode !== 0) throw new Error(`errcode ${errcode}`);
  };
  console.log(`-- ${title}`);
  await measure('sandbox.call()', call, child);
  await measure('sync_call_program, with its HTTP client in this process', client(sandbox), child);
  child.disconnect();
  await sandbox.stop();
}

/** An application that keeps its connections. */
function client(sandbox: ZoneSandbox): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const url = `${sandbox.serverUrl}/cgi-bin/chatdata/sync_call_program?access_token=${sandbox.accessToken}`;
  const body = JSON.stringify({
    program_id: sandbox.programId,
    ability_id: 'trivial',
    request_data: '{}',
  });
  return () =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { agent, method: 'POST' }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.once('end', () => {
          if (JSON.parse(text).errcode === 0) resolve();
          else reject(new Error(text));
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
}

async function measure(title: string, call: () => Promise<void>, child: ChildProcess) {
  await run(call, Math.ceil(requests / 5));
  const before = await usage(child);
  const start = performance.now();
  await run(call, requests);
  const seconds = (performance.now() - start) / 1000;
  const after = await usage(child);
  const cost = (side: 'sandbox' | 'program') => (after[side] - before[side]) / requests;
  const slower = cost('sandbox') > cost('program') ? 'sandbox' : 'program';
  console.log(title);
  console.log(
    `    ${(requests / seconds).toFixed(0)} requests/s, ${concurrency} at once; ` +
      `processor time for each: sandbox ${cost('sandbox').toFixed(0)} µs, program ${cost('program').toFixed(0)} µs; ` +
      `the slower side: ${slower}`,
  );
  console.log(
    `    one processor of the sandbox is good for ${(1e6 / cost('sandbox')).toFixed(0)} requests/s`,
  );
}

async function run(call: () => Promise<void>, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Processor time of both sides until now, in microseconds. */
async function usage(child: ChildProcess): Promise<{ sandbox: number; program: number }> {
  child.send('usage');
  const [theirs] = await once(child, 'message');
  const ours = process.cpuUsage();
  return { sandbox: ours.user + ours.system, program: theirs.user + theirs.system };
}
