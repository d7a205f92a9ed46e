import { type DirectResponse, directRequest } from '../../common/direct-request';
import { parseJson } from '../../common/json';
import { errorOf, sandboxError, specErrorCodes } from '../../errors';
import type { ControlCommands, ControlFailure } from './control-service';
import { sandboxFor } from './find-sandbox';
import { announcements, type RunningSandbox } from './running';

/** Controls a sandbox that runs in another process. */
export class ControlClient {
  readonly #sandbox: Pick<RunningSandbox, 'url' | 'token'>;

  constructor(sandbox: Pick<RunningSandbox, 'url' | 'token'>) {
    this.#sandbox = sandbox;
  }

  /**
   * Finds the sandbox: at `url`, with the token of `WEWORK_SPEC_SANDBOX_TOKEN` or of its discovery file; without a `url`, as
   * {@link sandboxFor}.
   *
   * @param cwd - the folder of the command
   * @throws SandboxError `ERR_SANDBOX_NOT_RUNNING`, `ERR_SANDBOX_AMBIGUOUS`, `ERR_SANDBOX_NO_TOKEN`
   */
  static async find(
    url: string | undefined,
    { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  ): Promise<ControlClient> {
    if (url === undefined) return new ControlClient(await sandboxFor(cwd, env));
    const token = env.WEWORK_SPEC_SANDBOX_TOKEN;
    if (token) return new ControlClient({ url, token });
    const known = announcements(env).find(({ sandbox }) => sandbox.url === url);
    if (known !== undefined) return new ControlClient(known.sandbox);
    throw sandboxError('ERR_SANDBOX_NO_TOKEN', [url]);
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
