import { startProgram } from './child';
import { onTestEnd } from './clean-up';
import { freePort } from './free-port';

export interface RedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** A folder, so that every change is synced to a file before it is acknowledged; default: nothing is kept. */
  readonly dir?: string;
}

/** A redis-server of Debian on loopback, until the end of the test. */
export async function startRedis({ port, dir }: RedisOptions = {}): Promise<{
  readonly port: number;
  stop(): Promise<unknown>;
}> {
  const chosen = port ?? (await freePort());
  const files = dir === undefined ? ['--appendonly', 'no'] : durable(dir);
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', ...files];
  const redis = startProgram('redis-server', args, { timeout: 3_600_000, killSignal: 'SIGKILL' });
  const stop = () => {
    redis.process.kill('SIGKILL');
    return redis.ended;
  };
  onTestEnd(stop);
  await redis.printed('Ready to accept connections');
  return { port: chosen, stop };
}

function durable(dir: string): string[] {
  return ['--dir', dir, '--appendonly', 'yes', '--appendfsync', 'always'];
}
