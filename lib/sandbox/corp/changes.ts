import type { Consent, Message } from './content';
import type { PublicKey } from './key-ring';

/** What has changed in a corp since it was made; plain data, which can be copied and written down. */
export interface CorpChanges {
  messages: Message[];
  outOfScope: Set<string>;
  consents: Map<string, Consent>;
  publicKeys: PublicKey[];
  /** `get_group_chat` answers 301052. */
  isArchiveExpired: boolean;
}

/** A corp in which nothing has changed. */
export function noCorpChanges(): CorpChanges {
  return {
    messages: [],
    outOfScope: new Set(),
    consents: new Map(),
    publicKeys: [],
    isArchiveExpired: false,
  };
}
