import { DataStore } from '../../state/store';

/** What the display component hides from a member. */
export interface Masking {
  /** Whether mobile numbers are masked. */
  readonly hide_mobile: boolean;
  /** Whether id card numbers are masked. */
  readonly hide_idcard: boolean;
  /** Whether bank card numbers are masked. */
  readonly hide_bankno: boolean;
}

const NOTHING_HIDDEN: Masking = { hide_mobile: false, hide_idcard: false, hide_bankno: false };

/** Masking in the display component, by member. */
export class MaskingStore extends DataStore<{ readonly members: Map<string, Masking> }> {
  constructor() {
    super({ members: new Map() });
  }

  /** The masking of a member; nothing is hidden unless it was set. */
  get(userid: string): Masking {
    return this.data.members.get(userid) ?? NOTHING_HIDDEN;
  }

  /** Replaces the masking of a member. Omitted or undefined fields are false. */
  set(
    userid: string,
    { hide_mobile = false, hide_idcard = false, hide_bankno = false }: OptionalMasking,
  ): void {
    this.data.members.set(userid, { hide_mobile, hide_idcard, hide_bankno });
  }
}

/** Fields of {@link Masking} for {@link MaskingStore.set}. */
export type OptionalMasking = { readonly [Field in keyof Masking]?: Masking[Field] | undefined };
