import { parseObject } from '../../common/json';
import { checkNames, checkOptions, oneOfOption } from '../../common/options';

/** How functions are served. */
export interface FunctionOptions {
  /**
   * How a result is sent. The output protocol of the ability determines it, so there is no default: `bare`, unchanged; `object`, as
   * `{"output":{…}}`; `json`, as `{"output":"{…}"}`.
   */
  readonly output: 'bare' | 'object' | 'json';
}

/** A request that names a function. */
export interface FunctionRequest {
  /** Undefined if it is not a string. */
  readonly name: string | undefined;
  /** `func_req`; `{}` if it is missing. */
  readonly request: unknown;
}

/** The form of requests and results in the vendor's Python sample: one ability, whose requests name a function. */
export class FunctionForm {
  readonly #output: FunctionOptions['output'];

  /** @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION` */
  constructor(options: FunctionOptions) {
    checkOptions(options);
    checkNames('options', options, ['output']);
    this.#output = oneOfOption('options.output', options.output, ['bare', 'object', 'json']);
  }

  /** Reads `{"input":{"func":"…","func_req":{…}}}`. @returns undefined for any other data */
  open(data: string): FunctionRequest | undefined {
    const { input } = (parseObject(data) ?? {}) as { readonly input?: unknown };
    if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'func')) {
      return undefined;
    }
    const { func, func_req: request = {} } = input as { func: unknown; func_req?: unknown };
    return { name: typeof func === 'string' ? func : undefined, request };
  }

  /** Wraps the text of a result. A result that is not JSON is sent as a string. */
  seal(text: string): string {
    if (this.#output === 'bare') return text;
    const isObject = this.#output === 'object' && parseObject(text) !== undefined;
    return isObject ? `{"output":${text}}` : JSON.stringify({ output: text });
  }
}
