import { type CorpChanges, noCorpChanges } from '../corp/changes';
import type { Corp } from '../corp/corp';
import { DataStore } from './store';

/** What has changed in the corp since it was generated. */
export class CorpStore extends DataStore<CorpChanges> {
  readonly #corp: Corp;

  constructor(corp: Corp) {
    super(noCorpChanges());
    this.#corp = corp;
    corp.restore(this.data);
  }

  override restore(changes: CorpChanges): void {
    super.restore(changes);
    this.#corp.restore(this.data);
  }
}
