#!/usr/bin/env node
import { run } from './run';

const interruption = new AbortController();
let isWaiting = false;
/** The exit code after the output could not be written. */
let brokenOutput: number | undefined;

function interrupted(): AbortSignal {
  isWaiting = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(signal));
  }
  // Not once: when a terminal is closed, the system and the shell each send it, and the second one must not cut the clean-up short.
  process.on('SIGHUP', () => interruption.abort('SIGHUP'));
  return interruption.signal;
}

// A reader that closes the pipe early, such as `head`, is not a failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A terminal that was closed cannot be written to either; the command is already ending.
  if (interruption.signal.aborted) return;
  brokenOutput = error.code === 'EPIPE' ? 0 : 1;
  const end = (): void => {
    // A waiting command has something to clean up.
    if (isWaiting) interruption.abort('SIGPIPE');
    else process.exit(brokenOutput);
  };
  if (brokenOutput === 0) end();
  else process.stderr.write(`wework-spec: the output cannot be written: ${error.message}\n`, end);
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
  process.exitCode = brokenOutput ?? code;
});
