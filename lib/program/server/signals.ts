import { warn } from '../observe/guard';

/**
 * Closes the program and ends the process with code 0 when SIGTERM or SIGINT arrives; a second signal ends the process at once.
 *
 * @returns a function that removes the signal handlers
 */
export function closeOnSignals(close: () => Promise<void>): () => void {
  let isClosing = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isClosing) process.exit(signal === 'SIGINT' ? 130 : 143);
    isClosing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        warn(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return () => process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
}
