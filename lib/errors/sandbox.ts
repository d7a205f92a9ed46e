import { type Entry, error } from './entry';
import { quoted } from './received';

/** The codes that the sandbox throws. */
export type SandboxErrorCode =
  | 'ERR_SANDBOX_LISTEN'
  | 'ERR_SANDBOX_STOPPED'
  | 'ERR_SANDBOX_NO_PROGRAM'
  | 'ERR_SANDBOX_UNKNOWN_PROGRAM'
  | 'ERR_SANDBOX_UNKNOWN_ID'
  | 'ERR_SANDBOX_NAME'
  | 'ERR_SANDBOX_NOT_IN_GROUP'
  | 'ERR_SANDBOX_NOT_IN_SCOPE'
  | 'ERR_SANDBOX_REQUEST'
  | 'ERR_SANDBOX_UNSENDABLE'
  | 'ERR_SANDBOX_UNKNOWN_EVENT'
  | 'ERR_SANDBOX_EVENT'
  | 'ERR_SANDBOX_FAULT'
  | 'ERR_SANDBOX_FAULT_RESULT'
  | 'ERR_SANDBOX_NO_RECEIVER'
  | 'ERR_SANDBOX_JOB_FORGOTTEN'
  | 'ERR_SANDBOX_STATE'
  | 'ERR_SANDBOX_STATE_READ'
  | 'ERR_SANDBOX_STATE_WRITE'
  | 'ERR_SANDBOX_PROGRAM_START'
  | 'ERR_SANDBOX_PROGRAM_ENDED'
  | 'ERR_SANDBOX_PROGRAM_SILENT'
  | 'ERR_SANDBOX_PROCESS_TAKEN'
  | 'ERR_SANDBOX_NOT_RUNNING'
  | 'ERR_SANDBOX_AMBIGUOUS'
  | 'ERR_SANDBOX_UNREACHABLE'
  | 'ERR_SANDBOX_NO_TOKEN'
  | 'ERR_SANDBOX_WRONG_TOKEN'
  | 'ERR_SANDBOX_COMMAND'
  | 'ERR_SANDBOX_RUNTIME_DIR'
  | 'ERR_SANDBOX_INSTALLATION'
  | 'ERR_SANDBOX_CONNECT'
  | 'ERR_SANDBOX_CUT'
  | 'ERR_SANDBOX_TIMEOUT'
  | 'ERR_SANDBOX_RESPONSE_SIZE';

/** A list of names in a sentence. */
const listed = (names: Iterable<string>): string => [...names].join(', ') || 'none';

