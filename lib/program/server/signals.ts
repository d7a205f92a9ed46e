import { constants } from 'node:os';
import { warn } from '../observe/guard';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Closes the program and ends the process with code 0 when SIGTERM, SIGINT or SIGHUP arrives; a second signal ends the process at once.
 *
 * @returns a function that removes the signal handlers
 */
export function closeOnSignals(close: () => Promise<void>): () => void {
  let isClosing = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isClosing) process.exit(128 + constants.signals[signal]);
    isClosing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        warn(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
