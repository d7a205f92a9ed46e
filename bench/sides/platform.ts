/**
 * The slow platform of bench/invoke.ts, in a process of its own. Responds after the milliseconds of the first argument; a large request is
 * returned. Sends the sandbox's environment to the parent.
 */
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const delay = Number(process.argv[2]);
const LARGE = 100_000;

async function main(): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  sandbox.faults.inject(({ request }) => ({
    delay,
    ...(request.length > LARGE ? { response: request } : {}),
  }));
  process.send?.(sandbox.env);
  process.once('disconnect', () => void sandbox.stop());
}

void main();
