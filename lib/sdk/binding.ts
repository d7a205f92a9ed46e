import { type Binding, loadBinding } from '../binding/load';

let loaded: Binding | undefined;

/**
 * The addon. It is loaded at first use rather than at import, so that the package can be imported for its types or its
 * sandbox on machines that cannot run the SDK.
 *
 * @throws the errors of {@link loadBinding}
 */
export function binding(): Binding {
  loaded ??= loadBinding();
  return loaded;
}
