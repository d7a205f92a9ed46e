/**
 * Seals requests while they are read: `sealer COUNT BYTES`. Writes to standard output the sandbox's environment as a line of JSON, and then
 * the requests. Each is a line with the lengths of headers and body, the headers as JSON, and the body.
 */
import { writeSync } from 'node:fs';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { textOf } from '../run/requests';

const [count = 0, bytes = 0] = process.argv.slice(2).map(Number);

function write(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

async function main(): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  write(Buffer.from(`${JSON.stringify(sandbox.env)}\n`));
  const data = { text: textOf(bytes, 'ascii') };
  for (let i = 0; i < count; i += 1) {
    const { headers, body } = sandbox.wire.seal({ abilityId: 'echo', data });
    const head = JSON.stringify(headers);
    write(Buffer.from(`${head.length} ${body.length}\n${head}${body}`, 'latin1'));
  }
  await sandbox.stop();
}

void main();
