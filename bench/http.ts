/** Requests per second over real sockets: a server on the SDK's classes alone, and ZoneProgram. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Figure, Options, Outcome, Table } from './run/bench';
import { compileProgram } from './run/native';
import { sealedRequests, textOf } from './run/requests';
import { inOrder, type Sample, sideEnvironment } from './run/side';
import { median, ratios } from './run/statistics';
import type { ServerCounters } from './sides/http-server';

const CONNECTIONS = 16;

const sizes = [
  { name: '256 B', bytes: 256, untimed: 3000, timed: 12000 },
  { name: '4 KiB', bytes: 4096, untimed: 2000, timed: 8000 },
  { name: '64 KiB', bytes: 65536, untimed: 500, timed: 2000 },
];

const contents = {
  json: 'both parse the JSON of the request, and respond with an object',
  text: 'the response is the text of the request, which the bare server does not parse',
};
const kinds = ['bare', 'program'] as const;

export async function run(options: Options): Promise<Outcome> {
  const load = compileProgram('http_load');
  const { env, write, close } = await sealedRequests(options.folder);
  const figures: Figure[] = [];
  const tables: Table[] = [];
  try {
    const rows = { json: [] as string[][], text: [] as string[][] };
    for (const { name, bytes, untimed, timed } of sizes) {
      const count = untimed + Math.ceil(timed / (options.quick ? 3 : 1));
      const file = write('requests', count, textOf(bytes, 'ascii'));
      for (const content of ['json', 'text'] as const) {
        options.progress(`http, ${name}, ${content}`);
        const results = { bare: [] as Served[], program: [] as Served[] };
        for (let round = 0; round < options.rounds; round += 1) {
          for (const kind of inOrder(kinds, round)) {
            const server = ['http-server.js', kind, content] as const;
            results[kind].push(
              await serve({ server, env, load, file, untimed, connections: CONNECTIONS }),
            );
          }
        }
        const capacities = (kind: 'bare' | 'program') => results[kind].map(capacity);
        const values = ratios(capacities('program'), capacities('bare'));
        figures.push({ name: `${content}/${name}/program to bare`, values, unit: '' });
        rows[content].push([
          name,
          ...kinds.map((kind) => cell(results[kind])),
          median(values).toFixed(2),
        ]);
      }
    }
    for (const content of ['json', 'text'] as const) {
      tables.push({
        title: `http, ${CONNECTIONS} connections: ${contents[content]}; requests/s of busy time (requests/s that passed; share of idle time; CPU µs for a request)`,
        columns: ['payload', 'bare classes', 'ZoneProgram', 'ratio'],
        rows: rows[content],
      });
    }
  } finally {
    await close();
  }
  return { figures, tables };
}

/** The figures of a server, and of the load that it served. */
interface Served extends Pick<Sample, 'requests' | 'wall'> {
  /** Microseconds in which the server had work and a processor. */
  readonly busy: number;
  /** Of 1, in which the server waited for the load. */
  readonly idle: number;
  /** Microseconds of CPU time for a request. */
  readonly cpu: number;
  /** Bytes of resident memory at the end. */
  readonly rss: number;
}

/** Requests per second of the time in which the server had work and a processor. */
function capacity({ requests, busy }: Served): number {
  return (requests / busy) * 1e6;
}

function cell(served: readonly Served[]): string {
  const of = (value: (one: Served) => number) => median(served.map(value));
  const passed = of(({ requests, wall }) => (requests / wall) * 1e6);
  const idle = of((one) => one.idle * 100);
  return `${of(capacity).toFixed(0)} (${passed.toFixed(0)}; ${idle.toFixed(0)} %; ${of((one) => one.cpu).toFixed(0)})`;
}

interface Round {
  /** A script of bench/sides, and its arguments. */
  readonly server: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly load: string;
  readonly file: string;
  readonly untimed: number;
  readonly connections: number;
}

/** Starts a server, and sends it the requests of the file. */
export async function serve({
  server: [script, ...args],
  env,
  load,
  file,
  untimed,
  connections,
}: Round): Promise<Served> {
  const server = fork(join(__dirname, 'sides', script), args, { env: sideEnvironment(env) });
  try {
    const [port] = await once(server, 'message');
    let before: ServerCounters | undefined;
    const sample = await sendLoad(
      load,
      [String(port), file, String(connections), String(untimed)],
      async () => {
        before = await ask(server);
      },
    );
    const after = await ask(server);
    if (before === undefined) throw new Error('the load ended before it was warm');
    const since = (name: keyof ServerCounters) => after[name] - (before as ServerCounters)[name];
    return {
      requests: sample.requests,
      wall: sample.wall,
      busy: since('active') - since('waited'),
      idle: Math.max(0, 1 - since('active') / sample.wall),
      cpu: since('cpu') / sample.requests,
      rss: after.rss,
    };
  } finally {
    const ended = once(server, 'exit');
    server.disconnect();
    await ended;
  }
}

async function ask(server: ChildProcess): Promise<ServerCounters> {
  server.send('counters');
  const [counters] = await once(server, 'message');
  return counters;
}

/** Runs the load; `whenWarm` runs between the warm-up and the measurement. */
async function sendLoad(
  program: string,
  args: readonly string[],
  whenWarm: () => Promise<void>,
): Promise<Sample> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (line === 'warm') {
      await whenWarm();
      child.stdin.end('go\n');
    }
  }
  if (!last.startsWith('{')) throw new Error('the load ended without figures');
  return JSON.parse(last);
}
