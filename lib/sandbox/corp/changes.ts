import type { Consent, Message } from './content';
import type { PublicKey } from './key-ring';

/** The changes of a corp since it was created, as plain data that can be copied and serialised. */
export interface CorpChanges {
  messages: Message[];
  outOfScope: Set<string>;
  consents: Map<string, Consent>;
  publicKeys: PublicKey[];
  /** Whether `get_group_chat` returns 301052. */
  isArchiveExpired: boolean;
}

/** The changes of a new corp: none. */
export function noCorpChanges(): CorpChanges {
  return {
    messages: [],
    outOfScope: new Set(),
    consents: new Map(),
    publicKeys: [],
    isArchiveExpired: false,
  };
}
