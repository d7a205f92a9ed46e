import type { AuthEdition, AuthUser } from './interfaces';

/** What is hidden from a member in the display component. */
export interface MaskingConfig {
  readonly hide_mobile: boolean;
  readonly hide_idcard: boolean;
  readonly hide_bankno: boolean;
}

/** A licence for documents. */
export type DocumentLicence = Omit<AuthEdition, 'edition' | 'status' | 'msg_duration_days'> & {
  readonly status: 1 | 2;
};

/** What the server interfaces read and change of the corp. */
export interface CorpSettings {
  /** Version of the key that messages are encrypted with; 0 when there is none. */
  readonly publicKeyVersion: number;
  /** @param pem - RSA, 2048 bits, checked. @param version - greater than the last one's. */
  setPublicKey(pem: string, version: number): void;
  /** Members with an archive licence, in the order in which they are listed. */
  readonly authUsers: readonly AuthUser[];
  /** userids of the members with a document licence. */
  readonly documentUsers: readonly string[];
  readonly authEditions: readonly AuthEdition[];
  readonly documentLicence: DocumentLicence;
  masking(userid: string): MaskingConfig;
  setMasking(userid: string, config: MaskingConfig): void;
}

const NOTHING_HIDDEN: MaskingConfig = {
  hide_mobile: false,
  hide_idcard: false,
  hide_bankno: false,
};
const KEPT_DAYS = 180;
const DAY_SECONDS = 86_400;

/** The settings of a corp whose whole staff has a licence, in memory. */
export class MemoryCorpSettings implements CorpSettings {
  readonly #staff: readonly string[];
  readonly #since: number;
  readonly #masking = new Map<string, MaskingConfig>();
  #authUsers: readonly AuthUser[] | undefined;
  #publicKey: { readonly pem: string; readonly version: number } | undefined;

  /** @param now - milliseconds since 1970. */
  constructor(staff: readonly string[], now: number) {
    this.#staff = staff;
    this.#since = Math.floor(now / 1000) - 30 * DAY_SECONDS;
  }

  get publicKeyVersion(): number {
    // 1 is the key that the corp of a sandbox starts with.
    return this.#publicKey?.version ?? 1;
  }

  setPublicKey(pem: string, version: number): void {
    this.#publicKey = { pem, version };
  }

  get authUsers(): readonly AuthUser[] {
    this.#authUsers ??= this.#staff.map((userid) => ({ userid, edition_list: [2] }));
    return this.#authUsers;
  }

  get documentUsers(): readonly string[] {
    return this.#staff;
  }

  get authEditions(): readonly AuthEdition[] {
    return [{ ...this.#licence(), edition: 2, status: 3, msg_duration_days: KEPT_DAYS }];
  }

  get documentLicence(): DocumentLicence {
    return { ...this.#licence(), status: 1 };
  }

  masking(userid: string): MaskingConfig {
    return this.#masking.get(userid) ?? NOTHING_HIDDEN;
  }

  setMasking(userid: string, config: MaskingConfig): void {
    this.#masking.set(userid, config);
  }

  /** Back to how it was at the start. */
  reset(): void {
    this.#masking.clear();
    this.#publicKey = undefined;
  }

  #licence(): Omit<AuthEdition, 'edition' | 'status' | 'msg_duration_days'> {
    return {
      auth_scope: { userid_list: [], department_id_list: [1], tag_id_list: [] },
      begin_time: this.#since,
      end_time: this.#since + 365 * DAY_SECONDS,
      auth_user_count: this.#staff.length,
    };
  }
}
