/**
 * Headers by which a `ZoneProgram` tells a sandbox what helps a developer. It sends them only with the SDK of the sandbox; the
 * application never gets them.
 */

/** Id of the request in the program's log. */
export const REQUEST_ID_HEADER = 'wework-spec-request-id';
/** For an unknown ability: the program's abilities, as JSON and percent-encoded. */
export const ABILITIES_HEADER = 'wework-spec-abilities';
