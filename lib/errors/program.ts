import { type Entry, error } from './entry';

/** Errors of `ZoneProgram`. */
export const programErrors = {
  ERR_SPEC_HANDLER_EXISTS: error(
    (what) =>
      `There is already a handler for ${what}. Register only one; relayEvents() and passThrough() also register abilities.`,
  ),
  ERR_SPEC_LISTEN: error(
    (address, words) =>
      `The program cannot listen on ${address}: ${words}. Stop what uses the port, or choose another; in the zone it must be 8080.`,
  ),
  ERR_SPEC_STOPPED: error(
    (who) => `${who} has stopped or disconnected. Pending work is abandoned.`,
  ),
  ERR_SPEC_BODY_CONSUMED: error(
    () =>
      'The body was read before the program received the request, and its bytes were not kept. Mount the program before body ' +
      "parsers, or use one that keeps a Buffer, such as express.raw({ type: () => true, limit: '64mb' }).",
  ),
  ERR_SPEC_BAD_RESULT: error(
    (kind, complaint) =>
      `The handler returned ${kind}, which cannot be sent: ${complaint}. Return an object that can be written as JSON, or a string.`,
  ),
  ERR_SPEC_NO_RELAY: error(
    (what) =>
      `${what} needs storage for the data that the application fetches. Call program.relayEvents() first.`,
  ),
  ERR_SPEC_OBSERVER_FAILED: error(
    (part, words) =>
      `${part} failed: ${words}. Responses do not depend on it. Fix it; this is reported once per process.`,
  ),
  ERR_SPEC_STORE: error(
    (store, words) =>
      `The program's store (${store}) cannot be used: ${words}. A folder must be writable and have space (dataDir or ` +
      'WEWORK_SPEC_DATA_DIR name another one); a server must be reachable.',
  ),
  ERR_SPEC_STORE_INSTALLATION: error(
    (part, words) =>
      `A part of the program's store (${part}) cannot be loaded: ${words}. Install wework-spec-sdk again, with its optional ` +
      'dependencies. In a bundle, put store-thread.js beside it and set WEWORK_SPEC_STORE_ADDON: docs/guide/bundlers.md.',
  ),
  ERR_SPEC_STORE_LOCKED: error(
    (folder, words) =>
      `Another process has kept the program's store (${folder}) locked for 10 seconds: ${words}. Stop that process if it hangs, ` +
      'or give each program a folder of its own (dataDir or WEWORK_SPEC_DATA_DIR).',
  ),
  ERR_SPEC_STORE_DAMAGED: error(
    (folder, words) =>
      `The program's store (${folder}) is damaged: ${words}. Nothing was changed. Restore the folder from a backup, or move it ` +
      'away to begin with an empty one: the jobs in it are then not reported.',
  ),
} satisfies Record<string, Entry>;
