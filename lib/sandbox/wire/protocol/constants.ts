/** Salt of the key derivation and first line of every context (docs/sandbox-protocol.md, sections 2 and 4). */
export const PROTOCOL = 'wework-spec-sandbox/1';

/** Seconds by which a timestamp may differ from the receiver's time, by default. */
export const DEFAULT_WINDOW_SECONDS = 300;

/** The largest key version: the maximum of int32. */
export const MAX_KEY_VERSION = 2_147_483_647;

/** The largest `agentid`: the SDK's type is uint32. */
export const MAX_AGENT_ID = 4_294_967_295;

/** Header names, in lower case as the SDK requires. */
export const HEADER = {
  keyVersion: 'ww-secret-ver',
  timestamp: 'ww-timestamp',
  nonce: 'ww-nonce',
  signature: 'ww-signature',
  refusal: 'ww-sandbox-refusal',
} as const;

/** HTTP paths of an `invoke`, which are also the subject of its signature. */
export const PATH = { invoke: '/spec/invoke', debugMode: '/spec/debug-mode' } as const;

/** The four directions. Each has its own keys, so that no message can be sent back as another. */
export type Direction = 'request' | 'response' | 'invoke' | 'result';

/** The checks that a message can fail, by their names in section 6. */
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

/** Whether `text` is one of the reasons of section 6. */
export function isRefusalReason(text: string): text is RefusalReason {
  return Object.hasOwn(refusalReasons, text);
}

/** The return values of `Invoke` that the platform sends (section 7). */
export const RET = {
  ok: 0,
  unknownInterface: -10006,
  keyVersion: -10008,
  notJson: -10009,
} as const;
