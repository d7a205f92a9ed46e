import { SandboxError, type SandboxErrorCode, sandboxError } from '../../errors';
import type { ControlCommands } from './control-service';
import { type RunningSandbox, runningSandbox } from './running';

/** Controls a sandbox that runs in another process. */
export class ControlClient {
  readonly #sandbox: RunningSandbox;

  constructor(sandbox: RunningSandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Finds the sandbox: at `url`, with the token of `WEWORK_SPEC_SANDBOX_TOKEN` or of the discovery file; without a `url`, the one
   * that this user started last with `wework-spec sandbox`.
   *
   * @throws SandboxError `ERR_SANDBOX_NOT_RUNNING`.
   */
  static find(url: string | undefined, env: NodeJS.ProcessEnv): ControlClient {
    if (url !== undefined) {
      const token = env.WEWORK_SPEC_SANDBOX_TOKEN;
      const known = runningSandbox(env);
      if (token) return new ControlClient({ url, token, pid: 0 });
      if (known?.url === url) return new ControlClient(known);
      throw notRunning(
        `No token is known for the sandbox at ${url}. Set WEWORK_SPEC_SANDBOX_TOKEN to the token that \`wework-spec sandbox\` printed there.`,
      );
    }
    const running = runningSandbox(env);
    if (running === undefined) {
      throw notRunning(
        'No sandbox is running. Start one with `wework-spec sandbox` in another terminal, or pass the address of one with --url.',
      );
    }
    return new ControlClient(running);
  }

  /** Sends a command. @throws SandboxError the sandbox's own error, or `ERR_SANDBOX_NOT_RUNNING`. */
  async send<Name extends keyof ControlCommands>(
    name: Name,
    request: ControlCommands[Name]['request'],
    signal?: AbortSignal,
  ): Promise<ControlCommands[Name]['response']> {
    const { url, token } = this.#sandbox;
    let response: Response;
    try {
      response = await fetch(`${url}/sandbox/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(request),
        ...(signal && { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw notRunning(
        `The sandbox at ${url} does not respond. Start one with \`wework-spec sandbox\`.`,
        cause,
      );
    }
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('application/json')) {
      await response.body?.cancel();
      throw notRunning(
        `The server at ${url} does not accept the token: it is a different sandbox, or no sandbox. Start one with \`wework-spec sandbox\`.`,
      );
    }
    const content = (await response.json()) as { code?: SandboxErrorCode; message?: string };
    if (response.ok) return content as ControlCommands[Name]['response'];
    throw new SandboxError(
      content.code ?? 'ERR_SANDBOX_REQUEST',
      content.message ??
        `The sandbox's command ${name} failed with HTTP status ${response.status}.`,
    );
  }
}

function notRunning(text: string, cause?: unknown): SandboxError {
  return sandboxError('ERR_SANDBOX_NOT_RUNNING', '', text, cause);
}
