/**
 * Several of the servers of sides/http-server.ts behind one port, with node:cluster: `cluster PROCESSES bare|program text|json`. Sends
 * the port to the parent, and then the sum of their counters for each message.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerCounters } from './http-server';

const [processes = '1', ...args] = process.argv.slice(2);

async function main(): Promise<void> {
  cluster.setupPrimary({ exec: join(__dirname, 'http-server.js'), args });
  const workers = Array.from({ length: Number(processes) }, () => cluster.fork());
  const ports = await Promise.all(
    workers.map(async (worker) => (await once(worker, 'message'))[0]),
  );
  process.on('message', () => void sum(workers).then((counters) => process.send?.(counters)));
  process.once('disconnect', () => {
    for (const worker of workers) worker.process.disconnect();
    process.exit();
  });
  process.send?.(ports[0]);
}

async function sum(workers: readonly Worker[]): Promise<ServerCounters> {
  const all = await Promise.all(
    workers.map(async (worker): Promise<ServerCounters> => {
      worker.send('counters');
      return (await once(worker, 'message'))[0];
    }),
  );
  const of = (name: keyof ServerCounters) => all.reduce((total, one) => total + one[name], 0);
  return { active: of('active'), waited: of('waited'), cpu: of('cpu'), rss: of('rss') };
}

void main();
