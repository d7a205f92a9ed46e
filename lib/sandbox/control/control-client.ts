import { type DirectResponse, directRequest } from '../../common/direct-request';
import { parseJson } from '../../common/json';
import { errorOf, sandboxError, specErrorCodes } from '../../errors';
import type { ControlCommands, ControlFailure } from './control-service';
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
   * @throws SandboxError `ERR_SANDBOX_NOT_RUNNING`, `ERR_SANDBOX_NO_TOKEN`
   */
  static find(url: string | undefined, env: NodeJS.ProcessEnv): ControlClient {
    if (url !== undefined) {
      const token = env.WEWORK_SPEC_SANDBOX_TOKEN;
      const known = runningSandbox(env);
      if (token) return new ControlClient({ url, token, pid: 0 });
      if (known?.url === url) return new ControlClient(known);
      throw sandboxError('ERR_SANDBOX_NO_TOKEN', [url]);
    }
    const running = runningSandbox(env);
    if (running === undefined) throw sandboxError('ERR_SANDBOX_NOT_RUNNING');
    return new ControlClient(running);
  }

  /**
   * Sends a command.
   *
   * @throws what the sandbox throws; SandboxError `ERR_SANDBOX_UNREACHABLE`, `ERR_SANDBOX_WRONG_TOKEN`, `ERR_SANDBOX_COMMAND`
   */
  async send<Name extends keyof ControlCommands>(
    name: Name,
    request: ControlCommands[Name]['request'],
    signal?: AbortSignal,
  ): Promise<ControlCommands[Name]['response']> {
    const { url, token } = this.#sandbox;
    let response: DirectResponse;
    try {
      response = await directRequest(`${url}/sandbox/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(request),
        signal,
      });
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw sandboxError('ERR_SANDBOX_UNREACHABLE', [url, wordsOf(cause)], cause);
    }
    const { status, type, body: text } = response;
    if (!type.startsWith('application/json')) throw sandboxError('ERR_SANDBOX_WRONG_TOKEN', [url]);
    const body = parseJson(text);
    if (body === undefined) throw sandboxError('ERR_SANDBOX_COMMAND', [name, url, 'not JSON']);
    if (status === 200) return body.value as ControlCommands[Name]['response'];
    const { code, message = `HTTP status ${status}` } = (body.value ??
      {}) as Partial<ControlFailure>;
    const known = specErrorCodes.find((one) => one === code);
    if (known !== undefined) throw errorOf(known, message);
    throw sandboxError('ERR_SANDBOX_COMMAND', [name, url, message]);
  }
}

/** An AggregateError of several addresses has no message of its own. */
function wordsOf(failure: unknown): string {
  const { message, code } = failure as NodeJS.ErrnoException;
  return message === '' ? (code ?? 'no connection') : message;
}
