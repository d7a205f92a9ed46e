/** Salt of the key derivation and first line of every context (docs/sandbox-protocol.md, 2 and 4). */
export const PROTOCOL = 'wework-spec-sandbox/1';

/** Seconds that a timestamp may differ on either side, unless configured. */
export const DEFAULT_WINDOW_SECONDS = 300;

/** The largest key version: the header holds a positive int32. */
export const MAX_KEY_VERSION = 2_147_483_647;

/** The largest `agentid`: the SDK's type is uint32. */
export const MAX_AGENT_ID = 4_294_967_295;

/** Header names, in the lower case in which the SDK must see them. */
export const HEADER = {
  keyVersion: 'ww-secret-ver',
  timestamp: 'ww-timestamp',
  nonce: 'ww-nonce',
  signature: 'ww-signature',
  refusal: 'ww-sandbox-refusal',
} as const;

/** HTTP paths of an `invoke`; they are also the subject of its signature. */
export const PATH = { invoke: '/spec/invoke', debugMode: '/spec/debug-mode' } as const;

/** The four directions; each has keys of its own, so that none can be reflected as another. */
export type Direction = 'request' | 'answer' | 'invoke' | 'result';

/** The checks of section 6 that a sealed message can fail, by the names of that section. */
export type OpenFailure =
  | 'missing-header'
  | 'malformed-header'
  | 'key-version'
  | 'timestamp'
  | 'signature'
  | 'replay'
  | 'decryption'
  | 'malformed';

/** Why a program refused a request: the header `ww-sandbox-refusal`, section 6. */
export type RefusalReason = OpenFailure | 'not-configured' | 'method';

const refusalReasons: Readonly<Record<RefusalReason, true>> = {
  'not-configured': true,
  method: true,
  'missing-header': true,
  'malformed-header': true,
  'key-version': true,
  timestamp: true,
  signature: true,
  replay: true,
  decryption: true,
  malformed: true,
};

/** True when `text` is one of the reasons of section 6. */
export function isRefusalReason(text: string): text is RefusalReason {
  return Object.hasOwn(refusalReasons, text);
}

/** Return values of `Invoke` that the platform itself decides on (section 7). */
export const RET = {
  ok: 0,
  unknownInterface: -10006,
  keyVersion: -10008,
  notJson: -10009,
} as const;
