import type { AuthEdition, AuthUser } from '../../interfaces/server-types';
import type { ZoneState } from '../interfaces/zone-state';

/** A licence for documents. */
export type DocumentLicence = Omit<AuthEdition, 'edition' | 'status' | 'msg_duration_days'> & {
  readonly status: 1 | 2;
};

const KEPT_DAYS = 180;
const DAY_SECONDS = 86_400;

/** The corp's licences, as server interfaces return them. Every employee in the scope of the archive has one. */
export class CorpSettings {
  readonly #state: ZoneState;
  readonly #since: number;

  /** @param now - milliseconds since 1970. */
  constructor(state: ZoneState, now: number) {
    this.#state = state;
    this.#since = Math.floor(now / 1000) - 30 * DAY_SECONDS;
  }

  /** Members with an archive licence. */
  get authUsers(): readonly AuthUser[] {
    return this.#licensed().map((userid) => ({ userid, edition_list: [2] }));
  }

  /** userids of the members with a document licence. */
  get documentUsers(): readonly string[] {
    return this.#licensed();
  }

  get authEditions(): readonly AuthEdition[] {
    return [{ ...this.#licence(), edition: 2, status: 3, msg_duration_days: KEPT_DAYS }];
  }

  get documentLicence(): DocumentLicence {
    return { ...this.#licence(), status: 1 };
  }

  #licensed(): readonly string[] {
    const { corp } = this.#state;
    return corp.isAllInScope ? corp.staff : corp.staff.filter((userid) => corp.isInScope(userid));
  }

  #licence(): Omit<AuthEdition, 'edition' | 'status' | 'msg_duration_days'> {
    return {
      auth_scope: { userid_list: [], department_id_list: [1], tag_id_list: [] },
      begin_time: this.#since,
      end_time: this.#since + 365 * DAY_SECONDS,
      auth_user_count: this.#licensed().length,
    };
  }
}
