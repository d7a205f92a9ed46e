#!/usr/bin/env node
import { run } from './run';

function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(signal));
  }
  return controller.signal;
}

// A reader that closes the pipe early, such as `head`, is not a failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`wework-spec: the output cannot be written: ${error.message}\n`, () =>
    process.exit(1),
  );
});
// Nothing is left to which a failure of the standard error could be written.
process.stderr.on('error', () => {});

void run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  interrupted,
}).then((code) => {
  // process.exit() would discard output that is still buffered for a pipe.
  process.exitCode = code;
});
