import { type Binding, loadBinding } from '../binding/load';

let loaded: Binding | undefined;

/**
 * The addon, loaded at first use and not at import: so this package can be imported where no SDK runs, for its types
 * or its sandbox.
 */
export function binding(): Binding {
  loaded ??= loadBinding();
  return loaded;
}
