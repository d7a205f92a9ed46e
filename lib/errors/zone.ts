import { type Entry, error } from './entry';

/** ZoneClient, SecretKeyring and events. */
export const zoneErrors = {
  ERR_SPEC_INVOKE_FAILED: error(
    (interfaceName, words) => `Calling ${interfaceName} failed: Invoke returned ${words}`,
  ),
  ERR_SPEC_API: error(
    (interfaceName, words) => `The platform refused ${interfaceName} with errcode ${words}`,
  ),
  ERR_SPEC_BAD_RESPONSE: error(
    (interfaceName, complaint) =>
      `The platform's answer to ${interfaceName} ${complaint}. It was dropped; SpecSdk.Invoke() gives it as it is.`,
  ),
  ERR_SPEC_TIMEOUT: error(
    (what, milliseconds) =>
      `${what} took longer than ${milliseconds} ms and was given up. The platform may have done what was asked; raise ` +
      'the timeout if it should be waited for.',
  ),
  ERR_SPEC_TASK_FAILED: error(
    (jobid, words) =>
      `The task ${jobid} failed: ${words}. Create it again if the cause is gone; it cannot be resumed.`,
  ),
  ERR_SPEC_BAD_EVENT: error(
    (what, complaint) =>
      `The data of the request is no event: ${what} ${complaint}. Only requests of call type 2 carry events.`,
  ),
  ERR_SPEC_KEY_VERSION: error(
    (version, versions) =>
      `There is no private key for public_key_ver ${version}; the keyring has ${versions === '' ? 'none' : versions}. Add the ` +
      'key of that version: messages keep the version they were archived with, also after a new key was set.',
  ),
} satisfies Record<string, Entry>;
