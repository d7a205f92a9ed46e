import { type Entry, error } from './entry';

/** Errors of `ZoneClient`, `SecretKeyring` and `parseEvent`. */
export const zoneErrors = {
  ERR_SPEC_INVOKE_FAILED: error(
    (interfaceName, words) => `Calling ${interfaceName} failed: Invoke returned ${words}`,
  ),
  ERR_SPEC_API: error(
    (interfaceName, words) => `The platform refused ${interfaceName} with errcode ${words}`,
  ),
  ERR_SPEC_BAD_RESPONSE: error(
    (interfaceName, complaint) =>
      `The platform's response to ${interfaceName} is invalid: it ${complaint}. SpecSdk.Invoke() returns it unchanged.`,
  ),
  ERR_SPEC_TIMEOUT: error(
    (what, milliseconds) =>
      `${what} took longer than ${milliseconds} ms and was abandoned. The platform may still complete it; raise the ` +
      'timeout to wait longer.',
  ),
  ERR_SPEC_TASK_FAILED: error(
    (jobid, words) =>
      `The task ${jobid} failed: ${words}. Create it again once the cause is fixed; it cannot be resumed.`,
  ),
  ERR_SPEC_BAD_EVENT: error(
    (what, complaint) =>
      `The data of the request is not an event: ${what} ${complaint}. Only requests of call type 2 carry events.`,
  ),
  ERR_SPEC_KEY_VERSION: error(
    (version, versions) =>
      `There is no private key for public_key_ver ${version}; the keyring has ${versions === '' ? 'none' : versions}. Add the ` +
      'key of that version: messages keep the version they were archived with, even after a new key is set.',
  ),
} satisfies Record<string, Entry>;
