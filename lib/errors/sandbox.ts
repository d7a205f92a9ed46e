import { type Entry, error } from './entry';

/** The codes that the sandbox throws. */
export type SandboxErrorCode =
  | 'ERR_SANDBOX_OPTION'
  | 'ERR_SANDBOX_LISTEN'
  | 'ERR_SANDBOX_STOPPED'
  | 'ERR_SANDBOX_NO_PROGRAM'
  | 'ERR_SANDBOX_REQUEST'
  | 'ERR_SANDBOX_EVENT'
  | 'ERR_SANDBOX_FAULT'
  | 'ERR_SANDBOX_NO_RECEIVER'
  | 'ERR_SANDBOX_JOB_FORGOTTEN'
  | 'ERR_SANDBOX_STATE'
  | 'ERR_SANDBOX_PROGRAM_START'
  | 'ERR_SANDBOX_PROCESS_TAKEN'
  | 'ERR_SANDBOX_THREAD'
  | 'ERR_SANDBOX_NOT_RUNNING'
  | 'ERR_SANDBOX_INSTALLATION'
  | 'ERR_SANDBOX_CONNECT'
  | 'ERR_SANDBOX_CUT'
  | 'ERR_SANDBOX_TIMEOUT'
  | 'ERR_SANDBOX_ANSWER_SIZE';

/** The sandbox. No text holds keys, secrets or contents. */
export const sandboxErrors = {
  ERR_SANDBOX_OPTION: error((_, complaint) => complaint),
  ERR_SANDBOX_LISTEN: error((_, complaint) => complaint),
  ERR_SANDBOX_STOPPED: error(
    () => 'The sandbox is stopped. Start another one with ZoneSandbox.start().',
  ),
  ERR_SANDBOX_NO_PROGRAM: error((_, complaint) => complaint),
  ERR_SANDBOX_REQUEST: error((_, complaint) => complaint),
  ERR_SANDBOX_EVENT: error((_, complaint) => complaint),
  ERR_SANDBOX_FAULT: error((_, complaint) => complaint),
  ERR_SANDBOX_NO_RECEIVER: error(
    () =>
      'No program receives events. Call set_receive_callback as the application, or set sandbox.programs.eventReceiver.',
  ),
  ERR_SANDBOX_JOB_FORGOTTEN: error(
    () =>
      'The job was forgotten before a report came: it could not be delivered, the state was reset or replaced, or 10000 ' +
      'newer jobs were started.',
  ),
  ERR_SANDBOX_STATE: error((_, complaint) => complaint),
  ERR_SANDBOX_PROGRAM_START: error(
    (script, what) =>
      `The program ${script} ${what}. Its own output says more; it must listen on port 8080 or on that of the variable PORT.`,
  ),
  ERR_SANDBOX_PROCESS_TAKEN: error(
    () =>
      'Another sandbox has a program in this process. Stop it first, or give withSandbox the path of a script: that gets a ' +
      'process of its own.',
  ),
  ERR_SANDBOX_THREAD: error(
    () =>
      'The SDK reads the environment of the process, which a worker thread cannot set. Give withSandbox the path of the ' +
      "program, or let the test runner use processes (vitest: pool 'forks').",
  ),
  ERR_SANDBOX_NOT_RUNNING: error((_, complaint) => complaint),
  ERR_SANDBOX_INSTALLATION: error(
    (part, words) =>
      `${part}, which comes with wework-spec-sdk, cannot be loaded: ${words}. Install wework-spec-sdk again.`,
  ),
  ERR_SANDBOX_CONNECT: error(
    () =>
      'The program cannot be connected to. Check that it runs and listens on the address given as `program`.',
  ),
  ERR_SANDBOX_CUT: error(
    () =>
      'The program closed the connection before its response was complete, or did not speak HTTP. Look into its log.',
  ),
  ERR_SANDBOX_TIMEOUT: error(
    (timeout) =>
      `The program's response was not complete after ${timeout} ms. Respond sooner, or raise the timeout.`,
  ),
  ERR_SANDBOX_ANSWER_SIZE: error(
    (limit) =>
      `The program's response is larger than ${limit} bytes. Respond with less, or raise maxBodyBytes.`,
  ),
} satisfies Record<SandboxErrorCode, Entry>;