/** A URL, or words with one, without user and password. */
const withoutCredentials = (text: string): string => text.replace(/\/\/[^\s/?#]*@/g, '//');

/** Errors of the sandbox. Their texts are built from facts, and contain no keys, secrets or content. */
export const sandboxErrors = {
  ERR_SANDBOX_LISTEN: error(
    (address: string, words: string, option: string) =>
      `The sandbox cannot listen on ${address}: ${words}. Choose another "host" or "${option}"; 0 takes any free port.`,
  ),
  ERR_SANDBOX_STOPPED: error(
    () => 'The sandbox has been stopped. Start another one with ZoneSandbox.start().',
  ),
  ERR_SANDBOX_NO_PROGRAM: error(
    () =>
      "The sandbox does not know the program's address. Pass `program` to ZoneSandbox.start(), or set " +
      'sandbox.programs.address.',
  ),
  ERR_SANDBOX_UNKNOWN_PROGRAM: error(
    (programId: string) =>
      `The sandbox has no program ${quoted(programId)}. Add it with sandbox.programs.add(programId, address).`,
  ),
  ERR_SANDBOX_UNKNOWN_ID: error(
    (kind: string, id: string, list: string) =>
      `The sandbox has no ${kind} ${quoted(id)}. ${list} has the ids that it knows.`,
  ),
  ERR_SANDBOX_NAME: error(
    (name: string, ids: string) =>
      `Several people or groups have the name ${quoted(name)}. Give the id of one: ${ids}.`,
  ),
  ERR_SANDBOX_NOT_IN_GROUP: error(
    (sender: string, chatid: string) =>
      `${quoted(sender)} cannot send to the group ${quoted(chatid)} without being a member. Take a sender from ` +
      'sandbox.corp.group(chatid).members.',
  ),
  ERR_SANDBOX_NOT_IN_SCOPE: error(
    () =>
      'Neither the sender nor a receiver of the message is in the scope of the archive, so the platform would not archive ' +
      'it. Name a staff member in scope, or call sandbox.corp.setInScope(userid, true).',
  ),
  ERR_SANDBOX_REQUEST: error(
    (words: string) =>
      `The request cannot be written as JSON: ${words}. Pass an object without cycles and bigints, or the JSON text itself.`,
  ),
  ERR_SANDBOX_UNSENDABLE: error(
    (words: string) =>
      `The request cannot be sent over HTTP: ${words}. Check its method and its headers.`,
  ),
  ERR_SANDBOX_UNKNOWN_EVENT: error(
    (eventType: string, known: Iterable<string>) =>
      `The platform has no event ${quoted(eventType)}. Its events are: ${listed(known)}.`,
  ),
  ERR_SANDBOX_EVENT: error(
    (eventType: string, field: string, requirement: string) =>
      `The content of the event ${eventType} is invalid: ${field} ${requirement}. docs/interfaces.md lists its fields.`,
  ),
  ERR_SANDBOX_FAULT: error(
    (direction: string, chosen: Iterable<string>, kinds: Iterable<string>) =>
      `A fault of the direction ${direction} needs one kind of failure, a delay, or both; the kinds in this rule are: ` +
      `${listed(chosen)}. Possible kinds: ${listed(kinds)}.`,
  ),
  ERR_SANDBOX_FAULT_RESULT: error(
    (words: string) =>
      `The function of a fault returned an invalid failure: ${words}. Return undefined, or an object such as { status: 502 }.`,
  ),
  ERR_SANDBOX_NO_RECEIVER: error(
    () =>
      'No program receives events. Call set_receive_callback as the application, or set sandbox.programs.eventReceiver.',
  ),
  ERR_SANDBOX_JOB_FORGOTTEN: error(
    () =>
      'The sandbox no longer has the job: it could not be delivered, the state was reset or replaced, or 10000 newer jobs ' +
      'were started. Wait for the result before you reset the sandbox.',
  ),
  ERR_SANDBOX_STATE: error(
    (format: string, version: number) =>
      `This is not a state that sandbox.save() of this version has written: JSON with "format": "${format}" and ` +
      `"version": ${version} is expected. Save the state again with this version.`,
  ),
  ERR_SANDBOX_STATE_READ: error(
    (file: string, words: string) =>
      `The state file ${file} cannot be read: ${words}. Check that it exists and that this user may read it.`,
  ),
  ERR_SANDBOX_STATE_WRITE: error(
    (file: string, words: string) =>
      `The state file ${file} cannot be written: ${words}. Check that its folder exists and that this user may write to it.`,
  ),
  ERR_SANDBOX_PROGRAM_START: error(
    (script: string, words: string) =>
      `The program ${script} cannot be started: ${words}. Check the path and the options of node.`,
  ),
  ERR_SANDBOX_PROGRAM_ENDED: error(
    (script: string, end: string, output: string) =>
      `The program ${script} ended with ${end}. ${output} It did not listen before, on port 8080 or on the port in the variable PORT.`,
  ),
  ERR_SANDBOX_PROGRAM_SILENT: error(
    (script: string, seconds: number, output: string) =>
      `The program ${script} did not listen within ${seconds} s. ${output} It must listen on port 8080, or on the port in the variable PORT.`,
  ),
  ERR_SANDBOX_PROCESS_TAKEN: error(
    () =>
      'Another sandbox has a program in this process. Stop that sandbox first, or give withSandbox the path of a script, which ' +
      'runs in its own process.',
  ),
  ERR_SANDBOX_NOT_RUNNING: error(
    () =>
      'No sandbox is running. Start one with `wework-spec sandbox` in another terminal, or name one with --url.',
  ),
  ERR_SANDBOX_AMBIGUOUS: error(
    (running: string) =>
      `Several sandboxes are running, none of them started in this folder or a parent of it: ${running}. Run the command in the ` +
      'folder of one, or name one with --url.',
  ),
  ERR_SANDBOX_UNREACHABLE: error(
    (url: string, words: string) =>
      `The sandbox at ${withoutCredentials(url)} does not respond: ${withoutCredentials(words)}. Start one with \`wework-spec sandbox\`, or correct --url.`,
  ),
  ERR_SANDBOX_NO_TOKEN: error(
    (url: string) =>
      `There is no token for the sandbox at ${withoutCredentials(url)}. Set WEWORK_SPEC_SANDBOX_TOKEN to the token that \`wework-spec sandbox\` ` +
      'printed there.',
  ),
  ERR_SANDBOX_WRONG_TOKEN: error(
    (url: string) =>
      `The server at ${withoutCredentials(url)} does not accept the token: it is another sandbox, or not a sandbox. Set WEWORK_SPEC_SANDBOX_TOKEN to ` +
      'the token that `wework-spec sandbox` printed there.',
  ),
  ERR_SANDBOX_COMMAND: error(
    (command: string, url: string, words: string) =>
      `The sandbox at ${withoutCredentials(url)} could not run the command ${command}: ${withoutCredentials(words)}. Check that it runs the same version of ` +
      'wework-spec-sdk.',
  ),
  ERR_SANDBOX_RUNTIME_DIR: error(
    (problems: string) =>
      `The sandbox has no private folder for its token and logs (${problems}). Set XDG_RUNTIME_DIR, or TMPDIR, to a folder that ` +
      'belongs to you and that only you can write to.',
  ),
  ERR_SANDBOX_INSTALLATION: error(
    (part: string, words: string) =>
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
    (timeout: number) =>
      `The program's response was not complete after ${timeout} ms. Respond sooner, or raise the timeout.`,
  ),
  ERR_SANDBOX_RESPONSE_SIZE: error(
    (limit: number) =>
      `The program's response is larger than ${limit} bytes. Respond with less, or raise maxBodyBytes.`,
  ),
} satisfies Record<SandboxErrorCode, Entry>;
