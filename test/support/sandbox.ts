import { ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { setEnvironment } from './process-environment';

/** Starts a platform and points the SDK in this process at it. */
export async function startSandbox(options?: ZoneSandboxOptions): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  setEnvironment(sandbox.env);
  return sandbox;
}
