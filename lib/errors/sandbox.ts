/** The stable `code`s of {@link SandboxError}; docs/errors.md has a row for each. */
export const sandboxErrorCodes = [
  'ERR_SANDBOX_OPTION',
  'ERR_SANDBOX_LISTEN',
  'ERR_SANDBOX_STOPPED',
  'ERR_SANDBOX_NO_PROGRAM',
  'ERR_SANDBOX_REQUEST',
  'ERR_SANDBOX_EVENT',
  'ERR_SANDBOX_FAULT',
  'ERR_SANDBOX_NO_RECEIVER',
  'ERR_SANDBOX_JOB_FORGOTTEN',
  'ERR_SANDBOX_STATE',
  'ERR_SANDBOX_PROGRAM_START',
  'ERR_SANDBOX_PROCESS_TAKEN',
  'ERR_SANDBOX_THREAD',
  'ERR_SANDBOX_NOT_RUNNING',
  'ERR_SANDBOX_INSTALLATION',
  'ERR_SANDBOX_CONNECT',
  'ERR_SANDBOX_CUT',
  'ERR_SANDBOX_TIMEOUT',
  'ERR_SANDBOX_ANSWER_SIZE',
] as const;

/** One of {@link sandboxErrorCodes}. */
export type SandboxErrorCode = (typeof sandboxErrorCodes)[number];

/**
 * What the sandbox platform throws when it is used wrongly or cannot do its work.
 *
 * | `code` | when |
 * |---|---|
 * | `ERR_SANDBOX_OPTION` | an option or argument has the wrong type or lies outside its range |
 * | `ERR_SANDBOX_STATE` | a saved state cannot be read or written, or is none |
 * | `ERR_SANDBOX_LISTEN` | the platform cannot listen on the host and port |
 * | `ERR_SANDBOX_STOPPED` | the sandbox was stopped before or during the call |
 * | `ERR_SANDBOX_NO_PROGRAM` | no address of a program is configured |
 * | `ERR_SANDBOX_REQUEST` | a request object cannot be written as JSON |
 * | `ERR_SANDBOX_EVENT` | there is no such event, or its object does not fit |
 * | `ERR_SANDBOX_FAULT` | a fault's rule says nothing that can be done, or too much |
 * | `ERR_SANDBOX_NO_RECEIVER` | no program is set to receive events |
 * | `ERR_SANDBOX_JOB_FORGOTTEN` | a job was forgotten before the program reported |
 * | `ERR_SANDBOX_PROGRAM_START` | a program that was to be run did not come so far as to listen |
 * | `ERR_SANDBOX_PROCESS_TAKEN` | another sandbox has a program in this process |
 * | `ERR_SANDBOX_THREAD` | a worker thread cannot set the environment that the SDK reads |
 * | `ERR_SANDBOX_NOT_RUNNING` | a command found no running sandbox |
 * | `ERR_SANDBOX_INSTALLATION` | a part of the package is missing |
 * | `ERR_SANDBOX_CONNECT` | no connection to the program could be made |
 * | `ERR_SANDBOX_CUT` | the program closed the connection before its answer was complete |
 * | `ERR_SANDBOX_TIMEOUT` | the program's answer was not complete in time |
 * | `ERR_SANDBOX_ANSWER_SIZE` | the program's answer is larger than the configured limit |
 *
 * `ZoneSandbox.call` turns the last four into the errcodes that an application sees;
 * `ZoneSandbox.send` throws them. Messages never hold keys, secrets or contents.
 */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';

  constructor(
    /** Stable; match on this and not on the message. */
    readonly code: SandboxErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
