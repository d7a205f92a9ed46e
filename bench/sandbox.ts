/**
 * Measures the throughput of a trivial ability through the sandbox and a program, and the CPU time of both per request: the one that
 * needs more is the bottleneck. Sandbox, program and the application that calls `sync_call_program` are separate processes.
 *
 * npm run bench -- sandbox, or node out/bench/sandbox.js [requests] [concurrency]
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

const roles: Readonly<Record<string, () => Promise<void>>> = {
  platform,
  'zone program': () => program(zoneProgram),
  'bare program': () => program(bareProgram),
  application,
};
void roles[process.env.BENCH_ROLE ?? 'platform']?.();

async function program(start: () => Promise<number>): Promise<void> {
  process.send?.(await start());
  process.on('message', () => process.send?.(process.cpuUsage()));
  process.once('disconnect', () => process.exit());
}

async function zoneProgram(): Promise<number> {
  const trivial = new ZoneProgram().ability('trivial', () => ({ errcode: 0 }));
  return (await trivial.listen({ port: 0, host: '127.0.0.1' })).port;
}

/** A minimal program: verifies, decrypts, responds. */
async function bareProgram(): Promise<number> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const callback = new SpecCallbackSDK('POST', incoming.headers, Buffer.concat(chunks));
      const response = callback.IsOk() ? '{"errcode":0}' : '';
      const { headers, body } = callback.BuildResponseHeaderBody(response);
      outgoing.writeHead(200, headers).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Calls `sync_call_program` as often as requested, on keep-alive connections. */
async function application(): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const { BENCH_URL: url = '', BENCH_BODY: body = '' } = process.env;
  const call = () =>
    new Promise<void>((resolve, reject) => {
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
  process.on('message', (count: number) => {
    void repeat(call, count).then(() => process.send?.('done'));
  });
  process.once('disconnect', () => process.exit());
}

async function platform(): Promise<void> {
  await measureWith('zone program', 'a ZoneProgram');
  await measureWith('bare program', "a program on the SDK's classes alone");
}

async function measureWith(role: string, title: string): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  const started = start(role, sandbox.env);
  const [port] = await once(started, 'message');
  sandbox.programs.address = `http://127.0.0.1:${port}`;

  console.log(`-- ${title}`);
  const call = async () => {
    const { errcode } = await sandbox.call('trivial', {});
    if (errcode !== 0) throw new Error(`errcode ${errcode}`);
  };
  await measure('sandbox.call()', (count) => repeat(call, count), started);

  const caller = start('application', {
    BENCH_URL: `${sandbox.urls.server}/cgi-bin/chatdata/sync_call_program?access_token=${sandbox.application.accessToken}`,
    BENCH_BODY: JSON.stringify({
      program_id: sandbox.programs.ownId,
      ability_id: 'trivial',
      request_data: '{}',
    }),
  });
  const callByHttp = async (count: number) => {
    caller.send(count);
    await once(caller, 'message');
  };
  await measure('sync_call_program by an application', callByHttp, started);
  caller.disconnect();
  started.disconnect();
  await sandbox.stop();
}

function start(role: string, env: Readonly<Record<string, string>>): ChildProcess {
  const child = fork(__filename, process.argv.slice(2), {
    env: { ...process.env, ...env, BENCH_ROLE: role },
  });
  child.once('exit', (code) => {
    if (code !== 0) throw new Error(`the ${role} exited with code ${code}`);
  });
  return child;
}

async function measure(
  title: string,
  run: (count: number) => Promise<void>,
  program: ChildProcess,
): Promise<void> {
  // Warm-up, so that hot code is compiled on both sides.
  await run(requests);
  const before = await usage(program);
  const start = performance.now();
  await run(requests);
  const seconds = (performance.now() - start) / 1000;
  const after = await usage(program);
  const cost = (side: 'sandbox' | 'program') => (after[side] - before[side]) / requests;
  const slower = cost('sandbox') > cost('program') ? 'sandbox' : 'program';
  console.log(title);
  console.log(
    `    ${(requests / seconds).toFixed(0)} requests/s, concurrency ${concurrency}; ` +
      `CPU time per request: sandbox ${cost('sandbox').toFixed(0)} µs, program ${cost('program').toFixed(0)} µs; ` +
      `bottleneck: ${slower}`,
  );
  console.log(
    `    limit of one CPU core for the sandbox: ${(1e6 / cost('sandbox')).toFixed(0)} requests/s`,
  );
}

async function repeat(call: () => Promise<void>, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** CPU time of both sides so far, in microseconds. */
async function usage(program: ChildProcess): Promise<{ sandbox: number; program: number }> {
  program.send('usage');
  const [theirs] = await once(program, 'message');
  const ours = process.cpuUsage();
  return { sandbox: ours.user + ours.system, program: theirs.user + theirs.system };
}
