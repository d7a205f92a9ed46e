import { type AddressInfo, createServer } from 'node:net';
import { startProgram } from './child';
import { onTestEnd } from './clean-up';

/** A redis-server of Debian on loopback, without files, until the end of the test. */
export async function startRedis(): Promise<{ readonly port: number; stop(): Promise<unknown> }> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = startProgram('redis-server', args, { timeout: 100_000, killSignal: 'SIGKILL' });
  const stop = () => {
    redis.process.kill('SIGKILL');
    return redis.ended;
  };
  onTestEnd(stop);
  await redis.printed('Ready to accept connections');
  return { port, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
