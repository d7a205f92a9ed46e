import { ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';
import { setEnvironment } from './process-environment';

/** Starts a sandbox and configures the SDK in this process for it. */
export async function startSandbox(options?: ZoneSandboxOptions): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  setEnvironment(sandbox.env);
  return sandbox;
}
