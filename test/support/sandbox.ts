import { ZoneSandbox, type ZoneSandboxOptions } from 'wework-spec-sdk/sandbox';

declare const setProcessEnvironment: (variables: Record<string, string>) => void;

/** Starts a platform and points the SDK in this process at it. */
export async function startSandbox(options?: ZoneSandboxOptions): Promise<ZoneSandbox> {
  const sandbox = await ZoneSandbox.start(options);
  setProcessEnvironment(sandbox.env);
  Object.assign(process.env, sandbox.env);
  return sandbox;
}
