import { type Binding, loadBinding } from '../binding/load';
import { loadInputs } from '../binding/locate';

let loaded: Binding | undefined;
let failed: { readonly inputs: string; readonly error: unknown } | undefined;

/**
 * The addon, with the settings of this moment. It is loaded at first use rather than at import, so that the package can be imported
 * for its types or its sandbox on machines that cannot run the SDK.
 *
 * A failure is kept and thrown again, because repeating a load is slow, and the dynamic linker never frees what it has loaded. The load
 * is repeated when one of its inputs has changed: the variables that select the addon, the addon, or the SDK library next to it.
 *
 * @throws the errors of {@link loadBinding}
 */
export function binding(): Binding {
  const current = bindingInUse();
  current.settings?.handOver(process.env);
  return current;
}

/** As {@link binding}, with the settings that concern a request. */
export function bindingForRequest(): Binding {
  const current = bindingInUse();
  current.settings?.handOverForRequest(process.env);
  return current;
}

/** As {@link binding}, with the settings of its last use. */
export function bindingInUse(): Binding {
  loaded ??= load();
  return loaded;
}

/** Whether the loaded SDK is that of the sandbox. False before one is loaded: this loads none. */
export function isSandbox(): boolean {
  return loaded?.settings !== undefined;
}

function load(): Binding {
  const inputs = loadInputs(process.env);
  if (failed?.inputs === inputs) throw failed.error;
  try {
    return loadBinding();
  } catch (error) {
    failed = { inputs, error };
    throw error;
  }
}
