import type { Store } from '../../state/store';

/** The data of {@link GrantStore}. */
export interface GrantData {
  /** As {@link GrantStore.generalModel}. */
  readonly generalModel: boolean;
  /** As {@link GrantStore.documents}. */
  readonly documents: boolean;
  /** As {@link GrantStore.documentPermission}. */
  readonly documentPermission: boolean;
  /** As {@link GrantStore.isModelBusy}. */
  readonly isModelBusy: boolean;
  /** As {@link GrantStore.isDebugModeForbidden}. */
  readonly isDebugModeForbidden: boolean;
  /** As {@link GrantStore.tickets}. */
  readonly tickets: ReadonlySet<string>;
}

/** What the corp has licensed and permitted; everything at first. */
export class GrantStore implements Store<GrantData> {
  /** The general model is licensed. If false, `create_ww_model_task` returns 710644. */
  generalModel = true;
  /** Documents are licensed. If false, document retrieval returns 710728. */
  documents = true;
  /** The app may read documents. If false, document retrieval returns 710726. */
  documentPermission = true;
  /** The general model is busy: `create_ww_model_task` returns 710682. */
  isModelBusy = false;
  /** The app may not be tested: `open_debug_mode` returns 710672. */
  isDebugModeForbidden = false;
  /** Valid values of user_doc_ticket. While it is empty, every ticket is valid. */
  readonly tickets = new Set<string>();

  /** A copy of the data. */
  snapshot(): GrantData {
    return { ...this, tickets: new Set(this.tickets) };
  }

  /** Replaces the data with a copy of a snapshot. */
  restore({ tickets, ...grants }: GrantData): void {
    Object.assign(this, grants);
    this.tickets.clear();
    for (const ticket of tickets) this.tickets.add(ticket);
  }
}
