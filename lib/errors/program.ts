import { type Entry, error } from './entry';

/** ZoneProgram. */
export const programErrors = {
  ERR_SPEC_HANDLER_EXISTS: error(
    (what) =>
      `There is a handler for ${what} already. Register each once; relayEvents() and passThrough() register abilities, too.`,
  ),
  ERR_SPEC_LISTEN: error(
    (address, words) =>
      `The program cannot listen on ${address}: ${words}. Stop what uses the port, or choose another; in the zone it must be 8080.`,
  ),
  ERR_SPEC_STOPPED: error(
    (who) => `${who} has stopped or gone away; what was under way is given up.`,
  ),
  ERR_SPEC_BODY_CONSUMED: error(
    () =>
      'The body of the request was read before the program got it, and was not kept as it came. Mount the program before body ' +
      'parsers, or use one that gives a Buffer, such as express.raw({ type: () => true }).',
  ),
  ERR_SPEC_BAD_ANSWER: error(
    (kind, complaint) =>
      `The handler returned ${kind}, which cannot be sent: ${complaint}. Return an object that can be written as JSON, or a text.`,
  ),
  ERR_SPEC_NO_RELAY: error(
    (what) =>
      `${what} needs a place for what the application shall fetch: call program.relayEvents() first.`,
  ),
  ERR_SPEC_OBSERVER_FAILED: error(
    (part, words) =>
      `${part} failed: ${words}. Answers do not depend on it. Repair it; this is reported once per process.`,
  ),
  ERR_SPEC_STORE: error(
    (store, words) =>
      `The program's store (${store}) cannot be used: ${words}. A folder must be writable and have space (dataDir or ` +
      'WEWORK_SPEC_DATA_DIR name another one); a server must be reachable.',
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
