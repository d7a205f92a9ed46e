/** The variable with the process id of the sandbox that has started the program. */
export const SANDBOX_PID = 'WEWORK_SPEC_SANDBOX_PID';

/** The message of the program's process to the sandbox when the program listens. */
export interface ListeningMessage {
  readonly type: 'wework-spec-listening';
  readonly port: number;
}
